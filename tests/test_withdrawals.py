"""Taking a page down, and putting it back."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from publishing import actions, guards, moments, verification
from publishing.models import LedgerEntry, Stage, Withdrawal
from tests.factories import (
    change_draft,
    correct_update,
    make_public_update,
    make_update,
    make_user,
    reload,
    sign_off_update,
)
from updates.models import TermlyUpdate


def events():
    return list(LedgerEntry.objects.values_list("event", flat=True))


@pytest.fixture(scope="module")
def made_once(one_transaction):
    return make_public_update(by=make_user("author"), title="Our spring update")


@pytest.fixture
def update(made_once, db):
    return reload(made_once)


def test_a_page_taken_down_answers_with_date_and_reason(update, publisher, client):
    actions.withdraw(update.document, by=publisher, reason="A number was wrong.")

    response = client.get(update.get_absolute_url())

    assert response.status_code == 410
    assert "A number was wrong." in response.text
    assert "Our spring update" not in response.text
    assert reload(update).stage() == Stage.WITHDRAWN
    assert events() == ["published", "withdrawn"]
    assert verification.faults() == []


def test_a_withdrawn_update_leaves_home_list_and_feed(update, publisher, client):
    actions.withdraw(update.document, by=publisher, reason="A number was wrong.")

    pages = [client.get(path).text for path in ("/", "/updates/", "/updates/feed/")]

    assert not [page for page in pages if "Our spring update" in page]


def test_its_history_stays_readable(update, publisher, client):
    actions.withdraw(update.document, by=publisher, reason="A number was wrong.")

    response = client.get(TermlyUpdate.history_url(update.document.slug, 1))

    assert response.status_code == 200
    assert "We hired people." in response.text


def test_one_that_reaches_the_past_takes_its_history_along(update, publisher, client):
    before = timezone.now()

    actions.withdraw(update.document, by=publisher, reason="It named a child.", reaches_past=True)

    slug = update.document.slug
    assert client.get(TermlyUpdate.history_url(slug, 1)).status_code == 410
    assert client.get(TermlyUpdate.history_url(slug)).status_code == 410
    assert not TermlyUpdate.objects.as_of(moments.Moment(before)).exists()
    assert verification.faults() == []


def test_it_stood_before_it_was_taken_down(update, publisher):
    before = timezone.now()

    actions.withdraw(update.document, by=publisher, reason="A number was wrong.")

    assert TermlyUpdate.objects.as_of(moments.Moment(before)).exists()
    assert not TermlyUpdate.objects.as_of(moments.now()).exists()


def test_a_second_person_confirms_it(update, publisher, second_publisher):
    withdrawal = actions.withdraw(update.document, by=publisher, reason="Wrong.")
    with pytest.raises(actions.NotAllowed, match="A second person must confirm"):
        actions.confirm_withdrawal(update.document, by=publisher)

    actions.confirm_withdrawal(update.document, by=second_publisher)

    withdrawal.refresh_from_db()
    assert withdrawal.confirmed_by == second_publisher
    with pytest.raises(actions.NotAllowed, match="already confirmed"):
        actions.confirm_withdrawal(update.document, by=second_publisher)


def test_a_second_person_puts_it_back_as_it_was(update, publisher, second_publisher, client):
    actions.withdraw(update.document, by=publisher, reason="Wrong.")
    with pytest.raises(actions.NotAllowed, match="A second person must put it back"):
        actions.reinstate(update.document, by=publisher)

    actions.reinstate(update.document, by=second_publisher)

    assert client.get(update.get_absolute_url()).status_code == 200
    assert events() == ["published", "withdrawn", "came back"]
    assert verification.faults() == []


def test_a_corrected_edition_brings_it_back(update, author, publisher, client):
    actions.withdraw(update.document, by=publisher, reason="A number was wrong.")

    correct_update(update, by=author, publisher=publisher, title="Our mended update")

    assert "Our mended update" in client.get(update.get_absolute_url()).text
    assert events() == ["published", "withdrawn", "corrected", "came back"]
    assert verification.faults() == []


def test_one_that_reached_the_past_comes_back_only_with_new_text(
    update, author, publisher, second_publisher, client
):
    actions.withdraw(update.document, by=publisher, reason="It named a child.", reaches_past=True)
    actions.confirm_withdrawal(update.document, by=second_publisher)
    with pytest.raises(actions.NotAllowed, match="Correct the page"):
        actions.reinstate(update.document, by=second_publisher)

    correct_update(update, by=author, publisher=publisher, in_short="Without the name.")

    slug = update.document.slug
    assert client.get(update.get_absolute_url()).status_code == 200
    assert client.get(TermlyUpdate.history_url(slug, 1)).status_code in {404, 410}
    assert client.get(TermlyUpdate.history_url(slug, 2)).status_code == 200
    assert "We hired people." not in client.get(TermlyUpdate.history_url(slug)).text


def test_taking_down_takes_a_scheduled_edition_off(update, author, publisher):
    draft = actions.start_edition(update.document, by=author)
    change_draft(draft, by=author, change_note="A new term.")
    sign_off_update(draft, publisher=publisher)
    later = timezone.now() + dt.timedelta(days=1)
    actions.schedule(draft.release, by=publisher, at=later)

    actions.withdraw(update.document, by=publisher, reason="Wrong.")

    assert reload(draft).published_at is None
    assert verification.faults() == []


def test_it_needs_a_reason(update, publisher):
    with pytest.raises(actions.NotAllowed, match="give the reason"):
        actions.withdraw(update.document, by=publisher, reason="  ")

    assert not Withdrawal.objects.exists()


def test_what_was_never_public_cannot_be_taken_down(author, publisher):
    draft = make_update(by=author)

    with pytest.raises(actions.NotAllowed, match="not public"):
        actions.withdraw(draft.document, by=publisher, reason="Wrong.")


def test_it_comes_down_once(update, publisher):
    actions.withdraw(update.document, by=publisher, reason="Wrong.")

    with pytest.raises(actions.NotAllowed, match="already down"):
        actions.withdraw(update.document, by=publisher, reason="Wrong.")


def test_until_it_is_confirmed_a_second_person_can_undo_that_it_reached_the_past(
    update, publisher, second_publisher, client
):
    actions.withdraw(update.document, by=publisher, reason="Oh.", reaches_past=True)

    actions.reinstate(update.document, by=second_publisher)

    slug = update.document.slug
    assert client.get(TermlyUpdate.history_url(slug, 1)).status_code == 200
    assert client.get(TermlyUpdate.history_url(slug, 99)).status_code == 404
    assert client.get("/updates/never-there/").status_code == 404
    assert events() == ["published", "removed", "came back"]
    assert verification.faults() == []


def test_a_page_that_is_down_can_also_be_removed_from_the_past(update, publisher, client):
    actions.withdraw(update.document, by=publisher, reason="A number was wrong.")

    actions.withdraw(update.document, by=publisher, reason="It named a child.", reaches_past=True)

    slug = update.document.slug
    assert client.get(TermlyUpdate.history_url(slug, 1)).status_code == 410
    assert events() == ["published", "withdrawn", "removed"]
    assert verification.faults() == []


@pytest.mark.parametrize(
    "columns",
    [{"reason": "All is well."}, {"reaches_past": True}, {"until_at": "now"}, {"from_at": "now"}],
)
def test_the_ledger_turns_red_when_a_withdrawal_is_altered(update, publisher, columns):
    withdrawal = actions.withdraw(update.document, by=publisher, reason="A number was wrong.")
    guards.drop_all(connection)

    columns = {name: timezone.now() if value == "now" else value for name, value in columns.items()}
    Withdrawal.objects.filter(pk=withdrawal.pk).update(**columns)

    assert verification.faults() != []


def test_the_ledger_turns_red_when_a_withdrawal_is_slipped_in(update, publisher):
    Withdrawal.objects.create(
        document=update.document, from_at=timezone.now(), reason="Gone.", by=publisher
    )

    assert verification.faults() != []
