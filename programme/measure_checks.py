"""What an editor should look at again before a measure goes out. Nothing here stops anybody.

Each check comes from a published plan in which it went wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING

from programme import numbers
from programme.numbers import Unit, is_worse
from publishing.models import Problem

if TYPE_CHECKING:
    from programme.models.measures import Measure

# A point in the wrong place makes it ten times; the numbers differ a little besides.
OUT_OF_SCALE = 8
HUNDRED = Decimal(100)
# What a text calls a number, and the units that it may be then.
NAMED_UNITS = [
    (r"%|per ?cent\b", {Unit.PERCENT}),
    (r"(?:per|in(?: every)?|of(?: every)?) 1,?000\b", {Unit.PER_1000}),
    (r"weeks?\b", {Unit.WEEKS}),
    (r"days?\b", {Unit.DAYS}),
    (r"months?\b", {Unit.MONTHS}),
]
MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
# The first that fits says what time a number is for.
SHAPES = [
    ("a school year", r"school year|academic year|\b20\d\d ?[/–-] ?(?:20)?\d\d\b"),
    ("12 months", r"12 months|year to|rolling"),
    ("a quarter", rf"quarter|\bq[1-4]\b|{MONTH}(?: 20\d\d)? ?(?:to|-|–) ?{MONTH}"),
    ("a term", r"\b(?:spring|summer|autumn)\b"),
    ("a month", rf"\b{MONTH}\b"),
    ("a year", r"\b20\d\d\b"),
]
PROJECTED = re.compile(r"project|forecast|provisional|estimat|predict", re.IGNORECASE)


def advice(measure: Measure) -> list[Problem]:
    return [
        *easier_target(measure),
        *planned_backwards(measure),
        *mixed_units(measure),
        *out_of_scale(measure),
        *other_periods(measure),
        *hidden_projections(measure),
    ]


def easier_target(measure: Measure) -> Iterator[Problem]:
    start, target = measure.baseline_value, measure.target_value
    if start is None or target is None:
        return
    if is_worse(target, start, measure.good_direction):
        yield Problem(
            "target_value",
            f"The target ({measure.in_words(target)}) is easier than where it started "
            f"({measure.in_words(start)}). Is it right? Families will see both.",
        )


def planned_backwards(measure: Measure) -> Iterator[Problem]:
    start = measure.baseline_value
    if start is None:
        return
    for reading in measure.readings.all():
        planned = reading.planned
        if planned is None:
            continue
        if is_worse(planned, start, measure.good_direction, measure.target_value):
            yield Problem(
                "planned",
                f"The step planned for “{reading}” ({measure.in_words(planned)}) is worse than "
                f"where it started ({measure.in_words(start)}). Is it right?",
            )


def named_numbers(measure: Measure) -> list[tuple[str, str, Decimal]]:
    """Every number of the measure: its field, its name for staff, and itself."""
    found = [
        ("baseline_value", "where it started", measure.baseline_value),
        ("target_value", "the target", measure.target_value),
    ]
    for reading in measure.readings.all():
        found.append(("actual", f"“{reading}”", reading.actual))
        found.append(("planned", f"what was planned for “{reading}”", reading.planned))
    return [(field, name, value) for field, name, value in found if value is not None]


def mixed_units(measure: Measure) -> Iterator[Problem]:
    """Numbers that cannot be of one unit, and words that name another one."""
    values = [value for _, _, value in named_numbers(measure)]
    if measure.unit == Unit.PERCENT:
        if any(0 < value < 1 for value in values) and any(value > 1 for value in values):
            yield Problem(
                "unit",
                "Some numbers look like parts of 1, others like parts of 100. Write 66, not 0.66.",
            )
        for field, name, value in named_numbers(measure):
            if value > HUNDRED:
                yield Problem(
                    field, f"{numbers.digits(value)} is more than 100 of 100: look at {name} again."
                )
    texts = [
        ("baseline_period", "where it started", measure.baseline_period),
        ("target_note", "the target", measure.target_note),
        *(("note", f"“{row}”", f"{row.period} {row.note}") for row in measure.readings.all()),
    ]
    for field, name, text in texts:
        if other := other_unit(measure.unit, text):
            yield Problem(
                field,
                f"The measure is counted in “{measure.get_unit_display()}”, but the words of "
                f"{name} say “{other}”. Do all numbers count the same?",
            )


def other_unit(unit: str, text: str) -> str:
    """The number with another unit that a text names; or empty."""
    for words, units in NAMED_UNITS:
        # “in 20 weeks” is what the law allows, not what was counted.
        number = r"(?<!\bin )(?<!within )(?<![\d.,])\d[\d.,]*"
        match = re.search(rf"{number}\s*(?:{words})", text, re.IGNORECASE)
        if match and unit not in units:
            return match[0]
    return ""


def out_of_scale(measure: Measure) -> Iterator[Problem]:
    """Needs two other numbers to compare with: a small start may well grow tenfold."""
    found = [(field, name, abs(value)) for field, name, value in named_numbers(measure) if value]
    for place, (field, name, value) in enumerate(found):
        others = [other for at, (_, _, other) in enumerate(found) if at != place]
        if len(others) < 2:
            return
        middle = median(others)
        if value >= OUT_OF_SCALE * middle or middle >= OUT_OF_SCALE * value:
            yield Problem(
                field,
                f"{numbers.digits(value)} ({name}) is far from the other numbers, like a point in "
                "the wrong place. Look at it again.",
            )


def other_periods(measure: Measure) -> Iterator[Problem]:
    """A month beside a year: the difference may be in the time, not in families' lives."""
    texts = [measure.baseline_period, *(reading.period for reading in measure.readings.all())]
    shapes: dict[str, str] = {}
    for text in texts:
        if text and (shape := shape_of(text)):
            shapes.setdefault(shape, text)
    if len(shapes) > 1:
        named = " and ".join(f"“{text}” ({shape})" for shape, text in shapes.items())
        yield Problem(
            "period",
            f"These times cannot be compared: {named}. Say so in the note, or leave one out.",
        )


def shape_of(text: str) -> str:
    return next((shape for shape, words in SHAPES if re.search(words, text, re.IGNORECASE)), "")


def hidden_projections(measure: Measure) -> Iterator[Problem]:
    for reading in measure.readings.all():
        if not reading.is_provisional and PROJECTED.search(f"{reading.period} {reading.note}"):
            yield Problem(
                "is_provisional",
                f"“{reading}” sounds like a number that may still change. Tick “it may still "
                "change”, so that families know.",
            )
