"""Tables of promises out of Excel and into it, as people see them there."""

from programme.spreadsheets.cells import CannotRead, Cell, Row, Table
from programme.spreadsheets.reading import MAX_BYTES, MAX_ROWS, read
from programme.spreadsheets.writing import as_csv, as_json, as_workbook

__all__ = [
    "MAX_BYTES",
    "MAX_ROWS",
    "CannotRead",
    "Cell",
    "Row",
    "Table",
    "as_csv",
    "as_json",
    "as_workbook",
    "read",
]
