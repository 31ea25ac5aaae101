"""“This page shows something private”: no name, no script."""

from django import forms
from django.http import HttpRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.public_forms import (
    has_sent_enough,
    name_of_page,
    page_of_ours,
    public_edition_at,
    readable,
)
from publishing.moments import MomentRequest
from website.models import PrivacyReport
from website.models.reports import EACH, LONGEST_REPORT, REPORTS_AN_HOUR


class PrivacyReportForm(forms.Form):
    page = forms.CharField(required=False, widget=forms.HiddenInput)
    words = forms.CharField(
        label="What is wrong?",
        max_length=LONGEST_REPORT,
        widget=forms.Textarea(attrs={"rows": 5, "aria-describedby": "help-words"}),
        error_messages={
            "required": "Say what is wrong. A few words are enough.",
            "max_length": f"Your message is too long. Use at most {LONGEST_REPORT:,} letters. "
            "You wrote %(show_value)d.",
        },
    )
    # A person does not see it; a program that fills in every field does.
    website = forms.CharField(required=False, label="Leave this empty")

    def clean_page(self):
        return page_of_ours(self.cleaned_data["page"])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: MomentRequest):
    if request.method != "POST":
        page = page_of_ours(request.GET.get("page", ""))
        return form_page(request, PrivacyReportForm(initial={"page": page}), page)
    form = PrivacyReportForm(readable(request.POST))
    status = 200
    if form.is_valid():
        facts = form.cleaned_data
        if facts["website"]:
            return HttpResponseRedirect(reverse("website:private_sent"))
        if not has_sent_enough(request, "private", each=EACH):
            PrivacyReport.objects.create(page=facts["page"], words=facts["words"])
            PrivacyReport.objects.forget_old(timezone.now())
            return HttpResponseRedirect(reverse("website:private_sent"))
        form.add_error(
            "words",
            f"We have had {REPORTS_AN_HOUR} messages from your connection in the last hour. "
            "Send this one later.",
        )
        status = 429
    return form_page(request, form, page_of_ours(request.POST.get("page", "")), status=status)


def form_page(request: MomentRequest, form: forms.Form, page: str, *, status=200):
    about = public_edition_at(page, request.moment)
    name = name_of_page(page, about.title if about else None)
    return TemplateResponse(
        request,
        "website/private.html",
        {"form": form, "page": page, "page_name": name, "longest": LONGEST_REPORT},
        status=status,
    )


@never_cache
@require_safe
def sent(request: HttpRequest):
    return TemplateResponse(request, "website/private_sent.html")
