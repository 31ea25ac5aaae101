"""The record of the demonstration: real facts, each with its source, put on the site once."""

import pytest
from django.core.management import call_command

from programme.models import Measure, Quote, Role, TimelineEvent
from publishing.models import Edition, LedgerEntry
from tests.test_public_pages import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(author, publisher):
    call_command("load_story", "birmingham", verbosity=0, author="author", publisher="publisher")


def test_the_record_goes_out_new_and_under_one_signature(story):
    events = LedgerEntry.objects.filter(document__kind__startswith="programme.")

    assert set(events.values_list("event", flat=True)) == {"published"}
    releases = Edition.objects.filter(document__kind="programme.timelineevent").values("release")
    assert releases.distinct().count() == 1


def test_loading_again_adds_nothing(story):
    before = LedgerEntry.objects.count()

    call_command("load_story", "birmingham", verbosity=0, author="author", publisher="publisher")

    assert LedgerEntry.objects.count() == before


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
    assert "before: 53 of 100, two years before" in text
    assert "7 weeks to wait for occupational therapy" in text
    assert "Inspectors came back: enough progress on 1 of 13 problems" in text


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
