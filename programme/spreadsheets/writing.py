"""Writes rows as .xlsx, .csv and .json: the same columns, and nothing that runs when opened."""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from programme.spreadsheets.cells import STARTS_A_FORMULA, tidy

type Value = str | int | float | dt.date | None
WIDTH = 28  # of a column, in letters


def guarded(value: Value) -> Value:
    """Text that a spreadsheet would run gets a ' in front, as people put it there themselves."""
    if isinstance(value, str) and value.startswith(STARTS_A_FORMULA):
        return f"'{value}"
    return value


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[str]:
    """Lines of CSV for a streamed answer, with the mark by which Excel knows UTF-8."""
    line = io.StringIO()
    writer = csv.writer(line)
    yield "\ufeff"
    for row in chain([headings], rows):
        writer.writerow([in_csv(value) for value in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def as_json(headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[str]:
    """One list of objects, an object a line."""
    yield "[\n"
    comma = ""
    for row in rows:
        named = {
            heading: value.isoformat() if isinstance(value, dt.date) else value
            for heading, value in zip(headings, row, strict=True)
        }
        yield f"{comma}{json.dumps(named, ensure_ascii=False)}"
        comma = ",\n"
    yield "\n]\n"


def as_workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """An .xlsx with bold headings that stay in sight, and a filter."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for number in range(1, len(headings) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTH
    sheet.append([headed(sheet, heading) for heading in headings])
    count = 1
    for row in rows:
        sheet.append([in_workbook(sheet, value) for value in row])
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{count}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def headed(sheet, heading: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, heading)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def in_workbook(sheet, value: Value) -> WriteOnlyCell:
    text = tidy(value) if isinstance(value, str) else value
    cell = WriteOnlyCell(sheet, text)
    if isinstance(text, str):
        cell.data_type = "s"  # whatever it begins with, it is text
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        # Excel's own way to say the same; it stays text also after somebody edits the cell.
        cell.quotePrefix = text.startswith(STARTS_A_FORMULA)
    elif isinstance(text, dt.date):
        cell.number_format = "d mmmm yyyy"
    return cell


def in_csv(value: Value) -> Value:
    return value.isoformat() if isinstance(value, dt.date) else guarded(value)
