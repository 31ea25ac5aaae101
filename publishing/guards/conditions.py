"""Conditions over OLD and NEW, as SQL, of which the guards are made."""

from publishing.models import Edition, LedgerEntry, Release, SignOff, SiteVersion

EDITION = Edition._meta.db_table
LEDGER = LedgerEntry._meta.db_table
VERSION = SiteVersion._meta.db_table
RELEASE = Release._meta.db_table
SIGN_OFF = SignOff._meta.db_table


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
