"""Making the declared guards stand in a database, and seeing whether they do."""

from django.db import connections, transaction

from publishing.guards.conditions import VERSION
from publishing.guards.rules import all_guards
from publishing.guards.triggers import Guard, drop_sql
from publishing.models import SiteVersion


def standing(connection) -> dict[str, str]:
    """Names of the guards that stand and work, each with its table."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, tbl_name FROM sqlite_master "
                "WHERE type = 'trigger' AND name LIKE 'guard%%'"
            )
        else:
            cursor.execute(
                "SELECT t.tgname, c.relname FROM pg_trigger t "
                "JOIN pg_class c ON c.oid = t.tgrelid "
                "WHERE NOT t.tgisinternal AND t.tgenabled = 'O' AND t.tgname LIKE 'guard%%' "
                "AND pg_table_is_visible(c.oid)"
            )
        return dict(cursor.fetchall())


def missing(connection) -> list[Guard]:
    there = standing(connection)
    return [guard for guard in all_guards(connection.vendor) if guard.name not in there]


def drop_all(connection) -> None:
    """Only for a migration that rebuilds tables, and for tests that empty them."""
    with connection.cursor() as cursor:
        for name, table in standing(connection).items():
            for sql in drop_sql(connection.vendor, table, name):
                cursor.execute(sql)


def step_aside(*, using, plan=(), **kwargs) -> None:
    """Before a migration on SQLite, which cannot rebuild a table that another's trigger names."""
    connection = connections[using]
    if plan and connection.vendor == "sqlite":
        drop_all(connection)


def remake(*, using, **kwargs) -> None:
    """Makes the declared guards stand, and no others."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    there = standing(connection)
    wanted = {g.name: g for g in all_guards(connection.vendor) if g.table in tables}
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for name in there.keys() - wanted.keys():
            for sql in drop_sql(connection.vendor, there[name], name):
                cursor.execute(sql)
        for name in wanted.keys() - there.keys():
            guard = wanted[name]
            for sql in (
                *guard.drop_sql(connection.vendor),
                *guard.create_sql(connection.vendor),
            ):
                cursor.execute(sql)
    if VERSION in tables:
        SiteVersion.objects.using(using).get_or_create(pk=1)
