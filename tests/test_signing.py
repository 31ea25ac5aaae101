"""Sending for sign-off, signing, sending back: nobody publishes alone."""

import datetime as dt

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from publishing import actions, verification
from publishing.models import LedgerEntry, Signer, SignOff, Stage
from tests.factories import change_draft, make_body, make_term, make_update, make_user, reload


@pytest.fixture
def draft(author):
    return make_update(by=author)


@pytest.fixture
def submitted(draft, author):
    actions.submit(draft.release, by=author)
    return reload(draft)


def test_a_draft_waits_for_sign_off_then_is_signed_off_then_public(
    draft, author, reviewer, publisher
):
    stages = [reload(draft).stage()]

    actions.submit(draft.release, by=author)
    stages.append(reload(draft).stage())
    actions.sign_off(draft.release, by=reviewer)
    stages.append(reload(draft).stage())
    actions.publish(draft.release, by=publisher)
    stages.append(reload(draft).stage())

    assert stages == [Stage.DRAFT, Stage.IN_REVIEW, Stage.SIGNED_OFF, Stage.PUBLIC]


def test_a_draft_without_what_is_not_good_enough_needs_a_reason(author):
    draft = make_update(by=author, parts=[])

    with pytest.raises(actions.NotAllowed, match="Not good enough yet” is empty") as refusal:
        actions.submit(draft.release, by=author)

    assert [problem.field for problem in refusal.value.problems] == ["nothing_wrong_because"]


def test_an_editor_cannot_sign_even_as_superuser(council):
    boss = get_user_model().objects.create_superuser("boss", password="x")
    council.signers.create(user=boss, post="Director")
    draft = make_update(by=boss)
    actions.submit(draft.release, by=boss)

    with pytest.raises(actions.NotAllowed, match="you edited it"):
        actions.sign_off(draft.release, by=boss)


def test_an_editor_cannot_publish_even_as_superuser(council, reviewer):
    boss = get_user_model().objects.create_superuser("boss", password="x")
    draft = make_update(by=boss)
    actions.submit(draft.release, by=boss)
    actions.sign_off(draft.release, by=reviewer)

    with pytest.raises(actions.NotAllowed, match="you edited it"):
        actions.publish(draft.release, by=boss)


def test_whoever_edits_later_cannot_sign_either(draft, council, publisher):
    change_draft(draft, by=publisher, sorry_for="We are sorry for the wait.")
    actions.submit(draft.release, by=publisher)

    with pytest.raises(actions.NotAllowed, match="you edited it"):
        actions.sign_off(draft.release, by=publisher)


def test_a_later_edit_voids_the_signature(submitted, author, reviewer, publisher):
    actions.sign_off(submitted.release, by=reviewer)

    change_draft(reload(submitted), by=author, in_short="Something else.")

    assert reload(submitted).stage() == Stage.IN_REVIEW
    with pytest.raises(actions.NotAllowed, match="not signed off by Birmingham City Council"):
        actions.publish(submitted.release, by=publisher)


def test_an_edit_there_and_back_leaves_the_signature_void(submitted, author, reviewer):
    before = submitted.in_short
    actions.sign_off(submitted.release, by=reviewer)
    change_draft(reload(submitted), by=author, in_short="Something else.")

    change_draft(reload(submitted), by=author, in_short=before)

    assert not submitted.release.valid_sign_offs()


def test_the_same_person_can_sign_again_after_an_edit(submitted, author, reviewer):
    actions.sign_off(submitted.release, by=reviewer)
    change_draft(reload(submitted), by=author, in_short="Something else.")

    actions.sign_off(submitted.release, by=reviewer)

    assert reload(submitted).stage() == Stage.SIGNED_OFF


def test_a_signature_is_refused_when_the_text_changed_since_it_was_read(
    submitted, author, reviewer
):
    read = submitted.release.digest()
    change_draft(reload(submitted), by=author, in_short="Something else.")

    with pytest.raises(actions.NotAllowed, match="changed since you looked"):
        actions.sign_off(submitted.release, by=reviewer, digest=read)


def test_sending_back_says_what_needs_work_and_voids_signatures(submitted, reviewer):
    actions.sign_off(submitted.release, by=reviewer)

    actions.return_to_author(submitted.release, by=reviewer, reason="Which waits?")

    assert reload(submitted).stage() == Stage.DRAFT
    assert submitted.release.sent_back.get().reason == "Which waits?"
    assert not submitted.release.valid_sign_offs()


def test_sending_back_needs_a_reason(submitted, reviewer):
    with pytest.raises(actions.NotAllowed, match="say what needs more work"):
        actions.return_to_author(submitted.release, by=reviewer, reason=" ")


def test_a_person_without_a_body_cannot_sign(submitted, council):
    with pytest.raises(actions.NotAllowed, match="not a signer"):
        actions.sign_off(submitted.release, by=make_user("reviewer"))


def test_a_closed_account_can_do_nothing(submitted, reviewer):
    reviewer.is_active = False
    reviewer.save()

    with pytest.raises(actions.NotAllowed, match="account is closed"):
        actions.sign_off(submitted.release, by=reviewer)


def test_a_signature_of_an_account_closed_since_does_not_count(submitted, reviewer, publisher):
    actions.sign_off(submitted.release, by=reviewer)
    reviewer.is_active = False
    reviewer.save()

    with pytest.raises(actions.NotAllowed, match="not signed off"):
        actions.publish(submitted.release, by=publisher)


def test_every_body_that_must_sign_has_to(submitted, reviewer, publisher):
    make_body("NHS Birmingham and Solihull", short_name="NHS")
    actions.sign_off(submitted.release, by=reviewer)

    with pytest.raises(actions.NotAllowed, match="not signed off by NHS Birmingham"):
        actions.publish(submitted.release, by=publisher)


def test_a_signer_may_publish_without_a_missing_body_and_that_body_may_sign_later(
    submitted, reviewer, publisher
):
    nhs = make_body("NHS Birmingham and Solihull", short_name="NHS")
    actions.sign_off(submitted.release, by=reviewer)

    actions.publish(submitted.release, by=publisher, without=[nhs])

    assert reload(submitted).stage() == Stage.PUBLIC
    assert submitted.release.went_out_without.get().body == nhs
    late = make_user("reviewer", signs_for=nhs, username="nhs")
    actions.sign_off(submitted.release, by=late, body=nhs)
    assert SignOff.objects.filter(release=submitted.release, body=nhs).exists()
    assert list(LedgerEntry.objects.values_list("event", flat=True)) == ["published", "signed"]
    assert verification.faults() == []


def test_a_later_signature_names_the_body_that_it_is_for(submitted, reviewer, publisher, council):
    nhs = make_body("NHS Birmingham and Solihull", short_name="NHS")
    actions.sign_off(submitted.release, by=reviewer)
    actions.publish(submitted.release, by=publisher, without=[nhs])
    both = make_user("reviewer", signs_for=council, username="both")
    Signer.objects.create(body=nhs, user=both, post="Chief nurse")

    actions.sign_off(submitted.release, by=both, body=nhs)

    assert LedgerEntry.objects.get(event="signed").role == f"staff, {nhs}"


def test_nobody_publishes_without_any_signature(submitted, council, publisher):
    with pytest.raises(actions.NotAllowed, match="somebody must have signed"):
        actions.publish(submitted.release, by=publisher, without=[council])


def test_editions_of_a_release_are_signed_and_published_together(author, reviewer, publisher):
    spring = make_update(by=author)
    summer = make_update(by=author, term=make_term(2022, "summer"))
    actions.join_release(summer, spring.release, by=author)
    actions.submit(spring.release, by=author)
    actions.sign_off(spring.release, by=reviewer)

    actions.publish(spring.release, by=publisher)

    assert {reload(spring).published_at} == {reload(summer).published_at}
    assert reload(summer).stage() == Stage.PUBLIC


def test_one_person_does_not_sign_for_two_bodies(submitted, reviewer):
    nhs = make_body("NHS Birmingham and Solihull", short_name="NHS")
    nhs.signers.create(user=reviewer, post="Nurse")
    actions.sign_off(submitted.release, by=reviewer, body=submitted.release.unsigned_bodies()[0])

    with pytest.raises(actions.NotAllowed, match="Each body needs its own person"):
        actions.sign_off(submitted.release, by=reviewer, body=nhs)


def test_a_page_thrown_out_of_a_release_voids_the_signatures(author, reviewer):
    spring = make_update(by=author)
    summer = make_update(by=author, term=make_term(2022, "summer"))
    actions.join_release(summer, spring.release, by=author)
    actions.submit(spring.release, by=author)
    actions.sign_off(spring.release, by=reviewer)

    actions.discard_draft(summer, by=author)

    assert not spring.release.sign_offs.filter(voided_at=None).exists()


def test_another_signs_for_a_body_whose_signer_has_left(submitted, council, reviewer):
    actions.sign_off(submitted.release, by=reviewer)
    reviewer.is_active = False
    reviewer.save()
    deputy = make_user("reviewer", signs_for=council, username="deputy")

    actions.sign_off(submitted.release, by=deputy)

    assert reload(submitted).stage() == Stage.SIGNED_OFF


def test_a_missing_signature_is_noted_once_however_often_it_is_scheduled(
    submitted, reviewer, publisher
):
    nhs = make_body("NHS Birmingham and Solihull", short_name="NHS")
    actions.sign_off(submitted.release, by=reviewer)
    later = timezone.now() + dt.timedelta(days=1)
    actions.schedule(submitted.release, by=publisher, at=later, without=[nhs])
    actions.unschedule(submitted.release, by=publisher)

    actions.publish(submitted.release, by=publisher, without=[nhs])

    assert submitted.release.went_out_without.count() == 1


@pytest.mark.parametrize("leave", ["thrown away", "put with another"])
def test_a_draft_that_was_scheduled_without_a_body_can_go_from_its_release(
    submitted, reviewer, publisher, author, leave
):
    nhs = make_body("NHS Birmingham and Solihull", short_name="NHS")
    other = make_update(by=author, term=make_term(2022, "summer"))
    actions.sign_off(submitted.release, by=reviewer)
    later = timezone.now() + dt.timedelta(days=1)
    actions.schedule(submitted.release, by=publisher, at=later, without=[nhs])
    actions.unschedule(submitted.release, by=publisher)
    actions.return_to_author(submitted.release, by=reviewer, reason="Which waits?")

    if leave == "thrown away":
        actions.discard_draft(submitted, by=author)
    else:
        actions.join_release(reload(submitted), other.release, by=author)

    assert not submitted.release.editions.exists()
    assert submitted.release.went_out_without.get().body == nhs


def test_a_draft_that_is_gone_already_is_refused_in_words(draft, author):
    actions.discard_draft(draft, by=author)

    with pytest.raises(actions.NotAllowed, match="gone already"):
        actions.discard_draft(draft, by=author)
