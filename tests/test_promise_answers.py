"""What the update before promised is answered, or seen not to be; and what the record shows."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programme.models import Milestone
from publishing import actions
from tests.factories import (
    PASSWORD,
    correct_update,
    make_item,
    make_promise,
    make_public_promise,
    make_public_update,
    make_term,
    make_update,
    reload,
)
from tests.forms import filled_in
from tests.record_factories import make_public_measure, make_reading
from updates.models import PromiseAnswer, TermlyUpdate

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ADD = "/admin/updates/termlyupdate/add/"
WHY = {
    "why_changed": "We could not hire enough people in time, and had to begin again.",
    "cause": Milestone.Cause.RECRUITMENT,
    "change_agreed_by": "The Improvement Board",
}


def section(client, update, name: str) -> str:
    """The words of one section of the update's page."""
    page = client.get(update.get_absolute_url()).text
    found = re.search(rf'<section class="[^"]*" id="{name}">(.*?)</section>', page, re.DOTALL)
    return " ".join(re.sub("<[^>]*>", " ", found[1]).split()) if found else ""


def answer(promise, **fields) -> PromiseAnswer:
    return PromiseAnswer(milestone=promise.document, **fields)


def with_items(*answers) -> list:
    """The answers, beside what every update needs."""
    return [make_item("not good enough", difference=""), *answers]


@pytest.fixture
def spring(author):
    return make_public_update(by=author, term=make_term(2022, "spring"))


@pytest.fixture
def summer(author):
    """The term after; its update is still to be written."""
    return make_term(2022, "summer")


@pytest.fixture
def promise(spring):
    return make_public_promise(title="Answer the phone", origin=spring.document)


def test_the_first_update_has_no_promises_before_it(client, spring):
    assert "There are no promises before this one." in section(client, spring, "answers")


def test_an_update_after_one_without_promises_says_so(client, spring, summer):
    update = make_public_update(term=summer)

    said = section(client, update, "answers")

    assert "Our update before this one, of spring 2022 , made no promises." in said


def test_an_answer_stands_beside_the_promise_and_how_it_stands(client, promise, summer):
    words = answer(promise, said="We hired **two** people.")
    update = make_public_update(term=summer, parts=with_items(words))

    said = section(client, update, "answers")

    assert "Late Answer the phone" in said
    assert "We hired two people." in said
    assert "No answer yet" not in said


def test_a_reason_for_no_answer_is_shown(client, promise, summer):
    words = answer(promise, no_answer_because="The count ends in May.")
    update = make_public_update(term=summer, parts=with_items(words))

    assert "No answer yet, because: The count ends in May." in section(client, update, "answers")


def test_silence_is_published_in_plain_sight_with_a_row_and_without(client, promise, summer):
    other = make_public_promise(title="Write back", origin=promise.origin)
    update = make_public_update(term=summer, parts=with_items(answer(promise)))

    said = section(client, update, "answers")

    assert said.count("No answer yet.") == 2
    assert other.title in said


def test_a_promise_made_elsewhere_or_not_public_is_not_asked_for(client, promise, summer):
    make_promise(title="Only a draft", origin=promise.origin)
    make_public_promise(title="Of the plan")
    draft = make_promise(title="Secret for now", origin=promise.origin)
    update = make_public_update(term=summer, parts=with_items(answer(draft, said="Secret words?")))

    said = section(client, update, "answers")

    assert "Answer the phone" in said
    assert "Only a draft" not in said
    assert "Of the plan" not in said
    assert "Secret" not in said


def test_taking_an_update_down_hides_none_of_its_promises(client, promise, summer, publisher):
    update = make_public_update(term=summer)
    actions.withdraw(promise.origin, by=publisher, reason="A number was wrong.")

    assert "Answer the phone" in section(client, update, "answers")


def test_the_rows_make_themselves_when_a_draft_is_begun_and_saved(client, promise, summer, author):
    client.login(username=author.username, password=PASSWORD)
    page = client.get(ADD)
    words = {"title": "Summer", "verdict": "Not yet.", "in_short": "Short.", "term": summer.pk}
    client.post(ADD, {**filled_in(page), **words})
    draft = TermlyUpdate.objects.get(title="Summer")
    assert [row.milestone for row in draft.answers.all()] == [promise.document]

    late_comer = make_public_promise(title="Write back", origin=promise.origin)
    address = f"/admin/updates/termlyupdate/{draft.pk}/change/"
    page = client.get(address)
    client.post(address, {**filled_in(page), "answers-0-said": "We did it."})

    rows = {row.milestone: row.said for row in draft.answers.all()}
    assert rows == {promise.document: "We did it.", late_comer.document: ""}
    assert reload(draft).digest == reload(draft).compute_digest()


def test_the_form_names_each_promise_and_lets_none_be_dropped(client, promise, summer, author):
    draft = make_update(term=summer, by=author, parts=with_items(answer(promise)))
    client.login(username=author.username, password=PASSWORD)

    page = client.get(f"/admin/updates/termlyupdate/{draft.pk}/change/").text

    assert "Answer the phone" in page
    assert 'name="answers-0-said"' in page
    assert 'name="answers-0-no_answer_because"' in page
    assert "answers-0-DELETE" not in page
    assert "answers-0-milestone" not in page


def test_silence_stops_nothing_but_the_editor_is_told(promise, summer):
    draft = make_update(term=summer)

    assert draft.problems() == []
    [told] = [each.message for each in draft.advice() if each.field == "answers"]
    assert "“Answer the phone”" in told


def test_nobody_is_told_of_silence_once_all_is_answered(promise, summer):
    draft = make_update(term=summer, parts=with_items(answer(promise, said="We did it.")))

    assert [each for each in draft.advice() if each.field == "answers"] == []


def test_a_correction_keeps_the_answers(client, promise, summer, author):
    update = make_public_update(
        term=summer, by=author, parts=with_items(answer(promise, said="We did it."))
    )
    update = correct_update(update, by=author, verdict="Better now.")

    assert "We did it." in section(client, update, "answers")


def test_what_we_said_we_would_do_next_stands_with_its_date(client, promise, spring):
    said = section(client, spring, "next")

    assert "Answer the phone By when: May 2022" in said


def test_an_update_without_promises_says_so(client, spring):
    assert "We made no promises in this update." in section(client, spring, "next")


# The record shows


def test_with_nothing_late_and_nothing_worse_there_is_no_record(client, spring):
    make_public_promise(due_words="2099")

    assert section(client, spring, "record") == ""


def test_the_record_shows_the_late_promises_that_moved_most(client, spring, author):
    names = [f"Promise {letter}" for letter in "ABCDEF"]
    made = [make_public_promise(title=name, by=author, due_words="May 2021") for name in names]
    for promise in made[1:]:
        correct_update(promise, by=author, due_words="July 2022", **WHY)

    shown = section(client, spring, "record")

    assert "6 promises are late" in shown
    assert "Promise A" not in shown
    assert all(name in shown for name in names[1:])


def test_home_has_the_first_answers_the_next_promises_and_what_the_record_shows(
    client, promise, summer
):
    for number in range(3):
        made = make_public_promise(title=f"Other {number}", origin=promise.origin, due_words="2099")
    parts = with_items(answer(made, said="We did **all** of it."))
    update = make_public_update(term=summer, parts=parts)
    make_public_promise(title="Write to each school", origin=update.document, due_words="2099")

    page = client.get("/").text

    said = " ".join(re.sub("<[^>]*>", " ", page).split())
    assert said.index("What became of the promises of spring 2022") < said.index("Answer the phone")
    assert said.index("What we said we would do next") < said.index("Write to each school")
    assert "No answer yet." in said
    assert f'{update.get_absolute_url()}#answers">See all answers' in page
    assert "Other 2" not in said  # three of four are enough here
    assert said.index("The record shows") < said.index("1 promise is late")


def test_home_names_the_term_of_the_promises_however_long_ago_it_was(client, author):
    long_ago = make_public_update(by=author, term=make_term(2019, "autumn"))
    make_public_promise(title="Answer the phone", origin=long_ago.document)
    make_public_update(by=author, term=make_term(2022, "summer"))

    assert "What became of the promises of autumn 2019" in client.get("/").text


def test_home_too_gives_the_reason_for_no_answer_in_short(client, promise, summer):
    words = answer(promise, no_answer_because="The count ends in May. " + "It takes long. " * 20)
    make_public_update(term=summer, parts=with_items(words))

    said = " ".join(re.sub("<[^>]*>", " ", client.get("/").text).split())

    assert "No answer yet, because: The count ends in May. It takes long." in said
    assert "…" in said.partition("The count ends in May.")[2][:200]
    assert "No answer yet." not in said


def test_the_record_shows_the_numbers_that_got_worse(client, spring):
    numbers = [make_reading("January 2022", 60), make_reading("January 2023", 50)]
    make_public_measure(title="Plans on time", parts=numbers)

    shown = section(client, spring, "record")

    assert "1 number got worse" in shown
    assert "Plans on time" in shown


def test_many_promises_cost_as_many_questions_as_few(client, spring, summer):
    update = make_public_update(term=summer)

    def questions() -> int:
        make_public_promise(origin=spring.document)
        make_public_promise(origin=update.document)
        with CaptureQueriesContext(connection) as queries:
            client.get(update.get_absolute_url())
        return len(queries)

    few = questions()
    for _ in range(5):
        questions()
    assert questions() == few


def test_a_page_shows_only_so_many_promises_and_leads_to_the_rest(
    client, promise, summer, monkeypatch
):
    monkeypatch.setattr("updates.promised.PROMISES_IN_AN_UPDATE", 1)
    make_public_promise(title="Write back", origin=promise.origin)
    update = make_public_update(term=summer)

    assert "There are more. See every promise" in section(client, update, "answers")
