"""“This page shows something private”: the one form of the public site. No name, no script."""

import unicodedata
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from publishing.day_addresses import split
from website.models import PrivacyReport, RecentSender
from website.models.reports import LONGEST_REPORT, REPORTS_AN_HOUR

LONGEST_ADDRESS = 300


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
def report(request: HttpRequest):
    if request.method != "POST":
        page = page_of_ours(request.GET.get("page", ""))
        return form_page(request, PrivacyReportForm(initial={"page": page}), page)
    form = PrivacyReportForm(readable(request.POST))
    status = 200
    if form.is_valid():
        facts = form.cleaned_data
        if facts["website"]:
            return HttpResponseRedirect(reverse("website:private_sent"))
        now = timezone.now()
        if not RecentSender.objects.has_sent_enough(sender_of(request), now):
            PrivacyReport.objects.create(page=facts["page"], words=facts["words"])
            PrivacyReport.objects.forget_old(now)
            return HttpResponseRedirect(reverse("website:private_sent"))
        form.add_error(
            "words",
            f"We have had {REPORTS_AN_HOUR} messages from your connection in the last hour. "
            "Send this one later.",
        )
        status = 429
    return form_page(request, form, page_of_ours(request.POST.get("page", "")), status=status)


def readable(data: QueryDict) -> dict[str, str]:
    """What was typed, without the control characters that come with it and no page can show."""
    return {
        name: "".join(
            sign
            for sign in str(text).replace("\r\n", "\n")
            if sign in "\n\t" or unicodedata.category(sign) != "Cc"
        )
        for name, text in data.items()
    }


def form_page(request: HttpRequest, form: forms.Form, page: str, *, status=200):
    return TemplateResponse(
        request,
        "website/private.html",
        {"form": form, "page": page, "longest": LONGEST_REPORT},
        status=status,
    )


@never_cache
@require_safe
def sent(request: HttpRequest):
    return TemplateResponse(request, "website/private_sent.html")


def page_of_ours(address: str) -> str:
    """The path of a page of this site, also on a past day; empty for anything else, so that no
    link leads away."""
    is_path = address.startswith("/") and not address.startswith(("//", "/admin/"))
    if not is_path or len(address) > LONGEST_ADDRESS or not address.isprintable():
        return ""
    try:
        path = urlsplit(address).path
        _, within_the_day = split(path) or ("", path)
        resolve(within_the_day)
    except (Resolver404, ValueError):
        return ""
    return path


def sender_of(request: HttpRequest) -> str:
    """The address of the connection; behind our own front, the one that the front wrote down."""
    if settings.BEHIND_PROXY:
        return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return request.META.get("REMOTE_ADDR", "")
