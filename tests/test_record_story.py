"""The record of the demonstration: real facts, each with its source, put on the site once."""

import pytest
from django.db import transaction

from programme.models import Area, Measure, Milestone, Quote, Role, TimelineEvent
from publishing.models import Edition, LedgerEntry
from tests.factories import make_user
from tests.test_public_pages import words_of
from website import story as story_files


@pytest.fixture(scope="module")
def told_once(django_db_setup, django_db_blocker):
    """Telling it takes seconds, so all tests of this file look at one telling."""
    with django_db_blocker.unblock(), transaction.atomic():
        people = {"author": make_user("author"), "publisher": make_user("publisher")}
        story_files.load("birmingham", **people)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def story(told_once, db):
    """The real story, told."""


def test_the_record_goes_out_new_and_under_one_signature(story):
    kinds = [kind._meta.label_lower for kind in (TimelineEvent, Measure, Role)]
    events = LedgerEntry.objects.filter(document__kind__in=kinds)

    assert set(events.values_list("event", flat=True)) == {"published"}
    releases = Edition.objects.filter(document__kind="programme.timelineevent").values("release")
    assert releases.distinct().count() == 1


def test_every_page_of_the_record_names_its_source(story):
    for kind in (TimelineEvent, Measure, Role):
        assert kind.objects.exists()
        assert not kind.objects.filter(taken_from="").exists()
    assert not Quote.objects.filter(taken_from="").exists()


def test_the_record_gives_no_verdict_that_no_source_gives(story):
    assert not Measure.objects.filter(target_value__isnull=False).exists()


def test_the_first_page_says_how_long_families_wait_and_how_we_got_here(story, client):
    text = words_of(client.get("/"))

    assert "66 of 100 EHC plans were ready in 20 weeks" in text
    assert "Our source gives no date. Before: 53 of 100, two years earlier." in text
    assert "7 weeks to wait for occupational therapy" in text
    assert "Inspectors came back: enough progress on 1 of 13 problems" in text


def test_what_public_summaries_say_of_the_13_problems_is_told_without_inventing_titles(
    story, client
):
    text = words_of(client.get("/history/inspectors-found-13-problems/"))

    assert "Their official titles are not in our sources." in text
    assert "Healthwatch Birmingham, 11 October 2018" in text
    for theme in ("waiting times for therapies", "excluded from school", "EHC plans", "a job"):
        assert theme in text


def test_the_report_of_which_nobody_was_told_says_so(story, client):
    text = words_of(client.get("/history/the-commissioners-first-report-to-the-minister/"))

    assert "Expected by 31 December 2021" in text
    assert "We have not been told that this happened" in text


def test_sources_that_disagree_are_both_told(story, client):
    text = words_of(client.get("/plan/measures/ehc-plans-ready-in-20-weeks/"))

    assert "59.9%" in text
    assert "65%" in text
    assert "do not agree" in text


def test_exact_words_are_those_of_the_source(story, client):
    text = words_of(client.get("/history/the-government-looked-at-6-months-of-our-plan/"))

    assert (
        "“We are particularly grateful for the contributions from your Parent Carer Forum and "
        "school representatives."
    ) in text
    assert "Katie Moore, Regional Lead, West Midlands Regions Group" in text


def test_who_has_not_been_announced_is_said(story, client):
    text = words_of(client.get("/who/"))

    assert "Not announced since October 2021" in text
    assert "Every 6 months, in June and December" in text


# The plan


def test_every_promise_is_in_the_words_of_its_source_and_has_no_invented_date(story):
    promises = Milestone.objects.filter(superseded_at=None)

    assert promises.count() == 6
    assert not promises.exclude(due_words="").exists()
    assert not promises.filter(official_wording="").exists()
    assert not promises.filter(origin=None).exists()
    assert not promises.exclude(done_on=None).exists()


def test_no_problem_is_named_because_no_source_names_one(story):
    assert not Area.objects.exists()


def test_the_plan_was_replaced_and_its_dates_move_in_the_words_of_its_page(story, client):
    text = words_of(client.get("/plan/version/accelerated-progress-plan/"))

    assert "“never done without approval from the DfE”" in text
    assert "AP Improvement Plan 2025" in text
