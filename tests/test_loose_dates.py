"""Dates as plans write them: read as exactly as they are meant, and never guessed."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from programme.loose_dates import LooseDate, Precision, Unreadable, read
from programme.models import Milestone
from tests.factories import change_draft, make_promise, reload

pytestmark = pytest.mark.once  # words: no database has a part in them


@pytest.mark.parametrize(
    ("words", "precision", "last", "shown"),
    [
        ("May 25", "month", (2025, 5, 31), "May 2025"),
        ("by September 2024", "month", (2024, 9, 30), "September 2024"),
        ("Sept '24", "month", (2024, 9, 30), "September 2024"),
        ("end of May 2025", "month", (2025, 5, 31), "May 2025"),
        ("05/2025", "month", (2025, 5, 31), "May 2025"),
        ("May to July 2025", "month", (2025, 7, 31), "July 2025"),
        ("during 2026", "year", (2026, 12, 31), "2026"),
        ("early 2026", "year", (2026, 12, 31), "2026"),
        ("Q3 2025", "quarter", (2025, 9, 30), "July to September 2025"),
        ("October to December 2025", "quarter", (2025, 12, 31), "October to December 2025"),
        ("autumn 2 2025", "term", (2025, 12, 31), "autumn term 2025"),
        ("by the spring term (spring 2027)", "term", (2027, 4, 30), "spring term 2027"),
        ("by next spring term (26 April 2021)", "day", (2021, 4, 26), "26 April 2021"),
        ("31/05/2025", "day", (2025, 5, 31), "31 May 2025"),
        ("1/2/25", "day", (2025, 2, 1), "1 February 2025"),
        ("2025-05-31", "day", (2025, 5, 31), "31 May 2025"),
        ("Saturday 31st May 2025", "day", (2025, 5, 31), "31 May 2025"),
        ("May 31, 2025", "day", (2025, 5, 31), "31 May 2025"),
    ],
)
def test_words_are_read_as_exactly_as_they_are_meant(words, precision, last, shown):
    date = read(words)

    assert (date.precision, date.last, date.in_words) == (precision, dt.date(*last), shown)
    assert date.words == words


@pytest.mark.parametrize("words", ["", None, "TBC", "to be confirmed", "ongoing", "n/a", " - "])
def test_no_date_is_no_mistake(words):
    date = read(words)

    assert not date
    assert date.in_words == "no date given"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("44561", "how Excel stores a date, perhaps 31 December 2021"),
        (44561, "how Excel stores a date, perhaps 31 December 2021"),
        ("31/11/2022", "November 2022 has 30 days"),
        ("29 February 2023", "February 2023 has 28 days"),
        ("05/31/2025", "no month 31. Write the day first"),
        ("by the spring term", "does not say which year"),
        ("autumn 2", "does not say which year"),
        ("25 May", "does not say which year"),
        ("2025/26", "a school year, which ends in summer, or a financial year"),
        ("autumn 1 2025", "half a term"),
        ("before May 2025", "does not say when exactly"),
        ("winter 2025", "no winter term"),
        ("3 May 1825", "not a likely year"),
        ("when Ann is back", "cannot be read as a date"),
        ("\0", "cannot be read as a date"),
    ],
)
def test_what_is_no_date_or_could_be_two_is_explained(words, why):
    with pytest.raises(Unreadable, match=why):
        read(words)


def test_the_cell_of_a_workbook_may_hold_a_date_itself():
    assert read(dt.datetime(2025, 5, 31, tzinfo=dt.UTC)) == read("31 May 2025")


def test_original_words_are_shown_only_where_they_say_it_otherwise():
    assert read("by May 2025").own_words == ""
    assert read("31/05/2025").own_words == ""
    assert read("May 25").own_words == "May 25"


@pytest.mark.django_db
def test_a_row_stores_what_its_words_mean_whenever_they_change():
    promise = make_promise(due_words="summer term 2025")

    changed = change_draft(promise, by=promise.created_by, due_words="Q1 2026")

    assert promise.due == LooseDate(
        Precision.TERM, dt.date(2025, 5, 1), dt.date(2025, 7, 31), "summer term 2025"
    )
    assert (changed.due_from, changed.due_on) == (dt.date(2026, 1, 1), dt.date(2026, 3, 31))


@pytest.mark.django_db
def test_the_form_saves_what_changed_words_mean():
    """It saves single columns, and those beside the words with them."""
    promise = make_promise(due_words="May 2025")

    promise.due_words = "June 2025"
    promise.save(update_fields=["due_words"])

    assert reload(promise).due_on == dt.date(2025, 6, 30)
    assert reload(promise).first_due_on == dt.date(2025, 6, 30)


@pytest.mark.django_db
def test_unreadable_words_stay_in_a_draft_and_are_refused_in_words():
    promise = make_promise(due_words="by the spring term")

    assert promise.due_on is None
    assert [p.field for p in promise.problems()] == ["due_words"]
    with pytest.raises(ValidationError, match="which year"):
        Milestone(due_words="by the spring term").clean_fields(
            exclude={f.name for f in Milestone._meta.fields} - {"due_words"}
        )
