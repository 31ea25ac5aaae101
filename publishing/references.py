"""Where a page refers to: the documents it names, as they stand at the moment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db import models

from publishing.models import Document, Edition
from publishing.moments import Moment


class Reference(NamedTuple):
    """A document that a page names, in the words that stand at the moment."""

    document_id: int
    title: str
    url: str
    kind_name: str

    def __str__(self) -> str:
        return self.title


def resolve(rows: Iterable[models.Model], moment: Moment) -> dict[int, Reference]:
    """What the rows' foreign keys to documents lead to, by document. One query.

    `rows` are editions and parts. What does not stand at the moment is not in the answer: it is
    taken down, or was never public by then, and a page must say nothing of it.
    """
    wanted = {
        document for row in rows for _, document in references_of(row) if document is not None
    }
    if not wanted:
        return {}
    return of_documents(wanted, moment)


def of_documents(documents: Iterable[int], moment: Moment) -> dict[int, Reference]:
    standing = (
        Edition.objects.as_of(moment).filter(document__in=documents).select_related("document")
    )
    return {
        edition.document_id: Reference(
            edition.document_id,
            edition.title,
            edition.document.get_absolute_url(),
            edition.document.kind_name,
        )
        for edition in standing
    }


def attach(rows: Iterable[models.Model], moment: Moment) -> None:
    """Gives each row `refers_to`: by the field's name, a Reference or None. One query for all."""
    rows = list(rows)
    found = resolve(rows, moment)
    for row in rows:
        refers_to = {
            name: found.get(document) if document else None for name, document in references_of(row)
        }
        row.refers_to = refers_to  # type: ignore[attr-defined]


def references_of(row: models.Model) -> list[tuple[str, int | None]]:
    """Each foreign key to a document, but an edition's own, by name."""
    return [
        (field.name, getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.related_model is Document
        and not (isinstance(row, Edition) and field.name == "document")
    ]
