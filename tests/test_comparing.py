"""Any two editions of a page side by side: words, moved dates, and how it stands."""

import datetime as dt
import time

import pytest

from programme.models import Milestone
from publishing import actions, differences
from tests.factories import (
    correct_update,
    make_public_card,
    make_public_page,
    make_public_promise,
    make_public_update,
    make_section,
)
from tests.page_words import words_of_page

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def update(author, publisher):
    people = {"by": author, "publisher": publisher}
    first = make_public_update(**people, in_short="We hired 2 people.\nYou wait less.")
    second = correct_update(first, **people, in_short="We hired 3 people.\nYou wait less.")
    return correct_update(second, **people, title="What changed here")


def history_of(edition, query=""):
    return edition.history_url(edition.document.slug) + query


def test_words_are_marked_for_eye_and_ear(update, client):
    text = client.get(history_of(update, "?from=1&to=2")).text

    removed = '<del><span class="vh">Removed: </span>2<span class="vh"> (end of removed words)'
    added = '<ins><span class="vh">Added: </span>3<span class="vh"> (end of added words)'
    assert f"We hired {removed}" in text
    assert added in text
    assert "You wait less." not in words_of_page(text)


def test_only_words_are_compared_and_a_link_elsewhere_is_said(author, publisher, client):
    people = {"by": author, "publisher": publisher}
    make_public_page("words", parts=[make_section("NHS")], **people)
    card = make_public_card(**people, we_did="The **NHS** has [a list](/plan/).")
    correct_update(card, **people, we_did="The NHS has [a list](/who/).")

    text = client.get(history_of(card, "?from=1&to=2")).text

    assert "All words are the same. A link leads elsewhere" in text
    assert "**" not in text
    assert "<ins><" not in text
    assert "/words/#" not in text


def test_any_two_are_compared_the_earlier_one_first(update, client):
    page = client.get(history_of(update, "?from=3&to=1"))

    assert [page.context["found"].earlier.number, page.context["found"].later.number] == [1, 3]
    assert "Version 3, the page now" in page.text


def test_the_history_leads_to_each_comparison_and_to_any(update, client):
    text = client.get(history_of(update)).text

    assert 'href="?from=2&amp;to=3">What is different from version 2' in text
    assert "Compare any two versions" in text


@pytest.mark.parametrize("query", ["?from=1", "?from=x&to=2", "?from=1&to=1"])
def test_what_cannot_be_compared_shows_the_history_and_says_so(update, client, query):
    page = client.get(history_of(update, query))

    assert "We could not read the end of that address" in page.text


def test_a_draft_cannot_be_compared(update, author, client):
    actions.start_edition(update.document, by=author)

    assert client.get(history_of(update, "?from=3&to=4")).status_code == 404


def test_a_moved_date_and_how_it_stands_are_sentences(author, publisher, client):
    people = {"by": author, "publisher": publisher}
    promise = make_public_promise(ref="1.1", due_words="April 2026", **people)
    moved = correct_update(
        promise,
        **people,
        due_words="June 2026",
        why_changed="We could not hire enough people in the spring of this year.",
        cause=Milestone.Cause.RECRUITMENT,
        change_agreed_by="The board",
    )
    card = make_public_card(**people)
    decided = correct_update(card, **people, outcome="deciding", answer_by=dt.date(2099, 1, 1))

    assert (
        "The date moved from April 2026 to June 2026."
        in client.get(history_of(moved, "?from=1&to=2")).text
    )
    assert (
        "How it stood: Done. How it stands: Still deciding."
        in client.get(history_of(decided, "?from=1&to=2")).text
    )


def test_a_long_hostile_text_takes_no_long_time():
    began = time.monotonic()

    [pieces] = differences.by_paragraph("a b " * 12_000, "b a " * 12_000)

    assert [piece.kind for piece in pieces] == ["removed", "added"]
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\nb\n" * 2_000, "b\na\n" * 2_000),
        (
            "".join(f"{n % 30}\n" for n in range(2_000)),
            "".join(f"{n % 29}\n" for n in range(2_000)),
        ),
        (" x".join(map(str, range(500))) + "\n", " y".join(map(str, range(500))) + "\n"),
        (
            "\n".join([" ".join("abcdefgh" * 60)] * 200),
            "\n".join([" ".join("hgfedcba" * 60)] * 201),
        ),
    ],
    ids=["two lines", "thirty lines", "one long line", "many long lines"],
)
def test_hostile_texts_are_compared_at_once(before, after):
    began = time.process_time()

    pieces = [piece for line in differences.by_paragraph(before, after) for piece in line]

    assert time.process_time() - began < 2
    assert {piece.kind for piece in pieces} >= {"removed", "added"}
