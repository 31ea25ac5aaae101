"""Files that pages offer, for staff also those of drafts; and the three pages of every kind."""

from collections.abc import Callable
from typing import NamedTuple

from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from publishing import history as past
from publishing.attachments import may_see_drafts, readable, withdrawal_of
from publishing.models import Attachment, EditionQuerySet
from publishing.moments import Moment
from publishing.pages import Gone, keep_publicly, public_page, standing_or_gone


@require_safe
def attachment(request, digest, extension):
    """The file, if a public page has it. Of all others the public learns nothing: not even that
    they exist. One whose page was taken down says when and why."""
    named = Attachment.objects.filter(digest=digest, extension=extension)
    file = readable(request.moment).filter(pk__in=named).first()
    is_public = file is not None
    if file is None:
        # Asked for every file alike, so that an answer never tells one from another.
        may_see = may_see_drafts(request.user)
        file = named.first()
        if file and not may_see:
            if withdrawal := withdrawal_of(file, request.moment):
                raise Gone(withdrawal)
            file = None
    if file is None:
        raise Http404("No such file.")
    response = FileResponse(
        file.file.open("rb"), filename=f"{digest[:12]}.{extension}", content_type=file.content_type
    )
    # A document must never act on behalf of this site, whatever hides in it.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    if is_public:
        keep_publicly(response)
    else:
        add_never_cache_headers(response)
    return response


def history(request, kind, slug):
    """How one page changed, whatever its kind; `kind` is a queryset of its editions."""
    wanted = request.GET.get("before", "")
    before = past.edition_number(wanted)
    return TemplateResponse(
        request,
        "publishing/history.html",
        {
            "page": past.history(kind, request.moment, slug, before=before),
            "before": before,
            "was_ignored": bool(wanted) and before is None,
        },
    )


def document(request, template, edition, *, standing, **more):
    """A page of any kind: `standing` says where an old edition stands; None on the page itself."""
    context = {
        "edition": edition,
        "standing": standing,
        "corrected": None if standing else past.newest_correction(edition),
        "removals": past.removals(edition, request.moment),
        **more,
    }
    return TemplateResponse(request, template, context)


class PagesOfKind(NamedTuple):
    """What a kind shows at the address of a page, of one of its editions, and of its history."""

    detail: Callable[..., HttpResponse]
    edition: Callable[..., HttpResponse]
    history: Callable[..., HttpResponse]


def pages_of(
    kind: EditionQuerySet,
    *,
    whole: Callable[[Moment], EditionQuerySet],
    show: Callable[..., HttpResponse],
    elsewhere: Callable[[EditionQuerySet, Moment, str], str | None] | None = None,
) -> PagesOfKind:
    """The three public views of every kind of page; addresses choose them in this order.

    `kind` is all its editions, with what their names need; `whole(moment)` those with all that a
    page shows. `show(request, edition, *, standing)` answers with one, now or as it once stood.
    `elsewhere(editions, moment, slug)` may know the right address of a page that is not there.
    """

    @public_page
    def detail(request, slug):
        editions = whole(request.moment)
        try:
            edition = standing_or_gone(editions, request.moment, slug)
        except Http404:
            url = elsewhere(editions, request.moment, slug) if elsewhere else None
            if url is None:
                raise
            return HttpResponseRedirect(url)
        return show(request, edition, standing=None)

    @public_page
    def edition(request, slug, number):
        edition = past.past_edition(whole(request.moment), request.moment, slug, number)
        return show(request, edition, standing=past.standing_of(edition, request.moment))

    @public_page
    def history_of_page(request, slug):
        return history(request, kind, slug)

    return PagesOfKind(detail, edition, history_of_page)
