"""Where the number of a dot stands, so that it covers nothing else that is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

BOTTOM = 230  # where nought is
# Pixels above a dot in which nothing else may stand.
LABEL_NEEDS = 48
# In percent: how wide a letter is on the narrowest phone, and what keeps two names apart.
LETTER, BETWEEN_NAMES = 3.4, 3.0
# How far a dot or a triangle reaches from its middle: across in percent there, and in pixels.
MARK_ACROSS, MARK_DOWN = 3.3, 8
# Words reach so many pixels above and below the line they stand on.
ABOVE_LINE, BELOW_LINE = 13, 4


class Point(NamedTuple):
    across: float
    down: float
    label: str
    anchor: str  # start, middle, end: so that no label leaves the figure
    is_label_below: bool = False
    label_drop: int = 28  # how far below its dot it then stands
    label_rise: int = 16  # how far above it otherwise

    @property
    def x(self) -> str:
        return f"{self.across:.1f}%"

    @property
    def y(self) -> str:
        return f"{self.down:.0f}"

    @property
    def label_y(self) -> str:
        return f"{self.down + (self.label_drop if self.is_label_below else -self.label_rise):.0f}"


class Box(NamedTuple):
    """The room of some words: across in percent on the narrowest phone, down in pixels."""

    left: float
    right: float
    top: float
    bottom: float

    def is_on_mark(self, mark: Point) -> bool:
        return (
            abs(mark.across - (self.left + self.right) / 2)
            < MARK_ACROSS + (self.right - self.left) / 2
            and abs(mark.down - (self.top + self.bottom) / 2)
            < MARK_DOWN + (self.bottom - self.top) / 2
        )

    def is_on_line(self, line: tuple[Point, Point]) -> bool:
        a, b = line
        begins, ends = max(self.left, a.across), min(self.right, b.across)
        if begins >= ends:
            return False
        steep = (b.down - a.down) / (b.across - a.across)
        high, low = sorted(a.down + steep * (across - a.across) for across in (begins, ends))
        return high < self.bottom and self.top < low

    def is_on_words(self, other: Box) -> bool:
        is_as_high = self.top < other.bottom and other.top < self.bottom
        return is_as_high and is_beside(self[:2], other[:2])


def box_of(dot: Point) -> Box:
    baseline = float(dot.label_y)
    return Box(
        *span(dot.across, dot.label, dot.anchor), baseline - ABOVE_LINE, baseline + BELOW_LINE
    )


def clear_of(actual: list[Point], planned: list[Point], goal: float | None = None) -> list[Point]:
    """A number goes below its dot where the line or a triangle is above it, if there is room.

    Where it would stand on a mark, a line or another number there, it goes where it does not.
    """
    above = {dot.across: dot.down for dot in planned}
    placed: list[Point] = []
    for place, dot in enumerate(actual):
        is_under_triangle = 0 < dot.down - above.get(dot.across, dot.down) < LABEL_NEEDS
        beside = actual[max(0, place - 1) : place + 2]
        is_under_line = all(other.down <= dot.down for other in beside) and any(
            other.down < dot.down for other in beside
        )
        has_room = dot.down + LABEL_NEEDS / 2 < BOTTOM
        lower = [each for each in (above.get(dot.across), goal) if each is not None]
        is_crossed = any(6 < each - dot.down < 36 for each in lower)
        usual = dot._replace(
            is_label_below=has_room and (is_under_triangle or is_under_line),
            label_drop=LABEL_NEEDS if is_crossed and dot.down + LABEL_NEEDS < BOTTOM else 28,
        )
        others = [each for each in (*actual, *planned) if each != dot]
        lines = [*pairwise(actual), *pairwise(planned)]
        ways = [usual, *ways_to_label(dot)] if dot.label else [usual]
        placed.append(min(ways, key=lambda way: covered(box_of(way), others, lines, placed)))
    return placed


def ways_to_label(dot: Point) -> Iterator[Point]:
    for rise in (16, 26):
        if dot.down - rise - ABOVE_LINE > 0:
            yield dot._replace(label_rise=rise)
    for drop in (28, LABEL_NEEDS):
        if dot.down + drop + BELOW_LINE < BOTTOM:
            yield dot._replace(is_label_below=True, label_drop=drop)


def covered(
    box: Box, marks: list[Point], lines: list[tuple[Point, Point]], placed: list[Point]
) -> int:
    """How much stands under words: a line counts once, a mark twice, other numbers thrice."""
    return (
        sum(map(box.is_on_line, lines))
        + 2 * sum(map(box.is_on_mark, marks))
        + 3 * sum(box.is_on_words(box_of(each)) for each in placed if each.label)
    )


def span(across: float, words: str, anchor: str) -> tuple[float, float]:
    """From where to where words stand, in percent, on the narrowest phone."""
    wide = LETTER * max(1, len(words))
    begins = across - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
    return begins, begins + wide


def is_beside(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] < other[1] + BETWEEN_NAMES and other[0] < one[1] + BETWEEN_NAMES
