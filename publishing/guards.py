"""Triggers that refuse to change what is public, declared once and remade after each migration.

The model refuses first, with a better message; the triggers hold for `QuerySet.update()`, for the
shell and for SQL by hand. SQLite drops a table's triggers when Django rebuilds the table, so they
are remade in `post_migrate`; a system check and /healthz fail when one is missing.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property

from django.apps import apps
from django.db import connections, transaction

from publishing.models import (
    Attachment,
    Document,
    Edition,
    EditionEditor,
    EditionFile,
    EditionPicture,
    LedgerEntry,
    LedgerText,
    Part,
    Redaction,
    Release,
    SignOff,
    SiteVersion,
    SmallFixConfirmation,
    UnsignedBody,
    Withdrawal,
)
from publishing.models.editions import kinds
from publishing.richtext import derived_fields

PREFIX = "guard_"

EDITION = Edition._meta.db_table
LEDGER = LedgerEntry._meta.db_table
VERSION = SiteVersion._meta.db_table
DOCUMENT = Document._meta.db_table
RELEASE = Release._meta.db_table
SIGN_OFF = SignOff._meta.db_table
REDACTION = Redaction._meta.db_table
UNSIGNED = UnsignedBody._meta.db_table


@dataclass(frozen=True)
class Guard:
    """Refuses one verb on one table whenever a condition over OLD and NEW holds.

    `{differs from}` in the condition stands for the comparison in which NULL equals NULL: the two
    databases have different words for it.
    """

    table: str
    verb: str  # INSERT, UPDATE, DELETE or TRUNCATE (PostgreSQL only)
    condition: str
    message: str

    @cached_property
    def name(self) -> str:
        """Holds a digest of the definition: a changed guard is a missing guard."""
        definition = f"{self.table} {self.verb} {self.condition} {self.message}"
        digest = hashlib.sha256(definition.encode()).hexdigest()[:8]
        return f"{PREFIX}{self.table}_{self.verb.lower()}"[:50] + f"_{digest}"

    def create_sql(self, vendor: str) -> list[str]:
        condition = self.condition.replace(
            "{differs from}", "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
        )
        if vendor == "sqlite":
            return [
                f'CREATE TRIGGER "{self.name}" BEFORE {self.verb} ON "{self.table}" '
                f"FOR EACH ROW WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
            ]
        each = "STATEMENT" if self.verb == "TRUNCATE" else "ROW"
        result = "OLD" if self.verb in {"DELETE", "TRUNCATE"} else "NEW"
        return [
            f'CREATE OR REPLACE FUNCTION "{self.name}"() RETURNS trigger '
            f"LANGUAGE plpgsql AS $guard$ "
            f"BEGIN IF {condition} THEN RAISE EXCEPTION '{self.message}' "
            f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {result}; END "
            f"$guard$",
            f'CREATE TRIGGER "{self.name}" BEFORE {self.verb} ON "{self.table}" '
            f'FOR EACH {each} EXECUTE FUNCTION "{self.name}"()',
        ]

    def drop_sql(self, vendor: str) -> list[str]:
        return drop_sql(vendor, self.table, self.name)


def drop_sql(vendor: str, table: str, name: str) -> list[str]:
    if vendor == "sqlite":
        return [f'DROP TRIGGER IF EXISTS "{name}"']
    return [f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"', f'DROP FUNCTION IF EXISTS "{name}"()']


# Conditions


def changed(model, *but: str) -> str:
    """True when any column of the row other than those named changes."""
    columns = [f.column for f in model._meta.local_concrete_fields if f.column not in but]
    return "(" + " OR ".join(f'OLD."{c}" {{differs from}} NEW."{c}"' for c in columns) + ")"


def only(*columns: str | None) -> str:
    return "(" + " OR ".join(f'OLD."{c}" {{differs from}} NEW."{c}"' for c in columns) + ")"


def redacting(document: str) -> str:
    return f"EXISTS (SELECT 1 FROM {VERSION} WHERE redacting_id = {document})"


def published(edition: str, *, unless_redacting: bool = True) -> str:
    allowed = f" AND NOT {redacting('e.document_id')}" if unless_redacting else ""
    return (
        f"EXISTS (SELECT 1 FROM {EDITION} e "
        f"WHERE e.id = {edition} AND e.published_at IS NOT NULL{allowed})"
    )


def in_ledger(edition: str) -> str:
    return f"EXISTS (SELECT 1 FROM {LEDGER} l WHERE l.edition_id = {edition})"


def document_was_public(document: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM {EDITION} e "
        f"WHERE e.document_id = {document} AND e.published_at IS NOT NULL)"
    )


def release_is_public(release: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM {EDITION} e JOIN {LEDGER} l ON l.edition_id = e.id "
        f"WHERE e.release_id = {release})"
    )


SIGNED = (
    f"EXISTS (SELECT 1 FROM {SIGN_OFF} s "
    "WHERE s.release_id = NEW.release_id AND s.voided_at IS NULL)"
)
SIGNED_THROUGH = (
    f"EXISTS (SELECT 1 FROM {RELEASE} r "
    "WHERE r.id = NEW.release_id AND r.signed_through_id IS NOT NULL)"
)
NEWEST_LINE = f"(SELECT max(id) FROM {LEDGER})"
ALWAYS = "1 = 1"


# Guards


def all_guards(vendor: str) -> list[Guard]:
    """Every guard that must stand on a database of this vendor."""
    guards = [
        *edition_guards(),
        *frozen_with_its_edition(EditionEditor, "edition_id"),
        *frozen_with_its_edition(EditionPicture, "edition_id"),
        *ledger_guards(),
        *document_guards(),
        *signature_guards(),
        *insert_only_guards(),
    ]
    for kind in kinds():
        guards += frozen_with_its_edition(kind, kind._meta.pk.column)
    for part in part_models():
        guards += frozen_with_its_edition(part, "edition_id")
    if vendor == "postgresql":
        tables = dict.fromkeys(guard.table for guard in guards)
        guards += [Guard(table, "TRUNCATE", ALWAYS, f"{table} is kept") for table in tables]
    return guards


def part_models() -> list[type[Part]]:
    return [model for model in apps.get_models() if issubclass(model, Part)]


def edition_guards() -> list[Guard]:
    frozen = changed(Edition, "published_at", "published_by_id", "superseded_at")
    return [
        Guard(
            EDITION,
            "UPDATE",
            f"OLD.published_at IS NOT NULL AND {frozen} AND NOT {redacting('OLD.document_id')}",
            "a published edition never changes",
        ),
        Guard(
            EDITION,
            "UPDATE",
            # Only taking it off the schedule, before it has a ledger line.
            f"OLD.published_at IS NOT NULL AND {only('published_at', 'published_by_id')} "
            f"AND (NEW.published_at IS NOT NULL OR {in_ledger('OLD.id')})",
            "the date of a published edition never changes",
        ),
        Guard(
            EDITION,
            "UPDATE",
            # Set once; reopened only when its successor leaves the schedule.
            f"OLD.superseded_at IS NOT NULL AND {only('superseded_at')} "
            f"AND (NEW.superseded_at IS NOT NULL OR EXISTS (SELECT 1 FROM {LEDGER} l "
            "WHERE l.document_id = OLD.document_id AND l.edition_number > OLD.number))",
            "an edition that was replaced stays replaced",
        ),
        Guard(
            EDITION,
            "UPDATE",
            f"OLD.published_at IS NULL AND NEW.published_at IS NOT NULL AND NOT {SIGNED} "
            f"AND NOT (NEW.is_minor AND {SIGNED_THROUGH})",
            "nothing is published without a signature",
        ),
        Guard(
            EDITION,
            "DELETE",
            "OLD.published_at IS NOT NULL",
            "a published edition is never deleted",
        ),
    ]


def frozen_with_its_edition(model, column: str | None) -> list[Guard]:
    table = model._meta.db_table
    message = f"{model._meta.verbose_name} belongs to a published edition, which never changes"
    old, new = published(f'OLD."{column}"'), published(f'NEW."{column}"')
    frozen = f"({old} OR {new})"
    if derived := [str(field.column) for field in derived_fields(model)]:
        # HTML is made from the words beside it, and may be made again: `manage.py rerender`.
        frozen += f" AND {changed(model, *derived)}"
    return [
        Guard(table, "INSERT", new, message),
        Guard(table, "UPDATE", frozen, message),
        Guard(table, "DELETE", old, message),
    ]


def ledger_guards() -> list[Guard]:
    texts = LedgerText._meta.db_table
    redacted_later = (
        # Not “old”: PL/pgSQL would take that for the row.
        f"EXISTS (SELECT 1 FROM {LEDGER} words JOIN {LEDGER} line "
        "ON line.document_id = words.document_id AND line.event = 'redacted' "
        "AND line.id > words.id "
        f"JOIN {VERSION} v ON v.redacting_id = words.document_id WHERE words.id = OLD.entry_id)"
    )
    return [
        Guard(LEDGER, "UPDATE", ALWAYS, "the ledger is never rewritten"),
        Guard(LEDGER, "DELETE", ALWAYS, "the ledger is never deleted from"),
        Guard(
            LEDGER,
            "INSERT",
            f"NEW.id <> COALESCE({NEWEST_LINE}, 0) + 1 OR NEW.previous_digest <> "
            f"COALESCE((SELECT digest FROM {LEDGER} WHERE id = {NEWEST_LINE}), '')",
            "a ledger line follows the line before it",
        ),
        Guard(texts, "UPDATE", ALWAYS, "the words of the ledger are never rewritten"),
        Guard(
            texts,
            "DELETE",
            f"NOT {redacted_later}",
            "words leave the ledger only after a line that says redacted",
        ),
        Guard(
            texts,
            "INSERT",
            f"NEW.entry_id <> {NEWEST_LINE}",
            "words enter the ledger only with their line",
        ),
        Guard(VERSION, "DELETE", ALWAYS, "the site version is never deleted"),
        Guard(
            VERSION,
            "UPDATE",
            "NEW.number < OLD.number OR NEW.newest_line < OLD.newest_line "
            f"OR (OLD.launched_at IS NOT NULL AND {only('launched_at')})",
            "the site version only rises and the launch stays where it was",
        ),
        Guard(
            VERSION,
            "UPDATE",
            f"{only('newest_line', 'newest_digest')} AND NOT EXISTS (SELECT 1 FROM {LEDGER} "
            f"WHERE id = {NEWEST_LINE} AND id = NEW.newest_line AND digest = NEW.newest_digest)",
            "the newest line is the newest line",
        ),
        Guard(
            VERSION,
            "UPDATE",
            # The door closes only behind a line that says so.
            f"OLD.redacting_id IS NOT NULL AND {only('redacting_id')} AND NOT EXISTS "
            f"(SELECT 1 FROM {LEDGER} WHERE id = {NEWEST_LINE} AND event = 'redacted' "
            "AND document_id = OLD.redacting_id)",
            "a redaction ends with its ledger line",
        ),
    ]


def document_guards() -> list[Guard]:
    withdrawal = Withdrawal._meta.db_table
    facts = changed(
        Withdrawal,
        "until_at",
        "ended_by_id",
        "confirmed_at",
        "confirmed_by_id",
        "reason",
        "reaches_past",
        "was_reversed",
    )
    return [
        Guard(
            DOCUMENT,
            "UPDATE",
            f"{changed(Document, 'slug')} OR (OLD.slug <> NEW.slug "
            f"AND {document_was_public('OLD.id')} AND NOT {redacting('OLD.id')})",
            "the address of a public document never changes",
        ),
        Guard(
            DOCUMENT,
            "DELETE",
            document_was_public("OLD.id"),
            "a public document is never deleted",
        ),
        Guard(
            withdrawal,
            "UPDATE",
            f"{facts} OR (OLD.reason <> NEW.reason AND NOT {redacting('OLD.document_id')}) "
            f"OR (OLD.until_at IS NOT NULL AND {only('until_at', 'ended_by_id')}) "
            f"OR (OLD.confirmed_at IS NOT NULL AND {only('confirmed_at', 'confirmed_by_id')}) "
            f"OR ({only('reaches_past')} AND (OLD.reaches_past OR OLD.until_at IS NOT NULL)) "
            f"OR ({only('was_reversed')} AND (OLD.was_reversed "
            "OR OLD.until_at IS NOT NULL OR NEW.until_at IS NULL))",
            "a withdrawal is only widened, ended or confirmed, once",
        ),
        Guard(
            REDACTION,
            "UPDATE",
            f"{changed(Redaction, 'reason', 'confirmed_at', 'confirmed_by_id')} "
            f"OR ({only('reason')} AND NOT {redacting('OLD.document_id')}) "
            f"OR (OLD.confirmed_at IS NOT NULL AND {only('confirmed_at', 'confirmed_by_id')})",
            "a redaction is only confirmed, once",
        ),
        Guard(
            REDACTION,
            "DELETE",
            document_was_public("OLD.document_id"),
            "a redaction of a public page is never deleted",
        ),
        Guard(withdrawal, "DELETE", ALWAYS, "a withdrawal is never deleted"),
    ]


def signature_guards() -> list[Guard]:
    late = (
        f"EXISTS (SELECT 1 FROM {UNSIGNED} u "
        "WHERE u.release_id = NEW.release_id AND u.body_id = NEW.body_id)"
    )
    return [
        Guard(
            SIGN_OFF,
            "INSERT",
            f"{release_is_public('NEW.release_id')} AND NOT {late}",
            "a public page is signed afterwards only where a signature was missing",
        ),
        Guard(
            RELEASE,
            "UPDATE",
            f"{release_is_public('OLD.id')} AND {only('signed_through_id')}",
            "the signatures under a public page stay",
        ),
        Guard(
            SIGN_OFF,
            "UPDATE",
            f"{changed(SignOff, 'voided_at')} OR OLD.voided_at IS NOT NULL "
            f"OR {release_is_public('OLD.release_id')}",
            "a signature is only voided, once, before publication",
        ),
        Guard(
            SIGN_OFF,
            "DELETE",
            release_is_public("OLD.release_id"),
            "a signature under a public page is never deleted",
        ),
        *(
            Guard(
                model._meta.db_table,
                verb,
                ALWAYS,
                f"{model._meta.verbose_name} is a fact and is kept",
            )
            for model in (UnsignedBody, SmallFixConfirmation)
            for verb in ("UPDATE", "DELETE")
        ),
        Guard(Attachment._meta.db_table, "UPDATE", ALWAYS, "a stored file never changes"),
        Guard(
            Attachment._meta.db_table,
            "DELETE",
            " OR ".join(
                f"EXISTS (SELECT 1 FROM {model._meta.db_table} f JOIN {LEDGER} l "
                "ON l.edition_id = f.edition_id WHERE f.attachment_id IN (OLD.id, OLD.copy_of_id))"
                for model in (EditionFile, EditionPicture)
            ),
            "a file of a public page is never deleted",
        ),
    ]


def insert_only_guards() -> list[Guard]:
    """For reference data: a model names its columns in `insert_only_fields`."""
    guards = []
    for model in apps.get_models():
        kept = getattr(model, "insert_only_fields", ())
        if kept:
            message = f"{model._meta.verbose_name} is kept: pages refer to it"
            guards.append(Guard(model._meta.db_table, "DELETE", ALWAYS, message))
        for name in kept:
            column = next(f.column for f in model._meta.concrete_fields if f.name == name)
            guards.append(
                Guard(
                    model._meta.db_table,
                    "UPDATE",
                    # A value may be filled in later; it may not be changed.
                    f'OLD."{column}" IS NOT NULL AND {only(column)}',
                    f"{name} of {model._meta.verbose_name} is shown in public and stays",
                )
            )
    return guards


# Making them stand


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
