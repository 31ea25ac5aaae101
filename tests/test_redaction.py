"""Redaction: a name leaves title, text, note, address and ledger, and the chain still holds."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.utils import timezone

from publishing import actions, verification
from publishing.models import LedgerEntry, LedgerText, Stage
from tests.factories import (
    change_draft,
    correct_update,
    make_item,
    make_public_update,
    make_update,
    make_user,
    reload,
    sign_off_update,
)

REASON = "A private person was named."


@pytest.fixture(scope="module")
def named_once(one_transaction):
    """A corrected page that names somebody everywhere a name can be."""
    author = make_user("author")
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


@pytest.fixture
def named(named_once, db):
    return reload(named_once)


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
    assert "[removed]" in page
    assert "we removed personal details from this page" in page
    assert REASON in page
    assert "No changes since" not in page
    assert client.get("/updates/2022-spring-jane-doe/").status_code == 404


def test_each_public_edition_has_its_line_and_the_chain_verifies(named, publisher):
    actions.redact(named.document, by=publisher, words=["Jane Doe"], reason=REASON)

    events = list(LedgerEntry.objects.values_list("event", flat=True))
    assert events == ["published", "corrected", "redacted", "redacted"]
    assert [line.edition_number for line in LedgerEntry.objects.filter(event="redacted")] == [1, 2]
    assert verification.faults() == []


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
    assert verification.faults() == []


def test_half_a_word_is_left_alone(named, publisher):
    with pytest.raises(actions.NotAllowed, match="not on this page"):
        actions.redact(named.document, by=publisher, words=["Jan"], reason=REASON)


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
    assert verification.faults() == []


def test_an_author_cannot_redact(named, author):
    with pytest.raises(actions.NotAllowed, match="your role"):
        actions.redact(named.document, by=author, words=["Jane Doe"], reason=REASON)


@pytest.mark.parametrize("words", ["not", "wait", "by 1 May 2022", "May 2022", "2022", "5"])
def test_it_is_not_for_editing_what_a_page_says_or_when(named, publisher, words):
    with pytest.raises(actions.NotAllowed, match=r"is no name|may be a promised date|two letters"):
        actions.redact(named.document, by=publisher, words=[words], reason=REASON)


@pytest.mark.parametrize("written", ["O’Brien", "O'Brien", "o'brien", "O’BRIEN"])
def test_either_apostrophe_is_found(author, publisher, written):
    update = make_public_update(by=author, in_short=f"Mrs {written} waits.")

    actions.redact(update.document, by=publisher, words=["O'Brien"], reason=REASON)

    assert reload(update).in_short == "Mrs [removed] waits."


def test_a_name_with_an_accent_leaves_the_address_too(author, publisher):
    update = make_public_update(by=author, slug="jose-muller-2022", title="José Müller waits")

    actions.redact(update.document, by=publisher, words=["José Müller"], reason=REASON)

    assert "muller" not in everything()
    assert verification.faults() == []


def test_words_of_a_draft_alone_leave_no_public_line(named, author, publisher):
    draft = actions.start_edition(named.document, by=author)
    draft = change_draft(draft, by=author, in_short="John Roe waits.", change_note="New.")

    actions.redact(named.document, by=publisher, words=["John Roe"], reason=REASON)

    assert reload(draft).in_short == "[removed] waits."
    assert "redacted" not in LedgerEntry.objects.values_list("event", flat=True)


def test_a_page_that_was_never_public_can_be_cleaned(author, publisher):
    draft = make_update(by=author, in_short="John Roe waits.")

    actions.redact(draft.document, by=publisher, words=["John Roe"], reason=REASON)

    assert reload(draft).in_short == "[removed] waits."


def test_a_form_that_was_open_cannot_bring_the_name_back(author, publisher):
    draft = make_update(by=author, in_short="John Roe waits.")
    actions.redact(draft.document, by=publisher, words=["John Roe"], reason=REASON)

    with pytest.raises(actions.Stale):
        actions.claim_draft(draft, version=draft.version, by=author)


def test_a_long_title_keeps_its_end(author, publisher):
    title = f"Al {'x' * 189} the end"
    update = make_public_update(by=author, title=title)

    actions.redact(update.document, by=publisher, words=["Al"], reason=REASON)

    assert reload(update).title.endswith("the end")


def test_a_second_person_confirms_it_once(named, publisher, second_publisher):
    actions.redact(named.document, by=publisher, words=["Jane Doe"], reason=REASON)
    with pytest.raises(actions.NotAllowed, match="A second person must confirm"):
        actions.confirm_redaction(named.document, by=publisher)

    actions.confirm_redaction(named.document, by=second_publisher)

    assert named.document.redactions.get().confirmed_by == second_publisher
    with pytest.raises(actions.NotAllowed, match="nothing to confirm"):
        actions.confirm_redaction(named.document, by=second_publisher)


def test_a_scheduled_title_never_enters_the_ledger(author, publisher):
    public = make_public_update(by=author, slug="jane-doe-2022")
    draft = actions.start_edition(public.document, by=author)
    draft = change_draft(draft, by=author, title="Secret", change_note="New.")
    sign_off_update(draft, publisher=publisher)
    actions.schedule(draft.release, by=publisher, at=timezone.now() + timedelta(days=1))

    actions.redact(public.document, by=publisher, words=["Jane Doe"], reason=REASON)

    assert not LedgerText.objects.filter(text__contains="Secret").exists()
