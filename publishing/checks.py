"""Is the kernel whole: a system check for deployments, and what /healthz asks."""

from django.core import checks
from django.db import DatabaseError, connections
from django.db.migrations.loader import MigrationLoader

from publishing import guards, search
from publishing.models import SiteVersion


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
    """What is wrong, in sentences for the log; empty when the site can be relied on."""
    connection = connections["default"]
    try:
        loader = MigrationLoader(connection)
        problems = [
            f"Migration {app}.{name} is not applied."
            for app, name in loader.graph.leaf_nodes()
            if (app, name) not in loader.applied_migrations
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
