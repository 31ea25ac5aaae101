"""Going through all promises at once: “no change” in a few clicks, each change with its reason."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programme import rounds
from programme.models import Milestone, ProgressRound
from publishing import actions, ledger, moments
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
            **written(done, happened="done", note="The team’s list of calls."),
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
    assert now[done.document_id].done_on == round_.checked_on
    page = client.get(round_.get_absolute_url())
    assert "3 promises checked, 1 no change." in page.text
    assert "New date: June 2099." in page.text
    assert "Not started" in page.text  # each with its status
    assert list(ledger.verify()) == []


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
            **written(three[0], happened="done", note="The list."),
            **written(three[1], happened="done", note="The list."),
        },
        follow=True,
    )

    assert "no longer a draft" in page.text
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
    promises = [factories.make_public_promise(by=author) for _ in range(2)]
    client.force_login(author)

    def checks(*days):
        for day in days:
            new = ProgressRound(title=f"Check {day}", checked_on=dt.date(2022, 6, day))
            round_ = actions.start_document(new, slug=f"2022-06-0{day}", by=author)
            found = [rounds.Found(promises[0].document_id), rounds.Found(promises[1].document_id)]
            assert not rounds.record(round_, found, by=author)
            factories.publish_update(factories.reload(round_))

    checks(1, 2)
    with CaptureQueriesContext(connection) as before:
        text = words_of(client.get("/admin/programme/progressround/"))
    checks(3, 4)
    with django_assert_num_queries(len(before)):
        client.get("/admin/programme/progressround/")

    assert "Promises checked Without change Where it stands" in " ".join(text.split())
    assert "Check 22 Jun 202222Public" in " ".join(text.split())
