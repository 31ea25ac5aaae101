"""The plan in rows, with the same columns that are read back."""

from collections.abc import Iterator

from programme.workbook.columns import COLUMNS
from programme.workbook.known import Known


def rows() -> Iterator[list[str]]:
    """Every promise as staff have it now, by reference."""
    known = Known()
    kept = sorted(known.promises.values(), key=lambda each: by_reference(each.edition.ref))
    for each in kept:
        yield [column.give(each, known) for column in COLUMNS]


def by_reference(ref: str) -> list[tuple[int, str]]:
    """1.2 before 1.10."""
    pieces = ref.split(".")
    return [(int(p), "") if p.isdecimal() else (0, p) for p in pieces]
