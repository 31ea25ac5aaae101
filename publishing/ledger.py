"""Writing the ledger, line after line under the publishing lock."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from publishing.models import (
    Body,
    Document,
    Edition,
    LedgerEntry,
    LedgerText,
    Release,
    SiteVersion,
)
from publishing.models.outside import speaker_of

Event = LedgerEntry.Event


def newest() -> LedgerEntry | None:
    return LedgerEntry.objects.order_by("-id").first()


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What a line is to say.

    About an edition it carries the edition's title and text, and for a note what the edition says
    of itself; about a page alone, the title by which the public knew it. `note` is said instead.
    `body`: for whom it was done, where the person may act for several.
    """

    event: Event
    document: Document
    by: Any
    effective_at: dt.datetime
    edition: Edition | None = None
    note: str = ""
    body: Body | None = None


def append(deeds: Iterable[Deed], *, recorded_at: dt.datetime) -> None:
    """Writes a line for each, with its words, after the one before. Needs the publishing lock.

    Words enter only beside the newest line, so each line takes two queries. What editions of one
    release, published by one person, have in common is asked once.
    """
    last = newest()
    number, digest = (last.id, last.digest) if last else (0, "")
    role, signatures = cache(role_of), cache(Release.signatures_digest)
    for deed in deeds:
        number += 1
        edition, document = deed.edition, deed.document
        said = words(deed, recorded_at)
        entry = LedgerEntry(
            id=number,
            document=document,
            document_key=document.key,
            document_kind=document.kind,
            edition=edition,
            edition_number=edition.number if edition else None,
            event=deed.event,
            effective_at=deed.effective_at,
            recorded_at=recorded_at,
            role=role(deed.by, deed.body),
            edition_digest=edition.digest if edition else "",
            signatures_digest=signatures(edition.signing_release) if edition else "",
            previous_digest=digest,
            **{f"{text.name}_digest": text.compute_digest() for text in said},
        )
        digest = entry.digest = entry.compute_digest()
        entry.save(force_insert=True)
        for text in said:
            text.entry = entry
        LedgerText.objects.bulk_create(said)
    SiteVersion.objects.filter(pk=1).update(newest_line=number, newest_digest=digest)


def words(deed: Deed, recorded_at: dt.datetime) -> list[LedgerText]:
    """The words of a line, each under a new salt; a line has no row for an empty text."""
    document, edition = deed.document, deed.edition
    shown = edition or document.editions.filter(published_at__lte=recorded_at).latest("number")
    texts = {
        "slug": document.slug,
        "title": shown.title,
        "note": deed.note or (edition.public_note if edition else ""),
        "text": edition.text if edition else "",
    }
    return [LedgerText(name=name, text=text) for name, text in texts.items() if text]


def role_of(user, body: Body | None = None) -> str:
    """By which role, in words for the public; never a name. The body is the user's own, if any."""
    if speaker := speaker_of(user):
        return speaker
    signer = None if body else user.signer_for.select_related("body").first()
    role = "publisher" if user.has_perm("publishing.publish_release") else "staff"
    body = signer.body if signer else body
    return f"{role}, {body}" if body else role
