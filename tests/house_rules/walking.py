"""Every address of the site, found in the URLconf and filled in from what is in the database."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import md5
from html import unescape
from itertools import combinations
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve, reverse
from django.utils.http import quote_etag

from participation import following
from participation.models import Follow, Subscriber, YearlyReport
from publishing import day_addresses
from publishing.admin.acts import ACTS
from publishing.models import Attachment, Edition
from publishing.models.editions import kinds
from tests.house_rules import filling
from website.models import PrivacyReport
from website.open_data import TABLES

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^()]*\)")
NEXT = re.compile(r'"next_after": ([0-9]+)')
LAST_LETTERS = 2_000
LINK = re.compile(r'(?:href|src)="([^"#]*)')

# Where the public may write to us, each with its reason. Only here a POST is answered, a cookie is
# set (it carries the token that keeps other sites from posting), and no cache may keep the page.
PUBLIC_FORMS = {
    "/private/": "anybody can say that a page shows something private",
    "/have-your-say/": "anybody can tell us something",
    "/have-your-say/easy-read/": "the same in Easy Read",
    "/have-your-say/receipt/": "whoever told us something sees how far it has got",
}
# Our e-mails have forms too, but no cookie and no token: who holds a signed link may do what it
# says, and what anybody may ask for is counted. No other site could make a visitor do more.
MAIL_PAGES = "/updates/email/"
# Every page leads there and names itself in the address: asked for once with a name.
ASKED_ONCE = {*PUBLIC_FORMS, MAIL_PAGES, "/on/"}
MAIL_FORMS = re.compile(rf"{MAIL_PAGES}((confirm|settings|stop)/.*)?$")
# So do the pages behind the link of the Parent Carer Forum.
FORUM_PAGES = "/forum/"
FORUM_FORMS = re.compile(rf"{FORUM_PAGES}[^/]+/.+/$")
SIGNED = re.compile(rb"(?<=/)[\w-]+:[\w-]+:[\w-]+(?=/)")
# New in every form that is shown: the token of the form, and what makes it count once.
TOKEN = re.compile(rb'(name="(?:csrfmiddlewaretoken|once)" value=")[\w-]+')


@dataclass(frozen=True)
class Route:
    """One pattern of the URLconf, with the patterns that include it."""

    chain: tuple

    @property
    def text(self) -> str:
        pieces = (str(each.pattern) for each in self.chain)
        return "".join(re.sub(r"^\^|(\$|\\Z|\\z)$", "", piece) for piece in pieces)

    @property
    def name(self) -> str:
        spaces = [each.namespace for each in self.chain[:-1] if each.namespace]
        return ":".join([*spaces, self.chain[-1].name or ""])

    @property
    def is_staff(self) -> bool:
        """Below /admin/; but for `admin/r/…`, where staff too find nothing: see config/urls.py."""
        return self.text.startswith("admin/") and "target" not in self.parameters

    @property
    def kinds(self) -> list[type[Edition]]:
        """Whose pages stand at its addresses, or beside them; of every kind when about none."""
        return own_routes().get(self.name) or kinds_beside(self.text) or kinds()

    @property
    def parameters(self) -> set[str]:
        return {a or b for a, b in PARAMETER.findall(self.text)}

    def path(self, **values) -> str:
        return "/" + PARAMETER.sub(lambda match: str(values[match[1] or match[2]]), self.text)


def routes() -> Iterator[Route]:
    def below(chain):
        for pattern in chain[-1].url_patterns:
            if isinstance(pattern, URLResolver):
                yield from below((*chain, pattern))
            else:
                yield Route((*chain[1:], pattern))

    return below((get_resolver(),))


@cache
def own_routes() -> dict[str, list[type[Edition]]]:
    """By the name of a route, the kinds that say it is where their pages or histories stand."""
    found: dict[str, list[type[Edition]]] = {}
    for kind in kinds():
        for path in (kind.document_url("x"), kind.history_url("x"), kind.history_url("x", 1)):
            found.setdefault(resolve(path).view_name, []).append(kind)
    return found


@cache
def kinds_beside(text: str) -> list[type[Edition]]:
    """The kinds below whose address another one stands: the calendar or the feed of a page."""
    pages = {route.text.rstrip("/"): own_routes()[route.name] for route in pages_of_kinds()}
    return next((found for page, found in pages.items() if text.startswith(page)), [])


def pages_of_kinds() -> list[Route]:
    wanted = {resolve(kind.document_url("x")).view_name for kind in kinds()}
    return [route for route in routes() if route.name in wanted]


def public_routes() -> list[Route]:
    return [route for route in routes() if not route.is_staff]


def staff_routes() -> list[Route]:
    return [route for route in routes() if route.is_staff]


# Filling in


def editions(route: Route) -> list[dict]:
    labels = [kind._meta.label_lower for kind in route.kinds]
    rows = Edition.objects.filter(document__kind__in=labels).order_by("pk")
    found = [
        {"slug": slug, "number": number}
        for slug, number in rows.values_list("document__slug", "number")
    ]
    # What somebody says through a link may not be said yet: then nothing stands there.
    is_said = all(kind.SPEAKS_THROUGH for kind in route.kinds)
    return found or ([{"slug": "not-said-yet", "number": 1}] if is_said else [])


def files(route: Route) -> list[dict]:
    return list(Attachment.objects.order_by("pk").values("digest", "extension"))


def targets(route: Route) -> list[dict]:
    """Of each kind its first and its last edition: the address tells nothing about any."""
    found = []
    for kind in kinds():
        rows = kind._base_manager.order_by("pk").values_list("pk", flat=True)
        found += [
            {"target": f"{content_type_of(kind)}/{pk}"} for pk in {*rows[:1], *rows.reverse()[:1]}
        ]
    return found


def tables(route: Route) -> list[dict]:
    """Every table of open data; of what says the same in another form, the first and the last."""
    names = [*TABLES] if route.name == "website:data_csv" else [*TABLES][:: len(TABLES) - 1]
    return [{"name": name} for name in names]


def signed_links(route: Route) -> list[dict]:
    """The links that our e-mails hold, if anybody gets them; and one that leads nowhere."""
    if not route.text.startswith(MAIL_PAGES.lstrip("/")):
        return []
    purpose = route.name.rpartition("_")[2]
    rows = Follow.objects.all() if purpose == following.CONFIRM else Subscriber.objects.all()
    links = [following.link(purpose, row) for row in rows] if purpose in following.LASTS else []
    return [{"token": link.split("/")[-2]} for link in links] + [{"token": "no-such-link"}]


def forum_links(route: Route) -> list[dict]:
    """The links that the forum holds, with each promise; and one that leads nowhere."""
    slugs = Edition.objects.filter(document__kind="programme.milestone").order_by("pk")
    return [
        {"token": token, "slug": slug}
        for token in [*filling.forum_tokens(), "no-such-link"]
        for slug in [*slugs.values_list("document__slug", flat=True)[:5], "no-such-promise"]
    ]


def reports(route: Route) -> list[dict]:
    """Where there is none, the year of none: nothing stands there."""
    return list(YearlyReport.objects.order_by("pk").values("year")) or [{"year": 1999}]


# What a public address can be about: each gives values, from real rows, for an address's parts.
SUBJECTS = [editions, files, targets, tables, signed_links, forum_links, reports]


def filled(route: Route) -> list[str]:
    """The route's addresses for everything in the database that it is about, secret or not."""
    wanted = route.parameters
    if not wanted:
        return [route.path()]
    able = [rows for subject in SUBJECTS if (rows := subject(route)) and wanted <= rows[0].keys()]
    if not able:
        pytest.fail(
            f"Nobody knows how to fill in “{route.text}”. Add a function to SUBJECTS in "
            f"{__name__} that gives {', '.join(sorted(wanted))} from real rows, and see that the "
            "tests make such rows."
        )
    return list(dict.fromkeys(route.path(**values) for rows in able for values in rows))


def public_addresses() -> list[str]:
    return [path for route in public_routes() for path in filled(route)]


def questions() -> list[str]:
    """What to ask the search for: the words that stand beside each secret, in every field."""
    models = dict.fromkeys([*kinds(), *(part for kind in kinds() for part in kind.part_models())])
    names = {f.name for model in models for f in filling.fields_of(model) if filling.is_words(f)}
    return [f"{reverse('website:search')}?q={name.replace('_', '+')}" for name in sorted(names)]


def staff_addresses() -> list[str]:
    """Every address of the admin, about the first row of each model that it manages."""
    return [path for route in staff_routes() for path in filled_for_staff(route)]


def filled_for_staff(route: Route) -> list[str]:
    first, label = {}, model_of(route)
    if label:
        row = label._default_manager.first()
        assert row, f"Make a {label._meta.verbose_name} in the test, to visit {route.text}."
        first = {"object_id": row.pk, "id": row.pk}
    edition = Edition.objects.first().concrete
    values = {
        "app_label": "updates",
        "content_type_id": content_type_of(edition),
        "object_id": edition.pk,
        "url": "no-such-page",
        "act_name": "publish",
        "number": PrivacyReport.objects.values_list("pk", flat=True).first() or 0,
        **first,
    }
    unknown = route.parameters - values.keys()
    assert not unknown, f"Say in {__name__} what {unknown} of the staff's {route.text} can be."
    if "act_name" not in route.parameters:
        return [route.path(**values)]
    return [route.path(**{**values, "act_name": name}) for name in acts_to_try(label)]


def acts_to_try(kind: type[Edition] | None) -> list[str]:
    """All of them for the first kind. The others share its admin: each tries some, in turn."""
    turn = kinds().index(kind) if kind in kinds() else 0
    return list(ACTS) if turn == 0 else list(ACTS)[turn % 6 :: 6]


def model_of(route: Route):
    labels = {f"{m._meta.app_label}/{m._meta.model_name}/": m for m in admin.site._registry}
    return next((m for label, m in labels.items() if f"admin/{label}" in route.text), None)


def content_type_of(row) -> int:
    return ContentType.objects.get_for_model(row).pk


# Visiting


@dataclass(frozen=True, eq=False)
class Answer:
    path: str
    method: str
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def is_page(self) -> bool:
        return self.headers.get("Content-Type", "").startswith("text/html")

    def __str__(self):
        return f"{self.method.upper()} {self.path} → {self.status}"

    @property
    def is_form(self) -> bool:
        return urlsplit(self.path).path in PUBLIC_FORMS

    @property
    def stable_body(self) -> bytes:
        """Without what is new in every answer: the token of a form, the time in a signed link."""
        if urlsplit(self.path).path.startswith(MAIL_PAGES):
            return SIGNED.sub(b"link", self.body)
        return TOKEN.sub(rb"\1token", self.body) if self.is_form else self.body

    @cached_property
    def told(self) -> str:
        return f"{self.text}\n{self.headers}".lower()

    def tells(self, text: str) -> bool:
        """The words stand in body or headers, but for what the asker said in the address."""
        if text not in self.told:
            return False
        asked = urlsplit(self.path)
        _, in_its_day = day_addresses.split(asked.path) or ("", "")
        said = [self.path, asked.path, in_its_day, *re.split("[&=]", unquote(asked.query))]
        told = self.told
        for echo in sorted(filter(None, said), key=len, reverse=True):
            told = told.replace(echo.lower(), "")
        return text in told


def where(text: str, answers: list[Answer]) -> list[str]:
    """Which of them tell the words."""
    return [str(answer) for answer in answers if answer.tells(text)]


class Visitor(Client):
    """Somebody who asks; an error becomes a 500, as in production.

    All share one handler, and nobody keeps what templates were given: each costs more than a page.
    """

    def __init__(self, **defaults):
        super().__init__(raise_request_exception=False, **defaults)
        self.handler = handler()

    def request(self, **request):
        response = self.handler(self._base_environ(**request))
        self.cookies.update(response.cookies)
        return response


@cache
def handler():
    return Client().handler


def visitor() -> Client:
    """Somebody without a log-in."""
    return Visitor()


def visit(path: str, method: str = "get", *, client: Client | None = None, **extra) -> Answer:
    response = getattr(client or visitor(), method)(path, **extra)
    body = response.getvalue()
    headers = {**response.headers, **({"Set-Cookie": "…"} if response.cookies else {})}
    if headers.get("ETag") == quote_etag(md5(body, usedforsecurity=False).hexdigest()):
        headers["ETag"] = "of these bytes"  # so it tells nothing that they do not
    return Answer(path, method, response.status_code, headers, body)


def crawl() -> list[Answer]:
    """Asks for every public address, and for whatever the answers lead to on this site."""
    answers, queue = [], deque([*public_addresses(), *questions()])
    seen: set = set(queue)
    while queue:
        path = queue.popleft()
        answers.append(visit(path))
        for link in links(answers[-1]):
            if not link.startswith(("/admin/", "/static/")) and not news(link) <= seen:
                seen |= news(link)
                queue.append(link)
    return answers


def news(link: str) -> set:
    """What is asked by an address, and by no other that was asked for before.

    Of a question (`?status=late&sort=new`) each answer alone is new, and any two of its names
    together: a list with five filters has thousands of addresses, and says nothing more in them.
    A form is asked for once with what a page tells it in the address: see ASKED_ONCE.
    """
    path, _, query = link.partition("?")
    asked = parse_qsl(query)
    if path in ASKED_ONCE or not asked:
        return {(path, bool(query))} if query else {path}
    alone = {(path, *pair) for pair in asked}
    return alone | {(path, one, other) for one, other in combinations([n for n, _ in asked], 2)}


def links(answer: Answer) -> list[str]:
    """The addresses on this site to which an answer leads."""
    wanted = [unescape(link) for link in LINK.findall(answer.text)] if answer.is_page else []
    wanted += [answer.headers["Location"]] if "Location" in answer.headers else []
    # A list for programs goes on too: only the number of its last line says where.
    wanted += [f"?after={number}" for number in NEXT.findall(answer.text[-LAST_LETTERS:])]
    whole = (urljoin("http://testserver" + answer.path, link) for link in wanted if link)
    return [link.removeprefix("http://testserver") for link in whole if link.startswith(HERE)]


HERE = "http://testserver/"
