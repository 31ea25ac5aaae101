"""What is counted once and remembered, and that nobody is ever told an old number."""

import datetime as dt
import re

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programme import promises
from programme.models import ProgressRound
from programme.statuses import Status
from publishing import moments
from publishing.counted import counted, site_at
from publishing.models import SiteVersion
from publishing.search import meant
from tests.factories import make_promise, make_public_promise
from tests.house_rules.test_one_writer import PRODUCT

# Inside a transaction nothing is remembered, so these write for good and clean up afterwards.
remembers = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def forgetful():
    yield
    caches["counted"].clear()


def questions_for_the_number() -> int:
    with CaptureQueriesContext(connection) as queries:
        promises.number(moments.now())
    return len(queries)


@remembers
def test_the_number_is_counted_once_until_something_is_published():
    make_public_promise()
    first, again = questions_for_the_number(), questions_for_the_number()

    make_public_promise()

    assert again == 1 < first
    assert promises.number(moments.now()).total == 2
    # What is due, and not recorded yet, is public by the clock: the database must answer.
    SiteVersion.objects.update(next_change_at=moments.now().at)
    assert site_at(moments.now()) == ""


@remembers
def test_a_preview_a_past_day_and_the_next_day_are_counted_by_themselves():
    promise = make_public_promise(due_words="31 December 2098")
    draft = make_promise()
    now = moments.now()
    assert promises.number(now).total == 1

    preview = promises.number(moments.preview(draft.release))
    past = promises.number(moments.earlier(now, promise.published_at - dt.timedelta(seconds=1)))
    with time_machine.travel(dt.datetime(2099, 1, 1, 12, tzinfo=dt.UTC)):
        later = promises.number(moments.now())

    assert (preview.total, past.total) == (2, 0)
    assert later.since_start.counts == {Status.LATE: 1}


@pytest.mark.django_db
def test_inside_a_transaction_nothing_is_remembered():
    answers = iter([1, 2])

    assert [counted("how many?", moments.now(), lambda: next(answers)) for _ in "ab"] == [1, 2]


@pytest.mark.django_db
def test_sqlite_begins_with_the_small_table():
    if connection.vendor != "sqlite":
        return  # PostgreSQL counts the rows of its tables by itself

    plan = ProgressRound.objects.as_of(moments.now()).explain()

    assert plan.splitlines()[0].endswith("SCAN programme_progressround")


@remembers
def test_the_words_of_the_pages_are_read_once_until_something_is_published(
    django_assert_num_queries,
):
    make_public_promise(title="Answer the telephone")
    meant(moments.now(), ["telefone"])

    with django_assert_num_queries(1):  # which site it is
        assert meant(moments.now(), ["telefone"]) == ["telephone"]

    make_public_promise(title="Write to families")
    assert meant(moments.now(), ["famillies"]) == ["families"]


@remembers
def test_of_many_misspelt_words_three_are_put_right():
    make_public_promise(title="Answer the telephone")

    found = meant(moments.now(), ["telefone", "telephon", "tellephone", "teleephone"])

    assert found == ["telephone", "telephone", "telephone", "teleephone"]


def test_no_two_questions_have_the_same_name():
    """Each would be told what the other has counted."""
    asked = re.compile(r"\bcounted\(\s*f?\"([^\"{]+)[^\"]*\",\s*moment")

    files = [file for folder in PRODUCT for file in folder.rglob("*.py")]
    names = [name for file in files for name in asked.findall(file.read_text("utf-8"))]

    assert len(names) > 5
    assert sorted(names) == sorted(set(names))
