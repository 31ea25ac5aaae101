"""The whole record for machines: every ledger line with what is needed to compute it again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models

from publishing import ledger, record
from publishing.history import is_appearance
from publishing.models import Edition, LedgerEntry
from publishing.moments import Moment

LINES_A_PAGE = 50
# Of a line's words, those that stand on the page itself.
ON_THE_PAGE = ("title", "note", "text")


def page(moment: Moment, *, after: int) -> dict[str, Any]:
    """The lines after a number, oldest first, and the newest line of all.

    Each line has the `columns` its `digest` is made of, and its `words`, each with its salt. Words
    that were removed by right are not there. `page_differs` has the words of the page itself
    wherever they are no longer those of the line: then somebody altered one of the two.
    """
    entries = record.recorded(moment).filter(id__gt=after).order_by("id")
    found = list(entries.select_related("document").prefetch_related("texts")[: LINES_A_PAGE + 1])
    shown = found[:LINES_A_PAGE]
    stands = words_that_stand([entry for entry in shown if not entry.is_removed])
    newest = ledger.newest()
    return {
        "newest": {"line": newest.pk, "digest": newest.digest} if newest else None,
        "lines": [line(entry, stands.get(entry.edition_id or 0, {})) for entry in shown],
        "next_after": shown[-1].pk if len(found) > LINES_A_PAGE else None,
    }


def line(entry: Any, stands: dict[str, str]) -> dict[str, Any]:
    texts = {text.name: text for text in record.words_left(entry)}
    compared = ON_THE_PAGE if is_appearance(entry) else ("title", "text")
    return {
        "columns": entry.columns(),
        "digest": entry.digest,
        "words": {name: {"salt": text.salt, "text": text.text} for name, text in texts.items()},
        "is_removed": entry.is_removed,
        "page_differs": {
            name: stands[name]
            for name in compared
            if name in texts and name in stands and stands[name] != texts[name].text
        },
    }


def words_that_stand(entries: Iterable[LedgerEntry]) -> dict[int, dict[str, str]]:
    """By edition, its words as the tables have them now: computed anew, not the stored copy."""
    by_kind: dict[type[Edition], set[int]] = defaultdict(set)
    for entry in entries:
        if entry.edition_id and entry.texts.all():
            by_kind[apps.get_model(entry.document_kind)].add(entry.edition_id)
    return {
        edition.pk: {
            "title": edition.title,
            "note": edition.public_note,
            "text": edition.plain_text(),
        }
        for kind, wanted in by_kind.items()
        for edition in whole(kind, wanted)
    }


def whole(kind: type[Edition], wanted: set[int]) -> list[Edition]:
    """Editions of a kind with all that their words are made of, in as many queries for all."""
    parts = {accessor(part): part for part in kind.part_models()}
    rows = kind._base_manager.filter(pk__in=wanted).select_related(*named_rows(kind))
    found = list(
        rows.prefetch_related(
            *(
                models.Prefetch(name, part._base_manager.select_related(*named_rows(part)))
                for name, part in parts.items()
            )
        )
    )
    for edition in found:
        edition.known_parts = [row for name in parts for row in getattr(edition, name).all()]
    return found


def accessor(part: type[models.Model]) -> str:
    """What an edition calls its parts of this kind."""
    relation: Any = part._meta.get_field("edition").remote_field
    return relation.get_accessor_name()


def named_rows(model: type[models.Model]) -> list[Any]:
    """Bodies, terms and documents that a row names, for one query with it; [None] for none."""
    names = [
        column.name
        for column in model._meta.local_concrete_fields
        if column.related_model and not issubclass(column.related_model, Edition)
    ]
    return names or [None]
