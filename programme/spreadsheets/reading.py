"""Reads a table out of a file that somebody has uploaded: .xlsx or .csv, and nothing else."""

import csv
import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from itertools import chain, repeat

from openpyxl import load_workbook
from openpyxl.styles.numbers import is_date_format

from programme.spreadsheets.cells import (
    STARTS_A_FORMULA,
    CannotRead,
    Cell,
    Row,
    Table,
    address,
    date_as_shown,
    normal,
    tidy,
)

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
MAX_ROWS = 4000
MAX_COLUMNS = 60
MAX_TEXT = 32_767  # what a cell of Excel can hold
# Above the headings there may be a title and who wrote it.
HEADINGS_WITHIN = 20

ZIP, OLE, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
EXCEL_FAULTS = {"#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#N/A", "#NULL!", "#NUM!", "#SPILL!"}
# “0.00” shows 1.1 as 1.10; what follows is room for brackets, or what negative numbers look like.
SHOWS_PLACES = re.compile(r"[#,]*0\.(?P<noughts>0+)(_.)*(;.*)?")
TOO_MANY_ROWS = f"It has more than {MAX_ROWS:,} rows. Split it into smaller files."


def read(content: bytes, known: Iterable[str] = ()) -> Table:
    """The table in an uploaded file, whatever the file calls itself.

    `known` are headings to look for: the line with most of them is the line of headings. Raises
    CannotRead, in words for the person who uploaded it.
    """
    if len(content) > MAX_BYTES:
        raise CannotRead(f"It is larger than {MAX_BYTES // 1024 // 1024} MB.")
    if not content.strip():
        raise CannotRead("It is empty.")
    if content.startswith(OLE):
        raise CannotRead(
            "It is an old Excel file (.xls), or one with a password. Open it in Excel and save it "
            "as “Excel Workbook (.xlsx)”, without a password."
        )
    if content.startswith(PDF):
        raise CannotRead("It is a PDF. Upload the spreadsheet that it was made from.")
    sought = {normal(heading) for heading in known}
    table = read_workbook(content, sought) if content.startswith(ZIP) else read_csv(content, sought)
    if not table.rows:
        raise CannotRead("It has headings, and no row below them.")
    return table


# Excel


def read_workbook(content: bytes, sought: set[str]) -> Table:
    check_package(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on parts of Excel that we do not read anyway
            return first_table(content, sought)
    except CannotRead:
        raise
    # What a damaged workbook can raise inside openpyxl has no end; its owner needs one sentence.
    except Exception as error:
        raise CannotRead(
            "It seems to be damaged. Open it in Excel, save it again, and upload that."
        ) from error


def check_package(content: bytes) -> None:
    """Refuses, before anything is unpacked, what is no workbook or unpacks without end."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except zipfile.BadZipFile as error:
        raise CannotRead("It seems to be damaged, or cut off.") from error
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise CannotRead("It is not an Excel workbook (.xlsx) and not a .csv file.")
    # What a part says of its size is checked by zipfile when it is read.
    if sum(part.file_size for part in parts) > MAX_UNPACKED or len(parts) > 1000:
        raise CannotRead("It unpacks to far more than a plan can be. Save only the plan’s sheet.")


def first_table(content: bytes, sought: set[str]) -> Table:
    shown = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    # A large file takes seconds to read: twice only if what was typed can be another thing.
    typed = load_workbook(io.BytesIO(content), read_only=True) if has_formulas(content) else None
    visible = [name for name in shown.sheetnames if shown[name].sheet_state == "visible"]
    best, table = -1, None
    for name in visible:
        rows = list(cells_of(shown[name], typed and typed[name]))
        found = under_headings(rows, sought)
        if found and (count := known_headings(found, sought)) > best:
            best, table = count, found
            table.sheet = name
    if table is None:
        raise CannotRead("None of its sheets has a line of headings with rows below.")
    table.notes += what_was_left_out(shown, table.sheet, visible)
    return table


def what_was_left_out(workbook, read_sheet: str, visible: list[str]) -> list[str]:
    notes = []
    if hidden := len(workbook.sheetnames) - len(visible):
        sheets = "sheet that is" if hidden == 1 else "sheets that are"
        notes.append(
            f"This workbook has {hidden} {sheets} hidden. They were not read. Check that they hold "
            "nothing private before you send the file to anybody."
        )
    if len(visible) > 1:
        notes.append(f"Only the sheet “{read_sheet}” was read.")
    return notes


def has_formulas(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = [part for part in package.namelist() if part.endswith(".xml")]
        return any(re.search(rb"<(\w+:)?f[\s/>]", package.read(part)) for part in parts)


def cells_of(shown, typed=None) -> Iterator[tuple[int, list[Cell]]]:
    """Each row's number and cells, as a person sees them; `typed` is the same sheet's formulas."""
    for sheet in filter(None, (shown, typed)):
        sheet.reset_dimensions()  # what a file says of its own size is not to be trusted
    formulas = typed.iter_rows() if typed else repeat(())
    both = zip(shown.iter_rows(), formulas, strict=False)
    for number, (values, written) in enumerate(both, start=1):
        if number > MAX_ROWS + HEADINGS_WITHIN:
            raise CannotRead(TOO_MANY_ROWS)
        pairs = list(zip(values, chain(written, repeat(None)), strict=False))[:MAX_COLUMNS]
        cells = [cell_of(*pair, address(number, at)) for at, pair in enumerate(pairs, start=1)]
        if any(cells):
            yield number, cells


def cell_of(shown, typed, where: str) -> Cell:
    value = shown.value
    if value is None and getattr(typed, "data_type", "") == "f":
        return Cell(where, "", "This cell holds a formula without a result. Paste it as a value.")
    if isinstance(value, str) and value.strip() in EXCEL_FAULTS:
        return Cell(where, "", f"Excel shows {value.strip()} here: a formula has failed.")
    if isinstance(value, dt.datetime | dt.date):
        return Cell(where, *date_as_shown(value, shown.number_format or ""))
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    words = as_text(value, getattr(shown, "number_format", "") or "")
    return Cell(where, *words, is_number=is_number)


def as_text(value: object, number_format: str) -> tuple[str, str]:
    if value is None:
        return "", ""
    if isinstance(value, bool):
        return ("yes" if value else "no"), ""
    if isinstance(value, int | float) and (places := SHOWS_PLACES.fullmatch(number_format)):
        return f"{value:.{len(places['noughts'])}f}", ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int | float) and is_date_format(number_format):
        return str(value), "Excel cannot show this as a date."
    if isinstance(value, float) and "%" in number_format:
        return f"{value * 100:g}%", ""
    return tidy(str(value))[:MAX_TEXT], ""


# CSV


def read_csv(content: bytes, sought: set[str]) -> Table:
    text = decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    rows = []
    try:
        for number, values in enumerate(reader, start=1):
            if number > MAX_ROWS + HEADINGS_WITHIN:
                raise CannotRead(TOO_MANY_ROWS)
            cells = [
                Cell(address(number, column), unguarded(tidy(value)[:MAX_TEXT]))
                for column, value in enumerate(values[:MAX_COLUMNS], start=1)
            ]
            if any(cells):
                rows.append((number, cells))
    except csv.Error as error:
        raise CannotRead(f"Line {reader.line_num} cannot be read: {error}.") from error
    table = under_headings(rows, sought)
    if table is None:
        raise CannotRead("It has no line of headings with rows below.")
    return table


def decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in content:
        raise CannotRead("It is not an Excel workbook (.xlsx) and not a .csv file.")
    else:
        encodings = ["utf-8-sig", "cp1252"]  # Excel's “CSV” is in Windows' own letters
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CannotRead("Its letters cannot be read. Save it as “CSV UTF-8” and upload that.")


def delimiter_of(text: str) -> str:
    """The separator that stands most often outside quotation marks in the first lines."""
    start = re.sub(r'"[^"]*"', "", text[:20_000])
    return max(",;\t|", key=start.count)


def unguarded(text: str) -> str:
    """Without the ' that our own export puts before what a program would take for a formula."""
    return text[1:] if text.startswith("'") and text[1:].startswith(STARTS_A_FORMULA) else text


# Both


def under_headings(rows: list[tuple[int, list[Cell]]], sought: set[str]) -> Table | None:
    """The rows below the line that is most like headings: with most of those sought, else the
    first line with two filled cells.
    """
    candidates = [
        (len({normal(cell.text) for cell in cells} & sought), -number, cells)
        for number, cells in rows[:HEADINGS_WITHIN]
        if sum(1 for cell in cells if cell.text) > 1
    ]
    if not candidates:
        return None
    _, minus, cells = max(candidates, key=lambda candidate: candidate[:2])
    headings = told_apart([cell.text for cell in cells])
    table = Table([heading for heading in headings if heading], [])
    for number, found in rows:
        if number <= -minus:
            continue
        pairs = zip(headings, found, strict=False)
        row = Row(number, {heading: cell for heading, cell in pairs if heading})
        if row:
            table.rows.append(row)
    if len(table.rows) > MAX_ROWS:
        raise CannotRead(TOO_MANY_ROWS)
    return table


def told_apart(headings: list[str]) -> list[str]:
    """“Date”, “Date” → “Date”, “Date (2)”."""
    seen: dict[str, int] = {}
    told = []
    for heading in headings:
        name = " ".join(heading.split())
        seen[name] = seen.get(name, 0) + 1
        told.append(f"{name} ({seen[name]})" if name and seen[name] > 1 else name)
    return told


def known_headings(table: Table, sought: set[str]) -> int:
    return len({normal(heading) for heading in table.headings} & sought)
