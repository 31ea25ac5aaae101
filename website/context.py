"""What every template may say about the site itself."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.encoding import iri_to_uri

from publishing.days import PastDay
from publishing.pages import is_for_everybody
from website.information import Navigation


def site(request: HttpRequest | None = None) -> dict[str, object]:
    """Pages that failed before the moment was set have it too, and ask the database nothing."""
    moment = getattr(request, "moment", None)
    return {
        "site_name": settings.SITE_NAME,
        "site_place": settings.SITE_PLACE,
        "site_url": settings.SITE_URL,
        "nav": Navigation(moment, is_past=getattr(request, "past_day", None) is not None),
        "has_public_address": has_public_address(request),
        "is_preview": moment is not None and moment.including is not None,
        "past": past_day(request),
    }


def has_public_address(request: HttpRequest | None) -> bool:
    """Its address may stand in other addresses, which fronts and mail programs write down."""
    match = getattr(request, "resolver_match", None)
    return match is not None and is_for_everybody(match.func)


def in_day(request: HttpRequest) -> str:
    """The address within the day, with what it asks: another day answers the same question."""
    query = request.META.get("QUERY_STRING", "")
    return f"{request.path_info}{'?' if query else ''}{iri_to_uri(query)}"


def past_day(request: HttpRequest | None) -> PastDay | None:
    """The day that the reader looks at, if the address names one."""
    moment, day = getattr(request, "moment", None), getattr(request, "past_day", None)
    if request is None or moment is None or day is None:
        return None
    return PastDay(moment, in_day(request))
