"""Have your say: the form, the thank-you with a receipt code, and how far a message has got."""

import logging

from django.db import DatabaseError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from participation import feedback_report
from participation.feedback_alerts import alert_duty
from participation.feedback_forms import EasyReadForm, FeedbackForm, ReceiptForm
from participation.feedback_stages import stage_of
from participation.models import Feedback, YearlyReport
from participation.models.counts import A_DAY, AN_HOUR, Limit
from participation.models.feedback import LONGEST_FEEDBACK, READ_WITHIN, in_groups
from participation.public_forms import (
    has_sent_enough,
    name_of_page,
    new_token,
    page_of_ours,
    public_edition_at,
    readable,
)
from publishing.pages import public_page

log = logging.getLogger(__name__)

EACH = Limit(5, AN_HOUR)
TOGETHER = Limit(60, AN_HOUR)
CODES = Limit(60, A_DAY)
TOO_MANY = (
    f"We have had {EACH.most} messages from you in the last hour, or very many from your "
    "connection. Your words are still in the box. Send them later."
)
NOT_SAVED = (
    "We could not keep your message. It is our fault. Your words are still in the box. "
    "Try again in a few minutes."
)
# A page without the navigation that comes from the database, for when the database failed.
NO_NAVIGATION: dict[str, object] = {"help": None, "footer": []}


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def tell(request):
    return form_or_thanks(request, FeedbackForm, "participation/feedback.html")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def tell_easy_read(request):
    return form_or_thanks(request, EasyReadForm, "participation/feedback_easy_read.html")


def form_or_thanks(request: HttpRequest, form_class: type[FeedbackForm], template: str):
    """What was sent is kept before anything else happens with it."""
    if request.method != "POST":
        page = page_of_ours(request.GET.get("page", ""))
        form = form_class(initial={"page": page, "once": new_token()})
        return form_page(request, template, form, page)
    form = form_class(readable(request.POST))
    page, status = page_of_ours(request.POST.get("page", "")), 200
    if form.is_valid():
        try:
            code, refusal = keep(request, form)
        except DatabaseError as error:
            # Its name alone: what PostgreSQL says of a refused row holds the row.
            log.error("A message could not be kept: %s", type(error).__name__)
            form.add_error("words", NOT_SAVED)
            return form_page(request, template, form, page, status=503, nav=NO_NAVIGATION)
        if not refusal:
            return thanks(request, code, page, is_easy_read=form_class is EasyReadForm)
        form.add_error("words", refusal)
        status = 429
    return form_page(request, template, form, page, status=status)


def keep(request, form: FeedbackForm) -> tuple[str, str]:
    """The receipt code, or why it was not kept. A program that fills in everything has neither."""
    facts = form.cleaned_data
    if facts["website"]:
        return "", ""
    if has_sent_enough(request, "feedback", each=EACH, together=TOGETHER):
        return "", TOO_MANY
    edition = public_edition_at(facts["page"], request.moment)
    feedback, code = Feedback.objects.receive(
        token=facts["once"] or new_token(),
        words=facts["words"],
        page=facts["page"],
        document=edition.document if edition else None,
        who=facts["who"],
        is_easy_read=isinstance(form, EasyReadForm),
    )
    if feedback.is_for_duty:
        alert_duty()
    return in_groups(code), ""


def form_page(request, template, form, page, *, status=200, **more):
    is_readable = "nav" not in more
    about = public_edition_at(page, request.moment) if is_readable else None
    context = {
        "form": form,
        "page": page,
        "page_name": name_of_page(page, about.title if about else None),
        "reports": YearlyReport.objects.as_of(request.moment) if is_readable else [],
        "longest": f"{LONGEST_FEEDBACK:,}",
        "read_within": READ_WITHIN,
        **more,
    }
    return TemplateResponse(request, template, context, status=status)


def thanks(request, code: str, page: str, *, is_easy_read: bool):
    """No address leads here: the code is shown to whoever sent the form, and to nobody again."""
    template = "participation/feedback_thanks.html"
    if is_easy_read:
        template = "participation/feedback_thanks_easy_read.html"
    about = public_edition_at(page, request.moment)
    context = {"code": code, "about": about, "read_within": READ_WITHIN}
    return TemplateResponse(request, template, context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request):
    """The code comes in the body of the request: addresses are written into logs."""
    form = ReceiptForm(readable(request.POST) if request.method == "POST" else None)
    found, status = None, 200
    if form.is_valid():
        if has_sent_enough(request, "receipt", each=CODES):
            form.add_error("code", "You have tried very often. Try again tomorrow.")
            status = 429
        else:
            found = Feedback.objects.with_code(form.cleaned_data["code"])
            if found is None:
                form.add_error(
                    "code",
                    "We do not have this code. Look at each letter and number again. "
                    "We keep codes for 2 years.",
                )
    stage = found and stage_of(found, request.moment)
    context = {"form": form, "found": found, "stage": stage}
    return TemplateResponse(request, "participation/feedback_receipt.html", context, status=status)


@public_page
def report(request, year):
    found = get_object_or_404(YearlyReport.objects.as_of(request.moment), year=year)
    context = {"report": found, **feedback_report.page_of(found, request.moment)}
    return TemplateResponse(request, "participation/feedback_report.html", context)


@public_page
def report_csv(request, year):
    found = get_object_or_404(YearlyReport.objects.as_of(request.moment), year=year)
    return feedback_report.csv_of(found, request.moment)
