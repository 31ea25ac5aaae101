"""Editions as their kinds have them, with their parts: many of a kind in as many queries as one."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db import models

from publishing.models.editions import Edition


def as_their_kinds(editions: Iterable[Edition]) -> list[Edition]:
    """Each as an instance of its kind, fresh from the database, with its parts; in their order.

    Their documents are known: `select_related("document")`. Each keeps the release it came with.
    """
    by_kind: dict[type[Edition], list[int]] = defaultdict(list)
    known = list(editions)
    for edition in known:
        by_kind[edition.document.kind_model].append(edition.pk)
    found = {
        whole.pk: whole for kind, wanted in by_kind.items() for whole in with_parts(kind, wanted)
    }
    for edition in known:
        found[edition.pk].release = edition.release
    return [found[edition.pk] for edition in known]


def with_parts(kind: type[Edition], wanted: Collection[int]) -> list[Edition]:
    """Editions of a kind with all that their words are made of, in a fixed number of queries."""
    parts = {accessor(part): part for part in kind.part_models()}
    names = filter(None, named_rows(kind))
    rows = kind._base_manager.filter(pk__in=wanted).select_related("document", *names)
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
