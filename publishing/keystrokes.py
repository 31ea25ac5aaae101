"""What people type, in one spelling: browsers, Word and Excel write the same words otherwise."""

from __future__ import annotations

import re
from collections.abc import Collection

from django.db import models

NEW_LINES = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
HARD_SPACES = re.compile(r"[\xa0\u2007\u202f]")
# Word leaves some behind; NUL is left for the form to refuse in words.
UNSEEN = re.compile(r"[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")


def one_spelling(text: str) -> str:
    """With plain line ends and spaces, and without what nobody sees."""
    return UNSEEN.sub("", HARD_SPACES.sub(" ", NEW_LINES.sub("\n", text)))


def as_kept(text: str) -> str:
    """As a page keeps it: what was pasted with a hard space is no other text than what was typed.

    Otherwise to save a page unchanged, or to bring it back from a workbook, would reword it.
    """
    return one_spelling(text).strip()


def tidy_columns(row: models.Model, names: Collection[str] | None = None) -> None:
    """Gives the texts of a row of a draft, or those among `names`, their one spelling."""
    for field in row._meta.concrete_fields:
        if not isinstance(field, models.CharField | models.TextField):
            continue
        if getattr(field, "is_derived", False) or (names is not None and field.name not in names):
            continue
        text = getattr(row, field.attname)
        if isinstance(text, str) and text != as_kept(text) and not is_public(row):
            setattr(row, field.attname, as_kept(text))


def is_public(row: models.Model) -> bool:
    """What was published stays as it was, to the letter."""
    return getattr(getattr(row, "edition", row), "published_at", None) is not None
