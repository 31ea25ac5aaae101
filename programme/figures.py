"""Promises as shapes that can be counted, and how far their dates have moved."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import batched
from math import ceil

from django.db.models import TextChoices

from programme import lengths
from programme.models import Milestone
from programme.promises import Number, Tally
from programme.statuses import Confirmer, Status

# More shapes than this in one row nobody counts: then one shape stands for more promises.
SHAPES_IN_A_ROW = 40
# Of one problem in the list of all of them: above this, its numbers alone stand there.
SHAPES_OF_A_PROBLEM = 15
# So many together have at most 20 words, whichever they are.
COUNTS_IN_A_LINE = 4
A_YEAR = dt.timedelta(days=366)
# Of the figure of dates that moved, in pixels; across, everything is in percent.
LINE_HEIGHT, BETWEEN_ROWS, TOP = 21, 16, 52
# As many letters stand side by side on the narrowest phone, 320 px wide.
LETTERS_IN_A_LINE, LINES_OF_A_TITLE = 24, 3


@dataclass(frozen=True)
class Row:
    """One line of a table whose last column is a picture."""

    status: Status
    count: int
    shapes: range


@dataclass(frozen=True)
class Shapes:
    """A table of shapes, with a caption that says what one shape stands for."""

    rows: list[Row]
    total: int
    each: int

    @property
    def are_few(self) -> bool:
        return self.total <= SHAPES_OF_A_PROBLEM

    @property
    def in_words(self) -> str:
        """“2 done on time, 1 replaced, 1 late”: in the order of the shapes."""
        return ", ".join(self.lines)

    @property
    def lines(self) -> list[str]:
        """The same in lines, none longer than a sentence may be."""
        said = (f"{row.count} {row.status.after_a_number}" for row in self.rows if row.count)
        return [", ".join(line) for line in batched(said, COUNTS_IN_A_LINE, strict=False)]


def shapes(tally: Tally, order: Iterable[Status], *, always: Iterable[Status] = ()) -> Shapes:
    """Rows in this order; a status that no promise has is left out unless it is in `always`."""
    wanted = [status for status in order if tally.counts[status] or status in always]
    each = one_stands_for(max((tally.counts[status] for status in wanted), default=0))
    rows = [
        Row(status, n, range(ceil(n / each))) for status in wanted for n in [tally.counts[status]]
    ]
    return Shapes(rows, tally.total, each)


def one_stands_for(most: int) -> int:
    """1, 10, 100 …: how many promises one shape stands for."""
    each = 1
    while most / each > SHAPES_IN_A_ROW:
        each *= 10
    return each


# The number


@dataclass(frozen=True)
class Split:
    """The same number for some of the promises only."""

    label: str
    on_time: int
    due: int


def by_kind(number: Number) -> list[Split]:
    return [
        Split(kind.label, tally.on_time, tally.total)
        for kind in Milestone.Kind
        for tally in [number.by_kind[kind]]
    ]


def by_confirmer(number: Number) -> list[tuple[TextChoices, int]]:
    return [(who, number.by_confirmer[who]) for who in Confirmer]


# Dates that moved


@dataclass(frozen=True)
class Slip:
    """One promise in the figure: from its first date to the date now."""

    promise: Milestone
    first: str
    now: str
    later_by: str
    title_lines: list[tuple[int, str]]  # each with its place from the top
    facts_y: int
    line_y: int
    first_x: str  # in percent, as SVG wants it
    now_x: str


@dataclass(frozen=True)
class Slips:
    rows: list[Slip]
    begins: str
    ends: str
    today_x: str | None
    today_anchor: str  # start, middle, end: so that its word does not leave the figure
    height: int


def slips(promises: Iterable[Milestone], today: dt.date) -> Slips | None:
    """The figure; None when there is nothing to draw. Each promise has two different dates."""
    moved = [
        (promise, promise.first_due_on, promise.due_on)
        for promise in promises
        if promise.first_due_on and promise.due_on and promise.first_due_on != promise.due_on
    ]
    if not moved:
        return None
    first = min(min(days) for _, *days in moved)
    last = max(max(days) for _, *days in moved)
    last = max(last, min(today, last + A_YEAR))

    def across(day: dt.date) -> str:
        """Between 3 and 97 percent, so that no mark is cut off."""
        return f"{3 + 94 * (day - first).days / max(1, (last - first).days):.1f}%"

    rows, top = [], TOP
    for promise, first_on, now_on in moved:
        row = slip(promise, top, across(first_on), across(now_on))
        rows.append(row)
        top = row.line_y + BETWEEN_ROWS
    is_between = first <= today <= last
    share = (today - first) / (last - first) if is_between else 0
    return Slips(
        rows,
        f"{first:%b %Y}",
        f"{last:%b %Y}",
        across(today) if is_between else None,
        "start" if share < 0.1 else "end" if share > 0.9 else "middle",
        top + 6,
    )


def slip(promise: Milestone, top: int, first_x: str, now_x: str) -> Slip:
    assert promise.first_due_on
    assert promise.due_on
    lines = textwrap.wrap(
        promise.title, LETTERS_IN_A_LINE, max_lines=LINES_OF_A_TITLE, placeholder=" …"
    )
    places = [top + 26 + LINE_HEIGHT * place for place in range(len(lines))]
    return Slip(
        promise,
        promise.first_due.in_words,
        promise.due.in_words,
        distance(promise.first_due_on, promise.due_on),
        list(zip(places, lines, strict=True)),
        places[-1] + 22,
        places[-1] + 42,
        first_x,
        now_x,
    )


def distance(first: dt.date, now: dt.date) -> str:
    """“12 months”, “3 weeks”; “2 months earlier” for a date that came forward."""
    return f"{lengths.in_words(now - first)}{' earlier' if now < first else ''}"


def moved_in_words(promise: Milestone) -> str:
    """“3 times, 12 months”; empty when its date never moved."""
    if not promise.times_moved:
        return ""
    times = "once" if promise.times_moved == 1 else f"{promise.times_moved} times"
    first_on, now_on = promise.first_due_on, promise.due_on
    if first_on is None or now_on is None or first_on == now_on:
        return times
    return f"{times}, {distance(first_on, now_on)}"
