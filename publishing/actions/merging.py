"""Bringing a waiting edition up to date with a correction that went out before it."""

from collections.abc import Sequence

from django.db import models
from django.db.models import F

from publishing.actions.drafts import add_copy
from publishing.actions.facts import seal_draft
from publishing.models import Edition, Part


def bring_waiting_up_to_date(corrections: Sequence[Edition]) -> None:
    """What waited behind these corrections becomes the draft, with the correction in it."""
    by_document = {correction.document_id: correction for correction in corrections}
    waiting = Edition.objects.filter(is_waiting=True, document__in=by_document)
    for edition in waiting.select_related("document"):
        correction = by_document[edition.document_id]
        if correction.based_on:
            bring_up_to_date(edition, correction, correction.based_on)


def bring_up_to_date(waiting: Edition, correction: Edition, base: Edition) -> None:
    Edition.objects.filter(pk=waiting.pk).update(
        is_waiting=False,
        based_on=correction,
        submitted_at=None,
        submitted_by=None,
        version=F("version") + 1,
    )
    take_over(waiting.concrete, base=base.concrete, newer=correction.concrete)


def take_over(waiting: Edition, *, base: Edition, newer: Edition) -> None:
    """Copies what the correction changed into fields that the waiting edition left alone.

    `base` is what both began from. Where both changed the same field, the waiting edition keeps
    its own words: its author sees both under “What has changed”, and it must be signed again.
    """
    without = Edition.NOT_CONTENT | {"change_note", "is_minor"}
    take_over_columns(waiting, base, newer, without)
    waiting.save()
    mine, old, new = ({part.key: part for part in e.parts()} for e in (waiting, base, newer))
    for key, part in new.items():
        if key in mine and key in old:
            take_over_columns(mine[key], old[key], part, Part.NOT_CONTENT)
            mine[key].save()
        elif key not in mine and key not in old:
            add_copy(part, waiting)
    for key in mine.keys() & old.keys() - new.keys():
        if mine[key].content() == old[key].content():
            mine[key].delete()
    seal_draft(waiting)


def take_over_columns(
    mine: models.Model, old: models.Model, new: models.Model, without: frozenset[str]
) -> None:
    for field in mine._meta.concrete_fields:
        if field.name in without or (field.remote_field and field.remote_field.parent_link):
            continue
        if getattr(mine, field.attname) == getattr(old, field.attname):
            setattr(mine, field.attname, getattr(new, field.attname))
