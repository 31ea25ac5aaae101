"""What all forms for the public share: no name asked, no script, no picture puzzle, no flood."""

import ipaddress
import secrets
import unicodedata
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from participation.models import DayCount
from participation.models.counts import Limit
from publishing.day_addresses import split
from publishing.models import Document, Edition
from publishing.moments import Moment

LONGEST_ADDRESS = 300


def readable(data: QueryDict) -> dict[str, str]:
    """What was typed, without the control characters that come with it and no page can show."""
    return {
        name: "".join(
            sign
            for sign in str(text).replace("\r\n", "\n")
            if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"}
        )
        for name, text in data.items()
    }


def page_of_ours(address: str) -> str:
    """The path of a page of this site, also on a past day; empty for anything else, so that no
    link leads away, and for a page whose address is a key, so that nobody keeps it.
    """
    is_path = address.startswith("/") and not address.startswith(("//", "/admin/"))
    if not is_path or len(address) > LONGEST_ADDRESS or not address.isprintable():
        return ""
    try:
        path = urlsplit(address).path
        found = resolve(within_its_day(path))
    except (Resolver404, ValueError):
        return ""
    return "" if getattr(found.func, "is_secret", False) else path


def within_its_day(path: str) -> str:
    """The path as it is today: a page of a past day is about the same document."""
    _, today = split(path) or ("", path)
    return today


def document_at(page: str) -> Document | None:
    """The document whose page, history or old edition stands at a public address."""
    page = within_its_day(page)
    slug = resolve(page).kwargs.get("slug") if page else None
    if slug is None:
        return None
    for document in Document.objects.filter(slug=slug):
        if page.startswith(document.get_absolute_url()):
            return document
    return None


def public_edition_at(page: str, moment: Moment) -> Edition | None:
    """What the public reads there now: a form must not tell the title of a draft."""
    document = document_at(page)
    if document is None:
        return None
    return Edition.objects.as_of(moment).filter(document=document).first()


def sender_of(request: HttpRequest) -> str:
    """What counts as one connection; behind our own front, the one that the front wrote down.

    Of IPv6 the network: one home has more addresses than the world has people.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)


def has_sent_enough(
    request: HttpRequest, form: str, *, each: Limit, together: Limit | None = None
) -> bool:
    """Counts this attempt; True when too many came from this sender before.

    `each` is for one sender: a browser, known by the token that keeps other sites from posting, or
    without `together` a connection. `together` is for all browsers behind one connection, as in a
    school.
    """
    now = timezone.now()
    DayCount.objects.forget_before(timezone.localdate(now))
    connection = f"{form} from {sender_of(request)}"
    browser = request.META.get("CSRF_COOKIE", "")
    if together is None or not browser:
        return not each.take(connection, now)
    is_free = each.take(f"{form} by {browser}", now) and together.take(f"all {connection}", now)
    return not is_free


def private_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page with a form: no cache keeps it, and no cookie goes with it.

    Its address may be the key to it: so no other page is told it, by a link or by the browser.
    """

    @csrf_exempt
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def page(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        request.is_secret = True  # type: ignore[attr-defined]
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        return response

    page.is_secret = True  # type: ignore[attr-defined]
    return page


def new_token() -> str:
    """Made with each form shown, so that a page that is sent twice is kept once."""
    return secrets.token_urlsafe(16)
