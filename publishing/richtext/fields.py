"""A model field for Markdown, with its HTML beside it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import models

from publishing.keystrokes import one_spelling
from publishing.richtext import rendering


class DerivedField(models.TextField):
    """The HTML of a Markdown column: outside digest and guards, remade whenever it is saved."""

    is_derived = True

    def __init__(self, *args, source: str = "", top_heading: int | None = 3, **kwargs):
        super().__init__(*args, **kwargs)
        self.source = source
        self.top_heading = top_heading

    def contribute_to_class(self, cls, name, private_only=False):
        # A model that copies the fields of another (an heir of an abstract one) meets it twice.
        if name not in {field.name for field in cls._meta.local_fields}:
            super().contribute_to_class(cls, name, private_only)

    def pre_save(self, model_instance, add):
        html = self.made_from(model_instance)
        setattr(model_instance, self.attname, html)
        return html

    def made_from(self, row: models.Model) -> str:
        source = getattr(row, self.source) or ""
        return rendering.render(source, top_heading=self.top_heading)

    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def clone(self):
        _, _, args, kwargs = self.deconstruct()
        return type(self)(*args, source=self.source, top_heading=self.top_heading, **kwargs)


class MarkdownField(models.TextField):
    """Text that staff write in Markdown. `<name>_html` beside it holds what families read.

    `top_heading`: the level at which the text's own headings begin, under those of its page. None:
    it stands on pages under headings of any level, so its own are shown as bold lines.
    """

    def __init__(self, *args, top_heading: int | None = 3, **kwargs):
        super().__init__(*args, **kwargs)
        self.top_heading = top_heading

    def contribute_to_class(self, cls, name, private_only=False):
        super().contribute_to_class(cls, name, private_only)
        derived = DerivedField(
            source=name, top_heading=self.top_heading, blank=True, default="", editable=False
        )
        derived.creation_counter = self.creation_counter
        derived.contribute_to_class(cls, f"{name}_html")

    def to_python(self, value):
        value = super().to_python(value)
        return one_spelling(value) if isinstance(value, str) else value

    def validate(self, value, model_instance):
        super().validate(value, model_instance)
        rendering.refuse_if_long(value or "")

    def deconstruct(self):
        # To a migration it is a text column: the rest is no business of the database.
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def clone(self):
        _, _, args, kwargs = self.deconstruct()
        return type(self)(*args, top_heading=self.top_heading, **kwargs)


def markdown_fields(model: type[models.Model]) -> list[MarkdownField]:
    return [f for f in model._meta.concrete_fields if isinstance(f, MarkdownField)]


def derived_fields(model: type[models.Model]) -> list[DerivedField]:
    return [f for f in model._meta.concrete_fields if isinstance(f, DerivedField)]


def with_derived(model: type[models.Model], names: Collection[str] | None) -> Any:
    """`update_fields` of a save, and with each column what is made from it: HTML, dates."""
    if names is None:
        return None
    made = {field.name for field in derived_fields(model) if field.source in names}
    for field in model._meta.concrete_fields:
        if field.name in names:
            made |= set(getattr(field, "columns_beside", ()))
    return {*names, *made}
