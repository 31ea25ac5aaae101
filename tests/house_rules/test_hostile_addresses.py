"""No address, however strange, breaks the site or leads off it."""

from functools import cache
from itertools import product
from urllib.parse import quote

import pytest
from django.urls import resolve

from publishing import actions
from publishing.models.editions import kinds
from tests import factories
from tests.house_rules import filling
from tests.house_rules.walking import (
    PARAMETER,
    filled,
    model_of,
    public_addresses,
    public_routes,
    routes,
    visit,
    visitor,
)
from tests.size import in_turn, is_large

pytestmark = pytest.mark.django_db

JUNK = [
    "..",
    "../../etc/passwd",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "\x00",
    "%00",
    "\r\nSet-Cookie: a=b",
    "a" * 100_000,
    "9" * 30,
    "9" * 5_000,
    "-1",
    "0",
    "٣",
    "été",
    "👩‍👧",
    "\ud800".encode("utf-8", "surrogatepass"),
    b"\xff\xfe",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "//evil.example",
    "\\\\evil.example",
    "https:evil.example",
    ";x.js",
    ".css",
    " ",
    "",
]


@pytest.fixture(scope="module")
def update(one_transaction):
    """Of every kind a page; the first."""
    factories.make_body()
    first, *_ = [filling.make_public(kind, filling.word("public")) for kind in kinds()]
    return first


def raw_bytes(text) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")


def raw(text) -> str:
    """As a server hands a path over: its bytes, each as one character."""
    return raw_bytes(text).decode("latin-1")


def addresses_with(tries: list):
    """Every sort of public address with some of the tries in turn; that of a single page with more.

    Of pages that one route shows, all read what is asked alike: two of them are enough.
    """
    for number, route in enumerate(public_routes()):
        for turn, path in enumerate(filled(route) if is_large() else filled(route)[:2]):
            some = in_turn(tries, number + turn, parts=24 if route.parameters else 12)
            yield from ((path, each) for each in some)


def ask(path, client=None, **extra):
    return visit("/", client=client, PATH_INFO=raw(path), **extra)


def is_harmless(answer) -> bool:
    to = answer.headers.get("Location", "/")
    stays_here = to.startswith("/") and not to.startswith(("//", "/\\"))
    return answer.status < 500 and stays_here and "\n" not in to


def test_junk_in_any_place_of_any_address_breaks_nothing(update, db):
    paths = []
    with_parameters = [route for route in public_routes() if route.parameters]
    for number, junk in enumerate(map(raw_bytes, JUNK)):
        paths += [b"/" + junk, b"/" + junk + b"/", b"//evil.example/" + junk]
        for route in in_turn(with_parameters, number, parts=3):
            text = PARAMETER.sub("\0", "/" + route.text)
            paths.append(text.encode().replace(b"\0", junk))
    for number, path in enumerate(public_addresses()):
        paths += [raw_bytes(path) + raw_bytes(junk) for junk in in_turn(JUNK, number, parts=24)]

    assert [path[:200] for path in paths if not is_harmless(ask(path))] == []


def test_junk_after_the_question_mark_breaks_nothing(update, db):
    for path, junk in addresses_with(list(map(quote, JUNK))):
        answer = visit(path, QUERY_STRING=f"{junk}&before={junk}&page={junk}")

        assert answer.status in {200, 404}, (str(answer), junk[:80])
        assert "<script>alert" not in answer.text


def test_junk_in_a_staff_address_breaks_nothing(update, publisher):
    client = visitor()
    client.force_login(publisher)
    ours = [route for route in routes() if route.parameters and model_of(route) in kinds()]
    first = [route for route in ours if model_of(route) is kinds()[0]]
    tries = list(product(first, JUNK))
    for number, route in enumerate(route for route in ours if route not in first):
        tries += [(route, junk) for junk in in_turn(JUNK, number, parts=24)]
    for route, junk in tries:
        text = junk.decode("latin-1") if isinstance(junk, bytes) else junk
        path = route.path(**dict.fromkeys(route.parameters, text))
        assert is_harmless(ask(path, client)), (route.text, text[:80])


def test_a_missing_slash_at_the_end_never_leads_off_the_site(update, db):
    for slash in ("/", "\\", "%5c", "/\t/", "/%2f"):
        answer = ask(f"/{slash}evil.example/..{update.get_absolute_url()}".rstrip("/"))

        assert is_harmless(answer), answer.headers


def test_signing_in_never_leads_off_the_site(db):
    user = factories.make_user("author")
    credentials = {"username": user.username, "password": factories.PASSWORD}
    for target in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"):
        answer = visit("/admin/login/", "post", data={**credentials, "next": target})
        assert answer.status == 302
        assert is_harmless(answer), answer.headers


STRANGE_HEADERS = [
    {"HTTP_IF_MODIFIED_SINCE": "junk"},
    {"HTTP_IF_NONE_MATCH": '"' * 99},
    {"HTTP_RANGE": "bytes=9-1,0-0"},
    {"HTTP_ACCEPT": "*/" * 999},
    {"HTTP_ACCEPT_ENCODING": "\xff"},
    {"HTTP_COOKIE": "session=x; csrf=%00; a"},
    {"HTTP_X_FORWARDED_HOST": "evil.example"},
    {"HTTP_X_FORWARDED_PROTO": "https"},
    {"CONTENT_TYPE": "multipart/form-data", "CONTENT_LENGTH": "9"},
]


def test_strange_headers_change_nothing(update, db):
    plain = cache(visit)
    for path, headers in addresses_with(STRANGE_HEADERS):
        strange, usual = visit(path, **headers), plain(path)
        told = strange.status, strange.stable_body
        assert told == (usual.status, usual.stable_body), (path, headers)


def test_a_request_for_another_host_is_refused(update, db):
    assert visit("/", HTTP_HOST="evil.example").status == 400


def test_no_public_address_shadows_another(update, db):
    by = factories.make_signer(factories.make_body())
    actions.withdraw(update.document, by=by, reason="It was wrong.")

    for route in routes():
        for path in () if route.is_staff or route.parameters else [route.path()]:
            assert resolve(path).view_name == route.name
