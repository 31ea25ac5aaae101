"""What a reader reads of a row, as the digest takes it."""

import json
from decimal import Decimal

from django.db import models

from publishing.richtext import DerivedField


def column_values(row: models.Model, without: frozenset[str]) -> dict:
    """The filled columns of a row by field name, as strings, numbers and booleans.

    Without what is made from them: HTML may be remade under a page that never changes.
    """
    values = {}
    for field in row._meta.concrete_fields:
        if field.name in without or (field.remote_field and field.remote_field.parent_link):
            continue
        if isinstance(field, DerivedField):
            continue
        value = getattr(row, field.attname)
        # A nought that was measured is a fact: “0 of 100” is not “no number”.
        if value in (None, "", False) and not isinstance(value, Decimal):
            continue
        if field.is_relation and hasattr(field.related_model, "natural_key"):
            # A number of the database says nothing to a reader; “spring 2022” does.
            values[field.name] = getattr(row, field.name).natural_key()
            continue
        values[field.name] = value if isinstance(value, str | int) else field.value_to_string(row)
    return values


def canonical(value: object) -> bytes:
    """JSON that is the same for the same value everywhere: sorted, without spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
