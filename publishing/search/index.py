"""The index over title and plain text of every edition, kept by the database.

It changes in the same statement as the row, whoever writes it and however: no save, bulk update or
redaction can leave it behind. docs/decisions/0011 says why it is not a library's.

Drafts are in it too. What may be found is decided when somebody asks, by `as_of`: so a scheduled
page is found at its time, and a page that was taken down is not, without anything being written.
"""

from __future__ import annotations

from django.db import connections, transaction

from publishing.models import Edition

EDITIONS = Edition._meta.db_table
INDEX = "publishing_search"
# PostgreSQL's own “english” leaves words out (“can”, “our”, “who”) that families search for here.
STEMS = "publishing_search_stems"
VECTOR = f"to_tsvector('{INDEX}'::regconfig, title || ' ' || text)"
TITLE_VECTOR = f"to_tsvector('{INDEX}'::regconfig, title)"

ON_SQLITE = {
    INDEX: f"CREATE VIRTUAL TABLE {INDEX} USING fts5(title, text, content='{EDITIONS}', "
    "content_rowid='id', tokenize='porter unicode61 remove_diacritics 2')",
    f"{INDEX}_added": f"CREATE TRIGGER {INDEX}_added AFTER INSERT ON {EDITIONS} BEGIN "
    f"INSERT INTO {INDEX}(rowid, title, text) VALUES (NEW.id, NEW.title, NEW.text); END",
    f"{INDEX}_removed": f"CREATE TRIGGER {INDEX}_removed AFTER DELETE ON {EDITIONS} BEGIN "
    f"INSERT INTO {INDEX}({INDEX}, rowid, title, text) "
    "VALUES ('delete', OLD.id, OLD.title, OLD.text); END",
    f"{INDEX}_changed": f"CREATE TRIGGER {INDEX}_changed AFTER UPDATE OF title, text ON {EDITIONS} "
    "WHEN OLD.title IS NOT NEW.title OR OLD.text IS NOT NEW.text BEGIN "
    f"INSERT INTO {INDEX}({INDEX}, rowid, title, text) "
    "VALUES ('delete', OLD.id, OLD.title, OLD.text); "
    f"INSERT INTO {INDEX}(rowid, title, text) VALUES (NEW.id, NEW.title, NEW.text); END",
}
WORD_SORTS = "asciiword, asciihword, hword_asciipart, word, hword, hword_part"
ON_POSTGRESQL = {
    STEMS: f"CREATE TEXT SEARCH DICTIONARY {STEMS} (TEMPLATE = snowball, LANGUAGE = english)",
    INDEX: f"CREATE TEXT SEARCH CONFIGURATION {INDEX} (COPY = english); "
    f"ALTER TEXT SEARCH CONFIGURATION {INDEX} ALTER MAPPING FOR {WORD_SORTS} WITH {STEMS}",
    f"{INDEX}_words": f"CREATE INDEX {INDEX}_words ON {EDITIONS} USING gin ({VECTOR})",
    f"{INDEX}_titles": f"CREATE INDEX {INDEX}_titles ON {EDITIONS} USING gin ({TITLE_VECTOR})",
}
THERE = {
    "sqlite": f"SELECT name FROM sqlite_master WHERE name LIKE '{INDEX}%%'",
    "postgresql": "SELECT dictname FROM pg_ts_dict WHERE pg_ts_dict_is_visible(oid) UNION "
    "SELECT cfgname FROM pg_ts_config WHERE pg_ts_config_is_visible(oid) UNION "
    "SELECT relname FROM pg_class WHERE relkind = 'i' AND pg_table_is_visible(oid)",
}


def wanted(connection) -> dict[str, str]:
    return ON_SQLITE if connection.vendor == "sqlite" else ON_POSTGRESQL


def missing(connection) -> list[str]:
    """The pieces of the index that do not stand in this database."""
    with connection.cursor() as cursor:
        cursor.execute(THERE[connection.vendor])
        there = {name for (name,) in cursor.fetchall()}
    return [name for name in wanted(connection) if name not in there]


def remake(*, using, **kwargs) -> None:
    """Makes the index stand after each migration: SQLite drops triggers with a rebuilt table."""
    connection = connections[using]
    if EDITIONS not in connection.introspection.table_names():
        return
    pieces = missing(connection)
    if not pieces:
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for name in pieces:
            cursor.execute(wanted(connection)[name])
        if connection.vendor == "sqlite":
            cursor.execute(f"INSERT INTO {INDEX}({INDEX}) VALUES ('rebuild')")


def forget(connection) -> None:
    """Leaves no trace of words that were removed.

    SQLite's index only notes that a word is gone, until it merges its pieces: so they are merged.
    (PostgreSQL keeps old rows and their index entries alike until its vacuum.)
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {INDEX}({INDEX}) VALUES ('optimize')")
