"""Markdown becomes HTML that can do no harm, is made when saved, and can be made again."""

import re
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.template import Context, Template
from django.urls import get_resolver, set_script_prefix

from benchmarks import markdown
from publishing import actions, verification
from publishing.richtext import MAX_BYTES, links, pictures, plain, render
from publishing.templatetags.richtext import rich
from tests.factories import make_item, make_public_update, make_update, reload

pytestmark = pytest.mark.once  # HTML: no database has a part in them

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("Hello *you*", "<p>Hello <em>you</em></p>"),
        ("One\nTwo", "<p>One<br>\nTwo</p>"),
        ("# Big\n\n### Small", "<h3>Big</h3>\n<h4>Small</h4>"),
        ("###### A\n\n# B", "<h3>A</h3>\n<h3>B</h3>"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
        ("    indented", "<p>indented</p>"),
        ("[x](https://a.example/)", '<p><a href="https://a.example/">x</a></p>'),
        ("[x](/updates/)", '<p><a href="path:/updates/">x</a></p>'),
        ("[x](http://testserver/updates/#a)", '<p><a href="path:/updates/#a">x</a></p>'),
        ("[x](tel:01213031888)", '<p><a href="tel:01213031888">x</a></p>'),
        ("[x](//evil.example)", "<p>x</p>"),
        ("[x](path:/updates/)", "<p>x</p>"),
        ("[x](relative)", "<p>x</p>"),
        ("[x](<https://a.example\\@evil.example>)", "<p>x</p>"),
        ("![seen](https://evil.example/pixel.png)", "<p>seen</p>"),
    ],
)
def test_markdown_becomes_this_html(source, html):
    assert render(source).strip() == html


def test_plain_words_have_no_marks():
    assert plain("# A **b**\n\n[go](/x) ![decorative](/y)\nnext\n\n- one") == "A b\ngo next\none"


def test_links_and_pictures_are_found():
    assert links("[a](/x) and <https://b.example>") == ["/x", "https://b.example"]
    assert [p.alt for p in pictures("![A *dog*](/x.png)")] == ["A dog"]


def test_a_text_beyond_50_kb_is_refused():
    with pytest.raises(ValidationError, match="longer than"):
        render("é" * (MAX_BYTES // 2 + 1))


def test_links_to_pages_get_the_prefix_when_shown():
    html = render('[x](/updates/) <a href="path:/y">')
    set_script_prefix("/on/2021-11-03/")
    try:
        shown = Template("{% load richtext %}{{ html|rich }}").render(Context({"html": html}))
    finally:
        set_script_prefix("/")

    assert '<a href="/on/2021-11-03/updates/">' in shown
    assert '&lt;a href="path:/y"&gt;' in shown


def test_saving_some_columns_saves_their_html_too(author):
    draft = make_update(by=author)

    draft.sorry_for = "We are *sorry*."
    draft.save(update_fields=["sorry_for"])

    assert rich(reload(draft).sorry_for_html) == "<p>We are <em>sorry</em>.</p>\n"


def test_html_is_no_part_of_what_is_signed(author):
    draft = make_update(by=author, sorry_for="We are *sorry*.")

    assert "sorry_for_html" not in draft.content()


def test_html_of_a_public_page_can_be_made_anew_and_nothing_else(author, publisher):
    item = make_item("not good enough", body="You *wait*.")
    update = make_public_update(by=author, publisher=publisher, parts=[item])
    digest = reload(update).digest
    with connection.cursor() as cursor:
        cursor.execute("UPDATE updates_progressitem SET body_html = '<b>altered</b>'")
    assert "not made from its text" in str(verification.faults()[0])

    call_command("rerender")

    assert reload(update).items.get().body_html == "<p>You <em>wait</em>.</p>\n"
    assert reload(update).digest == digest
    assert verification.faults() == []


def test_redaction_finds_a_name_that_is_half_in_bold(author, publisher):
    update = make_public_update(by=author, publisher=publisher, sorry_for="Sorry, Ann **Other**.")

    actions.redact(update.document, by=publisher, words=["Ann Other"], reason="A name.")

    assert "Other" not in reload(update).sorry_for_html
    assert verification.faults() == []


def steps_to_render(text: str) -> int:
    """How many functions Python calls for it: the same on every machine, however busy."""
    steps = 0

    def count(*args):
        nonlocal steps
        steps += 1

    sys.setprofile(count)
    try:
        render(text)
    finally:
        sys.setprofile(None)
    return steps


@pytest.mark.parametrize("family", markdown.FAMILIES)
def test_twice_as_much_hostile_text_takes_about_twice_the_steps(family):
    # What 50 kB take in seconds is shown by `make bench`.
    few, many = (steps_to_render(markdown.text_of(family, size)) for size in (3_000, 6_000))

    assert many < 3 * few


def test_only_one_place_trusts_html_and_markdownx_has_no_addresses():
    trusting, included = [], []
    for path in [*ROOT.glob("*/**/*.py"), *ROOT.glob("templates/**/*.html")]:
        if path.is_relative_to(ROOT / "tests") or ".venv" in path.parts or ".uv" in path.parts:
            continue
        text = path.read_text()
        if re.search(r"mark_safe\(|\|\s*safe\b|autoescape off|SafeString\(|__html__", text):
            trusting.append(str(path.relative_to(ROOT)))
        if "markdownx.urls" in text and "never" not in text:
            included.append(str(path))

    assert trusting == ["publishing/templatetags/richtext.py"]
    assert included == []
    assert not any("markdownx" in str(each) for each in get_resolver().reverse_dict)


def test_marks_of_a_quote_make_no_text_trusted():
    typed = "<p><script>alert(1)</script></p>"

    shown = Template("{% load richtext %}{{ typed|quoted }}").render(Context({"typed": typed}))

    assert "<script>" not in shown
    assert "“" not in shown
