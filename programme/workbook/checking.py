"""What a file would do, row by row, before it does anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from programme import loose_dates
from programme.loose_date_fields import LooseDateField
from programme.loose_dates import Unreadable
from programme.models import Milestone
from programme.references import highest_number
from programme.spreadsheets import Cell, Row
from programme.spreadsheets.cells import normal
from programme.workbook.columns import AREAS, BY_NAME, REF, Column, cells_by_column
from programme.workbook.known import CannotTake, Kept, Known
from publishing.keystrokes import as_kept

# What a promise cannot be drafted without; everything else its own page asks for.
NEEDED = {
    "title": "It does not say what is promised.",
    "kind": "It does not say what kind of promise it is: choose one for the whole file.",
    "body_id": "It does not say whose promise it is: choose a body for the whole file.",
}
LOST_A_NOUGHT = "Excel turns 1.10 into 1.1. Make this column text, and write the reference again."


class Verdict(models.TextChoices):
    UNREADABLE = "unreadable", "Cannot be read"
    ALIKE = "alike", "Is this the same as …?"
    CHANGED = "changed", "Changed"
    NEW = "new", "New"
    SAME = "same", "The same"


@dataclass(frozen=True)
class Fault:
    """Why a row cannot be taken: where in their file, and what to do."""

    where: str
    heading: str
    why: str


@dataclass(frozen=True)
class Change:
    column: Column
    old: str
    new: str


@dataclass
class CheckedRow:
    number: int
    ref: str = ""
    title: str = ""
    kept: Kept | None = None
    like: Kept | None = None
    values: dict = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def verdict(self) -> Verdict:
        if self.faults:
            return Verdict.UNREADABLE
        if self.like is not None:
            return Verdict.ALIKE
        if self.kept is None:
            return Verdict.NEW
        return Verdict.CHANGED if self.changes else Verdict.SAME

    @property
    def will_be_drafted(self) -> bool:
        return self.verdict in {Verdict.NEW, Verdict.CHANGED}


@dataclass(frozen=True)
class Check:
    """Compares the rows of one file with the plan as staff have it.

    `columns` says which of our columns each heading means; `defaults` what a file without such a
    column means; `decisions` which promise a row that resembles one is (by row number: its
    reference, or empty for a promise of its own).
    """

    columns: Mapping[str, str]
    known: Known
    defaults: Mapping[str, object] = field(default_factory=dict)
    decisions: Mapping[int, str] = field(default_factory=dict)

    def rows(self, rows: Iterable[Row]) -> list[CheckedRow]:
        checked: list[CheckedRow] = []
        seen: dict[str, int] = {}
        before = ""
        for row in rows:
            found = self.row(row)
            key = found.ref.casefold()
            is_number = self.has_number_for(REF, row)
            if key and key in seen:
                hint = f" {LOST_A_NOUGHT}" if is_number else ""
                why = f"Row {seen[key]} has the same reference. Change one.{hint}"
                found.faults.append(self.fault(row, REF, why))
            elif is_number and follows_with_a_nought(key, before):
                found.faults.append(self.fault(row, REF, LOST_A_NOUGHT))
            seen.setdefault(key, row.number)
            before = key
            checked.append(found)
        self.give_references(checked)
        return checked

    def row(self, row: Row) -> CheckedRow:
        cells = cells_by_column(row.cells, dict(self.columns))
        found = CheckedRow(row.number)
        for name, cell in cells.items():
            try:
                if cell.fault:
                    raise CannotTake(cell.fault)
                found.values[name] = BY_NAME[name].take(cell.text, self.known)
            except CannotTake as why:
                found.faults.append(self.fault(row, name, str(why)))
        found.title = cells["title"].text if "title" in cells else ""
        self.find_promise(found)
        drop_known_first_date(found)
        if found.kept is None:
            self.complete(row, found)
        else:
            found.ref = found.kept.edition.ref
            found.title = found.title or found.kept.edition.title
            found.changes = list(self.differences(found, found.kept, cells))
        return found

    def find_promise(self, found: CheckedRow) -> None:
        own_ref = found.values.pop(REF, "")
        found.ref = self.decisions.get(found.number) or own_ref
        found.kept = self.known.promises.get(found.ref.casefold())
        if not found.ref:
            found.kept = self.known.by_title.get(normal(found.title))
        if found.kept is None and found.number not in self.decisions:
            found.like = self.known.like(found.title)

    def differences(
        self, found: CheckedRow, kept: Kept, cells: Mapping[str, Cell]
    ) -> Iterator[Change]:
        """Leaves among the values only those that are new."""
        for name, value in list(found.values.items()):
            if is_same(kept, name, value):
                del found.values[name]
            else:
                column = BY_NAME[name]
                yield Change(column, column.give(kept, self.known), cells[name].text)

    def complete(self, row: Row, found: CheckedRow) -> None:
        """A new promise: what the file leaves out comes from the answers for the whole file."""
        for name, why in NEEDED.items():
            if name not in found.values and self.defaults.get(name):
                found.values[name] = self.defaults[name]
            is_named = any(fault.heading == self.heading_of(name) for fault in found.faults)
            if not found.values.get(name) and not is_named:
                found.faults.append(self.fault(row, name, why))

    def give_references(self, rows: list[CheckedRow]) -> None:
        """New promises without one are numbered on, past those on this site and in the file."""
        highest = highest_number([*self.known.promises, *(row.ref for row in rows)])
        without = (row for row in rows if not row.ref)
        for number, row in enumerate(without, start=highest + 1):
            row.ref = str(number)

    def fault(self, row: Row, name: str, why: str) -> Fault:
        heading = self.heading_of(name)
        cell = row.cells.get(heading)
        where = cell.address if cell is not None else f"row {row.number}"
        return Fault(where, heading, why)

    def has_number_for(self, name: str, row: Row) -> bool:
        cell = row.cells.get(self.heading_of(name))
        return cell is not None and cell.is_number

    def heading_of(self, name: str) -> str:
        """What their file calls one of our columns; our own name where it has none."""
        theirs = (heading for heading, column in self.columns.items() if column == name)
        return next(theirs, BY_NAME[name].heading)


def drop_known_first_date(found: CheckedRow) -> None:
    """Plans print the first date beside each promise: one that is known corrects nothing."""
    first = found.values.get("first_promised_words")
    known = found.kept.edition.first_due_words if found.kept else found.values.get("due_words")
    is_own = found.kept and found.kept.edition.first_promised_words == first
    if first and known and meaning(first) == meaning(known) and not is_own:
        found.values.pop("first_promised_words")
        found.values.pop("first_promised_where", None)


def follows_with_a_nought(ref: str, before: str) -> bool:
    """After “1.9”, Excel's 1.1 was written 1.10; after “1.19”, its 1.2 was 1.20."""
    first, _, last = ref.partition(".")
    return last.isdecimal() and before == f"{first}.{int(last) * 10 - 1}"


def is_same(kept: Kept, name: str, value: Any) -> bool:
    if name == AREAS:
        return set(kept.areas) == set(value)
    stored = getattr(kept.edition, name)
    if isinstance(Milestone._meta.get_field(name), LooseDateField):
        return stored == value or meaning(stored) == meaning(value)
    # What was published before texts had one spelling keeps its own.
    return (as_kept(stored) if isinstance(stored, str) else stored) == value


def meaning(words: object) -> tuple:
    try:
        meant = loose_dates.read(str(words))
    except Unreadable:
        return (words,)
    return meant.precision, meant.first, meant.last
