"""What all forms for the public share: no name asked, no script, no picture puzzle, no flood."""

import ipaddress
import secrets
import unicodedata
from collections.abc import Callable, Iterable
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
from publishing.pages import is_for_everybody

LONGEST_ADDRESS = 300
# As the links to them say.
LISTS = {
    "website:home": "Our first page",
    "website:search": "Search",
    "website:data": "Open data",
    "changes:list": "What changed",
    "plan:list": "Our plan",
    "plan:board": "For boards: what changed",
    "measures:list": "How long families wait",
    "timeline:list": "What happened",
    "timeline:oldest": "What happened",
    "who:list": "Who is responsible",
    "updates:list": "All updates",
    "you_said:list": "You said, we did",
    "opportunities:list": "Chances to take part",
    "opportunities:past": "What came of chances to take part",
}


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
    """The path of a page for everybody, also on a past day; empty for anything else.

    So no link leads away, and no address that is itself a key is kept or shown to staff.
    """
    is_path = address.startswith("/") and not address.startswith("//")
    if not is_path or len(address) > LONGEST_ADDRESS or not address.isprintable():
        return ""
    try:
        path = urlsplit(address).path
        view = resolve(within_its_day(path)).func
    except (Resolver404, ValueError):
        return ""
    return path if is_for_everybody(view) else ""


def within_its_day(path: str) -> str:
    """The path as it is today: a page of a past day is about the same document."""
    _, today = split(path) or ("", path)
    return today


def document_at(page: str) -> Document | None:
    """The document whose page, history or old edition stands at a public address."""
    return documents_at([page]).get(page)


def documents_at(pages: Iterable[str]) -> dict[str, Document]:
    """The documents of many public addresses, by address. One query."""
    slugs = {page: slug for page in pages if (slug := slug_in(page))}
    of_slug: dict[str, list[Document]] = {}
    for document in Document.objects.filter(slug__in=set(slugs.values())):
        of_slug.setdefault(document.slug, []).append(document)
    return {
        page: document
        for page, slug in slugs.items()
        for document in of_slug.get(slug, ())
        if within_its_day(page).startswith(document.get_absolute_url())
    }


def slug_in(page: str) -> str | None:
    path = within_its_day(page)
    return resolve(path).kwargs.get("slug") if path else None


def public_edition_at(page: str, moment: Moment) -> Edition | None:
    """What the public reads there now: a form must not tell the title of a draft."""
    document = document_at(page)
    if document is None:
        return None
    return Edition.objects.as_of(moment).filter(document=document).first()


def name_of_page(page: str, title: str | None) -> str:
    """What people call a page: its own title, or that of a list, rather than its address."""
    if title or not page:
        return title or ""
    try:
        return LISTS.get(resolve(within_its_day(page)).view_name, page)
    except Resolver404:
        return page


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

    Its address may be the key to it: so the browser tells it to no other page.
    """

    @csrf_exempt
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def page(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        return response

    return page


def new_token() -> str:
    """Made with each form shown, so that a page that is sent twice is kept once."""
    return secrets.token_urlsafe(16)
