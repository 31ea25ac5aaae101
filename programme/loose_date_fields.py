"""A loose date in a model: the words that were written, and beside them what they mean."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import models

from programme.loose_dates import LooseDate, Precision, Unreadable, read


class LooseDateField(models.CharField):
    """The words of a date. Beside `due_words` stand what they mean, set whenever it is saved:

    `due_from` and `due_on`, the first and the last day (None when no date is given),
    `due_precision`, and the property `due`, a LooseDate. `due_on` decides what is late.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": 100, "blank": True, **kwargs})

    @property
    def prefix(self) -> str:
        return self.name.removesuffix("_words")

    @property
    def columns_beside(self) -> list[str]:
        """What is saved with it."""
        return [f"{self.prefix}_{what}" for what in ("from", "on", "precision")]

    def contribute_to_class(self, cls, name, private_only=False):
        super().contribute_to_class(cls, name, private_only)
        beside: dict[str, models.Field] = {
            "from": models.DateField(null=True, editable=False),
            "on": models.DateField(null=True, editable=False),
            "precision": models.CharField(
                max_length=10, choices=Precision, default=Precision.NONE, editable=False
            ),
        }
        for what, field in beside.items():
            column = f"{self.prefix}_{what}"
            # A model that Django rebuilds for a migration has met these columns already.
            if column not in {known.name for known in cls._meta.local_fields}:
                field.creation_counter = self.creation_counter
                field.contribute_to_class(cls, column)
        setattr(cls, self.prefix, property(self.of))

    def of(self, row: models.Model) -> LooseDate:
        precision, first, last = (
            getattr(row, f"{self.prefix}_{what}") for what in ("precision", "from", "on")
        )
        return LooseDate(precision, first, last, getattr(row, self.attname))

    def pre_save(self, model_instance, add):
        self.set_meaning(model_instance)
        return super().pre_save(model_instance, add)

    def set_meaning(self, row: models.Model) -> None:
        if getattr(getattr(row, "edition", row), "published_at", None):
            return  # a name was removed from the words; what they meant stays
        try:
            meant = read(getattr(row, self.attname))
        except Unreadable:
            # A draft may say anything; `problems` keeps it from the public.
            meant = LooseDate()
        for what, value in (("from", meant.first), ("on", meant.last)):
            setattr(row, f"{self.prefix}_{what}", value)
        setattr(row, f"{self.prefix}_precision", meant.precision)

    def validate(self, value, model_instance):
        super().validate(value, model_instance)
        try:
            read(value)
        except Unreadable as why:
            raise ValidationError(str(why), code="unreadable") from why

    def deconstruct(self):
        # To a migration it is a text column; what stands beside it is named there for itself.
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def clone(self):
        _, _, args, kwargs = self.deconstruct()
        return type(self)(*args, **kwargs)


def loose_date_fields(row: models.Model) -> list[LooseDateField]:
    return [field for field in row._meta.concrete_fields if isinstance(field, LooseDateField)]


def set_meaning(row: models.Model) -> None:
    """Reads the row's dates from their words, as saving does: for what must be known before."""
    for field in loose_date_fields(row):
        field.set_meaning(row)


def unreadable(row: models.Model) -> Iterator[tuple[str, str]]:
    """The name of each loose date of a row that cannot be read, and why: for its `problems`."""
    for field in loose_date_fields(row):
        try:
            read(getattr(row, field.attname))
        except Unreadable as why:
            yield field.name, str(why)
