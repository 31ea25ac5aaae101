"""What the database itself refuses to change, once it is public."""

from django.apps import apps

from publishing.guards.conditions import (
    ALWAYS,
    EDITION,
    LEDGER,
    NEWEST_LINE,
    RELEASE,
    SIGN_OFF,
    SIGNED,
    SIGNED_THROUGH,
    VERSION,
    changed,
    document_was_public,
    in_ledger,
    only,
    published,
    redacting,
    release_is_public,
)
from publishing.guards.triggers import Guard
from publishing.models import (
    Attachment,
    Document,
    Edition,
    EditionEditor,
    EditionFile,
    EditionPicture,
    LedgerText,
    Part,
    Redaction,
    SignOff,
    SmallFixConfirmation,
    UnsignedBody,
    Withdrawal,
)
from publishing.models.editions import kinds
from publishing.richtext import derived_fields

DOCUMENT = Document._meta.db_table
REDACTION = Redaction._meta.db_table
UNSIGNED = UnsignedBody._meta.db_table


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
        guards += words_of_others_guards(kind)
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


def words_of_others_guards(kind: type[Edition]) -> list[Guard]:
    """What somebody outside says enters only while a link of theirs is used."""
    if kind.SPEAKS_THROUGH is None:
        return []
    link, pk = kind.SPEAKS_THROUGH._meta, kind._meta.pk.column
    is_used = (
        f"EXISTS (SELECT 1 FROM {EDITION} e JOIN {link.db_table} l ON l.used_at = e.created_at "
        f'WHERE e.id = NEW."{pk}" AND l.revoked_at IS NULL AND l.expires_at > l.used_at)'
    )
    return [
        Guard(
            kind._meta.db_table,
            "INSERT",
            f"NOT {is_used}",
            f"{kind._meta.verbose_name} comes only through a link of who says it",
        )
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
