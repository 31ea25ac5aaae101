"""Eight at once, killed half-way, held half-way: real processes on one database."""

import datetime as dt
from itertools import count

import pytest
from django.utils import timezone

from tests.factories import reload
from tests.races import deeds, stage
from tests.races.processes import (
    Killed,
    Refused,
    all_at_once,
    held_at,
    killed_at,
    nobody_is_left,
    open_house,
)

EIGHT = 8
SAVES = 4
# Of the steps of a deed, each so-and-so-manieth; `make soak` passes over none.
HELD_EVERY, KILLED_EVERY = 9, 3


@pytest.fixture(autouse=True)
def house(process_environment):
    open_house(process_environment)
    with nobody_is_left():
        yield


# All at once


def test_eight_publishes_at_once_make_one_unbroken_chain():
    editions = [stage.make_signed() for _ in range(EIGHT)]
    by, version = stage.publisher(), stage.version()

    answers = all_at_once(deeds.publish, [(edition.release, by) for edition in editions])

    assert answers == ["publish"] * EIGHT
    assert stage.lines() == list(range(1, EIGHT + 1))
    assert all(stage.lines_about(edition) == 1 for edition in editions)
    assert stage.version() == version + EIGHT


def test_of_eight_publishes_of_the_same_page_one_succeeds():
    edition = stage.make_signed()
    by, version = stage.publisher(), stage.version()

    answers = all_at_once(deeds.publish, [(edition.release, by)] * EIGHT)

    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert (answers.count("publish"), len(refused)) == (1, EIGHT - 1)
    assert all("already public" in answer.why for answer in refused)
    assert stage.lines() == [1]
    assert stage.version() == version + 1


def test_eight_who_notice_at_once_write_one_line_for_each_due_page():
    at = timezone.now() + dt.timedelta(seconds=2)
    editions = [stage.make_scheduled(at) for _ in range(3)]
    assert stage.lines() == []

    answers = all_at_once(deeds.notice_what_is_due, [(at,)] * EIGHT)

    noticed = [edition for answer in answers for edition in answer]
    assert sorted(noticed) == sorted(edition.pk for edition in editions)
    assert stage.lines() == [1, 2, 3]
    assert all(stage.lines_about(edition) == 1 for edition in editions)


# Killed half-way


def test_a_publish_killed_at_any_statement_is_whole_or_has_not_begun():
    edition, by = stage.make_signed(), stage.publisher()
    before, version = stage.everything(), stage.version()

    for step in count(1, KILLED_EVERY):
        answer = killed_at(step, deeds.publish, edition.release, by)

        assert answer in {Killed(), "publish"}
        assert stage.lines() in ([], [1])
        if stage.everything() != before:
            break

    assert step > 20
    assert (stage.lines(), stage.version()) == ([1], version + 1)
    assert reload(edition).stage() == "public"
    assert all_at_once(deeds.publish, [(stage.make_signed().release, by)]) == ["publish"]
    assert stage.lines() == [1, 2]


# One draft, many editors


def test_of_concurrent_saves_none_is_lost_silently():
    draft, editors = stage.make_draft(), stage.authors(EIGHT)

    answers = all_at_once(deeds.save_often, [(draft, editor, SAVES) for editor in editors])

    saved = [save for answer in answers for save in answer]
    accepted = [save for save in saved if save.is_accepted]
    refused = [save for save in saved if not save.is_accepted]
    text = reload(draft).plain_text()
    assert len(saved) == EIGHT * SAVES
    assert accepted
    assert refused
    assert [save.token for save in accepted if save.token not in text] == []
    assert [save for save in refused if not save.tells_its_editor] == []
    assert [save.token for save in refused if save.token in text] == []


# Held half-way: the other comes in between two statements


def at_steps():
    return count(1, HELD_EVERY)


def test_a_save_between_any_two_statements_of_a_publish_never_slips_in_unsigned():
    for step in at_steps():
        draft = stage.make_signed()
        publish = (deeds.publish, draft.release, stage.publisher())
        save = (deeds.save, draft, stage.author(), "UNSIGNED")

        _, saved, was_held = held_at(step, publish, save)

        check_publish_and_save(draft, saved)
        if not was_held:
            break


def test_a_publish_between_any_two_statements_of_a_save_never_takes_it_unsigned():
    for step in at_steps():
        draft = stage.make_signed()
        save = (deeds.save, draft, stage.author(), "UNSIGNED")
        publish = (deeds.publish, draft.release, stage.publisher())

        saved, _, was_held = held_at(step, save, publish)

        check_publish_and_save(draft, saved)
        if not was_held:
            break


def check_publish_and_save(draft, saved):
    """Either it went out as it was signed, or the save won and it is a draft without signature."""
    edition = reload(draft)
    is_saved = "UNSIGNED" in edition.in_short
    assert is_saved == saved.is_accepted
    assert is_saved == (edition.published_at is None)
    assert is_saved != edition.release.valid_sign_offs().exists()
    assert stage.lines_about(edition) == (0 if is_saved else 1)
    stage.lines()


def test_a_save_between_any_two_statements_of_a_signature_is_never_under_it():
    for step in at_steps():
        draft = stage.make_submitted()
        sign = (deeds.sign, draft, stage.publisher())
        save = (deeds.save, draft, stage.author(), "UNSEEN")

        _, saved, was_held = held_at(step, sign, save)

        check_signature_and_save(draft, saved)
        if not was_held:
            break


def test_a_signature_between_any_two_statements_of_a_save_is_never_over_it():
    for step in at_steps():
        draft = stage.make_submitted()
        save = (deeds.save, draft, stage.author(), "UNSEEN")
        sign = (deeds.sign, draft, stage.publisher())

        saved, _, was_held = held_at(step, save, sign)

        check_signature_and_save(draft, saved)
        if not was_held:
            break


def check_signature_and_save(draft, saved):
    """No signature stands under what its signer did not see, and no accepted save is lost."""
    edition = reload(draft)
    is_saved = "UNSEEN" in edition.in_short
    assert is_saved == saved.is_accepted
    assert is_saved != edition.release.valid_sign_offs().exists()
    assert edition.digest == edition.compute_digest()
