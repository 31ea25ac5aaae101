"""Dates as plans give them: “May 25”, “by the end of the spring term 2026”, “during 2026”, “TBC”.

A loose date keeps three things: the words as they were written, how exact they are, and the first
and last day that they can mean. The last day decides: a promise for May 2025 is late on 1 June.
Readers are never shown a day that nobody named.

Nothing is guessed. What can mean two things, or is no date, raises `Unreadable` with a sentence
that says what is wrong and how to write it. Words in brackets may explain words that do not say
enough: “by the next spring term (spring term 2026)”.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from django.db import models

FIRST_YEAR, LAST_YEAR = 1990, 2099
# Excel counts days from here; what it shows as a date it stores as such a number.
EXCEL_BEGINS = dt.date(1899, 12, 30)
EXCEL_SERIALS = range(32_874, 73_051)  # the days of FIRST_YEAR to LAST_YEAR

MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
MONTHS["sept"] = 9
# The first and last month of each term, and its last day: the latest that any school has.
TERMS = {"spring": (1, 4, 30), "summer": (5, 7, 31), "autumn": (9, 12, 31)}

NO_DATE = frozenset(
    {"", "-", "?", "tbc", "tbd", "n/a", "none", "ongoing", "asap", "to be confirmed"}
    | {"to be decided", "to be agreed", "no date", "no date given", "not set", "not given"}
    | {"as soon as possible", "not yet known", "unknown"}
)


class Precision(models.TextChoices):
    """How exact a date is."""

    DAY = "day", "a day"
    MONTH = "month", "a month"
    TERM = "term", "a school term"
    QUARTER = "quarter", "a quarter of a year"
    YEAR = "year", "a year"
    NONE = "none", "no date given"


class Unreadable(ValueError):
    """The words are no date, or could be two: the message says which, and how to write it."""


@dataclass(frozen=True)
class LooseDate:
    """What a plan says about a day: `first` and `last` are the days that it can mean."""

    precision: str = Precision.NONE
    first: dt.date | None = None
    last: dt.date | None = None
    words: str = ""

    def __bool__(self) -> bool:
        return self.last is not None

    def __str__(self) -> str:
        return self.in_words

    @property
    def in_words(self) -> str:
        """“31 May 2025”, “May 2025”, “summer term 2025”: as exact as it was given, and no more."""
        if self.first is None or self.last is None:
            return "no date given"
        match self.precision:
            case Precision.DAY:
                return f"{self.last:%-d %B %Y}"
            case Precision.MONTH:
                either = "" if self.first.month == self.last.month else f"{self.first:%B} or "
                return f"{either}{self.last:%B %Y}"
            case Precision.TERM:
                season = next(name for name, term in TERMS.items() if term[0] == self.first.month)
                return f"{season} term {self.last.year}"
            case Precision.QUARTER:
                return f"{self.first:%B} to {self.last:%B %Y}"
        return f"{self.last.year}"

    @property
    def by_when(self) -> str:
        """“by May 2025”: for the middle of a sentence."""
        return f"by {self.in_words}" if self else self.in_words

    @property
    def own_words(self) -> str:
        """The original words, where they say it otherwise than `in_words`."""
        if self.precision == Precision.DAY and "(" not in self.words:
            return ""
        same = self.words.casefold().removeprefix("by ") == self.in_words.casefold()
        return "" if same else self.words


def on_or_in(words: str) -> str:
    """“on 2 July 2025”, “in October 2021”, of the date that a source gives in its own words."""
    try:
        is_day = read(words).precision == Precision.DAY
    except Unreadable:
        is_day = False
    return f"{'on' if is_day else 'in'} {words}"


# Reading


def read(written: str | dt.date | float | None) -> LooseDate:
    """The date that somebody wrote in a form or in the cell of a table. Raises Unreadable."""
    if isinstance(written, dt.datetime):
        written = written.date()
    if isinstance(written, dt.date):
        return day(written.year, written.month, written.day, f"{written:%-d %B %Y}")
    words = " ".join(str("" if written is None else written).split())
    explained = re.fullmatch(r"(.*?)\s*\(([^()]+)\)", words)
    if explained is None:
        return read_words(words, words)
    try:
        return read_words(explained[2], words)
    except Unreadable:
        return read_words(explained[1], words)


def read_words(part: str, words: str) -> LooseDate:
    """What `part` means; `words` are all that was written."""
    text = part.casefold().strip(" .,;:")
    if text in NO_DATE:
        return LooseDate(words=words)
    refuse_numbers(text, part)
    text = without_trimmings(text, part)
    for pattern, make in SHAPES:
        if match := re.fullmatch(pattern, text):
            return make(match, part, words)
    raise Unreadable(why_not(text, part))


def without_trimmings(text: str, part: str) -> str:
    """Without “by the end of” and the like, which change nothing about the last day."""
    if match := re.match(r"(before|after|until|from|since)\b", text):
        raise Unreadable(
            f"“{part}” does not say when exactly: does “{match[1]}” count that time in? Write "
            "“by” and the last day, month or term: “by April 2025”."
        )
    text = re.sub(r"[,’'`]|\b(the|of|term|year|calendar|on|day)\b", " ", text)
    text = re.sub(r"\b(by|in|during|at|no later than|latest|end|early|mid|late|next)\b", " ", text)
    text = re.sub(r"\b(mon|tues|wednes|thurs|fri|satur|sun)day\b", " ", text)
    text = re.sub(r"\b(\d{1,2})(st|nd|rd|th)\b", r"\1", text)
    return " ".join(text.split()).strip(" -")


def refuse_numbers(text: str, part: str) -> None:
    if match := re.fullmatch(r"(\d{5})(\.\d+)?", text):
        serial = int(match[1])
        if serial in EXCEL_SERIALS:
            meant = EXCEL_BEGINS + dt.timedelta(days=serial)
            raise Unreadable(
                f"“{part}” is how Excel stores a date, perhaps {meant:%-d %B %Y}. Look it up and "
                f"write the date itself: “{meant:%-d %B %Y}”."
            )
    match = re.search(r"\b(20\d\d)\s*(?:/|-|–|to)\s*(?:20)?(\d\d)\b(?![/-])", text)
    if match and int(match[2]) == (int(match[1]) + 1) % 100:
        year = int(match[1]) + 1
        raise Unreadable(
            f"“{part}” can be a school year, which ends in summer, or a financial year, which "
            f"ends in March. Write “by summer term {year}” or “by March {year}”."
        )


# What each shape means


def likely_year(text: str, part: str) -> int:
    """Two digits are a year of this century."""
    year = int(text) + (2000 if len(text) == 2 else 0)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unreadable(f"{year} in “{part}” is not a likely year. Write the year in full: 2025.")
    return year


def day(year: int, month: int, number: int, words: str) -> LooseDate:
    on = dt.date(year, month, number)
    return LooseDate(Precision.DAY, on, on, words)


def months(precision: str, year: int, first: int, last: int, words: str) -> LooseDate:
    end = dt.date(year, last, calendar.monthrange(year, last)[1])
    return LooseDate(precision, dt.date(year, first, 1), end, words)


def full_date(year: str, month: int, number: str, part: str, words: str) -> LooseDate:
    in_year, in_month = likely_year(year, part), int(number)
    if not 1 <= month <= 12:
        raise Unreadable(
            f"“{part}” has no month {month}. Write the day first, then the month: “31/05/2025”."
        )
    longest = calendar.monthrange(in_year, month)[1]
    if not 1 <= in_month <= longest:
        raise Unreadable(
            f"“{part}” is no day: {calendar.month_name[month]} {in_year} has {longest} days."
        )
    return day(in_year, month, in_month, words)


def of_day_month_year(match: re.Match, part: str, words: str) -> LooseDate:
    return full_date(match[3], int(match[2]), match[1], part, words)


def of_year_month_day(match: re.Match, part: str, words: str) -> LooseDate:
    return full_date(match[1], int(match[2]), match[3], part, words)


def of_day_name_year(match: re.Match, part: str, words: str) -> LooseDate:
    return full_date(match[3], MONTHS[match[2]], match[1], part, words)


def of_name_day_year(match: re.Match, part: str, words: str) -> LooseDate:
    return full_date(match[3], MONTHS[match[1]], match[2], part, words)


def of_name_year(match: re.Match, part: str, words: str) -> LooseDate:
    month = MONTHS[match[1]]
    return months(Precision.MONTH, likely_year(match[2], part), month, month, words)


def of_month_year(match: re.Match, part: str, words: str) -> LooseDate:
    month = int(match[1])
    if not 1 <= month <= 12:
        raise Unreadable(f"“{part}” has no month {month}. Write it like “May 2025”.")
    return months(Precision.MONTH, likely_year(match[2], part), month, month, words)


def of_months(match: re.Match, part: str, words: str) -> LooseDate:
    """“July to September 2025” is a quarter; of other months, the last one decides."""
    first, last, year = MONTHS[match[1]], MONTHS[match[2]], likely_year(match[3], part)
    if last - first == 2 and first % 3 == 1:
        return months(Precision.QUARTER, year, first, last, words)
    return months(Precision.MONTH, year, last, last, words)


def of_either_month(match: re.Match, part: str, words: str) -> LooseDate:
    """“January or February 2024”: both can be meant, and readers see both."""
    first, last, year = MONTHS[match[1]], MONTHS[match[2]], likely_year(match[3], part)
    if first >= last:
        raise Unreadable(f"“{part}” names its months in the wrong order. Write the earlier first.")
    return months(Precision.MONTH, year, first, last, words)


def of_term(match: re.Match, part: str, words: str) -> LooseDate:
    """“autumn 2025”; “autumn 2 2025” is the second half of that term, and ends with it."""
    season, half = match[1], match[2]
    if half == "1":
        raise Unreadable(
            f"“{part}” is half a term. Write the month in which it ends: “October 2025”."
        )
    first, last, ends = TERMS[season]
    year = likely_year(match[3], part)
    return LooseDate(Precision.TERM, dt.date(year, first, 1), dt.date(year, last, ends), words)


def of_quarter(match: re.Match, part: str, words: str) -> LooseDate:
    first = int(match["quarter"]) * 3 - 2
    year = likely_year(match["year"], part)
    return months(Precision.QUARTER, year, first, first + 2, words)


def of_year(match: re.Match, part: str, words: str) -> LooseDate:
    return months(Precision.YEAR, likely_year(match[1], part), 1, 12, words)


NAME = "|".join(sorted(MONTHS, key=len, reverse=True))
SEASON = "|".join(TERMS)
YEAR = r"(\d{4}|\d\d)"
SHAPES: list[tuple[str, Callable[[re.Match, str, str], LooseDate]]] = [
    (rf"(\d{{1,2}})[/.-](\d{{1,2}})[/.-]{YEAR}", of_day_month_year),
    (r"(\d{4})-(\d{1,2})-(\d{1,2})(?: 00:00:00)?", of_year_month_day),
    (rf"(\d{{1,2}})[ -]?({NAME})[ -]?{YEAR}", of_day_name_year),
    (rf"({NAME}) (\d{{1,2}}) (\d{{4}})", of_name_day_year),
    (rf"({NAME})[ /-]?{YEAR}", of_name_year),
    (r"(\d{1,2})[/.-](\d{4})", of_month_year),
    (rf"({NAME})\s*(?:to|-|–)\s*({NAME}) {YEAR}", of_months),
    (rf"({NAME}) or ({NAME}) {YEAR}", of_either_month),
    (rf"({SEASON})(?: ([12]))? {YEAR}", of_term),
    (r"(?:q|quarter )(?P<quarter>[1-4]) (?P<year>\d{4})", of_quarter),
    (r"(?P<year>\d{4}) (?:q|quarter )(?P<quarter>[1-4])", of_quarter),
    (r"(\d{4})", of_year),
]


def why_not(text: str, part: str) -> str:
    """A sentence for what has no shape that we know."""
    if re.fullmatch(rf"({SEASON}|q|quarter)( ?[1-4])?", text) or re.fullmatch(NAME, text):
        return f"“{part}” does not say which year. Write it too: “{part} 2026”, or in brackets."
    if re.fullmatch(rf"\d{{1,2}} ({NAME})|({NAME}) \d{{1,2}}|\d{{1,2}}/\d{{1,2}}", text):
        return f"“{part}” does not say which year. Write it in full: “31 May 2025”."
    if re.search(r"\bwinter\b", text):
        return f"“{part}”: there is no winter term. Write the month: “December 2025”."
    return (
        f"“{part}” cannot be read as a date. Write it like “31 May 2025”, “May 2025”, “summer "
        "term 2025” or “2025”. If there is no date yet, write “to be confirmed”."
    )
