"""The writes that several verbs share. All of them need the publishing lock."""

import datetime as dt

from django.db.models import Max
from django.utils import timezone

from publishing import ledger
from publishing.actions.lock import Lock, NotAllowed
from publishing.models import (
    Attachment,
    Document,
    Edition,
    EditionEditor,
    EditionPicture,
    Release,
    SignOff,
    Withdrawal,
)

THE_LEAST = dt.timedelta(microseconds=1)  # that a database keeps of a moment


def newest_public(document: Document, now: dt.datetime) -> Edition | None:
    return document.editions.out_by(now).order_by("-number").first()


def note_editor(edition: Edition, by) -> None:
    EditionEditor.objects.bulk_create(
        [EditionEditor(edition_id=edition.pk, user=by)],
        update_conflicts=True,
        unique_fields=["edition", "user"],
        update_fields=["at"],
    )


def void_signatures(release: Release, *, but=()) -> None:
    """Voids all signatures under a draft, or all but those that still count."""
    kept = [sign_off.pk for sign_off in but]
    standing = SignOff.objects.filter(release=release, voided_at=None).exclude(pk__in=kept)
    # Most drafts have none; whether any page has appeared takes longer the more go out together.
    if standing.exists() and not release.editions.filter(ledger__isnull=False).exists():
        standing.update(voided_at=timezone.now())


def seal_draft(edition: Edition) -> None:
    """Stores the plain text and the digest of what was just saved."""
    stored = edition.document.kind_model._base_manager.get(pk=edition.pk)
    stored.known_parts = stored.parts()  # its words, its digest and its pictures are of the same
    edition.text = stored.text = stored.plain_text()
    edition.digest = stored.compute_digest()
    Edition.objects.filter(pk=edition.pk).update(text=edition.text, digest=edition.digest)
    note_pictures(stored)


def note_pictures(edition: Edition) -> None:
    """Keeps which pictures the texts show, so that each file knows who shows it."""
    digests = {picture.digest for _, picture in edition.all_pictures()}
    wanted = set(Attachment.objects.filter(digest__in=digests).values_list("pk", flat=True))
    noted = set(edition.pictures.values_list("attachment", flat=True))
    if noted - wanted:
        edition.pictures.filter(attachment__in=noted - wanted).delete()
    EditionPicture.objects.bulk_create(
        EditionPicture(edition_id=edition.pk, attachment_id=pk) for pk in sorted(wanted - noted)
    )


def begin(editions: list[Edition], *, at: dt.datetime, by) -> None:
    """Sets when editions begin and by whom, also on what we hold; and their predecessors' end."""
    before = Edition.objects.filter(document__in=[edition.document_id for edition in editions])
    before.exclude(published_at=None).filter(superseded_at=None).update(superseded_at=at)
    for edition in editions:
        # The version is compared: a draft saved since it was checked is not published.
        began = Edition.objects.filter(
            pk=edition.pk, version=edition.version, published_at=None
        ).update(published_at=at, published_by=by)
        if not began:
            raise NotAllowed("publish this", "it was changed at this moment. Read it again.")
        edition.published_at, edition.published_by = at, by


def at_once(editions: list[Edition], lock: Lock) -> dt.datetime:
    """Now, but never at or before what it replaces: a clock may have been set back."""
    documents = [edition.document_id for edition in editions]
    newest = Edition.objects.filter(document__in=documents).aggregate(at=Max("published_at"))["at"]
    return max(lock.now, newest + THE_LEAST) if newest else lock.now


def take_off_schedule(release: Release) -> None:
    """What came before each edition stands again, without an end."""
    for edition in release.editions.all():
        Edition.objects.filter(pk=edition.pk).update(published_at=None, published_by=None)
        Edition.objects.filter(
            document=edition.document_id, superseded_at=edition.published_at
        ).update(superseded_at=None)


def end_withdrawal(withdrawal: Withdrawal, by, lock: Lock, *, is_reversed: bool = False) -> None:
    """`is_reversed`: also what it had removed from the past is readable again."""
    # Never before it went down: a clock may have been set back.
    at = max(lock.now, withdrawal.from_at + THE_LEAST)
    Withdrawal.objects.filter(pk=withdrawal.pk).update(
        until_at=at, ended_by=by, was_reversed=is_reversed
    )
    deed = ledger.Deed(
        event=ledger.Event.CAME_BACK,
        document=withdrawal.document,
        by=by,
        effective_at=at,
        note="What it said before can be read again too." if is_reversed else "",
    )
    ledger.append([deed], recorded_at=lock.recorded_at)
