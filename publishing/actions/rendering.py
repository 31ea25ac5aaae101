"""Making the HTML of every page anew, after the renderer itself has changed."""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Model

from publishing.actions.lock import publishing_lock
from publishing.richtext import derived_fields


def rerender() -> int:
    """Remakes what is made from Markdown, also under published pages; their words stay.

    Returns how many rows changed. While nothing has, it holds nobody up.
    """
    if not any(made_anew(row) for row in rows()):
        return 0
    with publishing_lock():
        return sum(rerender_row(row) for row in rows())


def rows() -> Iterator[Model]:
    """Every row that has text in Markdown."""
    for model in apps.get_models():
        if derived_fields(model):
            yield from model._base_manager.iterator(chunk_size=200)


def made_anew(row: Model) -> dict[str, str]:
    """The columns whose HTML is not what the renderer makes now."""
    return {
        field.name: html
        for field in derived_fields(type(row))
        if (html := field.made_from(row)) != getattr(row, field.attname)
    }


def rerender_row(row: Model) -> bool:
    made = made_anew(row)
    if made:
        type(row)._base_manager.filter(pk=row.pk).update(**made)
    return bool(made)
