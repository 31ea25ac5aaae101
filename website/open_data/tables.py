"""What a table of open data is: its columns, and its rows at a moment, a few at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import batched
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Choices
from django.urls import get_script_prefix

from programme.spreadsheets.writing import Value
from publishing import references
from publishing.models import Edition, Part
from publishing.moments import Moment

# Rows in memory at one time: so a table of 100,000 costs no more of it than one of 1,000.
CHUNK = 1_000


@dataclass(frozen=True)
class Column:
    """One column. `give` makes its value from a row, or names an attribute of the row."""

    name: str
    meaning: str
    type: str = "string"  # of Frictionless Table Schema
    give: Callable[[Any], Any] | str = ""

    def of(self, row: models.Model) -> Value:
        give = attrgetter(self.give or self.name) if isinstance(self.give, str) else self.give
        value = give(row)
        return float(value) if isinstance(value, Decimal) else value


@dataclass(frozen=True)
class Table:
    """One file: what it holds, for readers, and where its rows come from."""

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]
    rows_at: Callable[[Moment], Iterable[models.Model]]

    @property
    def headings(self) -> list[str]:
        return [column.name for column in self.columns]

    def rows(self, moment: Moment) -> Iterator[list[Value]]:
        """What stands at the moment, read from the database while it is written."""
        for row in self.rows_at(moment):
            yield [column.of(row) for column in self.columns]


# Rows


def editions_of(kind: type[Edition], moment: Moment) -> models.QuerySet:
    """The pages of one kind that stand at the moment, in an order that stays."""
    return kind.objects.as_of(moment).select_related("document").order_by("pk")


def parts_of(model: type[Part], kind: type[Edition], moment: Moment) -> models.QuerySet:
    """The parts of the pages of one kind that stand at the moment."""
    standing: dict[str, Any] = {"edition__in": kind.objects.as_of(moment).values("pk")}
    parts: models.QuerySet = model._base_manager.filter(**standing)
    of_page = "edition__document"  # which each part has, and Part alone has not
    return parts.select_related(of_page).order_by("edition_id", "position", "pk")


def every(kind: type[Edition]) -> Callable[[Moment], Iterable[Any]]:
    """The rows of a table with a page of the kind on each line."""
    return lambda moment: streamed(editions_of(kind, moment), moment)


def every_part(model: type[Part], kind: type[Edition]) -> Callable[[Moment], Iterable[Any]]:
    """The rows of a table with one part of such a page on each line."""
    return lambda moment: streamed(parts_of(model, kind, moment), moment)


def streamed(rows: models.QuerySet, moment: Moment, *, also: str = "") -> Iterator[Any]:
    """The rows a chunk at a time, each with what it refers to (`also`: and its parts by a name).

    A page that does not stand is not referred to. Nothing else is fetched row by row: it raises.
    """
    whole = rows.fetch_mode(models.FETCH_RAISE).iterator(chunk_size=CHUNK)
    for chunk in batched(whole, CHUNK, strict=False):
        parts = [part for row in chunk for part in getattr(row, also).all()] if also else []
        references.attach([*chunk, *parts], moment)
        yield from chunk


# Values


def page_address(row: Edition) -> str:
    """The page's own address, also when somebody looks at a past day."""
    return whole_address(row.document.get_absolute_url())


def whole_address(path: str) -> str:
    return f"{settings.SITE_URL}/{path.removeprefix(get_script_prefix())}"


def refers(name: str) -> Callable[[Any], str]:
    """The address of the page to which a row leads, if that page stands."""

    def give(row) -> str:
        found = row.refers_to[name]
        return whole_address(found.url) if found else ""

    return give


def each_refers(parts: str, name: str) -> Callable[[Any], str]:
    """The addresses to which a row's parts lead, with a space between them."""

    def give(row) -> str:
        found = (part.refers_to[name] for part in getattr(row, parts).all())
        return " ".join(whole_address(each.url) for each in found if each)

    return give


def one_of(choices: type[Choices], meaning: str) -> str:
    """The meaning of a column that holds one of a few codes, with what each code says."""
    return f"{meaning} " + "; ".join(f"{value}: {label}" for value, label in choices.choices)


# Columns that many tables share


def about_page(*, title: str = "What the page is called.") -> tuple[Column, ...]:
    return (
        Column("id", "Never changes, even if the title or the address does.", give=key_of),
        Column("page", "The address of the page.", give=page_address),
        Column("title", title),
    )


def key_of(row: Edition) -> str:
    return str(row.document.key)


PUBLISHED = (
    Column("version", "1 when it first came out; each correction adds 1.", "integer", "number"),
    Column(
        "published_at",
        "When this version came out. If it stood elsewhere first: the end of the last day that its "
        "source can mean.",
        "datetime",
    ),
    Column("change_note", "What this version changed.", give="change_note"),
    Column("first_source", "Where it stood before this site, if it did.", give="source"),
    Column("first_source_date", "When it stood there, in that source’s words.", give="source_date"),
)

OF_PAGE = (
    Column("page_id", "The id of the page that this is on.", give=lambda row: key_of(row.edition)),
    Column("page", "The address of that page.", give=lambda row: page_address(row.edition)),
    Column("id", "Never changes, from version to version.", give=lambda row: str(row.key)),
)
