"""What the races found at first, each at the very statement where it happened: it stays mended."""

import datetime as dt

import pytest
from django.utils import timezone

from publishing import actions, moments, verification
from publishing.models import Document, Edition
from tests import factories
from tests.factories import reload
from tests.postgresql import only_on_postgresql
from tests.races import deeds, stage
from tests.races.processes import (
    HELD,
    Broke,
    Worker,
    all_at_once,
    held_at,
    hold_until_told,
    nobody_is_left,
    open_house,
)
from updates.models import ProgressItem

# SQLite lets only one write at a time: there, some of these races cannot be run at all.


@pytest.fixture(autouse=True)
def house(process_environment):
    open_house(process_environment)
    with nobody_is_left():
        yield


def start_correction(**fields):
    """An open draft of a public page; the fields are on both."""
    public = stage.make_public(**fields)
    draft = actions.start_edition(public.document, by=stage.author())
    return factories.change_draft(draft, by=stage.author(), change_note="A word.")


def redaction(draft) -> tuple:
    facts = {"by": stage.publisher(), "words": ["Jane Doe"], "reason": "A person was named."}
    return (deeds.act, "redact", [Document.objects.get(pk=draft.document_id)], facts)


def save_of(draft, field="in_short") -> tuple:
    return (deeds.save, draft, stage.author(), "TOKEN", field)


def test_a_form_that_was_open_does_not_bring_redacted_words_back():
    draft = start_correction(sorry_for="We are sorry, Jane Doe.")
    client = deeds.logged_in(stage.author())
    form = deeds.open_form(client, draft)
    actions.redact(
        draft.document, by=stage.publisher(), words=["Jane Doe"], reason="A person was named."
    )

    deeds.send(client, draft, form, "TOKEN", "in_short", stage.author())

    assert "Jane Doe" not in reload(draft).plain_text()


@only_on_postgresql
def test_a_redaction_does_not_undo_a_save_that_was_accepted():
    draft = start_correction(in_short="We are sorry, Jane Doe.")

    saved, _, _ = held_at("COMMIT", save_of(draft), redaction(draft), patience=1.5)

    assert saved.is_accepted == ("TOKEN" in reload(draft).in_short)


@only_on_postgresql
def test_a_redaction_leaves_the_digest_of_what_is_there():
    draft = start_correction(sorry_for="We are sorry, Jane Doe.")

    held_at("COMMIT", save_of(draft), redaction(draft), patience=1.5)

    assert reload(draft).digest == reload(draft).compute_digest()


def test_whoever_saves_after_a_publication_keeps_their_words():
    draft = stage.make_signed()
    client = deeds.logged_in(stage.author())
    form = deeds.open_form(client, draft)
    actions.publish(draft.release, by=stage.publisher())

    saved = deeds.send(client, draft, form, "TOKEN", "in_short", stage.author())

    assert (saved.status, saved.still_shows) == (409, True)


def test_whoever_saves_a_draft_that_was_thrown_away_keeps_their_words():
    draft = stage.make_draft()
    client = deeds.logged_in(stage.author())
    form = deeds.open_form(client, draft)
    actions.discard_draft(draft, by=stage.publisher())

    saved = deeds.send(client, draft, form, "TOKEN", "in_short", stage.author())

    assert (saved.status, saved.still_shows) == (409, True)


@only_on_postgresql
def test_sending_back_and_saving_at_once_is_no_error():
    draft = stage.make_signed()
    facts = {"by": stage.publisher(), "reason": "More."}
    send_back = (deeds.act, "return_to_author", [draft.release], facts)

    answers = held_at('UPDATE "publishing_edition"', send_back, save_of(draft), patience=1.5)

    assert [answer for answer in answers if isinstance(answer, Broke)] == []


@only_on_postgresql
@pytest.mark.parametrize("verb", ["publish", "schedule"])
def test_letting_it_out_and_saving_at_once_is_no_error(verb):
    """A signature that stands and no longer counts is voided on the way."""
    draft = stage.make_signed()
    hospital = factories.make_body("Hospital", short_name="Hospital", must_sign=False)
    nurse = factories.make_user("publisher", username="nurse", signs_for=hospital)
    actions.sign_off(draft.release, by=nurse)
    nurse.is_active = False
    nurse.save()
    facts = {"by": stage.publisher()}
    if verb == "schedule":
        facts["at"] = timezone.now() + dt.timedelta(days=1)
    let_out = (deeds.act, verb, [draft.release], facts)

    answers = held_at('UPDATE "publishing_edition"', let_out, save_of(draft), patience=1.5)

    assert [answer for answer in answers if isinstance(answer, Broke)] == []


@only_on_postgresql
def test_throwing_away_and_saving_at_once_is_no_error():
    draft = stage.make_draft()
    discard = (deeds.act, "discard_draft", [draft], {"by": stage.author()})

    answers = held_at(
        'DELETE FROM "updates_termlyupdate"', discard, save_of(draft, "items-0-body"), patience=1.5
    )

    assert [answer for answer in answers if isinstance(answer, Broke)] == []


def test_verifying_during_a_redaction_raises_no_alarm():
    edition = stage.make_public(sorry_for="We are sorry, Jane Doe.")

    faults, _, _ = held_at(
        'FROM "publishing_ledgertext"', (deeds.verify,), redaction(edition), patience=5
    )

    assert verification.faults() == []
    assert faults == []


def test_a_reader_does_not_wait_for_a_publisher_who_hangs():
    draft, at = stage.make_signed(), timezone.now() + dt.timedelta(seconds=1)
    stage.make_scheduled(at)
    hanging = Worker(
        deeds.publish, draft.release, stage.publisher(), at="COMMIT", do=hold_until_told
    )
    hanging.wait_until_ready()
    hanging.go()
    assert hanging.hear() == HELD
    reader = Worker(deeds.read_home, at)
    reader.wait_until_ready()

    reader.go()
    was_answered = reader.has_spoken(within=4)

    hanging.go()
    assert (hanging.end(), reader.end()) == ("publish", 200)
    assert was_answered


def test_what_families_have_seen_is_not_taken_off_the_schedule():
    at = timezone.now() + dt.timedelta(seconds=2)
    draft = stage.make_scheduled(at)
    facts = {"by": stage.publisher()}

    unscheduled = Worker(
        deeds.act, "unschedule", [draft.release], facts, at="COMMIT", do=hold_until_told
    )
    unscheduled.wait_until_ready()
    unscheduled.go()
    said = unscheduled.hear()
    deeds.wait_until(at)
    was_seen = is_seen(draft)
    if said == HELD:
        unscheduled.go()
        unscheduled.end()

    assert was_seen
    assert is_seen(draft)


def is_seen(edition) -> bool:
    return Edition.objects.as_of(moments.now()).filter(pk=edition.pk).exists()


def test_what_was_added_behind_the_signature_is_not_published():
    draft = stage.make_signed()
    ProgressItem.objects.create(edition=draft, section="better", title="Unsigned", body="Unsigned")

    with pytest.raises(actions.NotAllowed):
        actions.publish(draft.release, by=stage.publisher())


def test_a_due_page_raises_the_version_once_however_many_notice():
    at = timezone.now() + dt.timedelta(seconds=1)
    stage.make_scheduled(at)
    version = stage.version()

    all_at_once(deeds.notice_what_is_due, [(at,)] * 8)

    assert stage.version() == version + 1
