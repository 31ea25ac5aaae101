"""Scheduling: visible by the clock, recorded once, undone without a trace in public."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth import get_user_model, user_logged_in
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from publishing import actions, moments, verification
from publishing.models import LedgerEntry, SiteVersion, Stage
from tests.factories import (
    change_draft,
    make_body,
    make_public_update,
    make_staff,
    make_term,
    make_update,
    reload,
    sign_off_update,
)
from updates.models import TermlyUpdate

A_WEEK = dt.timedelta(days=7)


def standing_title():
    return TermlyUpdate.objects.as_of(moments.now()).values_list("title", flat=True).first()


@pytest.fixture(scope="module")
def made_once(one_transaction):
    return make_public_update(**make_staff(), title="Now", in_short="Old words.")


@pytest.fixture
def public(made_once, db):
    return reload(made_once)


@pytest.fixture
def scheduled(public, author, publisher):
    """Edition 2 of a public page, due in a week."""
    draft = actions.start_edition(public.document, by=author)
    change_draft(draft, by=author, title="Next", change_note="A new term.")
    sign_off_update(draft, publisher=publisher)
    actions.schedule(draft.release, by=publisher, at=timezone.now() + A_WEEK)
    return reload(draft)


def test_a_scheduled_edition_is_public_at_its_time_without_any_job(public, scheduled):
    before = standing_title()

    with time_machine.travel(scheduled.published_at):
        after = standing_title()
        lines_yet = LedgerEntry.objects.count()

    assert (before, after) == ("Now", "Next")
    assert lines_yet == 1


def test_what_it_replaces_stands_until_that_time(public, scheduled):
    with time_machine.travel(scheduled.published_at - dt.timedelta(seconds=1)):
        assert standing_title() == "Now"

    assert reload(public).superseded_at == scheduled.published_at


def test_scheduling_leaves_no_public_trace(public, scheduled):
    assert LedgerEntry.objects.count() == 1
    assert scheduled.stage() == Stage.SCHEDULED
    assert verification.faults() == []


def test_the_next_request_after_the_time_writes_its_line_once(public, scheduled, client):
    with time_machine.travel(scheduled.published_at + dt.timedelta(minutes=3)):
        due_but_unwritten = verification.faults()
        client.get("/")
        client.get("/")
        line = LedgerEntry.objects.get(edition=scheduled)
        faults = verification.faults()

    assert due_but_unwritten == faults == []
    assert line.event == "corrected"
    assert line.effective_at == scheduled.published_at
    assert line.recorded_at > line.effective_at


def test_any_other_act_writes_the_line_first(public, scheduled, author):
    with time_machine.travel(scheduled.published_at + dt.timedelta(minutes=3)):
        make_public_update(by=author, term=make_term(2022, "summer"))

        assert [line.edition_id for line in LedgerEntry.objects.all()][:2] == [
            public.pk,
            scheduled.pk,
        ]
        assert verification.faults() == []


def test_the_site_knows_when_it_changes_next(scheduled, publisher):
    assert SiteVersion.objects.get().next_change_at == scheduled.published_at

    actions.unschedule(scheduled.release, by=publisher)

    assert SiteVersion.objects.get().next_change_at is None


def test_unscheduling_reopens_what_is_public(public, scheduled, publisher):
    actions.unschedule(scheduled.release, by=publisher)

    assert reload(public).superseded_at is None
    assert reload(scheduled).stage() == Stage.SIGNED_OFF
    with time_machine.travel(scheduled.published_at + A_WEEK):
        assert standing_title() == "Now"
    assert verification.faults() == []


def test_it_can_be_scheduled_again(scheduled, publisher):
    actions.unschedule(scheduled.release, by=publisher)

    actions.schedule(scheduled.release, by=publisher, at=timezone.now() + 2 * A_WEEK)

    assert reload(scheduled).stage() == Stage.SCHEDULED


def test_what_became_public_cannot_be_unscheduled(scheduled, publisher):
    with (
        time_machine.travel(scheduled.published_at + dt.timedelta(seconds=1)),
        pytest.raises(actions.NotAllowed, match="already public"),
    ):
        actions.unschedule(scheduled.release, by=publisher)


def test_a_time_in_the_past_is_refused(author, publisher):
    draft = sign_off_update(make_update(by=author), publisher=publisher)

    with pytest.raises(actions.NotAllowed, match="time has passed"):
        actions.schedule(draft.release, by=publisher, at=timezone.now())


def test_a_scheduled_edition_cannot_be_edited(scheduled, author):
    with pytest.raises(actions.Stale):
        actions.claim_draft(scheduled, version=scheduled.version, by=author)


def test_closing_the_account_that_scheduled_it_takes_it_off(scheduled, publisher, public):
    publisher.is_active = False
    publisher.save()

    assert reload(scheduled).published_at is None
    assert reload(public).superseded_at is None


def test_closing_the_account_that_signed_it_takes_it_off_and_voids_that(
    public, author, reviewer, publisher
):
    draft = actions.start_edition(public.document, by=author)
    change_draft(draft, by=author, change_note="A new term.")
    actions.submit(draft.release, by=author)
    actions.sign_off(draft.release, by=reviewer)
    actions.schedule(draft.release, by=publisher, at=timezone.now() + A_WEEK)

    reviewer.is_active = False
    reviewer.save()

    assert reload(draft).stage() == Stage.IN_REVIEW


def test_closing_another_account_changes_nothing(scheduled):
    stranger = get_user_model().objects.create_user("stranger")
    stranger.is_active = False
    stranger.save()

    assert reload(scheduled).stage() == Stage.SCHEDULED


def sign_for(signer, body):
    signer.body = body
    signer.save()


@pytest.mark.parametrize(
    "lose",
    [
        lambda group, user: user.groups.remove(group),
        lambda group, user: user.groups.clear(),
        lambda group, user: group.user_set.remove(user),
        lambda group, user: group.user_set.clear(),
        lambda group, user: group.permissions.remove(*group.permissions.all()),
        lambda group, user: group.permissions.clear(),
        lambda group, user: group.delete(),
        lambda group, user: Permission.objects.get(codename="publish_release").delete(),
        lambda group, user: user.signer_for.get().delete(),
        lambda group, user: sign_for(user.signer_for.get(), make_body("NHS")),
    ],
)
def test_however_a_right_is_lost_what_relies_on_it_is_taken_off(public, scheduled, lose):
    by = scheduled.published_by

    lose(Group.objects.get(name="publisher"), by)

    assert reload(scheduled).published_at is None
    assert reload(public).superseded_at is None


def test_a_signature_counts_no_longer_when_the_signers_role_does_not_sign(
    public, author, reviewer, publisher
):
    draft = actions.start_edition(public.document, by=author)
    change_draft(draft, by=author, change_note="A new term.")
    actions.submit(draft.release, by=author)
    actions.sign_off(draft.release, by=reviewer)
    actions.schedule(draft.release, by=publisher, at=timezone.now() + A_WEEK)

    Group.objects.get(name="reviewer").delete()

    assert reload(draft).stage() == Stage.IN_REVIEW


def test_a_log_in_or_a_role_that_is_given_leaves_the_site_as_it_is(scheduled, publisher, client):
    before = SiteVersion.objects.get().number

    with CaptureQueriesContext(connection) as queries:
        user_logged_in.send(type(publisher), request=None, user=publisher)
    Group.objects.get(name="author").user_set.add(publisher)

    assert SiteVersion.objects.get().number == before
    assert len(queries) == 1  # the log-in itself
    assert reload(scheduled).stage() == Stage.SCHEDULED


# Slipping in a correction


def test_a_page_with_a_scheduled_edition_asks_to_slip_in_a_correction(scheduled, author):
    with pytest.raises(actions.NotAllowed, match="Slip in a correction"):
        actions.start_edition(scheduled.document, by=author)


def test_a_slipped_in_correction_goes_out_first_and_the_other_takes_it_over(
    scheduled, public, author, publisher
):
    correction = actions.slip_in_correction(public.document, by=author)
    assert reload(scheduled).stage() == Stage.WAITING
    assert (correction.number, reload(scheduled).number) == (2, 3)
    change_draft(correction, by=author, in_short="Corrected words.", change_note="A date.")
    correction = sign_off_update(reload(correction), publisher=publisher)

    actions.publish(correction.release, by=publisher)

    waiting = reload(scheduled)
    assert standing_title() == "Now"
    assert waiting.stage() == Stage.DRAFT
    assert (waiting.title, waiting.in_short) == ("Next", "Corrected words.")
    assert waiting.based_on_id == correction.pk
    assert not waiting.release.valid_sign_offs()
    assert verification.faults() == []


def test_a_waiting_edition_cannot_go_out_before_the_correction(scheduled, public, author):
    actions.slip_in_correction(public.document, by=author)

    with pytest.raises(actions.NotAllowed, match="waits behind a correction"):
        actions.submit(scheduled.release, by=author)


def test_throwing_the_correction_away_gives_the_waiting_edition_its_place_back(
    scheduled, public, author
):
    correction = actions.slip_in_correction(public.document, by=author)

    actions.discard_draft(correction, by=author)

    assert (reload(scheduled).number, reload(scheduled).is_waiting) == (2, False)


def test_the_waiting_edition_can_follow_after_it_is_signed_again(
    scheduled, public, author, publisher
):
    correction = actions.slip_in_correction(public.document, by=author)
    change_draft(correction, by=author, in_short="Corrected.", change_note="A date.")
    correction = sign_off_update(reload(correction), publisher=publisher)
    actions.publish(correction.release, by=publisher)

    sign_off_update(reload(scheduled), publisher=publisher)
    actions.publish(scheduled.release, by=publisher)

    assert standing_title() == "Next"
    assert [e.number for e in public.document.editions.order_by("published_at")] == [1, 2, 3]
    assert verification.faults() == []


def test_a_correction_does_not_join_what_waits_behind_it(public, scheduled, author):
    correction = actions.slip_in_correction(public.document, by=author)

    with pytest.raises(actions.NotAllowed, match="waits behind a correction"):
        actions.join_release(correction, scheduled.release, by=author)

    assert reload(correction).release_id != scheduled.release_id


def test_a_clock_set_back_breaks_nothing(public, author, publisher):
    with time_machine.travel(public.published_at - dt.timedelta(hours=2)):
        make_public_update(by=author, publisher=publisher, term=make_term(2022, "summer"))
        faults = verification.faults()

    assert faults == []
    assert verification.faults() == []
    recorded = list(LedgerEntry.objects.values_list("recorded_at", flat=True))
    assert len(recorded) == 2
    assert recorded == sorted(recorded)


def test_a_clock_set_back_takes_nothing_public_off_the_schedule(public, publisher, author):
    publisher.is_active = False
    with time_machine.travel(public.published_at - dt.timedelta(hours=2)):
        publisher.save()
        with pytest.raises(actions.NotAllowed, match="already public"):
            actions.unschedule(public.release, by=make_staff()["publisher"])

    assert reload(public).published_at == public.published_at
