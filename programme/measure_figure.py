"""A measure drawn as a line: places across in percent, up and down in pixels.

So the words stay as large on a phone as on a desk, and every number stands beside its dot.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from programme.figure_labels import BOTTOM, LABEL_NEEDS, Point, clear_of, is_beside, span
from programme.models import Measure
from programme.numbers import Unit, in_short

HEIGHT, HEIGHT_OF_TWO_LINES = 276, 302
TOP = 44  # where the largest number is
FIRST, LAST = 14.0, 96.0  # across, in percent: the numbers of the axis stand at the left
TIMES_AT, LAST_TIME_AT = 260, 286
# As many letters stand side by side on the narrowest phone.
SHORT_TIMES = 24
# Of parts of a hundred, the top is one of these: a few of 100 would lie flat on the ground.
TOPS = (10, 25, 50, 100)
# With more dots only the first and the last have room for their number.
MOST_LABELS = 4
# A name stands at the side of the figure where the line is farthest from it.
SIDES = {"start": FIRST, "middle": 55.0, "end": LAST}


class Stroke(NamedTuple):
    x1: str
    y1: str
    x2: str
    y2: str


class Target(NamedTuple):
    x: str
    y: str
    label_y: str
    anchor: str
    label: str


class Mark(NamedTuple):
    """A number of the axis."""

    y: int
    label: str


class Figure(NamedTuple):
    height: int
    ground: int
    start: Point | None
    actual: list[Point]
    planned: list[Point]
    strokes: list[Stroke]
    planned_strokes: list[Stroke]
    target: Target | None
    first_time: str
    last_time: str
    first_time_y: int
    last_time_y: int
    axis: list[Mark]
    target_from: str
    in_short: str
    finding: str
    is_to_scale: bool


class Step(NamedTuple):
    """One time: when, and the numbers of it."""

    period: str
    day: dt.date | None
    actual: Decimal | None
    planned: Decimal | None
    is_start: bool


def draw(measure: Measure) -> Figure | None:
    """The figure, or None when there are not two numbers to join."""
    steps = steps_of(measure)
    measured = [step for step in steps if step.actual is not None]
    if len(measured) < 2:
        return None
    places, is_to_scale = across(steps)
    scale = Scale(measure, steps)
    planned = points(measure, steps, places, scale, "planned")
    goal = None if measure.target_value is None else scale.down(measure.target_value)
    actual = clear_of(points(measure, steps, places, scale, "actual"), planned, goal)
    has_start = steps[0].is_start
    is_short = len(steps[0].period + steps[-1].period) <= SHORT_TIMES
    return Figure(
        height=HEIGHT if is_short else HEIGHT_OF_TWO_LINES,
        ground=BOTTOM,
        start=actual[0] if has_start else None,
        actual=actual[1:] if has_start else actual,
        planned=planned,
        strokes=joined(actual),
        planned_strokes=joined(planned),
        target=target_line(measure, scale, actual, planned),
        first_time=sentence_case(steps[0].period),
        last_time=sentence_case(steps[-1].period),
        first_time_y=TIMES_AT,
        last_time_y=TIMES_AT if is_short else LAST_TIME_AT,
        axis=[
            Mark(down, in_short(value, measure.unit).partition(" ")[0])
            for down, value in ((TOP + 5, scale.most), (BOTTOM - 7, scale.least))
        ],
        target_from=f"{FIRST - 2:.1f}%",
        in_short=from_to(measure, measured),
        finding=finding(measure, measured),
        is_to_scale=is_to_scale,
    )


def from_to(measure: Measure, measured: list[Step]) -> str:
    """“29 → 19 weeks”."""
    numbers = [step.actual for step in (measured[0], measured[-1]) if step.actual is not None]
    first, last = (in_short(number, measure.unit) for number in numbers)
    _, space, unit = last.partition(" ")
    return f"{first.removesuffix(space + unit)} → {last}"


def sentence_case(words: str) -> str:
    return words[:1].upper() + words[1:]


def steps_of(measure: Measure) -> list[Step]:
    start = []
    if measure.baseline_value is not None:
        when = measure.baseline_period or "At the start"
        start = [Step(when, measure.baseline_ends_on, measure.baseline_value, None, is_start=True)]
    return start + [
        Step(row.period, row.ends_on, row.actual, row.planned, is_start=False)
        for row in measure.readings.all()
        if row.actual is not None or row.planned is not None
    ]


def across(steps: list[Step]) -> tuple[list[float], bool]:
    """Where each step stands: by its day if all have one in order, else in even steps."""
    days = [step.day for step in steps if step.day]
    if len(days) == len(steps) and all(a < b for a, b in pairwise(days)):
        whole = (days[-1] - days[0]).days
        shares = [(day - days[0]).days / whole for day in days]
        return [FIRST + share * (LAST - FIRST) for share in shares], True
    gap = (LAST - FIRST) / (len(steps) - 1)
    return [FIRST + place * gap for place in range(len(steps))], False


class Scale:
    """From nought at the bottom to the largest number; for parts of a hundred, to a round one."""

    def __init__(self, measure: Measure, steps: list[Step]):
        found = [value for step in steps for value in (step.actual, step.planned)]
        values = [value for value in (*found, measure.target_value) if value is not None]
        most = max(values, default=Decimal(0))
        if measure.unit == Unit.PERCENT and most <= TOPS[-1]:
            most = Decimal(next(top for top in TOPS if top >= most))
        self.most = most if most > 0 else Decimal(1)
        self.least = min([Decimal(0), *values])

    def down(self, value: Decimal) -> float:
        share = (value - self.least) / (self.most - self.least)
        return BOTTOM - float(share) * (BOTTOM - TOP)


def points(
    measure: Measure, steps: list[Step], places: list[float], scale: Scale, name: str
) -> list[Point]:
    named = [(place, getattr(step, name)) for step, place in zip(steps, places, strict=True)]
    found = [(place, value) for place, value in named if value is not None]
    last = len(found) - 1
    return [
        Point(
            place,
            scale.down(value),
            in_short(value, measure.unit) if at in (0, last) or last < MOST_LABELS else "",
            anchor_at(place),
        )
        for at, (place, value) in enumerate(found)
    ]


def anchor_at(place: float) -> str:
    if place < FIRST + 10:
        return "start"
    return "end" if place > LAST - 10 else "middle"


def joined(dots: list[Point]) -> list[Stroke]:
    return [Stroke(a.x, a.y, b.x, b.y) for a, b in pairwise(dots)]


def target_line(
    measure: Measure, scale: Scale, actual: list[Point], planned: list[Point]
) -> Target | None:
    if measure.target_value is None:
        return None
    down = scale.down(measure.target_value)

    label = f"Target {in_short(measure.target_value, measure.unit)}"

    def room(place: tuple[str, int]) -> float:
        """How far the words are from the nearest dot, number or ground."""
        side, baseline = place
        middle = down + baseline - 5
        own = span(SIDES[side], label, side)
        near = [dot for dot in actual if is_beside(own, span(dot.across, dot.label, dot.anchor))]
        taken = [dot.down for dot in near]
        taken += [float(dot.label_y) - 5 for dot in near if dot.label]
        taken += [dot.down for dot in planned if is_beside(own, span(dot.across, "", dot.anchor))]
        if side == "start":  # the number at the top of the axis may reach under the words
            taken.append(TOP)
        return min(abs(each - middle) for each in [*taken, BOTTOM])

    baselines = (-8, 22) if down + LABEL_NEEDS / 2 < BOTTOM else (-8,)
    places = [(side, baseline) for side in SIDES for baseline in baselines]
    side, baseline = max(places, key=room)
    return Target(f"{SIDES[side]:.1f}%", f"{down:.0f}", f"{down + baseline:.0f}", side, label)


def finding(measure: Measure, measured: list[Step]) -> str:
    """What the line shows, in a sentence for whoever cannot see it."""
    first, last = measured[0], measured[-1]
    assert first.actual is not None
    assert last.actual is not None
    target = f" The target is {measure.target_in_words}." if measure.target_in_words else ""
    return (
        f"From {measure.in_words(first.actual)} ({first.period}) to "
        f"{measure.in_words(last.actual)} ({last.period}).{target}"
    )
