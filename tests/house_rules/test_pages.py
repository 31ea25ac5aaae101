"""Rule 6: every template is used, and every public page has one title and one heading."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.template import engines
from django.urls import resolve

from publishing import actions, moments
from publishing.models.editions import kinds
from tests import factories
from tests.house_rules import filling, valid_html
from tests.house_rules.test_one_writer import product_files
from tests.house_rules.walking import crawl, visit

pytestmark = pytest.mark.once  # templates, titles and headings: no database has a part in them

TEMPLATES = Path(settings.BASE_DIR, "templates")
# Django finds these by name.
CONVENTIONAL = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
EMBEDDED = re.compile(
    r"""<style|\sstyle\s*=|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*["']|javascript:|"""
    r"""\|\s*safe\b|autoescape\s+off""",
    re.IGNORECASE,
)
PARTIAL = re.compile(r"{%\s*(partialdef|partial)\s+(\w+)")


def templates() -> dict[str, str]:
    files = [path for path in TEMPLATES.rglob("*") if path.is_file()]
    return {str(path.relative_to(TEMPLATES)): path.read_text("utf-8") for path in files}


def replaces_django_s(name: str) -> bool:
    others = [Path(app.path, "templates", name) for app in apps.get_app_configs()]
    return any(path.exists() for path in others)


def is_named_by_a_choice(name: str, code: str) -> bool:
    """`f"information/{page.purpose}.html"`: the rest of the name is a choice of some kind."""
    computed = re.findall(r'f"([\w/]*){\w+\.(\w+)}([\w.]*)"', code)
    return any(
        name == f"{before}{choice}{after}"
        for before, field, after in computed
        for kind in kinds()
        for column in kind._meta.concrete_fields
        if column.name == field
        for choice, _ in column.flatchoices
    )


def test_every_template_is_used():
    texts = templates()
    code = "\n".join(file.read_text("utf-8") for file in product_files())

    unused = [
        name
        for name in texts
        if name not in CONVENTIONAL
        and not replaces_django_s(name)
        and f'"{name}"' not in code
        and not is_named_by_a_choice(name, code)
        and not any(f'"{name}"' in text for other, text in texts.items() if other != name)
    ]

    assert unused == []


def test_every_component_has_a_caller_on_a_page():
    texts = templates()
    for name in texts:
        callers = [other for other, text in texts.items() if f'include "{name}"' in text]
        assert not name.startswith("components/") or set(callers) - {name}, name


def test_every_fragment_of_a_page_is_shown():
    for name, text in templates().items():
        tags = PARTIAL.findall(text)
        made = {fragment for tag, fragment in tags if tag == "partialdef" and "inline" not in text}
        assert made <= {fragment for tag, fragment in tags if tag == "partial"}, name


@pytest.mark.parametrize("name", templates())
def test_a_template_reads_and_embeds_no_style_or_script(name):
    engines["django"].get_template(name)

    found = EMBEDDED.findall(templates()[name])
    # A mail has no stylesheet beside it.
    assert [each for each in found if each != "<style" or name != "emails/base.html"] == []


@pytest.mark.parametrize(
    "text",
    [
        '<p style="color:red">',
        "<style>p{}</style>",
        "<script>alert(1)</script>",
        '<a onclick="x()">',
        '<a href="javascript:x()">',
        "{{ words|safe }}",
        "{% autoescape off %}",
    ],
)
def test_an_embedded_style_or_script_would_be_seen(text):
    assert EMBEDDED.search(text)


# Rendered


class Outline(HTMLParser):
    """What a page says about itself."""

    def __init__(self, text):
        super().__init__()
        self.stack, self.titles, self.headings, self.faults = [], [], [], []
        self.language = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.stack.append(tag)
        self.language = values.get("lang", self.language) if tag == "html" else self.language
        self.headings += [""] if tag == "h1" else []
        self.titles += [""] if tag == "title" and "svg" not in self.stack else []
        self.faults += [name for name in values if name == "style" or name.startswith("on")]
        # A block of data is no script: no browser runs it, and no rule of ours has to allow it.
        is_data = values.get("type") == "application/ld+json"
        if tag == "style" or (tag == "script" and not values.get("src") and not is_data):
            self.faults.append(tag)

    def handle_endtag(self, tag):
        while tag in self.stack and self.stack.pop() != tag:
            pass

    def handle_data(self, data):
        if "h1" in self.stack:
            self.headings[-1] += data
        if "title" in self.stack and "svg" not in self.stack:
            self.titles[-1] += data


def faults_of(answer) -> list[str]:
    page = Outline(answer.text)
    faults = [*valid_html.faults(answer.body), *(f"embedded {fault}" for fault in page.faults)]
    if len(page.headings) != 1 or not page.headings[0].strip():
        faults.append(f"{len(page.headings)} h1")
    if len(page.titles) != 1 or not page.titles[0].strip():
        faults.append(f"titles: {page.titles}")
    if not page.language:
        faults.append("no language")
    return faults


def choices_of(kind) -> list[int]:
    """How many each of its fields offers."""
    return [len(field.flatchoices) for field in filling.fields_of(kind) if field.choices]


@pytest.fixture(scope="module")
def pages(one_transaction):
    """Of every kind as many public pages as it has choices, corrected, and one taken down."""
    by = factories.make_signer(factories.make_body())
    many = {kind: max(choices_of(kind), default=1) for kind in kinds()}
    for turn in range(max(many.values())):
        words = {kind: filling.word("public") for kind in kinds() if many[kind] > turn}
        first = filling.make_public_together(words)
        if turn == 0:
            second = {kind: filling.word("second") for kind in kinds()}
            filling.publish_together(filling.correct_together(first, second))
    down = {kind: filling.word("down") for kind in kinds() if filling.can_come_down(kind)}
    for page in filling.make_public_together(down).values():
        actions.withdraw(page.document, by=by, reason="It was <b>wrong</b> & old.")
    return [answer for answer in crawl() if answer.is_page]


def test_every_public_page_has_a_title_and_one_heading(pages, db):
    strays = [visit("/no-such-page/"), visit("/no/page"), visit("/", HTTP_HOST="evil.example")]

    faults = {str(page): found for page in [*pages, *strays] if (found := faults_of(page))}

    assert {200, 400, 404, 410} <= {page.status for page in [*pages, *strays]}
    assert faults == {}


BEHIND_A_KEY = re.compile(r"/(forum|updates/email/\w+)/[^/]+/")


def test_pages_that_stand_are_told_apart_by_their_titles(pages, db):
    # A form that was told in its address which page it is about is the same form.
    # So is one page that says for each key that it does not work.
    standing = [page for page in pages if page.status == 200 and "?page=" not in page.path]
    titles: dict[str, set[str]] = {}
    for page in standing:
        if not BEHIND_A_KEY.match(page.path):
            titles.setdefault(Outline(page.text).titles[0], set()).add(page.path)

    assert {title: paths for title, paths in titles.items() if len(paths) > 1} == {}


def test_pages_that_are_shared_say_what_they_are(pages, db):
    shared = [
        Shared(page)
        for page in pages
        if page.status == 200 and HAS_CARD in page.text and not BEHIND_A_KEY.match(page.path)
    ]
    sorts: dict[str, set[str]] = {}
    for card in shared:
        sorts.setdefault(card.description, set()).add(card.sort)
    named_like_the_site = {card.sort for card in shared if "help for children with" in card.title}

    assert len({card.sort for card in shared}) > 30
    assert named_like_the_site == {"website:home"}
    assert {card.path for card in shared if len(card.description) < 20} == set()
    assert {text: among for text, among in sorts.items() if len(among) > 1} == {}


def test_each_shared_picture_is_described_by_what_is_on_it(pages, db):
    shared = [Shared(page) for page in pages if page.status == 200 and HAS_CARD in page.text]

    described = {(card.picture, card.alt) for card in shared}

    assert len(described) == len({picture for picture, _ in described}) == 5
    assert all(len(alt) > 40 for _, alt in described)
    for sort in ("plan:list", "plan:promise", "plan:version", "plan:area", "plan:board"):
        assert {card.picture for card in shared if card.sort == sort} == {"share-plan"}, sort


HAS_CARD = 'property="og:title"'


class Shared:
    """What somebody sees of a page before they open it."""

    def __init__(self, page):
        self.path = page.path
        self.sort = resolve(urlsplit(page.path).path).view_name
        self.title, self.alt, picture = (
            re.search(rf'property="og:{name}" content="([^"]*)"', page.text)[1]
            for name in ("title", "image:alt", "image")
        )
        self.picture = re.search(r"/([\w-]+)(?:\.\w+)?\.png$", picture)[1]
        description = r'<meta name="description" property="og:description" content="([^"]*)"'
        self.description = re.search(description, page.text)[1]


def test_an_empty_site_has_pages_too(db, council):
    pages = [visit(path) for path in ("/", "/updates/")]

    assert [(page.status, faults_of(page)) for page in pages] == [(200, []), (200, [])]


def test_the_page_for_an_error_needs_no_database(monkeypatch):
    monkeypatch.setattr(moments, "now", lambda: 1 / 0)

    answer = visit("/")

    assert (answer.status, faults_of(answer)) == (500, [])


@pytest.mark.parametrize(
    "text",
    [
        "<!doctype html><html lang=en><title>x</title>",
        "<!doctype html><html lang=en><title>x</title><h1>a</h1><h1>b</h1>",
        "<!doctype html><html lang=en><title> </title><h1>a</h1>",
        "<!doctype html><html><title>x</title><h1>a</h1>",
        "<!doctype html><html lang=en><title>x</title><h1>a</h1><p></h2>",
        "<!doctype html><html lang=en><title>x</title><h1 onclick=a>a</h1>",
        "<!doctype html><html lang=en><title>x</title><h1 id=a>a</h1><p id=a>",
        '<!doctype html><html lang=en><title>x</title><h1>a</h1><a href="/a b">c</a>',
        "<!doctype html><html lang=en><title>x</title><h1>a</h1><label for=nobody>b</label>",
        "<!doctype html><html lang=en><title>x</title><h1>a</h1><ul><p>b</p></ul>",
        "<!doctype html><html lang=en><title>x</title><h1>a</h1><img src=/b>",
        "<!doctype html><html lang=en><title>x</title><h1>a</h1>"
        "<time datetime=2026-11-26T12:00:00.123456+00:00>b</time>",
    ],
)
def test_a_page_with_a_fault_would_be_seen(text):
    class Page:
        body = text.encode()

    Page.text = text
    assert faults_of(Page)
