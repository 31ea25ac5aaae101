"""The real story claims nothing that no source says: no day, no silence, and no age of a deed."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.db import transaction
from django.test import Client, override_settings

from publishing.models import Document, Edition
from publishing.silence import SILENCES
from tests.factories import make_user
from tests.test_public_pages import words_of
from website import story as story_files

pytestmark = pytest.mark.once  # what pages say: no database has a part in it

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
BOARD = "/plan/p/3-have-a-board-check-the-plan-often/"
REPORT = "/history/the-commissioners-first-report-to-the-minister/"
# The last days of the months that sources name: by then it stood, and nobody named the day.
NO_FACT = ("31 October 2021", "31 July 2022", "31 December 2025")


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker) -> Iterator[dict[str, str]]:
    """The words of every page of the story, by its address: told and read once."""
    with django_db_blocker.unblock(), transaction.atomic(), time_machine.travel(NOW):
        people = {"author": make_user("author"), "publisher": make_user("publisher")}
        story_files.load("birmingham", **people)
        with override_settings(TOLD_FROM_SOURCES=True):
            yield {address: words_of(Client().get(address)) for address in addresses()}
        transaction.set_rollback(True)


def addresses() -> Iterator[str]:
    yield from ("/", "/updates/", "/plan/", "/you-said/", "/changes/", "/history/")
    yield from ("/search/?q=plan", "/on/2001-01-01/", "/on/")
    imported = set(Edition.objects.exclude(source_date="").values_list("document", flat=True))
    for document in Document.objects.all():
        yield document.get_absolute_url()
        if document.pk in imported:
            yield document.kind_model.history_url(document.slug)
            yield document.kind_model.history_url(document.slug, 1)


def test_no_page_shows_a_day_that_no_source_names(told):
    found = {(address, day) for address, text in told.items() for day in NO_FACT if day in text}

    assert len(told) > 60
    assert found == set()


def test_a_report_without_a_date_says_so(told):
    page = told[BOARD]

    assert "We said something new about this promise (no date given)" in page
    assert "Not checked since our last report, which has no date." in page
    old = told[f"{BOARD}history/1/"]
    assert "It stood from October 2021 to the next version (no date given)." in old


def test_nothing_is_claimed_that_nobody_wrote(told):
    ours = {said.ours for said in SILENCES.values()}

    assert {(a, said) for a, text in told.items() for said in ours if said in text} == set()
    assert not any("We have not asked" in text for text in told.values())
    assert "Our sources do not say whether this happened" in told[REPORT]


@override_settings(TOLD_FROM_SOURCES=False)
def test_a_council_s_own_site_speaks_of_its_own_silence(told, client, db):
    assert "We have not been told that this happened" in words_of(client.get(REPORT))


def test_what_was_being_done_is_told_of_the_day_when_a_source_said_so(told):
    assert "Doing, as of October 2021 (15 terms ago)" in told["/you-said/"]


def test_terms_of_which_no_source_has_an_update_are_listed(told):
    text = told["/updates/"]

    for term in ("Spring term 2022", "Autumn term 2022", "Summer term 2026"):
        assert f"{term} Our sources have no update for this term" in text
    assert "Autumn term 2026" not in text  # it goes on
    assert "One for every term" not in text


def test_a_date_between_two_months_is_shown_as_both(told):
    assert "January or February 2024" in told["/history/"]


def test_home_names_the_term_of_an_old_update(told):
    assert "The newest update: summer 2022" in told["/"]
