"""The ledger as the public reads it: its lines with their words, newest first."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Case, Exists, OuterRef, Prefetch, When

from publishing import ledger
from publishing.history import event_of, in_plain_words, is_appearance
from publishing.models import Edition, LedgerEntry, LedgerText, Withdrawal
from publishing.models.editions import kinds
from publishing.moments import Moment

Event = LedgerEntry.Event


@dataclass
class Line:
    """One line in plain words. `title` is empty, and there is no link, for what was removed."""

    entry: Any  # of `recorded`
    title: str
    note: str
    says: list[str] = field(default_factory=list)  # what moved, as sentences
    edition: Edition | None = None  # of a kind that says what moved, with the one before it
    before: Edition | None = None

    @property
    def number(self) -> int:
        return self.entry.pk

    @property
    def at(self) -> dt.datetime:
        """When this site learned it."""
        return self.entry.recorded_at

    @property
    def event(self) -> str:
        """What happened, as the page's own history calls it."""
        if self.is_later_import and self.edition:
            return event_of(self.edition, self.before)
        if self.entry.event == Event.CORRECTED or self.is_later_import:
            return apps.get_model(self.entry.document_kind).LATER_EDITION_IS_CALLED
        return in_plain_words(self.entry.event)

    @property
    def is_later_import(self) -> bool:
        """Elsewhere, too, the page was there already: this changed it."""
        return self.entry.event == Event.IMPORTED and (self.entry.edition_number or 0) > 1

    @property
    def kind_name(self) -> str:
        return str(apps.get_model(self.entry.document_kind).public_name())

    @property
    def in_one_line(self) -> str:
        """“Promise, new date: Write EHC plans in 20 weeks”."""
        return f"{self.kind_name}. {self.event}{f': {self.title}' if self.title else ''}"

    @property
    def url(self) -> str | None:
        """Where the words of that day can be read: the edition, or the page's whole history."""
        if self.entry.is_removed:
            return None
        kind, slug = apps.get_model(self.entry.document_kind), self.entry.document.slug
        return kind.history_url(slug, self.entry.edition_number)


def recorded(moment: Moment) -> models.QuerySet[Any]:
    """What the ledger said at the moment, each line with whether its words were removed since."""
    return every_line().filter(recorded_at__lte=moment.at)


def every_line() -> models.QuerySet[Any]:
    """The whole ledger, each line with whether its words were removed since.

    A line about an edition goes with it. Any other names the page as its newest edition then did:
    also the line of the removal itself.
    """
    removals = Withdrawal.objects.removing_past().filter(document=OuterRef("document"))
    newer = Edition.objects.filter(
        document=OuterRef("document"),
        published_at__gte=OuterRef("from_at"),
        published_at__lte=OuterRef(OuterRef("effective_at")),
    )
    of_edition = removals.filter(from_at__gt=OuterRef("edition__published_at"))
    is_removed = Case(
        When(edition=None, then=Exists(removals.exclude(Exists(newer)))),
        default=Exists(of_edition),
        output_field=models.BooleanField(),
    )
    return LedgerEntry.objects.annotate(is_removed=is_removed)


def in_words(entries: models.QuerySet[Any], moment: Moment) -> list[Line]:
    """The lines in plain words. As many queries for a thousand lines as for one of each kind."""
    short = LedgerText.objects.filter(name__in=["title", "note"])
    found = list(
        entries.select_related("document", "edition")
        .prefetch_related(Prefetch("texts", short))
        .fetch_mode(models.FETCH_RAISE)
    )
    lines = [line_of(entry) for entry in found]
    pairs = with_the_one_before([e for e in found if is_appearance(e) and not e.is_removed], moment)
    says = changes(pairs)
    moved = {number: pair for of_kind in pairs.values() for number, pair in of_kind.items()}
    for line in lines:
        line.says = says.get(line.entry.pk, [])
        line.edition, line.before = moved.get(line.entry.pk, (None, None))
    return lines


def line_of(entry: Any) -> Line:
    texts = {text.name: text.text for text in words_left(entry)}
    if entry.is_removed:
        return Line(entry, "", texts.get("note", ""))
    # A redacted title is gone from its line; the page itself has the one that is left.
    title = texts.get("title") or (entry.edition.title if entry.edition else "")
    return Line(entry, title, texts.get("note", ""))


def words_left(entry: Any) -> list[LedgerText]:
    """A line's words but for those that were removed: why a page went stays to be read."""
    texts = list(entry.texts.all())
    if not entry.is_removed:
        return texts
    return [text for text in texts if text.name == "note" and not entry.edition_id]


type Pairs = dict[type[Edition], dict[int, tuple[Any, Any]]]


def with_the_one_before(appeared: Iterable[LedgerEntry], moment: Moment) -> Pairs:
    """By line, its edition and the one before it, of kinds that say what moved. One query."""
    talkative = {kind._meta.label_lower: kind for kind in kinds() if kind.says_what_moved()}
    wanted: dict[tuple[int, int], LedgerEntry] = {
        (entry.document_id, entry.edition_number): entry
        for entry in appeared
        if entry.edition_number
    }
    numbers = {n for _, number in wanted for n in (number, number - 1)}
    rows = (
        Edition.objects.ever_public(moment)
        .filter(document__in={document for document, _ in wanted}, number__in=numbers)
        .select_related(*(str(kind._meta.model_name) for kind in talkative.values()))
    )
    known = {(row.document_id, row.number): row for row in rows}
    pairs: Pairs = defaultdict(dict)
    for (document, number), entry in wanted.items():
        if (kind := talkative.get(entry.document_kind)) and (document, number) in known:
            name = str(kind._meta.model_name)
            before = known.get((document, number - 1))
            now = getattr(known[document, number], name)
            pairs[kind][entry.pk] = now, before and getattr(before, name)
    return pairs


def changes(pairs: Pairs) -> dict[int, list[str]]:
    """By line, what its edition moved, in the words of its kind."""
    return {
        line: sentences
        for kind, of_kind in pairs.items()
        for line, sentences in kind.what_moved(of_kind).items()
    }


def newest_in_words() -> str:
    """The newest line and its digest, for feeds and mails; empty while there is none.

    Whoever keeps it can tell later whether the record up to that line was rewritten.
    """
    newest = ledger.newest()
    return f"Line {newest.pk} of the record: {newest.digest}" if newest else ""
