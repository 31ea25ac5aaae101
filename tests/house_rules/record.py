"""Everything that the database says, for comparing before and after."""

from django.apps import apps
from django.db import models

# Rows that Django writes beside the facts.
BESIDE = {"sessions.session", "admin.logentry", "contenttypes.contenttype", "auth.permission"}


def recorded_models() -> list[type[models.Model]]:
    models_ = apps.get_models(include_auto_created=True)
    return [model for model in models_ if model._meta.label_lower not in BESIDE]


def facts(tables: set[str] | None = None) -> dict[str, list[tuple]]:
    """All rows by table, of all tables or of those named."""
    return {
        model._meta.db_table: sorted(model._base_manager.values_list(), key=str)
        for model in recorded_models()
        if tables is None or model._meta.db_table in tables
    }
