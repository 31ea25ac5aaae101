"""Writing the ledger, one line at a time under the publishing lock."""

import datetime as dt

from publishing.models import Body, Document, Edition, LedgerEntry, LedgerText, SiteVersion
from publishing.models.outside import speaker_of

Event = LedgerEntry.Event


def newest() -> LedgerEntry | None:
    return LedgerEntry.objects.order_by("-id").first()


def append(
    event: Event,
    *,
    document: Document,
    by,
    effective_at: dt.datetime,
    recorded_at: dt.datetime,
    edition: Edition | None = None,
    note: str = "",
    body: Body | None = None,
) -> LedgerEntry:
    """Writes one line and its words. The caller holds the publishing lock.

    A line about an edition carries the edition's title, text and change note; any other carries
    `note` and the title by which the public knew the page. `body`: for whom it was done, where the
    person may act for several.
    """
    last = newest()
    texts = words(document, edition, note, recorded_at)
    entry = LedgerEntry(
        id=last.id + 1 if last else 1,
        document=document,
        document_key=document.key,
        document_kind=document.kind,
        edition=edition,
        edition_number=edition.number if edition else None,
        event=event,
        effective_at=effective_at,
        recorded_at=recorded_at,
        role=role_of(by, body),
        edition_digest=edition.digest if edition else "",
        signatures_digest=edition.signing_release.signatures_digest() if edition else "",
        previous_digest=last.digest if last else "",
        **{f"{text.name}_digest": text.compute_digest() for text in texts},
    )
    entry.digest = entry.compute_digest()
    entry.save(force_insert=True)
    for text in texts:
        text.entry = entry
    LedgerText.objects.bulk_create(texts)
    SiteVersion.objects.filter(pk=1).update(newest_line=entry.id, newest_digest=entry.digest)
    return entry


def words(
    document: Document, edition: Edition | None, note: str, recorded_at: dt.datetime
) -> list[LedgerText]:
    """The words of a line, each under a new salt; a line has no row for an empty text."""
    shown = edition or document.editions.filter(published_at__lte=recorded_at).latest("number")
    texts = {
        "slug": document.slug,
        "title": shown.title,
        "note": note or (edition.public_note if edition else ""),
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
