"""A page for boards: what changed between two days, what is late, and what is due next."""

import datetime as dt
import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programme.models import Check, Milestone, ProgressRound
from publishing import actions
from tests.factories import (
    change_draft,
    correct_update,
    make_body,
    make_promise,
    make_public_promise,
    make_signer,
    reload,
    sign_off_update,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]

WHY = {
    "why_changed": "We could not hire enough people in time, and had to begin again.",
    "cause": Milestone.Cause.RECRUITMENT,
    "change_agreed_by": "The Improvement Board",
}
PROOF = {"proof": "[The letter](https://example.org/letter)"}
YEAR = {"since": "2022-06-01", "until": "2022-12-01"}
TODAY = timezone.now().date()


def stood_by(draft, year: int, month: int, day: int, **fields):
    """The draft with these words, public elsewhere at noon of a past day."""
    at = dt.datetime(year, month, day, 12, tzinfo=dt.UTC)
    origin = {"source": "The plan", "source_date": f"{at:%B %Y}", "originally_at": at}
    change_draft(draft, by=draft.created_by, **origin, **fields)
    draft = sign_off_update(reload(draft))
    actions.import_from_elsewhere(draft.release, by=make_signer(make_body()))
    return reload(draft)


def corrected(promise, *day: int, **fields):
    draft = actions.start_edition(promise.document, by=promise.created_by)
    return stood_by(draft, *day, change_note="It changed.", **fields)


def part(client, name: str, **days) -> str:
    """The words of one part of the paper."""
    page = client.get("/plan/board/", days or YEAR).text
    found = re.search(rf'<section class="part" id="{name}">(.*?)</section>', page, re.DOTALL)
    return html.unescape(" ".join(re.sub("<[^>]*>", " ", found[1]).split()))


@pytest.fixture
def promise(db):
    return stood_by(make_promise(title="Answer the phone", due_words="July 2022"), 2022, 3, 1)


def test_a_moved_date_shows_both_dates_why_and_who_agreed(client, promise):
    corrected(promise, 2022, 7, 20, due_words="October 2022", **WHY)

    said = part(client, "moved")

    assert "The date moved: 1" in said
    assert "From July 2022 to October 2022" in said
    assert WHY["why_changed"] in said
    assert "Agreed by: The Improvement Board" in said


def test_both_days_are_in_it_and_the_days_outside_are_not(client, promise):
    corrected(promise, 2022, 7, 20, due_words="October 2022", **WHY)

    assert "1" in part(client, "moved", since="2022-07-20", until="2022-07-20")
    assert "None." in part(client, "moved", since="2022-07-21", until="2022-12-01")
    assert "None." in part(client, "moved", since="2022-06-01", until="2022-07-19")


def test_what_is_done_could_not_be_done_or_is_new_has_its_own_part(client, promise):
    corrected(promise, 2022, 7, 20, done_on=dt.date(2022, 7, 18), **PROOF)
    other = stood_by(make_promise(title="Write back", due_words="2023"), 2022, 8, 1)
    corrected(other, 2022, 9, 1, could_not_because="No money.", instead="We phone.")

    assert "Done: 1 Done on time Answer the phone" in part(client, "done")
    assert "No money. What we do instead: We phone." in part(client, "could-not")
    assert "New promises: 1 By when: 2023 Write back" in part(client, "new")


def test_what_slipped_back_and_what_was_replaced_has_its_own_part(client, promise):
    corrected(promise, 2022, 7, 20, done_on=dt.date(2022, 7, 18), **PROOF)
    back = {"slipped_back_on": dt.date(2022, 9, 1), "slipped_back_because": "They left."}
    corrected(promise, 2022, 9, 2, **back)
    old = stood_by(make_promise(title="Old"), 2022, 3, 1)
    new = stood_by(make_promise(title="Newer words"), 2022, 4, 1)
    corrected(old, 2022, 8, 1, replaced_by=new.document)

    assert "On 1 September 2022 Answer the phone They left." in part(client, "slipped-back")
    assert "Old Replaced by: Newer words" in part(client, "replaced")


def test_late_and_due_next_are_as_they_stood_on_the_last_day(client, promise):
    stood_by(make_promise(title="Soon", due_words="20 January 2023"), 2022, 3, 1)
    stood_by(make_promise(title="Much later", due_words="May 2023"), 2022, 3, 1)
    corrected(promise, 2022, 12, 20, done_on=dt.date(2022, 12, 18), **PROOF)

    assert "Late: 1 Late Answer the phone" in part(client, "late")
    due = part(client, "due-next")
    assert due.startswith("Due next, by 1 March 2023: 1 By when: 20 January 2023 Soon")
    assert "Late: 0" in part(client, "late", since="2022-06-01", until="2022-12-31")[:8]


def test_the_checks_in_between_say_what_they_found(client, promise):
    day = dt.date(2022, 9, 5)
    draft = actions.start_document(
        ProgressRound(title="Check of September", checked_on=day),
        slug="2022-09-05",
        by=promise.created_by,
        parts=[Check(milestone=promise.document)],
    )
    stood_by(draft, 2022, 9, 5)

    assert "5 September 2022 : 1 promise checked, 1 no change." in part(client, "checks")


def test_without_days_it_is_the_last_three_months(client, promise):
    fresh = make_public_promise(title="Fresh")

    page = client.get("/plan/board/").text

    assert f'value="{TODAY - dt.timedelta(days=91)}"' in page
    assert f'value="{TODAY}"' in page
    assert fresh.title in page


@pytest.mark.parametrize(
    ("days", "why"),
    [
        ({"since": "soon"}, "From: this is not a day."),
        ({"since": "2022-02-31"}, "From: this is not a day."),
        ({"since": ""}, "From: choose a day."),
        ({"since": "0001-01-01"}, "Choose a day in or after the year 2000."),
        ({"until": "9999-12-31"}, "To: 31 December 9999 has not come yet."),
        ({"since": "2022-12-02", "until": "2022-12-01"}, "From: this day comes after the other"),
        ({"since": "\0", "until": "٢٠٢٢"}, "From: choose a day."),
    ],
)
def test_a_bad_day_is_explained_and_what_was_typed_is_kept(client, promise, days, why):
    response = client.get("/plan/board/", days)

    assert response.status_code == 200
    assert why in response.text
    assert "<title>Error: " in response.text
    assert 'class="part"' not in response.text
    for typed in days.values():
        if typed.isprintable():
            assert f'value="{typed}"' in response.text or not typed


def test_a_day_may_be_written_as_people_write_it(client, promise):
    corrected(promise, 2022, 7, 20, due_words="October 2022", **WHY)

    assert "The date moved: 1" in part(client, "moved", since="1/6/2022", until="1 December 2022")


def test_it_is_not_for_search_engines_and_the_plan_leads_to_it(client, promise):
    assert '<meta name="robots" content="noindex">' in client.get("/plan/board/").text
    assert '<a class="go" href="/plan/board/">For boards: a page to print</a>' in (
        client.get("/plan/").text
    )


def test_a_long_part_says_how_many_there_are(client, monkeypatch):
    monkeypatch.setattr("programme.board.LINES_AT_MOST", 2)
    for _ in range(3):
        make_public_promise()

    page = client.get("/plan/board/").text

    assert "<h2>New promises: 3</h2>" in page
    assert "The first 2 are here." in page


def test_a_draft_is_in_no_part(client, promise):
    make_promise(title="Secret for now")
    draft = actions.start_edition(promise.document, by=promise.created_by)
    change_draft(draft, by=draft.created_by, due_words="2029", change_note="No.", **WHY)

    page = client.get("/plan/board/").text

    assert "Secret for now" not in page
    assert "2029" not in page


def test_many_promises_cost_as_many_questions_as_few(client, promise):
    def questions() -> int:
        moved = make_public_promise(due_words="July 2022")
        correct_update(moved, by=moved.created_by, due_words="October 2022", **WHY)
        with CaptureQueriesContext(connection) as queries:
            client.get("/plan/board/")
        return len(queries)

    few = questions()
    for _ in range(4):
        questions()
    assert questions() == few
