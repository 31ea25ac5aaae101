"""What a spreadsheet says, cell by cell, with the place that a person can look it up at."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from publishing.keystrokes import one_spelling

# A cell that begins with one of these is run as a formula by the program that opens it.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - wide signs, as Excel reads them too


class CannotRead(Exception):
    """This file is no table that we can read; the message tells its owner what to do."""


@dataclass(frozen=True)
class Cell:
    """One cell. `text` is what a person sees in it; `fault` says why that cannot be relied on."""

    address: str
    text: str
    fault: str = ""
    is_number: bool = False  # Excel keeps 1.10 as 1.1 and shows what its format says

    def __bool__(self):
        return bool(self.text or self.fault)


@dataclass(frozen=True)
class Row:
    """One row, by heading, with the number that the program shows at its left."""

    number: int
    cells: dict[str, Cell]

    def __bool__(self):
        return any(self.cells.values())


@dataclass
class Table:
    """The rows under one line of headings. `notes` is what its owner should know."""

    headings: list[str]
    rows: list[Row]
    sheet: str = ""
    notes: list[str] = field(default_factory=list)


def address(row: int, column: int) -> str:
    """“C14”: both counted from 1."""
    return f"{get_column_letter(column)}{row}"


def normal(heading: str) -> str:
    """A heading without what people vary: capitals, spaces, punctuation."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", heading).casefold()))


def tidy(text: str) -> str:
    """Without control characters, and with plain line ends: what a person sees."""
    kept = (
        c for c in one_spelling(text) if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"}
    )
    return "".join(kept).strip()


def date_as_shown(value: dt.date, number_format: str) -> tuple[str, str]:
    """The date as Excel shows it, and what is wrong with that.

    Excel turns “May 25” into a day and hides the part that nobody typed. So what is hidden is not
    taken for said: a format without a day gives a month.
    """
    shown = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", number_format).lower()
    has_day, has_year = "d" in shown, "y" in shown
    if not has_year and has_day:
        return f"{value.day} {value:%B}", (
            f"This cell shows no year. Excel keeps {value.day} {value:%B %Y} behind it, perhaps "
            "because it guessed. Write the year too."
        )
    if has_day or not has_year:
        return f"{value.day} {value:%B %Y}", ""
    return (f"{value:%B %Y}" if "m" in shown else f"{value:%Y}"), ""
