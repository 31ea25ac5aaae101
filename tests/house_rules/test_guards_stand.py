"""Rule 4, second half: the guards outlive migrations, and their absence is noticed and mended."""

import shutil
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.cache import caches
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from publishing import checks, guards, verification
from publishing.models.editions import kinds
from tests import factories
from tests.house_rules import filling
from tests.house_rules.walking import visit

pytestmark = pytest.mark.django_db(transaction=True)

# Columns of the kernel's guarded tables to widen, and one of every kind and part: on SQLite that
# rebuilds the table, and drops its triggers.
KERNEL = ["Edition.title", "LedgerEntry.role", "SignOff.post", "EditionFile.title"]


def rebuilt() -> dict[str, list[str]]:
    columns: dict[str, list[str]] = {"publishing": list(KERNEL)}
    for model in dict.fromkeys([*kinds(), *guards.rules.part_models()]):
        words = next(filter(filling.is_words, model._meta.local_concrete_fields), None)
        if words and model._meta.app_label != "publishing":
            column = f"{model.__name__}.{words.name}"
            columns.setdefault(model._meta.app_label, []).append(column)
    return columns


MIGRATION = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [{dependency}]
    operations = [{operations}]
"""


@pytest.fixture
def rebuilding(tmp_path, settings, monkeypatch):
    """Each app's own migrations and one more. Returns the names of those that come before it."""
    monkeypatch.syspath_prepend(tmp_path)
    loader = MigrationLoader(connection)
    last = {app: loader.graph.leaf_nodes(app)[0] for app in rebuilt()}
    settings.MIGRATION_MODULES = {app: f"rebuilding_{app}" for app in last}
    for app, columns in rebuilt().items():
        folder = tmp_path / f"rebuilding_{app}"
        shutil.copytree(Path(apps.get_app_config(app).path, "migrations"), folder)
        text = MIGRATION.format(
            dependency=last[app], operations=", ".join(map(widened(app), columns))
        )
        folder.joinpath("9999_rebuild.py").write_text(text)
    yield {app: name for app, (_, name) in last.items()}
    for module in [name for name in sys.modules if name.startswith("rebuilding_")]:
        del sys.modules[module]


def widened(app):
    def alter(column):
        model, name = column.split(".")
        length = apps.get_model(app, model)._meta.get_field(name).max_length
        field = f"CharField(max_length={length + 50})" if length else "TextField(null=True)"
        return f"migrations.AlterField({model!r}, {name!r}, models.{field})"

    return alter


def migrate(*target):
    call_command("migrate", *target, verbosity=0, interactive=False)


def guarded_rows():
    edition = filling.make_public(kinds()[0], filling.word("public"))
    return [edition, *edition.parts(), edition.ledger.get(), edition.release.sign_offs.get()]


def assert_guarded(rows):
    assert guards.missing(connection) == []
    for row in rows:
        for model in {type(row), *type(row)._meta.get_parent_list()}:
            for sql in (
                f'UPDATE "{model._meta.db_table}" SET "{column(model)}" = \'x\'',
                f'DELETE FROM "{model._meta.db_table}"',
            ):
                with pytest.raises(DatabaseError), transaction.atomic():
                    connection.cursor().execute(sql)


def column(model) -> str:
    return next(filter(filling.is_words, model._meta.local_concrete_fields)).column


def test_a_migration_that_rebuilds_guarded_tables_leaves_their_guards(rebuilding):
    rows = guarded_rows()
    before = table_of(rows[0])

    migrate()
    assert_guarded(rows)
    assert table_of(rows[0]) != before

    for app, name in reversed(rebuilding.items()):
        migrate(app, name)
        assert_guarded(rows)

    assert verification.faults() == []
    factories.make_public_update(term=filling.new_term(""))


def table_of(edition) -> str:
    """How the table of the editions is made, as the database tells it."""
    with connection.cursor() as cursor:
        description = connection.introspection.get_table_description(cursor, "publishing_edition")
    return str(description)


def test_a_missing_guard_is_noticed_and_the_next_migrate_mends_it():
    assert visit("/healthz").status == 200
    for guard in guards.all_guards(connection.vendor):
        take_away(guard)
        assert guards.missing(connection) == [guard]
        assert guard.message in str(checks.guards_stand(databases=["default"]))

    with pytest.raises(SystemCheckError, match=r"publishing\.E001"):
        call_command("check", databases=["default"])
    caches["default"].clear()  # what was well seconds ago
    answer = visit("/healthz")
    assert (answer.status, answer.body) == (503, b"not ok\n")

    migrate()
    assert guards.missing(connection) == []
    caches["default"].clear()
    assert visit("/healthz").status == 200


def take_away(guard):
    """Only this one is missing afterwards; on PostgreSQL by turns dropped and disabled."""
    guards.remake(using="default")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and len(guard.name) % 2:
            cursor.execute(f'ALTER TABLE "{guard.table}" DISABLE TRIGGER "{guard.name}"')
        else:
            for sql in guard.drop_sql(connection.vendor):
                cursor.execute(sql)


def test_a_disabled_guard_counts_as_missing():
    guard = guards.all_guards(connection.vendor)[0]
    ways = [f'DROP TRIGGER "{guard.name}"']  # SQLite cannot disable one
    if connection.vendor == "postgresql":
        start = f'ALTER TABLE "{guard.table}"'
        ways = [f'{start} {word} TRIGGER "{guard.name}"' for word in ("DISABLE", "ENABLE REPLICA")]
    for way in ways:
        with connection.cursor() as cursor:
            cursor.execute(way)
        assert guards.missing(connection) == [guard]

        migrate()
        assert guards.missing(connection) == []


def test_a_change_behind_missing_guards_is_named_by_the_ledger():
    edition = filling.make_public(kinds()[0], filling.word("public"))
    guards.drop_all(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE publishing_edition SET title = 'forged'")

    faults = verification.faults()

    assert f"Line {edition.ledger.get().pk}" in str(faults[0])
    guards.remake(using="default")
