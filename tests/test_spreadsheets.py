"""Excel's files and CSV, read as a person sees them, and written so that nothing in them runs."""

import csv
import datetime as dt
import io
import json
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from programme import spreadsheets
from programme.spreadsheets import CannotRead
from publishing.keystrokes import as_kept

pytestmark = pytest.mark.once  # files of Excel: no database has a part in them

HEADINGS = ["Ref", "Promise", "By when"]


def workbook(*rows, sheets=()) -> Workbook:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for name, state in sheets:
        book.create_sheet(name).sheet_state = state
    return book


def packed(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def texts(table) -> list[list[str]]:
    return [[cell.text for cell in row.cells.values()] for row in table.rows]


def test_a_workbook_is_read_with_the_places_of_its_cells():
    book = workbook(["Our plan, June 2022"], [], HEADINGS, ["1.1", "More case workers", "May 25"])

    table = spreadsheets.read(packed(book), known=HEADINGS)

    assert table.headings == HEADINGS
    assert texts(table) == [["1.1", "More case workers", "May 25"]]
    assert table.rows[0].number == 4
    assert table.rows[0].cells["By when"].address == "C4"


@pytest.mark.parametrize(
    ("number_format", "text", "fault"),
    [
        ("dd/mm/yyyy", "25 May 2021", ""),
        ("mmm yy", "May 2021", ""),
        ("mmmm yyyy", "May 2021", ""),
        ("[$-809]d mmmm yyyy;@", "25 May 2021", ""),
        ("yyyy", "2021", ""),
        ("d-mmm", "25 May", "no year"),
    ],
)
def test_a_date_says_no_more_than_the_cell_shows(number_format, text, fault):
    book = workbook(HEADINGS, ["1", "A promise", dt.date(2021, 5, 25)])
    book.active["C2"].number_format = number_format

    cell = spreadsheets.read(packed(book)).rows[0].cells["By when"]

    assert cell.text == text
    assert (fault in cell.fault) if fault else not cell.fault


def test_numbers_yes_and_percentages_are_read_as_they_look():
    book = workbook(HEADINGS, [1.0, True, 0.66])
    book.active["C2"].number_format = "0%"

    assert texts(spreadsheets.read(packed(book))) == [["1", "yes", "66%"]]


def test_a_formula_without_a_result_and_a_failed_one_are_named():
    book = workbook(HEADINGS, ["=A9", "#REF!", "May 2025"])

    cells = spreadsheets.read(packed(book)).rows[0].cells

    assert "formula without a result" in cells["Ref"].fault
    assert "#REF!" in cells["Promise"].fault


def test_hidden_sheets_are_not_read_and_their_owner_is_warned():
    book = workbook(HEADINGS, ["1", "A promise", "May 2025"], sheets=[("Names", "hidden")])
    book["Names"].append(["Name", "School"])
    book["Names"].append(["A child", "A school"])

    table = spreadsheets.read(packed(book), known=["Name", "School"])

    assert table.headings == HEADINGS
    assert "1 sheet that is hidden" in table.notes[0]


def test_of_several_sheets_the_one_with_the_known_headings_is_read():
    book = workbook(["Read me", "first"], ["by", "us"], sheets=[("Plan", "visible")])
    book["Plan"].append(HEADINGS)
    book["Plan"].append(["1", "A promise", "May 2025"])

    table = spreadsheets.read(packed(book), known=HEADINGS)

    assert table.sheet == "Plan"
    assert "Only the sheet “Plan” was read." in table.notes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_is_read_in_the_letters_and_separators_that_excel_writes(encoding, separator):
    lines = [separator.join(HEADINGS), separator.join(["1", '"Café, 2; “yes”"', "May 2025"])]

    table = spreadsheets.read("\r\n".join(lines).encode(encoding))

    assert texts(table) == [["1", "Café, 2; “yes”", "May 2025"]]
    assert table.rows[0].cells["By when"].address == "C2"


def test_two_columns_with_one_heading_are_told_apart():
    table = spreadsheets.read(b"Date,Date,What\n1 May 2025,2 May 2025,x")

    assert table.headings == ["Date", "Date (2)", "What"]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b"0" * (70 * 1024 * 1024))
    return out.getvalue()


def zipped(name: str, content: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(name, content)
    return out.getvalue()


def with_an_entity() -> bytes:
    """A workbook in which a part of XML names an entity that grows."""
    whole, changed = (
        zipfile.ZipFile(io.BytesIO(packed(workbook(HEADINGS, [1, 2, 3])))),
        io.BytesIO(),
    )
    grows = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
    with zipfile.ZipFile(changed, "w") as package:
        for part in whole.infolist():
            is_sheet = part.filename == "xl/worksheets/sheet1.xml"
            package.writestr(part.filename, grows if is_sheet else whole.read(part))
    return changed.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "old Excel file"),
        (b"%PDF-1.7 ", "It is a PDF"),
        (b"PK\x03\x04 cut off", "damaged"),
        (zipped("word/document.xml", "<x/>"), "not an Excel workbook"),
        (zipped("xl/workbook.xml", "<x/>"), "damaged"),
        (packed(workbook(HEADINGS, [1, 2, 3]))[:900], "damaged"),
        (bomb(), "unpacks"),
        (with_an_entity(), "damaged"),
        (b"one,\0two", "not an Excel workbook"),
        (b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
        (b"Ref,Promise\n", "no row"),
        (b"just words\n", "no line of headings"),
        (b'a,b\n"open,2\n', "Line"),
        (b"a,b\n" + b"1,2\n" * 4100, "4,000 rows"),
        (packed(workbook(["a", "b"], *[[1, 2]] * 4100)), "4,000 rows"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(content, reason):
    with pytest.raises(CannotRead, match=reason):
        spreadsheets.read(content)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_at_all_break_the_reader(content):
    for start in (b"", b"PK\x03\x04", b"Ref,Promise\n"):
        try:
            spreadsheets.read(start + content)
        except CannotRead:
            continue  # said in words, as the test above shows


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [(1.1, "0.00", "1.10"), (1.1, "0.0", "1.1"), (2, "0.0", "2.0"), (1.1, "General", "1.1")],
)
def test_a_number_has_the_places_that_excel_shows(value, number_format, shown):
    book = Workbook()
    book.active.append(["Ref", "Action"])
    book.active.append([value, "Answer every call"])
    book.active["A2"].number_format = number_format
    out = io.BytesIO()
    book.save(out)

    cell = spreadsheets.read(out.getvalue()).rows[0].cells["Ref"]

    assert (cell.text, cell.is_number) == (shown, True)


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")', "＝1"]  # noqa: RUF001 - a wide sign


@pytest.mark.parametrize("text", FORMULAS)
def test_nothing_in_an_export_runs_when_it_is_opened(text):
    content = "".join(spreadsheets.as_csv(["a", "b"], [[text, "x"]]))
    book = load_workbook(io.BytesIO(spreadsheets.as_workbook("Plan", ["a", "b"], [[text, "x"]])))

    cell = next(csv.reader(io.StringIO(content.removeprefix("\ufeff")), strict=True), None)
    rows = list(csv.reader(io.StringIO(content.removeprefix("\ufeff"))))
    assert cell == ["a", "b"]
    assert rows[1][0].startswith("'")
    assert book.active["A2"].data_type == "s"
    assert book.active["A2"].quotePrefix


# As a page keeps what a person typed; only our own guard against formulas is taken for none.
lines = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30).map(
    lambda text: as_kept(as_kept(text).removeprefix("'"))
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(lines, lines), min_size=1, max_size=5))
def test_what_is_exported_is_read_back_the_same(rows):
    filled = [["x", *row] for row in rows]

    for content in (
        "".join(spreadsheets.as_csv(["n", "a", "b"], filled)).encode(),
        spreadsheets.as_workbook("Plan", ["n", "a", "b"], filled),
    ):
        assert texts(spreadsheets.read(content)) == [list(row) for row in filled]


def test_json_says_the_same_with_the_same_names():
    lines = spreadsheets.as_json(["Ref", "Due"], [["1", dt.date(2025, 5, 31)], ["=2", None]])

    assert json.loads("".join(lines)) == [
        {"Ref": "1", "Due": "2025-05-31"},
        {"Ref": "=2", "Due": None},
    ]
