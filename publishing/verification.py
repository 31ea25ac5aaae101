"""Verifying the ledger: what stands in the tables is what it says was published."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Exists, Model, OuterRef, Q
from django.utils import timezone

from publishing.attachments import shown_by
from publishing.ledger import Event, newest
from publishing.models import (
    Attachment,
    Document,
    Edition,
    LedgerEntry,
    LedgerText,
    SiteVersion,
    Withdrawal,
)
from publishing.richtext import derived_fields

DOWN = (Event.WITHDRAWN, Event.REMOVED)
VERIFY_AGAIN = 5


@dataclass(frozen=True)
class Fault:
    """What does not verify: the line of the ledger (None: a page without a line) and why."""

    line: int | None
    why: str
    what: str = ""  # of the page: the public record names it in one word or two

    def __str__(self):
        return f"Line {self.line}: {self.why}" if self.line else self.why


def faults() -> list[Fault]:
    """Recomputes every digest of the ledger and of every public edition.

    Empty means: nothing public was altered, removed or added behind the ledger's back. A redacted
    text is missing by right; a due edition whose line is not yet written is accepted.
    """
    for _ in range(VERIFY_AGAIN):
        version = SiteVersion.objects.get(pk=1).number
        found = [
            *verify_chain(),
            *verify_addresses(),
            *verify_editions(),
            *verify_withdrawals(),
            *verify_files(),
        ]
        if not found or SiteVersion.objects.get(pk=1).number == version:
            break  # otherwise somebody published between two of the questions
    return found


def verify_chain() -> Iterator[Fault]:
    previous, number = "", 0
    last_redaction = dict(
        LedgerEntry.objects.filter(event=Event.REDACTED)
        .order_by("id")
        .values_list("document_id", "id")
    )
    for entry in (
        LedgerEntry.objects.select_related("document", "edition")
        .prefetch_related("texts")
        .order_by("id")
        .iterator(chunk_size=500)
    ):
        number += 1
        if entry.id != number:
            yield Fault(entry.id, f"line {number} is missing before it.")
            number = entry.id
        if entry.previous_digest != previous:
            yield Fault(entry.id, "it does not follow the line before it.")
        if entry.digest != entry.compute_digest():
            yield Fault(entry.id, "a column was altered.")
        yield from verify_owner(entry)
        yield from verify_texts(entry, last_redaction.get(entry.document_id, 0))
        previous = entry.digest
    version = SiteVersion.objects.get(pk=1)
    if (version.newest_line, version.newest_digest) != (number, previous):
        yield Fault(version.newest_line, "it was the newest line, and the record ends elsewhere.")


def verify_owner(entry: LedgerEntry) -> Iterator[Fault]:
    """The row's foreign keys are outside its digest, but must name what its columns name."""
    document, edition = entry.document, entry.edition
    if (document.key, document.kind) != (entry.document_key, entry.document_kind):
        yield Fault(entry.id, "it was moved to another page.")
    if (edition.number if edition else None) != entry.edition_number or (
        edition and edition.document_id != document.id
    ):
        yield Fault(entry.id, "it was moved to another edition.")


def verify_texts(entry: LedgerEntry, last_redaction: int) -> Iterator[Fault]:
    texts = {text.name: text for text in entry.texts.all()}
    for name in LedgerEntry.TEXTS:
        digest, text = getattr(entry, f"{name}_digest"), texts.get(name)
        if text is None:
            if digest and last_redaction <= entry.id:
                yield Fault(entry.id, f"its {name} is missing without a redaction.")
        elif text.compute_digest() != digest:
            yield Fault(entry.id, f"its {name} was altered.")


def verify_addresses(documents: Collection[int] | None = None) -> Iterator[Fault]:
    """Each page, or each of those named, stands at the address that its newest line names."""
    known: dict[int, tuple[int, str]] = {}
    slugs = LedgerText.objects.filter(name="slug").order_by("entry_id")
    if documents is not None:
        slugs = slugs.filter(entry__document__in=documents)
    for line, pk, slug in slugs.values_list("entry_id", "entry__document_id", "text"):
        known[pk] = (line, slug)
    for document in Document.objects.filter(pk__in=known).iterator():
        line, slug = known[document.pk]
        if document.slug != slug:
            why = f"the address “{slug}” was altered to “{document.slug}”."
            yield Fault(line, why, "address")


def verify_editions() -> Iterator[Fault]:
    """What stands in the tables is what the ledger says was published."""
    last, now = newest(), timezone.now()
    has_line = Exists(LedgerEntry.objects.filter(edition=OuterRef("pk")))
    editions = (
        Edition.objects.filter(Q(published_at__isnull=False) | has_line)
        .select_related("document", "release__signed_through")
        .order_by("document", "number")
    )
    for _, of_document in groupby(editions.iterator(chunk_size=500), key=attrgetter("document_id")):
        predecessor = None
        for edition in of_document:
            lines = list(edition.ledger.order_by("id"))
            if lines:
                yield from verify_edition(edition, predecessor, lines)
            elif last and edition.stands_by(min(now, last.recorded_at)):
                yield Fault(None, f"{edition.document.slug} edition {edition.number} has no line.")
            yield from verify_succession(predecessor, edition)
            predecessor = edition
        yield from verify_succession(predecessor, None)


def verify_edition(
    edition: Edition, before: Edition | None, lines: list[LedgerEntry]
) -> Iterator[Fault]:
    """An edition is what its own lines say, and takes over what the one before it had."""
    which = f"edition {edition.number} of {edition.document.slug}"
    try:
        concrete, before = edition.concrete, before and before.concrete
    except (LookupError, ObjectDoesNotExist):
        why = f"{which} is not what it was: its kind or its rows are gone."
        yield Fault(lines[0].id, why, "kind")
        return
    latest = [line for line in lines if line.edition_digest][-1]
    yield from verify_content(concrete, latest, which)
    if not takes_over(concrete, before):
        why = f"what {which} takes over from the edition before it was altered."
        yield Fault(latest.id, why, "earlier facts")
    yield from verify_signatures(edition, lines, which)
    yield from verify_origin(edition, lines[0], which)


def verify_content(concrete: Edition, latest: LedgerEntry, which: str) -> Iterator[Fault]:
    """What was signed, and what is made from it: the plain text and the HTML."""
    if concrete.digest != latest.edition_digest or concrete.digest != concrete.compute_digest():
        yield Fault(latest.id, f"{which} was altered.", "content")
    if concrete.text != concrete.plain_text():
        yield Fault(latest.id, f"the plain text of {which} was altered.", "plain text")
    if not all(is_made_from_its_text(row) for row in (concrete, *concrete.parts())):
        why = (
            f"the HTML of {which} is not made from its text. After an upgrade, run "
            "`manage.py rerender`."
        )
        yield Fault(latest.id, why, "HTML")


def takes_over(concrete: Edition, before: Edition | None) -> bool:
    """It was made from the edition before it, and has its facts."""
    wanted = concrete.carried_on(before)
    has_all = all(getattr(concrete, name) == value for name, value in wanted.items())
    return has_all and concrete.based_on_id == (before.pk if before else None)


def verify_signatures(edition: Edition, lines: list[LedgerEntry], which: str) -> Iterator[Fault]:
    under = [line for line in lines if line.event in (*LedgerEntry.APPEARANCES, Event.SIGNED)]
    signed = under[-1] if under else lines[0]
    if not signed.signatures_digest:
        yield Fault(signed.id, f"{which} became public without a signature.", "signatures")
    elif signed.signatures_digest != edition.signing_release.signatures_digest():
        yield Fault(signed.id, f"the signatures under {which} were altered.", "signatures")


def verify_origin(edition: Edition, appeared: LedgerEntry, which: str) -> Iterator[Fault]:
    """When it was published, and whether that was here or elsewhere."""
    if appeared.effective_at != edition.published_at:
        why = f"{which} now has another date of publication."
        yield Fault(appeared.id, why, "date of publication")
    was_imported = appeared.event == Event.IMPORTED
    if was_imported != edition.is_imported or (
        was_imported and edition.imported_at != appeared.recorded_at
    ):
        why = f"{which} was made to look imported, or not imported."
        yield Fault(appeared.id, why, "origin")


def is_made_from_its_text(row: Model) -> bool:
    """What families see is made from what was signed, and from nothing else."""
    return all(
        getattr(row, field.attname) == field.made_from(row) for field in derived_fields(type(row))
    )


def verify_withdrawals(documents: Collection[int] | None = None) -> Iterator[Fault]:
    """Each time a page went down or came back has its line, and each such line its fact."""
    facts = Withdrawal.objects.select_related("document").order_by("from_at")
    lines = LedgerEntry.objects.filter(event__in=(*DOWN, Event.CAME_BACK)).prefetch_related("texts")
    if documents is not None:
        facts = facts.filter(document__in=documents)
        lines = lines.filter(document__in=documents)
    unused: dict[tuple, LedgerEntry] = {
        (line.document_id, line.event == Event.CAME_BACK, line.effective_at): line for line in lines
    }
    for fact in facts:
        went = unused.pop((fact.document_id, False, fact.from_at), None)
        if went is None:
            newest_line = fact.document.ledger.order_by("-id").first()
            why = f"{fact.document.slug} was taken down without a line."
            yield Fault(newest_line.id if newest_line else None, why, "withdrawal")
            continue
        for why in verify_withdrawal(fact, went, unused):
            yield Fault(went.id, why, "withdrawal")
    for line in unused.values():
        yield Fault(line.id, "the page does not stand as this line says.", "withdrawal")


def verify_withdrawal(
    fact: Withdrawal, went: LedgerEntry, unused: dict[tuple, LedgerEntry]
) -> Iterator[str]:
    """Takes from the `unused` lines those that belong to the withdrawal."""
    reason = next((text.text for text in went.texts.all() if text.name == "note"), None)
    if reason is not None and reason != fact.reason:
        yield "the reason was altered."
    reached = went.event == Event.REMOVED
    for key, line in list(unused.items()):
        # A later line of the same withdrawal by which it also reached the past.
        if line.event == Event.REMOVED and fact.covers(line.document_id, line.effective_at):
            reached = True
            del unused[key]
    if reached != fact.reaches_past:
        yield "whether it reaches the past was altered."
    came = unused.pop((fact.document_id, True, fact.until_at), None)
    if (came is not None) != (fact.until_at is not None) or (
        came is not None and bool(came.note_digest) != fact.was_reversed
    ):
        yield "when and how the page came back was altered."


def verify_files() -> Iterator[Fault]:
    """The bytes of every public file are the bytes that its name promises."""
    public = Edition.objects.filter(ledger__isnull=False)
    for file in Attachment.objects.filter(shown_by(public)):
        uses = Q(files__attachment=file) | Q(pictures__attachment__in=[file.pk, file.copy_of_id])
        line = LedgerEntry.objects.filter(edition__in=Edition.objects.filter(uses)).latest("id")
        try:
            with file.file.open("rb") as stored:
                digest = hashlib.file_digest(stored, "sha256").hexdigest()
        except FileNotFoundError:
            yield Fault(line.id, f"the file {file} is gone.")
        else:
            if digest != file.digest:
                yield Fault(line.id, f"the file {file} was altered.")


def verify_succession(earlier: Edition | None, later: Edition | None) -> Iterator[Fault]:
    """Editions follow each other by number and without a gap in time; the newest has no end."""
    number, end = (earlier.number, earlier.superseded_at) if earlier else (0, None)
    is_next = later is None or later.number == number + 1
    begins = later.published_at if earlier and later else None
    if is_next and end == begins:
        return
    for edition in [e for e in (earlier, later) if e][:1]:
        line = edition.ledger.order_by("-id").first()
        why = f"{edition.document.slug}: edition {number} does not end where the next one begins."
        yield Fault(line.id if line else None, why, "end")
