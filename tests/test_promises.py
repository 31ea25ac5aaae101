"""Promises: what stops one, every date it had, and how it stands."""

import pytest

from programme.models import Milestone
from publishing import actions
from tests.factories import (
    change_draft,
    correct_update,
    make_public_promise,
    make_user,
)

pytestmark = pytest.mark.django_db

WHY = {
    "why_changed": "We could not hire enough people in time, and had to begin again.",
    "cause": Milestone.Cause.RECRUITMENT,
    "change_agreed_by": "The Improvement Board",
}


def fields_of(problems) -> set[str]:
    return {problem.field for problem in problems}


def test_a_promise_is_public_with_its_date(client):
    promise = make_public_promise(due_words="by May 25", title="Answer the phone")

    page = client.get(promise.get_absolute_url())

    assert page.status_code == 200
    assert "May 2025" in page.text
    assert "“by May 25”" in page.text


def test_moving_a_date_is_refused_without_a_reason():
    author = make_user("author")
    promise = make_public_promise(due_words="May 2022", by=author)
    draft = actions.start_edition(promise.document, by=author)

    draft = change_draft(draft, by=author, due_words="July 2022", change_note="The date moved.")

    assert fields_of(draft.problems()) == {"why_changed", "cause", "change_agreed_by"}
    with pytest.raises(actions.NotAllowed, match="Say why its date changed"):
        actions.submit(draft.release, by=author)


def test_a_moved_date_keeps_the_first_one_and_is_shown_with_its_reason(client):
    author = make_user("author")
    promise = make_public_promise(due_words="May 2022", by=author)

    promise = correct_update(promise, by=author, due_words="July 2022", **WHY)

    assert promise.first_due.in_words == "May 2022"
    assert promise.times_moved == 1
    page = client.get(promise.get_absolute_url()).text
    for words in ("May 2022", "July 2022", WHY["why_changed"], WHY["change_agreed_by"]):
        assert words in page


def test_plan_page(client):
    make_public_promise(due_words="May 2022")

    page = client.get("/plan/")

    assert page.status_code == 200
