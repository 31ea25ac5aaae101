"""What pages say, each text under the name that staff know it by: what a signer signs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django.db import models
from django.utils.text import capfirst

from publishing.models import Document, Edition, Part
from publishing.moments import LONDON
from publishing.richtext import DerivedField, MarkdownField
from publishing.whole_editions import as_their_kinds


class Said(NamedTuple):
    label: str
    words: str
    html: str = ""  # of Markdown: what families read


class Row(NamedTuple):
    """The page itself, which has no name beside its title, or one of its parts."""

    name: str
    said: list[Said]


class Page(NamedTuple):
    edition: Edition
    rows: list[Row]


def pages(editions: Iterable[Edition]) -> list[Page]:
    """Everything that these editions say, as it was saved. Their documents are known.

    In as many queries for many editions of a kind as for one.
    """
    whole = as_their_kinds(editions)
    titles = titles_of({key for edition in whole for row in rows_of(edition) for key in named(row)})
    return [
        Page(
            edition,
            [
                Row("" if row is edition else name_of(row), list(said_by(row, titles)))
                for row in rows_of(edition)
            ],
        )
        for edition in whole
    ]


def rows_of(edition: Edition) -> Sequence[Edition | Part]:
    return [edition, *edition.parts()]


def name_of(row: models.Model) -> str:
    return capfirst(str(row._meta.verbose_name))


def fields_of(row: Edition | Part) -> Iterator[models.Field[Any, Any]]:
    """What somebody wrote or chose; the title of a page stands above it."""
    above = {"title"} if isinstance(row, Edition) else {"position"}
    for field in row._meta.concrete_fields:
        is_link = field.remote_field and field.remote_field.parent_link
        is_ours = field.editable and not is_link and not isinstance(field, DerivedField)
        if is_ours and field.name not in row.NOT_CONTENT | above:
            yield field


def named(row: Edition | Part) -> Iterator[int]:
    """The documents that it leads to."""
    for field in fields_of(row):
        if field.related_model is Document and (key := getattr(row, field.attname)):
            yield key


def titles_of(documents: set[int]) -> dict[int, str]:
    newest = Edition.objects.working().filter(document__in=documents)
    return dict(newest.values_list("document", "title"))


def said_by(row: Edition | Part, titles: dict[int, str]) -> Iterator[Said]:
    for field in fields_of(row):
        value = getattr(row, field.attname)
        if value in (None, "", False):
            continue
        html = getattr(row, f"{field.name}_html") if isinstance(field, MarkdownField) else ""
        yield Said(capfirst(str(field.verbose_name)), words_of(row, field, value, titles), html)


def words_of(
    row: models.Model, field: models.Field[Any, Any], value: Any, titles: dict[int, str]
) -> str:
    if field.related_model is Document:
        return titles.get(value, "")
    if field.is_relation:
        value = getattr(row, field.name)
    elif field.flatchoices:
        value = dict(field.flatchoices).get(value, value)
    elif isinstance(value, dt.datetime):
        value = f"{value.astimezone(LONDON):%-d %B %Y, %H:%M}"
    elif isinstance(value, dt.date):
        value = f"{value:%-d %B %Y}"
    return "Yes" if value is True else str(value)
