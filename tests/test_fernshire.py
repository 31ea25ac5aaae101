"""The invented place: loaded once, and every page of it full."""

import datetime as dt
from collections import Counter

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction

from programme import figures, promises
from programme.models import (
    Area,
    ForumCheck,
    Measure,
    Milestone,
    Plan,
    ProgressRound,
    Role,
    Term,
    TimelineEvent,
)
from programme.promises import Number, Tally
from programme.statuses import AHEAD, OF_DUE, Confirmer, Status
from publishing import verification
from publishing.models import Attachment, Document, Edition, LedgerEntry
from publishing.moments import now
from tests import weight
from tests.factories import make_user
from tests.test_public_pages import words_of
from updates import opportunities, promised, reading, recognisable
from updates.models import Opportunity, ProgressItem, TermlyUpdate, YouSaidWeDid
from website.models import InformationPage

# Told by Python from one file; the other story is told on both databases.
pytestmark = pytest.mark.once

TOLD_ON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def told_once(django_db_setup, django_db_blocker):
    """Telling it takes seconds, so all tests of this file look at one telling."""
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(TOLD_ON):
            make_user("author"), make_user("publisher")
            load()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def fernshire(told_once, db):
    with time_machine.travel(TOLD_ON + dt.timedelta(hours=1)):
        yield


def load():
    call_command("load_story", "fernshire", author="author", publisher="publisher", verbosity=0)


@pytest.mark.parametrize("of_each", [3, 12])
def test_a_full_plan_with_real_words_is_no_heavier_than_a_page_may_be(
    fernshire, client, monkeypatch, of_each
):
    """12 problems, each with the most shapes or with 60 promises, below rows that are full too."""
    due, ahead = (
        Tally(Counter(dict.fromkeys(statuses, figures.SHAPES_IN_A_ROW)))
        for statuses in (OF_DUE, AHEAD)
    )
    everything = Number(due, due, ahead, dict.fromkeys(Milestone.Kind.values, due))
    monkeypatch.setattr(promises, "count", lambda moment: everything)
    full = Tally(Counter(dict.fromkeys(OF_DUE, of_each)))
    monkeypatch.setattr(
        "programme.reading.tallies_of_areas", lambda areas, moment: dict.fromkeys(areas, full)
    )

    content = client.get("/plan/").content

    assert weight.of_page(content) + weight.of_styles() <= weight.LARGEST_PAGE
    assert (b"dots-row" in content) == (full.total <= figures.SHAPES_OF_A_PROBLEM)


def test_it_verifies_and_loading_it_again_adds_nothing(fernshire):
    tables = (LedgerEntry, Edition, Document, Term, Attachment)
    before = [table.objects.count() for table in tables]

    load()

    assert [table.objects.count() for table in tables] == before
    assert verification.faults() == []
    assert LedgerEntry.objects.exists()


# Updates, cards and pages


def test_fernshire_says_everywhere_that_it_is_invented(fernshire, client):
    about = client.get("/about/").content.decode()
    sources = set(Edition.objects.exclude(source="").values_list("source", flat=True))

    assert "Fernshire is invented. No such place exists" in about
    assert sources == {"Fernshire’s first website (invented)"}
    phones = InformationPage.objects.get(purpose="help", superseded_at=None).sections
    numbers = set(phones.exclude(phone="").values_list("phone", flat=True))
    assert all(number == "999" or number.startswith("01632 960 ") for number in numbers)


def test_fernshire_has_terms_with_missed_late_and_withdrawn_updates(fernshire, client):
    entries = {entry.term.slug: entry for entry in reading.archive(now(), before=None).entries}

    assert len(entries) >= 6
    assert len({entry.term.school_year for entry in entries.values()}) > 2
    assert entries["2025-spring"].update is entries["2025-spring"].taken_down is None
    assert entries["2024-summer"].taken_down
    came_late = entries["2025-autumn"]
    assert came_late.update.first_published_at.date() > came_late.term.update_due_on
    assert client.get("/updates/2024-summer/").status_code == 410
    home = client.get("/").text
    assert "The autumn 2026 update is 3 weeks late." in home
    assert "Why: We wait for the numbers of the NHS." in home


def test_fernshire_fills_every_part_of_an_update(fernshire):
    newest = TermlyUpdate.objects.get(document__slug="2026-summer", superseded_at=None)
    items = Counter(newest.items.values_list("section", flat=True))

    assert set(items) == set(ProgressItem.Section.values)
    assert all(number >= 3 for number in items.values())
    assert newest.sorry_for
    assert newest.forum_view
    pictures = {picture.is_decorative for _, picture in newest.all_pictures()}
    assert pictures == {True, False}
    assert newest.pictures.count() == 2
    file = newest.files.get()
    assert file.summary
    assert file.attachment.pages == 1
    assert Attachment.objects.filter(copy_of__isnull=False).exists()


def test_fernshire_has_cards_of_every_kind(fernshire):
    cards = YouSaidWeDid.objects.filter(superseded_at=None)
    numbers = [number for number in cards.values_list("how_many", flat=True) if number]

    assert cards.count() > 20  # a second page
    assert set(cards.values_list("outcome", flat=True)) == set(YouSaidWeDid.Outcome.values)
    assert cards.values("term").distinct().count() >= 4
    assert min(numbers) < 5 < max(numbers)
    assert cards.filter(is_quote=True).exclude(taken_from="").count() > 3


def test_fernshire_promises_what_it_will_do_and_says_by_when_it_answers(fernshire):
    will = YouSaidWeDid.objects.get(outcome="will", superseded_at=None)
    deciding = YouSaidWeDid.objects.as_of(now()).filter(outcome="deciding")

    assert will.goes_out_with_a_promise()
    assert deciding
    assert all(card.answer_by for card in deciding)
    cards = YouSaidWeDid.objects.as_of(now())
    assert all(card.of_area_id and card.group for card in cards)
    assert [list(recognisable.problems(card)) for card in cards] == [[]] * len(cards)


def test_fernshire_has_chances_to_take_part_of_every_sort(fernshire):
    moment = now()
    found = opportunities.told(Opportunity.objects.as_of(moment), moment)

    assert {each.state.label for each in found} >= {
        "Coming up",
        "Open now",
        "Called off",
        "It is over",
    }
    assert {each.timing for each in found} == set(Opportunity.Timing.values)
    over = [each for each in found if each.is_over]
    assert any(each.came_of_it and each.led_to_id for each in over)
    assert any(each.result_late for each in over)


def test_fernshire_has_a_history_of_three_editions(fernshire, client):
    history = client.get("/updates/2024-autumn/history/").content.decode()

    assert [f"Read version {number}" in history for number in (1, 2, 3)] == [True] * 3
    assert "Corrected. This is the page now" in history
    assert Edition.objects.filter(is_minor=True, superseded_at=None).count() == 1
    assert Counter(LedgerEntry.objects.values_list("event", flat=True))["corrected"] >= 2


# The plan


def test_fernshire_has_60_promises_of_every_status(fernshire):
    moment = now()
    told = promises.told(Milestone.objects.as_of(moment), moment)
    statuses = Counter(told.values_list("status", flat=True))

    assert told.count() == 60
    # “Not checked for 60 days” comes by itself, if nobody goes on with the story.
    assert set(statuses) == set(Status.values) - {Status.DONE, Status.NOT_CHECKED}
    assert told.values("body").distinct().count() == 2
    assert set(told.values_list("times_moved", flat=True)) == {0, 1, 2, 3}
    causes = Milestone.objects.exclude(cause="").values_list("cause", flat=True)
    assert set(causes) == set(Milestone.Cause.values)
    kinds = set(told.exclude(origin=None).values_list("origin__kind", flat=True))
    assert kinds == {"updates.termlyupdate", "updates.yousaidwedid", "programme.milestone"}


def test_its_number_tells_what_makes_a_number_honest(fernshire):
    number = promises.number(now())

    assert number.this_term.total >= 10
    assert (number.without_date, number.corrected, number.slipped_back) == (3, 1, 1)
    assert [split.into for split in number.splits] == [2]


def test_a_moved_date_has_its_own_day_reason_and_agreement(fernshire, client):
    text = words_of(client.get("/plan/p/2_8-write-34-more-letters-again-in-plain-words/"))

    assert "3 times, 17 months" in text
    assert "9 July 2026 New date The date moved from July 2026 to December 2026." in text
    assert "Agreed by: The improvement board, 25 June 2026" in text


def test_the_older_plan_says_what_became_of_its_numbers(fernshire, client):
    assert Plan.objects.filter(superseded_at=None).count() == 2
    assert "replaced" in words_of(client.get("/plan/version/first-plan/"))
    assert "4.5 and 4.6" in words_of(client.get("/plan/version/our-plan/"))


def test_each_problem_has_the_words_of_its_letter(fernshire):
    problems = Area.objects.filter(superseded_at=None)

    assert problems.count() == 12
    assert not problems.filter(official_wording="").exists()
    assert not problems.exclude(official_source__contains="(invented)").exists()


def test_two_checks_share_notes_and_forget_one_promise(fernshire, client):
    rounds = ProgressRound.objects.order_by("checked_on")

    assert rounds.count() == 2
    for each in rounds:
        notes = Counter(each.checks.exclude(note="").values_list("note", flat=True))
        assert max(notes.values()) > 1
        assert each.checks.filter(is_unchanged=False).exists()
    forgotten = "/plan/p/5_3-see-that-no-child-waits-more-than-a-year-for-a-school/"
    assert "No report since 30 April 2026" in words_of(client.get(forgotten))


# The record


def test_measures_go_well_go_badly_and_go_without_a_target(fernshire, client):
    measures = Measure.objects.all()

    assert measures.count() == 8
    assert measures.filter(target_value=None).count() == 1
    assert measures.filter(is_featured=True).count() == 3
    assert {measure.meets_target for measure in measures} == {True, False, None}
    assert any(reading.is_provisional for each in measures for reading in each.readings.all())
    assert "27 months" in words_of(client.get("/"))
    waits = words_of(client.get("/plan/measures/wait-for-a-first-speech-therapy-visit/"))
    assert "Not there yet. Due " in waits


def test_what_happened_has_three_voices_and_something_nobody_heard_of(fernshire, client):
    voices = set(TimelineEvent.objects.values_list("findings__voice", flat=True))

    assert voices >= {"inspectors", "government", "families"}
    assert "We have not been told that this happened" in words_of(client.get("/history/"))
    assert Role.objects.count() == 13
    assert "Not announced since August 2026" in words_of(client.get("/who/"))


def test_every_edition_of_the_plan_stands_in_the_ledger(fernshire):
    editions = Edition.objects.filter(document__kind__startswith="programme.")

    assert LedgerEntry.objects.filter(document__kind__startswith="programme.").count() == (
        editions.count()
    )
    assert verification.faults() == []


def test_its_updates_answer_most_of_what_was_promised_and_are_silent_on_some(fernshire):
    moment = now()
    lines = [
        line
        for update in reading.whole_updates(moment).as_of(moment)
        for line in promised.answers_of(update, moment).lines
    ]

    assert len(lines) >= 10
    silent = [line.promise.ref for line in lines if line.is_silent]
    assert silent == ["12.1"]
    assert sum(bool(line.answer and line.answer.no_answer_because) for line in lines) == 1


def test_its_forum_agrees_once_disagrees_once_and_cannot_tell_once(fernshire, client):
    said = dict(ForumCheck.objects.as_of(now()).values_list("answer", "promise__slug"))

    assert said.keys() == set(ForumCheck.Answer)
    assert promises.count(now()).by_confirmer[Confirmer.FORUM] == 1
    page = words_of(client.get(f"/plan/p/{said['no']}/"))
    assert "31 of them say that this person has left" in page
