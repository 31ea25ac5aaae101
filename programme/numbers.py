"""Numbers as people say them: “66 of 100”, “7 weeks”; and whether one meets a target."""

from decimal import ROUND_HALF_UP, Decimal

from django.db import models

HUNDRED = Decimal(100)


class Unit(models.TextChoices):
    """What a number counts. Of a part, people hear “66 of 100” sooner than “66%”."""

    PERCENT = "percent", "of every 100 (percent)"
    PER_1000 = "per 1,000", "of every 1,000"
    WEEKS = "weeks", "weeks"
    DAYS = "days", "days"
    MONTHS = "months", "months"
    CHILDREN = "children", "children and young people"
    FAMILIES = "families", "families"
    NUMBER = "number", "a plain number"


class Limit(models.TextChoices):
    """How a source hedges a number; empty when it does not."""

    AT_LEAST = "at least", "at least this"
    ABOUT = "about", "about this"
    LESS = "less than", "less than this"


# One of them, and its name in drawings.
SINGULAR = {
    Unit.WEEKS: "week",
    Unit.DAYS: "day",
    Unit.MONTHS: "month",
    Unit.CHILDREN: "child or young person",
    Unit.FAMILIES: "family",
}
SHORT = {Unit.PERCENT: "%", Unit.WEEKS: " weeks", Unit.DAYS: " days", Unit.MONTHS: " months"}


def digits(value: Decimal) -> str:
    """“1,234” or “59.9”: no noughts after the point."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_words(value: Decimal, unit: str, limit: str = "") -> str:
    """“66 of 100”, “about 60 of 100 (59.9%)”, “at least 7 weeks”."""
    before = f"{limit} " if limit else ""
    if unit == Unit.PERCENT:
        return part_of_100(value, before)
    if unit == Unit.PER_1000:
        return f"{before}{digits(value)} of 1,000"
    if unit == Unit.NUMBER:
        return f"{before}{digits(value)}"
    name = SINGULAR[Unit(unit)] if value == 1 else str(Unit(unit).label)
    return f"{before}{digits(value)} {name}"


def part_of_100(value: Decimal, before: str) -> str:
    """`before` is what hedges it: “at least ”, or empty."""
    if not 0 <= value <= HUNDRED:
        return f"{before}{digits(value)}%"
    whole = value.quantize(Decimal(1), ROUND_HALF_UP)
    if whole == value:
        return f"{before}{whole} of 100"
    if value < 1:
        return f"{before or 'fewer than '}1 of 100 ({digits(value)}%)"
    return f"{before or 'about '}{whole} of 100 ({digits(value)}%)"


def in_short(value: Decimal, unit: str) -> str:
    """For a label in a drawing: “66%”, “7 weeks”."""
    name = SHORT.get(Unit(unit), "")
    return f"{digits(value)}{name.removesuffix('s') if value == 1 else name}"


def meets(
    least: Decimal | None, most: Decimal | None, target: Decimal, direction: str
) -> bool | None:
    """Whether a number between two limits meets a target; None when that cannot be told.

    A limit that is None is open. `direction`: up, down, target or none.
    """
    if direction == "none":
        return None
    above = least is not None and least >= target
    below = most is not None and most <= target
    surely_above = least is not None and least > target
    surely_below = most is not None and most < target
    match direction:
        case "up":
            is_met, is_missed = above, surely_below
        case "down":
            is_met, is_missed = below, surely_above
        case _:
            is_met, is_missed = above and below, surely_above or surely_below
    return True if is_met else False if is_missed else None


def is_worse(value: Decimal, than: Decimal, direction: str, target: Decimal | None = None) -> bool:
    """One number is worse than another, where a direction says which way is better."""
    match direction:
        case "up":
            return value < than
        case "down":
            return value > than
        case "target" if target is not None:
            return abs(value - target) > abs(than - target)
    return False
