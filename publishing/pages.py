"""What every public view needs: the edition that stands, or the honest answer why there is none."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from publishing.models import Edition, Withdrawal
from publishing.moments import MomentRequest

# Short, so that a correction is seen at once; a front may keep serving it while we are down.
FRESH_FOR = 60
STALE_IF_ERROR = 24 * 60 * 60


class Gone(Exception):
    """The page was taken down: it answers 410 with the date and the reason."""

    def __init__(self, withdrawal: Withdrawal):
        super().__init__(withdrawal)
        self.withdrawal = withdrawal


def standing_or_gone(queryset, moment, slug: str):
    """The edition of the document with this address that stands at the moment.

    `queryset` is of one kind of page. Raises Gone when it was taken down, Http404 when it was
    never public by then; the two are told apart only for what the public has seen.
    """
    edition = queryset.as_of(moment).filter(document__slug=slug).first()
    if edition is None:
        raise gone_or_missing(queryset.model, moment, slug)
    return edition


def gone_or_missing(kind: type[Edition], moment, slug: str, *, in_past=False) -> Gone | Http404:
    """Why a page has no edition to show: the exception to raise.

    `in_past`: only a withdrawal that reaches into the past counts, as for history pages.
    """
    hiding = Withdrawal.objects.removing_past()
    if not in_past:
        hiding |= Withdrawal.objects.in_force(moment)
    withdrawal = hiding.filter(document__kind=kind._meta.label_lower, document__slug=slug).last()
    return Gone(withdrawal) if withdrawal else Http404("No such page.")


def public_page[R: HttpResponseBase](view: Callable[..., R]) -> Callable[..., R]:
    """A page for everybody: GET and HEAD only, kept by caches for a minute."""

    @require_safe
    @wraps(view)
    def page(request: MomentRequest, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if request.moment.including is None:
            keep_publicly(response)
        return response

    page.is_of_the_record = True  # type: ignore[attr-defined]
    return page


def page_of_today(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A public page that no past day has: it speaks of the whole record, or leads to another."""
    page = public_page(view)
    page.is_of_the_record = False  # type: ignore[attr-defined]
    return page


def is_of_the_record(view: Callable[..., HttpResponseBase]) -> bool:
    """The view shows what stood at a moment, so that it can show a past one."""
    return getattr(view, "is_of_the_record", False)


def is_for_everybody(view: Callable[..., HttpResponseBase]) -> bool:
    """A page that anybody may be led to: not a form, not staff’s, and not one behind a signed link,
    whose address is a key.
    """
    return hasattr(view, "is_of_the_record")


def keep_publicly(response: HttpResponseBase) -> None:
    patch_cache_control(response, public=True, max_age=FRESH_FOR, stale_if_error=STALE_IF_ERROR)
