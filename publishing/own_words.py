"""The words of a page that staff chose themselves: not quotations, sources, names and addresses."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from django.db import models

from publishing import plain_words, private_details
from publishing.richtext import MarkdownField, plain

if TYPE_CHECKING:
    from publishing.models.editions import Edition
    from publishing.models.parts import Part

# Of a page pasted from Word there would be hundreds, and nobody would read one.
MOST_ADVICE = 8


def own_texts(edition: Edition) -> Iterator[tuple[str, str, str]]:
    """Each filled text of the page: its field, its name for staff, and its plain words."""
    rows: list[Edition | Part] = [edition, *edition.parts()]
    for row in rows:
        for field in text_fields(row):
            if field.name not in row.words_not_ours() and (text := getattr(row, field.attname)):
                name = f"“{field.verbose_name}”"
                words = plain(text) if isinstance(field, MarkdownField) else text
                yield field.name, name if row is edition else f"{name} of “{row}”", words


def text_fields(row: Edition | Part) -> Iterator[models.Field]:
    for field in row._meta.concrete_fields:
        is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
        is_address = isinstance(field, models.URLField | models.EmailField | models.SlugField)
        if is_text and not is_address and field.editable and field.name not in row.NOT_CONTENT:
            yield field


def advice(edition: Edition) -> list[tuple[str, str]]:
    """What would make the page plainer: the field, and words for the person who writes it."""
    texts = list(own_texts(edition))
    whole_page = "\n".join(words for _, _, words in texts)
    found = (
        (field, f"In {name}: {sentence}")
        for field, name, words in texts
        for sentence in plain_words.advice(words)
    )
    private = (
        (field, f"In {name}: {sentence}")
        for field, name, words in texts
        for sentence in private_details.advice(words)
    )
    of_page = (("title", sentence) for sentence in plain_words.advice_on_age(whole_page))
    return [*private, *of_page, *islice(found, MOST_ADVICE)]
