"""A server's clock that was set back: each verb does what it says, or says why not."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from programme import forum
from programme.models import ForumCheck, ForumLink
from publishing import actions, moments, verification
from publishing.models import Edition, LedgerEntry
from tests.factories import (
    change_draft,
    correct_update,
    make_public_promise,
    make_public_update,
    make_user,
    reload,
    sign_off_update,
)

A_MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def corrected(author, publisher):
    """A public page, and its second edition of five minutes later."""
    first = make_public_update(by=author, publisher=publisher, in_short="Jane Roe waits.")
    with time_machine.travel(first.published_at + 5 * A_MINUTE):
        return correct_update(first, by=author, publisher=publisher, in_short="Jane Roe waits on.")


@pytest.fixture
def early(corrected):
    """By the clock, the second edition has not come yet; everybody has read it."""
    with time_machine.travel(corrected.published_at - A_MINUTE):
        yield


def stands(edition) -> bool:
    return Edition.objects.as_of(moments.now()).filter(document=edition.document_id).exists()


def test_a_page_is_taken_down_at_once(corrected, early, publisher):
    actions.withdraw(corrected.document, by=publisher, reason="A child is named.")

    assert not stands(corrected)
    with time_machine.travel(corrected.published_at + A_MINUTE):
        assert not stands(corrected)
    assert verification.faults() == []


def test_the_only_edition_of_a_page_is_taken_down_at_once(author, publisher):
    update = make_public_update(by=author, publisher=publisher)
    with time_machine.travel(update.published_at - A_MINUTE):
        actions.withdraw(update.document, by=publisher, reason="A child is named.")

    assert not stands(update)
    assert verification.faults() == []


def test_a_name_is_removed_at_once(corrected, early, publisher):
    actions.redact(corrected.document, by=publisher, words=["Jane Roe"], reason="A name.")

    assert "Jane" not in reload(corrected).text
    assert verification.faults() == []


def test_a_page_comes_back(corrected, publisher):
    with time_machine.travel(corrected.published_at + 3 * A_MINUTE):
        actions.withdraw(corrected.document, by=publisher, reason="It was wrong.")
    with time_machine.travel(corrected.published_at + A_MINUTE):
        actions.reinstate(corrected.document, by=make_user("publisher"))

    with time_machine.travel(corrected.published_at + 4 * A_MINUTE):
        assert stands(corrected)
        assert verification.faults() == []


def test_what_everybody_has_read_is_not_scheduled_still(corrected, early, author):
    with pytest.raises(actions.NotAllowed, match="newer edition on the schedule"):
        actions.slip_in_correction(corrected.document, by=author)

    assert reload(corrected).published_at == corrected.published_at


def test_a_correction_begins_with_what_everybody_has_read(corrected, early, author):
    draft = actions.start_edition(corrected.document, by=author)

    assert draft.number == 3
    assert reload(draft).in_short == "Jane Roe waits on."


def test_nothing_is_scheduled_before_what_it_replaces(corrected, author, publisher):
    draft = actions.start_edition(corrected.document, by=author)
    change_draft(draft, by=author, change_note="A date was wrong.")
    sign_off_update(draft, publisher=publisher)

    with (
        time_machine.travel(corrected.published_at - 3 * A_MINUTE),
        pytest.raises(actions.NotAllowed, match="clock"),
    ):
        actions.schedule(draft.release, by=publisher, at=timezone.now() + A_MINUTE)

    assert reload(draft).published_at is None


def test_the_forum_answers_again(author, publisher):
    promise = make_public_promise(
        by=author, publisher=publisher, done_on=dt.date(2022, 5, 3), proof="The register."
    )
    link, _ = actions.give_link(ForumLink, by=publisher)
    later = timezone.now() + 5 * A_MINUTE
    with time_machine.travel(later):
        forum.answer(promise.document, ForumCheck.Answer.YES, "", link=link)
    with time_machine.travel(later - A_MINUTE):
        forum.answer(promise.document, ForumCheck.Answer.NO, "Not for us.", link=link)

    with time_machine.travel(later + A_MINUTE):
        assert ForumCheck.objects.as_of(moments.now()).get().number == 2
        assert LedgerEntry.objects.filter(edition__in=ForumCheck.objects.all()).count() == 2
        assert verification.faults() == []
