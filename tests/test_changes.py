"""What changed: the ledger in plain words, filtered by the address, and as a feed."""

import datetime as dt

import feedparser
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programme.found import check_unchanged
from programme.models import ProgressRound
from publishing import actions, ledger
from publishing.models import LedgerEntry
from tests.factories import (
    correct_update,
    make_area,
    make_public_card,
    make_public_promise,
    make_public_update,
    publish_update,
)
from tests.page_words import words_of_page
from tests.past import MOVED, NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(author, publisher):
    return {"by": author, "publisher": publisher}


def lines(client, query=""):
    return list(client.get(f"/changes/{query}").context["page"].lines)


def test_nothing_published_is_said(client, council):
    page = client.get("/changes/").text

    assert "Nothing has been published here yet." in page
    assert "The last 7 days: nothing changed." in page


def test_each_line_says_what_happened_newest_first(client, clock, people, publisher):
    card = make_public_card(title="Phones", slug="phones", **people)
    clock(1)
    correct_update(
        card,
        **people,
        change_note="Two people, not three.",
        outcome="cannot",
        could_not="There is no money.",
    )
    actions.withdraw(card.document, by=publisher, reason="It was wrong.")

    found = lines(client)
    text = words_of_page(client.get("/changes/").text)

    assert [line.event for line in found] == ["Taken down", "Corrected", "Published"]
    assert found[1].url == "/you-said/phones/history/2/"
    assert "Two people, not three." in text
    assert "How it stood: Done. How it stands: We cannot do this." in text
    assert "It was wrong." in text


def test_a_moved_date_is_a_sentence(client, clock, people):
    promise = make_public_promise(ref="1.1", due_words="April 2026", **people)
    correct_update(promise, **people, **MOVED)

    text = client.get("/changes/").text

    assert "The date moved from April 2026 to June 2026." in text
    assert "The last 7 days: 1 date moved, 1 new page." in text


def test_a_check_without_change_is_one_line(client, clock, author, publisher, people):
    promises = [make_public_promise(ref=f"1.{n}", **people) for n in (1, 2, 3)]
    draft = actions.start_document(
        ProgressRound(title="Check in March", checked_on=NOON.date()), slug="march", by=author
    )
    check_unchanged(draft, [each.document_id for each in promises], by=author)
    publish_update(draft, publisher=publisher)

    [line, *_] = lines(client)

    assert line.says == ["3 promises checked, 3 no change."]
    assert "The last 7 days: 3 promises checked," in client.get("/changes/").text


def test_it_is_filtered_by_kind_problem_and_day(client, clock, people):
    area = publish_update(make_area(3, by=people["by"]), publisher=people["publisher"])
    make_public_promise(ref="1.1", areas=[area], **people)
    clock(5)
    make_public_promise(ref="1.2", **people)
    make_public_card(slug="card", **people)

    def seen(query):
        return [line.number for line in lines(client, query)]

    assert seen("") == [4, 3, 2, 1]
    assert seen("?kind=milestone") == [3, 2]
    assert seen(f"?problem={area.document.slug}") == [2, 1]
    assert seen("?since=2026-03-07") == [4, 3]
    assert seen("?since=7 March 2026&kind=milestone") == [3]
    assert seen(f"?kind=milestone&problem={area.document.slug}&since=2026-03-07") == []
    assert "No change fits." in client.get("/changes/?since=2026-03-08").text


def test_a_problem_that_a_draft_names_is_not_told(client, clock, people):
    area = publish_update(make_area(3, by=people["by"]), publisher=people["publisher"])
    promise = make_public_promise(ref="1.1", **people)
    draft = actions.start_edition(promise.document, by=people["by"])
    draft.areas.create(area=area.document)

    assert [line.number for line in lines(client, f"?problem={area.document.slug}")] == [1]


@pytest.mark.parametrize("query", ["?kind=x", "?problem=x", "?since=soon", "?before=x"])
def test_what_cannot_be_read_is_said_and_kept(client, clock, people, query):
    make_public_card(slug="card", **people)

    page = client.get(f"/changes/{query}").text

    assert "We could not read the end of that address" in page
    assert query != "?since=soon" or ("this is not a day" in page and 'value="soon"' in page)


def test_a_list_with_many_lines_goes_on_by_their_numbers(client, clock, people):
    card = make_public_card(slug="card", **people)
    for number in range(32):
        card = correct_update(card, **people, we_did=f"We did {number} things.")

    first = client.get("/changes/?kind=yousaidwedid")
    older = client.get(first.context["page"].older_url)

    assert first.context["page"].older_url == "/changes/?kind=yousaidwedid&before=4"
    assert [line.number for line in older.context["page"].lines] == [3, 2, 1]
    assert older.context["page"].older_url == ""


def test_what_was_removed_from_the_past_keeps_its_line_and_loses_its_words(
    client, clock, people, publisher
):
    card = make_public_card(title="About Asha", slug="asha", **people)
    clock(1)

    actions.withdraw(card.document, by=publisher, reason="It named a child.", reaches_past=True)

    page = client.get("/changes/").text
    assert [line.event for line in lines(client)] == [
        "Taken down, with all its versions",
        "Published",
    ]
    assert "It named a child." in page
    assert "/you-said/asha/history/1/" not in page


def test_a_past_day_tells_what_the_record_said_by_then(client, clock, people):
    make_public_card(slug="one", **people)
    clock(3)
    make_public_card(slug="two", **people)

    assert [line.number for line in lines(client)] == [2, 1]
    assert [
        line.number for line in client.get("/on/2026-03-04/changes/").context["page"].lines
    ] == [1]


@pytest.mark.once  # both databases are asked the same
def test_it_asks_as_many_questions_for_many_lines_as_for_few(client, clock, people):
    cards = [make_public_card(slug=f"card-{number}", **people) for number in range(2)]
    promise = make_public_promise(ref="1.1", due_words="April 2026", **people)
    correct_update(promise, **people, **MOVED)
    correct_update(cards[0], **people, outcome="deciding", answer_by=dt.date(2099, 1, 1))

    def questions(path):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    paths = ["/changes/", "/changes/feed.atom", "/changes/record.json", "/sitemap-pages.xml"]
    few = {path: questions(path) for path in paths}
    for number in range(6):
        make_public_promise(ref=f"2.{number}", **people)
        make_public_card(slug=f"more-{number}", **people)
    correct_update(cards[1], **people, outcome="deciding", answer_by=dt.date(2099, 1, 1))

    assert {path: questions(path) for path in paths} == few


# The feed


def test_the_feed_tells_each_line_under_an_id_that_stays(client, clock, people):
    make_public_card(title="Phones & letters", slug="phones", **people)
    promise = make_public_promise(ref="1.1", due_words="April 2026", **people)
    correct_update(promise, **people, change_note="Later.", **MOVED)

    answer = client.get("/changes/feed.atom")
    feed = feedparser.parse(answer.content)

    assert not feed.bozo
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    assert [entry.id for entry in feed.entries] == [
        f"tag:testserver,2026-03-02:line-{number}" for number in (3, 2, 1)
    ]
    assert feed.entries[2].title == "You said, we did. Published: Phones & letters"
    assert feed.entries[2].link == "http://testserver/you-said/phones/history/1/"
    assert "The date moved from April 2026 to June 2026. Later." in feed.entries[0].summary
    newest = ledger.newest()
    assert f"Line 3 of the record: {newest.digest}" in feed.feed.subtitle
    assert LedgerEntry.objects.get(pk=1).digest in feed.entries[2].summary


def test_an_empty_feed_is_a_feed(client, council):
    feed = feedparser.parse(client.get("/changes/feed.atom").content)

    assert not feed.bozo
    assert feed.entries == []


def test_the_footer_of_every_page_leads_there(client, clock, people):
    make_public_update(**people)

    assert 'href="/changes/"' in client.get("/").text
    assert client.get("/changes/check/").status_code == 200
