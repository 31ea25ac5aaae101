"""The real story, put on the site once, through the real actions."""

import pytest
from django.core.management import call_command
from django.db import transaction

from programme.models import Term
from publishing import verification
from publishing.models import Attachment, Document, Edition, LedgerEntry
from publishing.moments import LONDON
from tests.factories import make_user
from updates.models import ProgressItem, TermlyUpdate, YouSaidWeDid
from website import telling
from website.models import InformationPage


def load(name="birmingham", **people):
    people = {"author": "author", "publisher": "publisher", **people}
    call_command("load_story", name, verbosity=0, **people)


@pytest.fixture(scope="module")
def told_once(django_db_setup, django_db_blocker):
    """Telling it takes seconds, so most tests of this file look at one telling."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_user("author"), make_user("publisher")
        load()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def birmingham(told_once, db):
    """The real story, told."""


def test_the_story_comes_as_imports_through_the_ledger(birmingham):
    lines = LedgerEntry.objects.values_list("event", "document__kind", "document__slug")
    updates = [(event, slug) for event, kind, slug in lines if kind == "updates.termlyupdate"]
    cards = {event for event, kind, _ in lines if kind == "updates.yousaidwedid"}
    assert updates == [("imported", "2021-autumn"), ("imported", "2022-summer")]
    assert cards == {"imported"}


def test_what_was_said_goes_out_with_the_update_of_its_term(birmingham):
    october = Edition.objects.get(document__slug="2021-autumn")
    assert october.release.editions.count() > 1


def test_pages_are_new_here_and_say_so(birmingham):
    events = LedgerEntry.objects.filter(document__kind="website.informationpage")
    assert set(events.values_list("event", flat=True)) == {"published"}


def test_each_update_says_where_and_when_it_was_first_published(birmingham):
    october = Edition.objects.get(document__slug="2021-autumn")
    assert october.source_date == "October 2021"
    assert "Birmingham Local Offer" in october.source
    assert f"{october.published_at.astimezone(LONDON):%Y-%m-%d %H:%M}" == "2021-10-31 23:59"


def test_every_fact_of_the_real_story_says_where_it_comes_from(birmingham):
    assert ProgressItem.objects.exists()
    assert not ProgressItem.objects.filter(source="").exists()
    assert not YouSaidWeDid.objects.filter(taken_from="").exists()


def test_the_real_story_has_no_number_that_no_source_gives(birmingham):
    sections = InformationPage.objects.get(purpose="help").sections
    assert list(sections.exclude(phone="").values_list("phone", flat=True)) == ["999"]
    assert not sections.exclude(email="").exists()


def test_it_verifies_and_loading_it_again_adds_nothing(birmingham):
    tables = (LedgerEntry, Edition, Document, Term, Attachment)
    before = [table.objects.count() for table in tables]

    load()

    assert [table.objects.count() for table in tables] == before
    assert verification.faults() == []
    assert LedgerEntry.objects.exists()


def test_words_that_a_story_would_mend_must_be_there():
    with pytest.raises(ValueError, match="stands in 0 places"):
        telling.replace_once([TermlyUpdate(title="Here")], "not here", "there")
