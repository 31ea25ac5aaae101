"""Redaction: a name leaves title, text, note, address and ledger, and the chain still holds."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.utils import timezone

from publishing import actions, ledger
from publishing.models import LedgerEntry, Stage
from tests.factories import (
    change_draft,
    correct_update,
    make_item,
    make_public_update,
    reload,
    sign_off_update,
)

REASON = "A private person was named."


@pytest.fixture
def named(author):
    """A corrected page that names somebody everywhere a name can be."""
    first = make_public_update(
        by=author,
        slug="2022-spring-jane-doe",
        title="What Jane Doe told us",
        in_short="Jane Doe waits.\nJANE  DOE's son waits.",
        parts=[make_item("not good enough", title="Waits", body="Too long, says jane doe.")],
    )
    return correct_update(
        first, by=author, in_short="Jane Doe waited.", change_note="Jane Doe told us a new date."
    )


def everything() -> str:
    """Every row of every table, as text."""
    return "\n".join(
        str(row) for model in apps.get_models() for row in model._base_manager.values_list()
    ).lower()


def test_the_name_leaves_every_table(named, publisher):
    actions.withdraw(named.document, by=publisher, reason="Jane Doe asked us.")
    LogEntry.objects.create(
        user=publisher,
        content_type=ContentType.objects.get_for_model(named),
        object_id=str(named.pk),
        object_repr="What Jane Doe told us",
        action_flag=CHANGE,
        change_message="",
    )
    assert "jane" in everything()

    actions.redact(named.document, by=publisher, words=["Jane Doe"], reason=REASON)

    assert "jane" not in everything()
    assert "doe" not in everything().split()


def test_the_page_says_that_a_name_was_removed(named, publisher, client):
    actions.redact(named.document, by=publisher, words=["Jane Doe"], reason=REASON)

    named.document.refresh_from_db()
    page = client.get(named.document.get_absolute_url()).text
    assert named.document.slug == "2022-spring"
    assert "[name removed]" in page
    assert client.get("/updates/2022-spring-jane-doe/").status_code == 404


def test_each_public_edition_has_its_line_and_the_chain_verifies(named, publisher):
    lines = actions.redact(named.document, by=publisher, words=["Jane Doe"], reason=REASON)

    events = list(LedgerEntry.objects.values_list("event", flat=True))
    assert events == ["published", "corrected", "redacted", "redacted"]
    assert [line.edition_number for line in lines] == [1, 2]
    assert ledger.verify() == []


def test_words_that_were_not_touched_stay_in_the_ledger(named, publisher, author):
    later = correct_update(
        reload(named), by=author, in_short="All is well.", change_note="A better date."
    )

    actions.redact(later.document, by=publisher, words=["Jane Doe"], reason=REASON)

    kept = LedgerEntry.objects.get(edition=later, event="corrected").texts
    assert "A better date." in kept.values_list("text", flat=True)


def test_the_old_salt_is_gone_so_the_name_cannot_be_guessed(named, publisher):
    before = reload(named)

    actions.redact(named.document, by=publisher, words=["Jane Doe"], reason=REASON)

    after = reload(named)
    assert after.salt != before.salt
    assert after.digest != before.digest


def test_the_door_is_closed_behind_it(named, publisher):
    actions.redact(named.document, by=publisher, words=["Jane Doe"], reason=REASON)

    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        type(named).objects.filter(pk=named.pk).update(title="Something else")


def test_a_reason_with_the_name_in_it_is_refused(named, publisher):
    with pytest.raises(actions.NotAllowed, match="contains the words"):
        actions.redact(named.document, by=publisher, words=["Jane Doe"], reason="Jane Doe asked.")


def test_words_that_are_not_there_are_refused_and_change_nothing(named, publisher):
    with pytest.raises(actions.NotAllowed, match="not on this page"):
        actions.redact(named.document, by=publisher, words=["John Roe"], reason=REASON)

    assert LedgerEntry.objects.count() == 2
    assert ledger.verify() == []


def test_half_a_word_is_left_alone(named, publisher):
    with pytest.raises(actions.NotAllowed, match="not on this page"):
        actions.redact(named.document, by=publisher, words=["wai"], reason=REASON)


@pytest.mark.parametrize("words", [[], [" "], ["J"]])
def test_nothing_to_look_for_is_refused(named, publisher, words):
    with pytest.raises(actions.NotAllowed, match="say which words"):
        actions.redact(named.document, by=publisher, words=words, reason=REASON)


def test_a_scheduled_edition_is_cleaned_and_must_be_signed_again(named, author, publisher):
    draft = actions.start_edition(named.document, by=author)
    change_draft(draft, by=author, change_note="New.")
    sign_off_update(draft, publisher=publisher)
    actions.schedule(draft.release, by=publisher, at=timezone.now() + timedelta(days=1))

    actions.redact(named.document, by=publisher, words=["Jane Doe"], reason=REASON)

    assert reload(draft).stage() == Stage.IN_REVIEW
    assert "Jane" not in reload(draft).title
    assert ledger.verify() == []


def test_an_author_cannot_redact(named, author):
    with pytest.raises(actions.NotAllowed, match="your role"):
        actions.redact(named.document, by=author, words=["Jane Doe"], reason=REASON)
