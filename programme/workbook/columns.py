"""The columns of a plan: the same out as in, and what other plans call them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import models

from programme import loose_dates
from programme.loose_date_fields import LooseDateField
from programme.loose_dates import Precision, Unreadable
from programme.models import Milestone
from programme.references import LONGEST_REF, ref_in
from programme.spreadsheets import Cell
from programme.spreadsheets.cells import normal
from programme.workbook.known import CannotTake, Kept, Known


@dataclass(frozen=True)
class Column:
    """One column: how a promise is written into it, and what its cells mean.

    `take` returns the value of a field. It raises CannotTake, in words for the owner of the file.
    """

    name: str
    heading: str
    give: Callable[[Kept, Known], str]
    take: Callable[[str, Known], object]
    also: tuple[str, ...] = ()
    help: str = ""

    @property
    def label(self) -> str:
        """Its heading, and how its cells must be written where that is not plain."""
        return f"{self.heading} ({self.help})" if self.help else self.heading


AREAS = "areas"
REF = "ref"


# What cells mean


def field_called(name: str) -> models.Field:
    field = Milestone._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field


def take_text(name: str) -> Callable[[str, Known], str]:
    longest = field_called(name).max_length

    def take(text: str, known: Known) -> str:
        if longest and len(text) > longest:
            raise CannotTake(f"It has {len(text)} letters; at most {longest} fit. Shorten it.")
        return text

    return take


def take_choice(name: str, also: dict[str, str] | None = None) -> Callable[[str, Known], str]:
    choices = dict(field_called(name).flatchoices)
    meanings = {normal(word): value for value, label in choices.items() for word in (value, label)}
    meanings |= {normal(word): value for word, value in (also or {}).items()}

    def take(text: str, known: Known) -> str:
        if normal(text) not in meanings:
            listed = "”, “".join(str(label) for label in choices.values())
            raise CannotTake(f"“{text}” is none of our words for this. Write “{listed}”.")
        return meanings[normal(text)]

    return take


def take_loose(text: str, known: Known) -> str:
    try:
        loose_dates.read(as_number(text))
    except Unreadable as why:
        raise CannotTake(str(why)) from why
    return text


def take_day(text: str, known: Known) -> dt.date:
    try:
        meant = loose_dates.read(as_number(text))
    except Unreadable as why:
        raise CannotTake(str(why)) from why
    if meant.precision != Precision.DAY or meant.last is None:
        raise CannotTake(f"“{text}” is not one day. Write it like 31 May 2025.")
    return meant.last


def as_number(text: str) -> str | int | float:
    """A bare number goes to the reader of dates as one: it explains what Excel has done."""
    if len(text) < 5 or not re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        return text
    return int(text) if text.isdecimal() else float(text)


def take_ref(text: str, known: Known) -> str:
    ref = text.strip().rstrip(".")
    if not ref or not all(piece.isalnum() and piece.isascii() for piece in ref.split(".")):
        raise CannotTake(f"“{text}” cannot be a reference. Use letters, digits and full stops: 1.1")
    if len(ref) > LONGEST_REF:
        raise CannotTake(f"It has {len(ref)} letters; a reference has {LONGEST_REF} at most.")
    return ref


# How promises are written


def give_text(name: str) -> Callable[[Kept, Known], str]:
    return lambda kept, known: str(getattr(kept.edition, name) or "")


def give_choice(name: str) -> Callable[[Kept, Known], str]:
    return lambda kept, known: str(getattr(kept.edition, f"get_{name}_display")())


def give_day(name: str) -> Callable[[Kept, Known], str]:
    def give(kept: Kept, known: Known) -> str:
        day = getattr(kept.edition, name)
        return f"{day:%-d %B %Y}" if day else ""

    return give


def give_areas(kept: Kept, known: Known) -> str:
    numbers = sorted(known.area_numbers[area] for area in kept.areas if area in known.area_numbers)
    return "; ".join(map(str, numbers))


def give_replaced_by(kept: Kept, known: Known) -> str:
    replaces = kept.edition.replaced_by
    return ref_in(replaces.slug) if replaces else ""


def text(name: str, heading: str, *also: str) -> Column:
    return Column(name, heading, give_text(name), take_text(name), also)


def day(name: str, heading: str, *also: str) -> Column:
    return Column(name, heading, give_day(name), take_day, also)


def loose(name: str, heading: str, *also: str) -> Column:
    assert isinstance(field_called(name), LooseDateField)
    return Column(name, heading, give_text(name), take_loose, also)


def choice(name: str, heading: str, *also: str, words: dict[str, str] | None = None) -> Column:
    return Column(name, heading, give_choice(name), take_choice(name, words), also)


KINDS_ELSEWHERE = {"milestone": "step", "action": "step", "outcome": "felt", "impact": "felt"}

COLUMNS = [
    Column(
        REF,
        "Reference",
        lambda kept, known: kept.edition.ref,
        take_ref,
        ("Ref", "Ref no", "Reference number", "No", "Number", "ID", "Action ref", "Milestone ref"),
    ),
    text("title", "Promise", "Action", "Milestone", "What", "What we will do", "Description"),
    choice("kind", "What kind", "Kind", "Type", words=KINDS_ELSEWHERE),
    Column(
        "body_id",
        "Council or NHS",
        lambda kept, known: str(kept.edition.body),
        lambda text, known: known.body(text),
        ("Body", "Organisation", "Agency", "Partner", "Whose promise"),
    ),
    text("who", "Who is responsible", "Who", "Lead", "Action lead", "Owner", "Responsible"),
    loose("due_words", "By when", "Due", "Due date", "Deadline", "Target date", "Date", "When"),
    text("how_we_will_know", "How we will know", "Success criteria", "Measure", "Success measure"),
    text("official_wording", "Official wording", "Official words", "Wording in the plan"),
    Column(
        AREAS,
        "Problems",
        give_areas,
        lambda text, known: known.areas(text),
        ("Problem", "Area", "Areas", "Area of weakness", "Area number"),
        help="their numbers, with ; between them",
    ),
    Column(
        "of_plan_id",
        "Plan",
        lambda kept, known: kept.edition.of_plan.slug if kept.edition.of_plan else "",
        lambda text, known: known.plan(text),
        ("In which plan",),
        help="the last part of the address of its page",
    ),
    text("will_notice", "What families will notice", "Difference", "How experience will differ"),
    text("made_with", "Who helped to write it", "Made with", "Co-produced with"),
    text("they_changed", "What they changed"),
    day("started_on", "Day work began", "Started", "Start date"),
    text("started_note", "What we have done so far", "Progress", "Progress update", "Update"),
    day("done_on", "Day it was done", "Done", "Completed", "Completed on", "Date achieved"),
    text("proof", "Proof", "Evidence"),
    choice("families_notice", "Do families notice?"),
    text("how_we_know", "How we know what families notice"),
    day("slipped_back_on", "Day it slipped back", "Slipped back"),
    text("slipped_back_because", "Why it slipped back"),
    text("could_not_because", "Why we could not do this", "Why not"),
    text("instead", "What we do instead"),
    Column(
        "replaced_by_id",
        "Replaced by",
        give_replaced_by,
        lambda text, known: known.promise(text),
        ("Superseded by",),
        help="the reference of the promise that replaces it",
    ),
    text("why_changed", "Why its date or words change", "Reason for change", "Reason"),
    choice("cause", "Cause of the change", "Cause"),
    text("change_agreed_by", "Who agreed to the change", "Agreed by", "Approved by"),
    loose("first_promised_words", "First date ever published", "Original date", "Original due"),
    text("first_promised_where", "Where that date was published", "Where first published"),
]
BY_NAME = {column.name: column for column in COLUMNS}
HEADINGS = [column.heading for column in COLUMNS]


def match(headings: Iterable[str], remembered: dict[str, str]) -> dict[str, str]:
    """Which of our columns each heading of a file means: by memory, then by name; else empty.

    `remembered` maps normal headings to names of columns. No column is given to two headings.
    """
    meanings = {
        normal(word): column.name
        for column in COLUMNS
        for word in (column.heading, *column.also, column.name)
    } | remembered
    matched: dict[str, str] = {}
    for heading in headings:
        name = meanings.get(normal(heading), "")
        matched[heading] = name if name not in matched.values() else ""
    return matched


def cells_by_column(cells: dict[str, Cell], columns: dict[str, str]) -> dict[str, Cell]:
    """The filled cells of a row by our name. An empty cell says nothing and changes nothing."""
    return {
        columns[heading]: cell
        for heading, cell in cells.items()
        if columns.get(heading) and (cell.text or cell.fault)
    }
