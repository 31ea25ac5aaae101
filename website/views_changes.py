"""The pages of what changed: the list, its feed, the record for machines, and how to check it."""

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.template.response import TemplateResponse

from publishing import ledger, public_record
from publishing.history import edition_number
from publishing.pages import page_of_today, public_page
from website.changes import changes as changes_page
from website.changes_feed import ChangesFeed

SCRIPT = settings.BASE_DIR / "docs" / "check_the_record.py"


@public_page
def changes(request):
    return TemplateResponse(
        request, "website/changes.html", {"page": changes_page(request.GET, request.moment)}
    )


@page_of_today
def feed(request):
    return ChangesFeed()(request)


@page_of_today
def check(request):
    return TemplateResponse(request, "website/check.html", {"newest": ledger.newest()})


@page_of_today
def record_json(request):
    """A page of the record; `after` is the number of the last line of the page before."""
    after = edition_number(request.GET.get("after", "0"))
    if after is None:
        return JsonResponse({"error": "after: give the number of a line."}, status=400)
    return JsonResponse(public_record.page(after=after))


@page_of_today
def script(request):
    return HttpResponse(SCRIPT.read_text("utf-8"), content_type="text/plain; charset=utf-8")
