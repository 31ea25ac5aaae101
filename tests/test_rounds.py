"""Going through all promises at once: “no change” in a few clicks, each change with its reason."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programme import found, promises, rounds
from programme.models import Milestone, ProgressRound
from publishing import actions, moments, verification
from publishing.models import LedgerEntry
from tests import factories
from tests.test_public_pages import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def promised_once(one_transaction):
    staff = factories.make_staff()
    return [
        factories.make_public_promise(**staff, ref=f"1.{n}", due_words="May 2099")
        for n in range(1, 4)
    ]


@pytest.fixture
def three(promised_once, db):
    return [factories.reload(promise) for promise in promised_once]


@pytest.fixture
def round_(client, author, three):
    client.force_login(author)
    client.post(
        reverse("admin:programme_progressround_add"),
        {"checked_on_0": "", "checked_on": timezone.localdate(), **empty_inlines()},
    )
    return ProgressRound.objects.get()


def empty_inlines() -> dict:
    return {
        f"files-{name}": 0
        for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
    }


def address_of(round_) -> str:
    return reverse("admin:programme_progressround_promises", args=[round_.pk])


def written(promise, **fields) -> dict:
    return {f"row-{promise.document_id}-{name}": value for name, value in fields.items()}


def publish(round_, publisher):
    return factories.publish_update(factories.reload(round_), publisher=publisher)


def test_all_promises_are_checked_with_no_change_in_one_press(client, round_, three):
    page = client.post(address_of(round_), {"do": "unchanged", "which": "all"}, follow=True)

    assert "3 promises checked, no change." in page.text
    assert round_.in_one_line == "3 promises checked, 3 no change."
    assert not Milestone.objects.filter(published_at=None).exists()


def test_only_the_ticked_ones_are_checked_with_a_note_for_all_of_them(client, round_, three):
    ticked = [three[0].document_id, three[2].document_id]
    client.post(
        address_of(round_),
        {"do": "unchanged", "which": "ticked", "ticked": ticked, "note_for_all": "We asked."},
    )

    checks = round_.checks.order_by("milestone")
    assert [check.milestone_id for check in checks] == ticked
    assert {check.note for check in checks} == {"We asked."}


def test_nothing_ticked_says_what_to_do(client, round_, three):
    page = client.post(address_of(round_), {"do": "unchanged", "which": "ticked"}, follow=True)

    assert "Tick the promises that you checked." in page.text
    assert not round_.checks.exists()


def test_a_moved_date_needs_its_reason_and_who_agreed_and_keeps_what_was_typed(
    client, round_, three
):
    page = client.post(address_of(round_), {"do": "found", **written(three[0], due_words="2098")})

    assert "Say why the date moves" in page.text
    assert "2098" in page.text
    assert not Milestone.objects.filter(published_at=None).exists()

    row = written(three[0], due_words="June 2099", note="We could not hire.", cause="recruitment")
    page = client.post(address_of(round_), {"do": "found", **row})
    assert "Say who agreed to the new dates" in page.text


def test_a_year_that_nobody_can_mean_is_refused_in_words(client, round_, three):
    row = written(three[0], due_words="31/11/2022", note="x", cause="data")
    page = client.post(address_of(round_), {"do": "found", "agreed_by": "Board", **row})

    assert "30 days" in page.text or "November" in page.text


def test_what_changed_goes_out_with_the_round_under_one_signature(client, round_, three, publisher):
    moved, done, same = three
    client.post(
        address_of(round_),
        {
            "do": "found",
            "agreed_by": "SEND Improvement Board",
            **written(moved, due_words="June 2099", note="No staff.", cause="recruitment"),
            **written(done, happened="done", on_day="2022-03-20", note="The team’s list of calls."),
        },
    )
    client.post(
        address_of(round_),
        {"do": "unchanged", "which": "ticked", "ticked": [same.document_id]},
    )
    lines = LedgerEntry.objects.count()

    publish(round_, publisher)

    assert LedgerEntry.objects.count() == lines + 3  # the round, and two promises that changed
    now = {p.document_id: p for p in Milestone.objects.as_of(moments.now())}
    assert now[moved.document_id].due_words == "June 2099"
    assert now[moved.document_id].first_due_words == "May 2099"
    assert now[done.document_id].done_on == dt.date(2022, 3, 20)
    page = client.get(round_.get_absolute_url())
    assert "3 promises checked, 1 no change." in page.text
    assert "New date: June 2099." in page.text
    assert "Not started" in page.text  # each with its status
    assert list(verification.faults()) == []


def test_what_was_done_in_time_is_not_late_because_we_looked_later(
    client, round_, author, publisher
):
    due = factories.make_public_promise(by=author, publisher=publisher, due_words="31 March 2022")
    row = {"happened": "done", "note": "The list of calls."}

    page = client.post(address_of(round_), {"do": "found", **written(due, **row)})
    assert "Say on which day: it decides whether it was on time." in page.text
    client.post(address_of(round_), {"do": "found", **written(due, on_day="2022-03-20", **row)})
    publish(round_, publisher)

    told = promises.told(Milestone.objects.as_of(moments.now()), moments.now())
    assert told.get(document=due.document_id).status == "on-time"


def test_what_we_could_not_do_needs_what_we_do_instead(client, round_, three):
    row = {"happened": "could not", "note": "No money."}
    page = client.post(address_of(round_), {"do": "found", **written(three[0], **row)})
    assert "Say what we do instead" in page.text
    assert not Milestone.objects.filter(published_at=None).exists()

    client.post(address_of(round_), {"do": "found", **written(three[0], instead="A list.", **row)})

    assert Milestone.objects.get(published_at=None).instead == "A list."


def test_only_what_was_done_can_slip_back_and_is_done_again_afterwards(
    client, round_, author, publisher, three
):
    row = {"on_day": "2022-04-01", "note": "Two people left."}
    page = client.post(
        address_of(round_), {"do": "found", **written(three[0], happened="slipped", **row)}
    )
    assert "It can slip back only after the day it was done." in page.text

    lost = factories.correct_update(
        three[1],
        by=author,
        publisher=publisher,
        done_on=dt.date(2022, 1, 1),
        proof="A list.",
        slipped_back_on=dt.date(2022, 2, 1),
        slipped_back_because="Two people left.",
    )
    client.post(address_of(round_), {"do": "found", **written(lost, happened="done", **row)})

    assert Milestone.objects.get(published_at=None).is_kept


def test_what_goes_out_changed_is_not_said_to_have_no_change(client, round_, three, publisher):
    moved, same = three[:2]
    kept = written(moved, due_words="June 2099", note="No staff.", cause="recruitment")
    client.post(address_of(round_), {"do": "found", "agreed_by": "Board", **kept})

    ticked = {"do": "unchanged", "ticked": [moved.document_id, same.document_id]}
    page = client.post(address_of(round_), ticked, follow=True)

    assert "1.1 goes out changed with this check" in page.text
    assert "1 promise checked, no change." in page.text
    checks = dict(round_.checks.values_list("milestone", "is_unchanged"))
    assert checks == {moved.document_id: False, same.document_id: True}


def test_a_check_that_says_no_change_of_what_it_changes_cannot_go_out(
    client, round_, three, author
):
    client.post(address_of(round_), {"do": "unchanged", "which": "all"})
    draft = actions.start_edition(three[0].document, by=author)
    actions.join_release(draft, factories.reload(round_).release, by=author)

    problems = factories.reload(round_).problems()

    assert [problem.message for problem in problems] == [
        "Promise 1.1 goes out changed with this check, so “no change” is not true. "
        "Undo one of the two."
    ]


def test_what_is_kept_stands_in_its_row_and_can_be_undone(client, round_, three):
    row = written(three[0], happened="done", on_day="2022-03-20", note="The list of calls.")
    client.post(address_of(round_), {"do": "found", **row})

    page = client.get(address_of(round_))
    assert '<option value="done" selected>Done</option>' in page.text
    assert 'value="2022-03-20"' in page.text
    assert "The list of calls.</textarea>" in page.text

    typed = written(three[1], note="We asked the team.")
    page = client.post(address_of(round_), {"undo": three[0].document_id, **row, **typed})

    assert not Milestone.objects.filter(published_at=None).exists()
    check = round_.checks.get()  # what was typed meanwhile is kept
    assert (check.milestone_id, check.note) == (three[1].document_id, "We asked the team.")


def test_an_undone_row_keeps_what_somebody_else_changed_in_its_draft(client, round_, three, author):
    draft = actions.start_edition(three[0].document, by=author)
    factories.change_draft(draft, by=author, will_notice="Less waiting.")
    row = written(three[0], happened="done", on_day="2022-03-20", note="The list of calls.")
    client.post(address_of(round_), {"do": "found", **row})

    client.post(address_of(round_), {"undo": three[0].document_id})

    left = Milestone.objects.get(pk=draft.pk)
    assert (left.done_on, left.proof, left.will_notice) == (None, "", "Less waiting.")


def test_each_error_is_a_link_to_its_field_at_the_top(client, round_, three):
    row = written(three[1], due_words="31/11/2022", note="x", cause="data")

    page = client.post(address_of(round_), {"do": "found", **row})

    field = f"id_row-{three[1].document_id}-due_words"
    assert f'<li><a href="#{field}">1.2, New date: ' in page.text
    assert f'id="{field}"' in page.text


def test_a_note_alone_is_no_change(client, round_, three):
    client.post(address_of(round_), {"do": "found", **written(three[0], note="Going well.")})

    check = round_.checks.get()
    assert (check.is_unchanged, check.note) == (True, "Going well.")


def test_a_promise_that_somebody_else_has_sent_for_sign_off_stops_only_itself(
    client, round_, three, author
):
    busy = actions.start_edition(three[0].document, by=author)
    factories.change_draft(busy, by=author, change_note="A word.", will_notice="Less waiting.")
    actions.submit(busy.release, by=author)

    page = client.post(
        address_of(round_),
        {
            "do": "found",
            **written(three[0], happened="done", on_day="2022-03-20", note="The list of calls."),
            **written(three[1], happened="done", on_day="2022-03-20", note="The list."),
        },
    )

    assert f'<li><a href="#id_row-{three[0].document_id}-happened">1.1: ' in page.text
    assert "no longer a draft" in page.text
    assert "The list of calls." in page.text  # what was typed is not lost
    assert [check.milestone_id for check in round_.checks.all()] == [three[1].document_id]
    assert not Milestone.objects.get(pk=busy.pk).done_on


def test_after_a_public_round_a_promise_is_no_longer_called_unchecked(
    client, round_, three, publisher, time_machine
):
    client.post(address_of(round_), {"do": "unchanged", "which": "all"})
    publish(round_, publisher)
    page = three[0].get_absolute_url()
    time_machine.move_to(timezone.now() + dt.timedelta(days=59))
    assert "Not checked since" not in client.get(page).text

    time_machine.move_to(timezone.now() + dt.timedelta(days=5))

    assert "Not checked since" in client.get(page).text


def test_filters_and_pages_cost_the_same_however_many_there_are(
    client, round_, author, publisher, django_assert_max_num_queries
):
    with django_assert_max_num_queries(40):
        page = client.get(address_of(round_), {"q": "1.2"})
    assert "1.2" in page.text
    assert "Promise called" in page.text
    assert client.get(address_of(round_), {"q": "nothing like it"}).text.count("No promise fits")
    assert client.get(address_of(round_), {"body": "x", "problem": "9" * 30}).status_code == 200


def test_two_checks_on_one_day_are_one(client, round_):
    page = client.post(
        reverse("admin:programme_progressround_add"),
        {"checked_on": timezone.localdate(), **empty_inlines()},
    )

    assert "There already is a check on this day" in page.text


def test_open_promises_are_those_that_have_not_ended(author, publisher, three):
    factories.correct_update(
        three[0], by=author, publisher=publisher, done_on=dt.date(2022, 1, 1), proof="A list."
    )

    open_ones = rounds.to_check(moments.now())

    assert {p.document_id for p in open_ones} == {p.document_id for p in three[1:]}


def test_the_list_of_checks_says_what_each_found_and_asks_no_more_for_more(
    client, author, django_assert_num_queries
):
    promised = [factories.make_public_promise(by=author) for _ in range(2)]
    client.force_login(author)

    def checks(*days):
        for day in days:
            new = ProgressRound(title=f"Check {day}", checked_on=dt.date(2022, 6, day))
            round_ = actions.start_document(new, slug=f"2022-06-0{day}", by=author)
            found.check_unchanged(round_, [p.document_id for p in promised], by=author)
            factories.publish_update(factories.reload(round_))

    checks(1, 2)
    with CaptureQueriesContext(connection) as before:
        text = words_of(client.get("/admin/programme/progressround/"))
    checks(3, 4)
    with django_assert_num_queries(len(before)):
        client.get("/admin/programme/progressround/")

    assert "Promises checked Without change Draft or public" in " ".join(text.split())
    assert "Check 22 June 202222Public" in " ".join(text.split())
