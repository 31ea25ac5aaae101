"""The pages of the updates: all of them, one of them, and how it changed."""

from django.template.response import TemplateResponse

from publishing import views as any_kind
from publishing.pages import public_page
from publishing.reading import minutes_to_read
from updates import promised, reading, you_said
from updates.feeds import UpdatesFeed
from updates.models import TermlyUpdate


@public_page
def archive(request):
    wanted = request.GET.get("before", "")
    before = reading.term_called(wanted)
    page = reading.archive(request.moment, before=before)
    is_new = not page.entries and before is None
    return TemplateResponse(
        request,
        "updates/list.html",
        {
            "page": page,
            "first_due": reading.next_due_term(request.moment, after=None) if is_new else None,
            "before": before,
            "was_ignored": bool(wanted) and before is None,
        },
    )


def update_page(request, update, *, standing):
    made_here, has_more = promised.made_here(update, request.moment)
    return any_kind.document(
        request,
        "updates/detail.html",
        update,
        standing=standing,
        answers=promised.answers_of(update, request.moment),
        items=reading.items_by_section(update),
        record=promised.record(request.moment),
        promises=made_here,
        has_more_promises=has_more,
        cards=you_said.of_update(update, request.moment),
        minutes=minutes_to_read(update.text),
    )


detail, edition, history = any_kind.pages_of(
    TermlyUpdate.objects.select_related("term"), whole=reading.whole_updates, show=update_page
)


@public_page
def feed(request):
    return UpdatesFeed()(request)
