"""What SQLite must be told of its tables, to ask them in the right order.

All pages share the table of editions, and each kind adds a small one. PostgreSQL counts their rows
by itself. SQLite takes all tables for equally large until somebody tells it, and then reads every
edition there is to find the newest of a small kind: the larger the record, the slower every page.
"""

from django.db import connections

from publishing.models import Edition
from publishing.models.editions import kinds

# Only their order counts: a kind has never more editions than all kinds together.
ALL_EDITIONS, OF_ONE_KIND = 100_000, 1_000


def tell(*, using: str = "default", **kwargs) -> None:
    """Notes for SQLite's planner that a kind has few rows; what somebody has counted stays."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    sizes = {kind._meta.db_table: OF_ONE_KIND for kind in kinds()}
    sizes[Edition._meta.db_table] = ALL_EDITIONS
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        cursor.execute("ANALYZE sqlite_schema")  # makes the table of such notes
        cursor.execute("SELECT DISTINCT tbl FROM sqlite_stat1")
        counted = {table for (table,) in cursor.fetchall()}
        cursor.executemany(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (%s, NULL, %s)",
            [
                (table, str(size))
                for table, size in sizes.items()
                if table in existing and table not in counted
            ],
        )
        cursor.execute("ANALYZE sqlite_schema")  # and reads them
