"""Every address of the site, found in the URLconf and filled in from what is in the database."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLResolver, get_resolver

from publishing.admin.acts import ACTS
from publishing.models import Attachment, Edition

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^()]*\)")
LINK = re.compile(r'(?:href|src)="([^"#]*)')


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
        return self.name.startswith("admin:")

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


def public_routes() -> list[Route]:
    return [route for route in routes() if not route.is_staff]


def staff_routes() -> list[Route]:
    return [route for route in routes() if route.is_staff]


# Filling in


def editions() -> list[dict]:
    rows = Edition.objects.values_list("document__slug", "number")
    return [{"slug": slug, "number": number} for slug, number in rows]


def files() -> list[dict]:
    return list(Attachment.objects.values("digest", "extension"))


def targets() -> list[dict]:
    return [
        {"target": f"{content_type_of(row.concrete)}/{row.pk}"} for row in Edition.objects.all()
    ]


# What a public address can be about: each gives values, from real rows, for an address's parts.
SUBJECTS = [editions, files, targets]


def filled(route: Route) -> list[str]:
    """The route's addresses for everything in the database, secret or not."""
    wanted = route.parameters
    if not wanted:
        return [route.path()]
    able = [rows for subject in SUBJECTS if (rows := subject()) and wanted <= rows[0].keys()]
    if not able:
        pytest.fail(
            f"Nobody knows how to fill in “{route.text}”. Add a function to SUBJECTS in "
            f"{__name__} that gives {', '.join(sorted(wanted))} from real rows, and see that the "
            "tests make such rows."
        )
    return list(dict.fromkeys(route.path(**values) for rows in able for values in rows))


def public_addresses() -> list[str]:
    return [path for route in public_routes() for path in filled(route)]


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
        **first,
    }
    unknown = route.parameters - values.keys()
    assert not unknown, f"Say in {__name__} what {unknown} of the staff's {route.text} can be."
    names = ACTS if "act_name" in route.parameters else [None]
    return [route.path(**{**values, "act_name": name}) for name in names]


def model_of(route: Route):
    labels = {f"{m._meta.app_label}/{m._meta.model_name}/": m for m in admin.site._registry}
    return next((m for label, m in labels.items() if f"admin/{label}" in route.text), None)


def content_type_of(row) -> int:
    from django.contrib.contenttypes.models import ContentType

    return ContentType.objects.get_for_model(row).pk


# Visiting


@dataclass(frozen=True)
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


def visitor() -> Client:
    """Somebody without a log-in; an error becomes a 500, as in production."""
    return Client(raise_request_exception=False)


def visit(path: str, method: str = "get", *, client: Client | None = None, **extra) -> Answer:
    response = getattr(client or visitor(), method)(path, **extra)
    body = response.getvalue()
    headers = {**response.headers, **({"Set-Cookie": "…"} if response.cookies else {})}
    return Answer(path, method, response.status_code, headers, body)


def crawl(*, methods=("get", "head")) -> list[Answer]:
    """Asks for every public address, and for whatever the answers lead to on this site."""
    answers, queue = [], public_addresses()
    seen = set(queue)
    while queue:
        path = queue.pop()
        found = [visit(path, method) for method in methods]
        answers += found
        for link in links(found[0]):
            if link not in seen and not link.startswith(("/admin/", "/static/")):
                seen.add(link)
                queue.append(link)
    return answers


def links(answer: Answer) -> list[str]:
    """The addresses on this site to which an answer leads."""
    wanted = [unescape(link) for link in LINK.findall(answer.text)] if answer.is_page else []
    wanted += [answer.headers["Location"]] if "Location" in answer.headers else []
    whole = (urljoin("http://testserver" + answer.path, link) for link in wanted if link)
    return [link.removeprefix("http://testserver") for link in whole if link.startswith(HERE)]


HERE = "http://testserver/"
