"""How a page changed: its editions, and what else the ledger says about it."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from django.db import models
from django.db.models import Prefetch, Q, QuerySet

from publishing.models import Edition, EditionQuerySet, LedgerEntry, LedgerText, Withdrawal
from publishing.moments import Moment
from publishing.pages import gone_or_missing

EDITIONS_A_PAGE = 50

Event = LedgerEntry.Event

# What families read, where the ledger's own word says less to them.
IN_PLAIN_WORDS = {
    Event.SMALL_FIX: "Spelling fixed",
    Event.REMOVED: "Taken down, with all its versions",
    Event.IMPORTED: "First published elsewhere",
}


class Standing(NamedTuple):
    """Where the document of an old edition stands at the moment."""

    ended_at: dt.datetime | None
    ended_words: str  # how a source dates what came next; empty where this site knows the day
    number: int | None
    withdrawal: Withdrawal | None


class Line(NamedTuple):
    at: dt.datetime
    event: str
    note: str
    role: str
    edition: Edition | None

    @property
    def before(self) -> int:
        """The number of the edition before this one."""
        return self.edition.number - 1 if self.edition else 0

    @property
    def source_date(self) -> str:
        """How its source dates it, if it stood elsewhere first; then `at` is no fact."""
        return self.edition.source_date if self.edition else ""


class HistoryPage(NamedTuple):
    edition: Edition
    lines: list[Line]
    standing_number: int | None
    older_than: int | None  # where the next page begins; None on the last

    @property
    def numbers(self) -> list[int]:
        """Of the editions that can be compared here, the oldest first."""
        return [line.edition.number for line in reversed(self.lines) if line.edition]


def past_edition(editions: EditionQuerySet, moment: Moment, slug: str, number: int) -> Edition:
    """One edition that has been public, of those of a kind. Raises Gone or Http404."""
    past = editions.ever_public(moment)
    edition = past.filter(document__slug=slug, number=number).first()
    if edition is None:
        raise gone_or_missing(editions.model, moment, slug, in_past=True)
    return edition


def standing_of(edition: Edition, moment: Moment) -> Standing:
    ended_at = edition.superseded_at
    # An end that is still to come belongs to a scheduled edition: nobody's business yet.
    has_ended = ended_at is not None and ended_at <= moment.at
    return Standing(
        ended_at=ended_at if has_ended else None,
        ended_words=source_date_of_the_next(edition) if has_ended else "",
        number=standing_number(edition, moment),
        withdrawal=Withdrawal.objects.in_force(moment).filter(document=edition.document_id).first(),
    )


def source_date_of_the_next(edition: Edition) -> str:
    following = Edition.objects.filter(document=edition.document_id, number=edition.number + 1)
    return following.values_list("source_date", flat=True).first() or ""


def standing_number(edition: Edition, moment: Moment) -> int | None:
    standing = Edition.objects.as_of(moment).filter(document=edition.document_id)
    return standing.values_list("number", flat=True).first()


def edition_number(text: str) -> int | None:
    """A number small enough for every database, or None for anything else."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def history(kind: EditionQuerySet, moment: Moment, slug: str, *, before: int | None) -> HistoryPage:
    """All that happened to one page of a kind in public, newest first. Raises Gone or Http404."""
    editions = (
        kind.ever_public(moment)
        .filter(document__slug=slug)
        .select_related("document")
        .order_by("-number")
        .fetch_mode(models.FETCH_RAISE)
    )
    if before is not None:
        editions = editions.filter(number__lt=before)
    found = list(editions[: EDITIONS_A_PAGE + 1])
    if not found:
        raise gone_or_missing(kind.model, moment, slug, in_past=True)
    shown, has_older = found[:EDITIONS_A_PAGE], len(found) > EDITIONS_A_PAGE
    since = shown[-1].published_at if has_older else None
    until = shown[0].superseded_at if before is not None else None
    return HistoryPage(
        edition=shown[0],
        lines=lines(shown, moment, before=found[len(shown) :], since=since, until=until),
        standing_number=standing_number(shown[0], moment),
        older_than=shown[-1].number if has_older else None,
    )


def removals(edition: Edition, moment: Moment) -> list[Line]:
    """When personal details were removed from the page, and why; newest first."""
    entries = with_notes(
        LedgerEntry.objects.filter(
            document=edition.document_id, event=Event.REDACTED, effective_at__lte=moment.at
        )
    )
    found = {
        entry.effective_at: Line(
            entry.effective_at, in_plain_words(entry.event), note_of(entry), entry.role, None
        )
        for entry in entries.order_by("-id")
    }
    return list(found.values())


def lines(
    editions: list[Edition], moment: Moment, *, before: list[Edition], since, until
) -> list[Line]:
    """One line per edition; between them, withdrawals and the like from the same time.

    `before` holds the edition before the oldest of them, if there is one.
    """
    older = [*editions[1:], *before, None]
    entries = ledger_beside(editions, moment, since=since, until=until)
    roles = {entry.edition_id: entry.role for entry in entries if is_appearance(entry)}
    of_editions = [
        Line(
            # Only a preview shows an edition without a date.
            edition.published_at or moment.at,
            event_of(edition, predecessor),
            edition.change_note,
            roles.get(edition.pk, ""),
            edition,
        )
        for edition, predecessor in zip(editions, older, strict=False)
    ]
    of_document = [
        Line(entry.effective_at, in_plain_words(entry.event), note_of(entry), entry.role, None)
        for entry in entries
        if not is_appearance(entry)
    ]
    return sorted([*of_editions, *of_document], key=lambda line: line.at, reverse=True)


def ledger_beside(editions: list[Edition], moment: Moment, *, since, until) -> list[LedgerEntry]:
    """The lines by which the editions appeared, and the document's other lines of that time."""
    appeared = Q(edition__in=editions, event__in=LedgerEntry.APPEARANCES)
    other = Q(document=editions[0].document_id) & ~Q(event__in=LedgerEntry.APPEARANCES)
    other &= Q(effective_at__lte=moment.at)
    if since is not None:
        other &= Q(effective_at__gte=since)
    if until is not None:
        other &= Q(effective_at__lt=until)
    return list(with_notes(LedgerEntry.objects.filter(appeared | other).order_by("id")))


def is_appearance(entry: LedgerEntry) -> bool:
    return entry.event in LedgerEntry.APPEARANCES


def event_of(edition: Edition, before: Edition | None) -> str:
    """From the editions' own facts: a scheduled one is public before its line is written."""
    if edition.number == 1:
        return in_plain_words(Event.IMPORTED if edition.is_imported else Event.PUBLISHED)
    if edition.is_minor:
        return in_plain_words(Event.SMALL_FIX)
    event = edition.event_after(before) if before else Event.CORRECTED
    return edition.LATER_EDITION_IS_CALLED if event == Event.CORRECTED else in_plain_words(event)


def in_plain_words(event: str) -> str:
    return IN_PLAIN_WORDS.get(Event(event), Event(event).label)


def newest_correction(edition: Edition) -> Edition | None:
    """The edition that last changed what the page says; a small fix is no news to readers."""
    if edition.number == 1:
        return None
    if not edition.is_minor:
        return edition
    earlier = Edition.objects.filter(document=edition.document_id, number__lt=edition.number)
    meant = earlier.filter(number__gt=1, is_minor=False, published_at__isnull=False)
    return meant.order_by("-number").first()


def with_notes(entries: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry]:
    """For `note_of`: of all the words of a line, the note alone."""
    return entries.prefetch_related(Prefetch("texts", LedgerText.objects.filter(name="note")))


def note_of(entry: LedgerEntry) -> str:
    """Of a line that comes `with_notes`. Empty too when the note's words were removed."""
    return next((text.text for text in entry.texts.all()), "")
