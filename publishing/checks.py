"""Is the kernel whole: a system check for deployments, and what /healthz asks."""

from functools import cache
from typing import cast

from django.core import checks
from django.core.cache import caches
from django.db import DatabaseError, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from publishing import guards, search
from publishing.models import SiteVersion

HEALTH_IS_KEPT_FOR = 5  # seconds


@checks.register(checks.Tags.database)
def guards_stand(databases=None, **kwargs):
    """`manage.py check --database default` fails when a guard is missing."""
    errors = []
    for alias in databases or []:
        connection = connections[alias]
        if SiteVersion._meta.db_table not in connection.introspection.table_names():
            continue
        errors += [
            checks.Error(
                f"Nothing stops this on {guard.table}: {guard.message}.",
                hint="Run `manage.py migrate`: it remakes the guards.",
                id="publishing.E001",
            )
            for guard in guards.missing(connection)
        ]
    return errors


def health() -> list[str]:
    """What is wrong, in sentences for the log; empty when the site can be relied on.

    Anybody may ask, as often as they like: who asks again within seconds hears the same.
    """
    return cast("list[str]", caches["default"].get_or_set("health", look, HEALTH_IS_KEPT_FOR))


@cache
def newest_migrations() -> list[tuple[str, str]]:
    """What the code of this process wants applied: read from its files once."""
    return MigrationLoader(None).graph.leaf_nodes()


def look() -> list[str]:
    connection = connections["default"]
    try:
        applied = MigrationRecorder(connection).applied_migrations()
        problems = [
            f"Migration {app}.{name} is not applied."
            for app, name in newest_migrations()
            if (app, name) not in applied
        ]
        problems += [
            f"A guard is missing: {guard.message}." for guard in guards.missing(connection)
        ]
        problems += [f"A piece of the search is missing: {n}." for n in search.missing(connection)]
        if SiteVersion.objects.filter(redacting__isnull=False).exists():
            problems.append("A redaction was left open.")
    except DatabaseError as error:
        return [f"The database does not answer: {error}"]
    return problems
