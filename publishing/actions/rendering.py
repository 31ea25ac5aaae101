"""Making the HTML of every page anew, after the renderer itself has changed."""

from django.apps import apps
from django.db.models import Model

from publishing.actions.lock import publishing_lock
from publishing.richtext import derived_fields


def rerender() -> int:
    """Remakes what is made from Markdown, also under published pages; their words stay.

    Returns how many rows changed.
    """
    with publishing_lock():
        return sum(rerender_row(row) for model in apps.get_models() for row in rows_of(model))


def rows_of(model: type[Model]):
    return model._base_manager.iterator(chunk_size=200) if derived_fields(model) else ()


def rerender_row(row: Model) -> bool:
    made = {
        field.name: html
        for field in derived_fields(type(row))
        if (html := field.made_from(row)) != getattr(row, field.attname)
    }
    if made:
        type(row)._base_manager.filter(pk=row.pk).update(**made)
    return bool(made)
