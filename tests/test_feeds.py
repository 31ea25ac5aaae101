"""Feeds of everything, of one problem and of one promise, as an independent reader reads them."""

import re

import feedparser
import pytest

from programme.models import Check, ProgressRound
from publishing import actions
from tests.factories import (
    change_draft,
    correct_update,
    make_area,
    make_card,
    make_public_card,
    make_public_promise,
    make_public_update,
    make_signer,
    publish_update,
)

pytestmark = pytest.mark.django_db

ALL = "/feeds/all.atom"


def read(response):
    found = parsed(response)
    assert "http://testserver/changes/" in found.feed.subtitle
    return found


def parsed(response):
    found = feedparser.parse(response.content)
    assert not found.bozo, found.bozo_exception
    assert response["Content-Type"].startswith("application/atom+xml")
    assert not response.cookies
    assert all(entry.id and entry.updated and entry.link for entry in found.entries)
    return found


def titles(client, address=ALL) -> list[str]:
    return [entry.title for entry in read(client.get(address)).entries]


def feed_of(edition) -> str:
    return f"{edition.get_absolute_url()}feed.atom"


def test_everything_that_stands_is_in_the_feed_newest_first(client):
    card = make_public_card(title="Answer the phone")
    update = make_public_update(title="Summer news")
    make_card(title="A draft")

    found = read(client.get(ALL))

    assert [entry.title for entry in found.entries] == ["New: Summer news", "New: Answer the phone"]
    assert [entry.link for entry in found.entries] == [
        f"http://testserver{page.get_absolute_url()}" for page in (update, card)
    ]
    assert found.entries[1].summary.startswith("Nobody answers the phone.")
    assert found.entries[1].tags[0].term == "You said, we did"
    assert found.feed.id == f"http://testserver{ALL}"


def test_a_correction_is_a_new_entry_with_its_note_and_a_small_fix_is_none(client):
    card = make_public_card(title="Answer the phone")
    before = read(client.get(ALL)).entries[0]
    fixed = correct_update(card, by=card.created_by, change_note="We hired 3 people, not 2.")

    after = read(client.get(ALL)).entries
    day = f"{card.document.created_at:%Y-%m-%d}"

    assert before.id == f"tag:testserver,{day}:{card.document.key}/1"
    assert [entry.id for entry in after] == [before.id.removesuffix("1") + "2"]
    assert after[0].title == "Corrected: Answer the phone"
    assert after[0].summary == "We hired 3 people, not 2."

    publisher = make_signer(card.release.sign_offs.get().body)
    draft = actions.start_edition(card.document, by=publisher)
    change_draft(draft, by=publisher, title="Answer the phones")
    actions.small_fix(draft.release, by=publisher)
    (entry,) = read(client.get(ALL)).entries
    assert (entry.id, entry.updated) == (after[0].id, after[0].updated)
    assert entry.title == "Corrected: Answer the phones"
    assert fixed.number == 2


def test_what_was_taken_down_leaves_the_feed_also_for_readers_with_a_copy(client):
    card = make_public_card()
    copy = client.get(ALL)
    unchanged = client.get(ALL, headers={"if-none-match": copy["ETag"]})
    actions.withdraw(card.document, by=card.published_by, reason="A name.")

    changed = client.get(ALL, headers={"if-none-match": copy["ETag"]})

    assert unchanged.status_code == 304
    assert read(changed).entries == []


def test_the_feed_of_a_problem_has_what_belongs_to_it(client):
    area = publish_update(make_area(1, title="Long waits"))
    promise = make_public_promise(title="Wait less", areas=[area])
    make_public_promise(title="Another thing")

    page = client.get(area.get_absolute_url()).text

    assert titles(client, feed_of(area)) == [f"New: {promise.title}", "New: Long waits"]
    assert page.count(f'href="{feed_of(area)}"') == 2  # for machines, and in words


def test_the_feed_of_a_promise_has_its_changes_and_the_checks_of_it(client, author):
    promise = make_public_promise(title="Wait less")
    make_public_promise(title="Another thing")
    round_ = actions.start_document(
        ProgressRound(title="We checked", checked_on=promise.published_at.date()),
        slug="2022-06-01",
        by=author,
        parts=[Check(milestone=promise.document, is_unchanged=True)],
    )
    publish_update(round_)

    assert titles(client, feed_of(promise)) == ["New: We checked", "New: Wait less"]
    assert f'href="{feed_of(promise)}"' in client.get(promise.get_absolute_url()).text
    assert client.get("/plan/p/9-nothing/feed.atom").status_code == 404


@pytest.fixture(scope="module")
def full_feeds(one_transaction):
    """One of each page that a feed has, and the addresses of all feeds."""
    area = publish_update(make_area(1, title="Long waits"))
    promise = make_public_promise(title="Wait less", areas=[area])
    make_public_card(title="Answer the phone", of_area=area.document)
    correct_update(make_public_update(), by=promise.created_by)
    return [ALL, "/updates/feed/", "/changes/feed.atom", feed_of(area), feed_of(promise)]


def test_an_independent_reader_finds_all_that_a_reader_needs_in_every_feed(client, full_feeds, db):
    for address in full_feeds:
        found, again = (parsed(client.get(address)) for _ in range(2))
        ids = [entry.id for entry in found.entries]

        assert found.version == "atom10"
        assert found.feed.id == f"http://testserver{address}"
        assert found.feed.title.startswith("Together We CAN, Birmingham: ")
        assert found.feed.updated_parsed >= max(e.updated_parsed for e in found.entries)
        assert len(ids) == len(set(ids)) > 0
        assert ids == [entry.id for entry in again.entries]
        for entry in found.entries:
            assert re.fullmatch(r"tag:testserver,\d{4}-\d\d-\d\d:[\w/-]+", entry.id)
            assert entry.title == entry.title.strip() != ""
            assert entry.published_parsed <= entry.updated_parsed
            assert client.get(entry.link.removeprefix("http://testserver")).status_code == 200


def test_an_empty_feed_is_a_feed(client):
    assert read(client.get(ALL)).entries == []
    assert client.get(ALL).content == client.get(ALL).content
