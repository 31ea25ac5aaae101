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
    publish_update,
)
from tests.page_words import words_of_page
from tests.record_factories import make_public_event, make_public_measure
from tests.test_opportunities import london, make_opportunity

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def people(author, publisher):
    return {"by": author, "publisher": publisher}


@pytest.fixture
def update(people):
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


@pytest.mark.parametrize(
    ("fields", "sentences"),
    [
        (
            {"starts_at": london(6, 25, 19), "ends_at": london(6, 25, 20, 30)},
            [
                "It was on Thursday 18 June 2026, 10am to 11:30am. "
                "Now it is on Thursday 25 June 2026, 7pm to 8:30pm."
            ],
        ),
        (
            {"timing": "open", "ends_at": london(6, 25, 12)},
            [
                "It was on Thursday 18 June 2026, 10am to 11:30am. "
                "Now it is open from Thursday 18 June 2026 to Thursday 25 June 2026."
            ],
        ),
        (
            {"place": "", "online": "By video."},
            ["It was at Village Hall, 2 Fern Lane. Now it is online."],
        ),
        (
            {"join_by": dt.date(2026, 6, 10)},
            ["Now you must say by 10 June 2026 that you come."],
        ),
        ({"is_cancelled": True, "cancelled_because": "Snow."}, ["It was called off."]),
        ({"run_by": "The council"}, []),
    ],
)
def test_what_moved_of_a_chance_to_take_part_is_sentences(fields, sentences, people, client):
    first = publish_update(make_opportunity(by=people["by"]), publisher=people["publisher"])
    correct_update(first, **people, **fields)

    page = client.get(history_of(first, "?from=1&to=2"))

    assert page.context["found"].moved == sentences
    assert all(sentence in page.text for sentence in sentences)


def test_what_was_called_off_and_is_put_back_on_says_so(people, client):
    first = publish_update(make_opportunity(by=people["by"]), publisher=people["publisher"])
    second = correct_update(first, **people, is_cancelled=True, cancelled_because="Snow.")
    correct_update(second, **people, is_cancelled=False, cancelled_because="")

    assert "It was put back on." in client.get(history_of(first, "?from=2&to=3")).text
    assert client.get(history_of(first, "?from=1&to=3")).context["found"].moved == []
    assert "It was put back on." in client.get("/changes/").text


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (("", "May 2021"), ("", "July 2021"), "It was expected by May 2021. Now it is expected by"),
        (("", "May 2021"), ("8 June 2021", "May 2021"), "It has happened now: 8 June 2021."),
        (("May 2021", ""), ("June 2021", ""), "The date was May 2021. Now it is June 2021."),
        (("", "May 2021"), ("June 2021", ""), "It was expected by May 2021. The page does not"),
        (("May 2021", ""), ("", "May 2022"), "The page said that it had happened. Now it does"),
    ],
)
def test_what_moved_of_an_event_is_a_sentence(before, after, sentence, people, client):
    words = ("happened_words", "expected_words")
    first = make_public_event(**people, **dict(zip(words, before, strict=True)))
    correct_update(first, **people, **dict(zip(words, after, strict=True)))

    assert sentence in client.get(history_of(first, "?from=1&to=2")).text


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (
            (80, "September 2024"),
            (90, "July 2025"),
            "The target was 80 of 100, by September 2024. Now it is 90 of 100, by July 2025.",
        ),
        ((None, ""), (90, ""), "There was no target. Now it is 90 of 100."),
        ((90, ""), (None, ""), "The target was 90 of 100. Now there is none."),
    ],
)
def test_a_moved_target_is_a_sentence(before, after, sentence, people, client):
    facts = ("target_value", "target_by_words")
    first = make_public_measure(**people, **dict(zip(facts, before, strict=True)))
    correct_update(first, **people, **dict(zip(facts, after, strict=True)))

    assert sentence in client.get(history_of(first, "?from=1&to=2")).text


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
