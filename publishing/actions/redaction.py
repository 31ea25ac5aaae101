"""Redaction: personal details leave every page, note and ledger line, and the chain still holds."""

from __future__ import annotations

import re

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.text import slugify

from publishing import ledger
from publishing.actions.facts import take_off_schedule, void_signatures
from publishing.actions.lock import NotAllowed, publishing_lock, require
from publishing.models import Document, Edition, LedgerEntry, LedgerText, SentBack, SiteVersion
from publishing.models.editions import new_salt

REPLACEMENT = "[name removed]"


def redact(document: Document, *, by, words: list[str], reason: str) -> list[LedgerEntry]:
    """Removes words (a name, an address) from all editions of a page, drafts and past ones too.

    Where a public edition changes, a ledger line says so; the old words and their salts are
    deleted from the ledger, so nothing is left to guess them from. Returns the lines written.
    """
    verb = "remove these words"
    require(by, "publish_release", verb)
    redactor = Redactor(words, verb)
    if not reason.strip():
        raise NotAllowed(verb, "give the reason: the public will read it.")
    if redactor.finds(reason):
        raise NotAllowed(verb, "the reason contains the words themselves.")
    with publishing_lock() as lock:
        SiteVersion.objects.filter(pk=1).update(redacting=document)
        slug_changed = redactor.clean_slug(document)
        cleaned = [
            edition
            for edition in document.editions.select_related("release").order_by("number")
            if redactor.clean_edition(edition)
        ]
        for withdrawal in document.withdrawals.all():
            redactor.clean_row(withdrawal, ["reason"])
        redactor.clean_private_notes(document)
        lines = [
            ledger.append(
                ledger.Event.REDACTED,
                document=document,
                edition=edition,
                by=by,
                effective_at=lock.now,
                recorded_at=lock.recorded_at,
                note=reason.strip(),
            )
            for edition in cleaned
            if edition.ledger.exists()
        ]
        if not lines and (slug_changed or redactor.has_found) and document.ledger.exists():
            lines = [
                ledger.append(
                    ledger.Event.REDACTED,
                    document=document,
                    by=by,
                    effective_at=lock.now,
                    recorded_at=lock.recorded_at,
                    note=reason.strip(),
                )
            ]
        if not redactor.has_found:
            raise NotAllowed(verb, "they are not on this page.")
        forget(document, redactor)
        SiteVersion.objects.filter(pk=1).update(redacting=None)
    return lines


def forget(document: Document, redactor: Redactor) -> None:
    """Deletes the ledger's own copies of the words, with their salts."""
    texts = LedgerText.objects.filter(entry__document=document)
    found = [text.pk for text in texts.iterator() if redactor.finds(text.text)]
    LedgerText.objects.filter(pk__in=found).delete()


class Redactor:
    """Finds words however they are spaced or capitalised, also in an address."""

    def __init__(self, words: list[str], verb: str):
        wanted = [" ".join(word.split()) for word in words if word.strip()]
        if not wanted or any(len(word) < 2 for word in wanted):
            raise NotAllowed(verb, "say which words, of at least two letters each.")
        spaced = [r"[\s\-_]+".join(map(re.escape, word.split(" "))) for word in wanted]
        self.pattern = re.compile(rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)", re.IGNORECASE)
        slugs = [re.escape(slug) for word in wanted if (slug := slugify(word))]
        self.slug_pattern = re.compile(rf"(?<![a-z0-9])(?:{'|'.join(slugs)})(?![a-z0-9])")
        self.has_slug = bool(slugs)
        self.has_found = False

    def finds(self, text: str) -> bool:
        return bool(self.pattern.search(text))

    def clean(self, text: str) -> str:
        cleaned, times = self.pattern.subn(REPLACEMENT, text)
        self.has_found = self.has_found or times > 0
        return cleaned

    def clean_row(self, row: models.Model, names: list[str] | None = None) -> bool:
        """Cleans the row's words in the database; True when any changed."""
        changed = []
        for field in row._meta.concrete_fields:
            is_words = isinstance(field, models.CharField | models.TextField) and not field.choices
            if not is_words or (names and field.name not in names):
                continue
            value = getattr(row, field.attname)
            cleaned = self.clean(value) if value else value
            if cleaned != value:
                setattr(row, field.attname, cleaned[: field.max_length])
                changed.append(field.name)
        if changed:
            row.save(update_fields=changed)
        return bool(changed)

    def clean_edition(self, edition: Edition) -> bool:
        """Cleans an edition and its parts under a new salt; a scheduled one must be signed anew."""
        concrete = edition.concrete
        changed = [self.clean_row(row) for row in (concrete, *concrete.parts())]
        if not any(changed):
            return False
        salt = new_salt()
        concrete.salt, concrete.text = salt, concrete.plain_text()
        concrete.digest = concrete.compute_digest()
        concrete.save(update_fields=["salt", "text", "digest"])
        edition.title, edition.text, edition.digest = concrete.title, concrete.text, concrete.digest
        if edition.published_at and not edition.ledger.exists():
            take_off_schedule(edition.release)
        if not edition.ledger.exists():
            void_signatures(edition.release)
        return True

    def clean_slug(self, document: Document) -> bool:
        if not self.has_slug or not self.slug_pattern.search(document.slug):
            return False
        self.has_found = True
        short = re.sub("-+", "-", self.slug_pattern.sub("", document.slug)).strip("-") or "page"
        taken = Document.objects.filter(kind=document.kind, slug=short).exists()
        document.slug = f"{short}-{document.key.hex[:8]}" if taken else short
        document.save(update_fields=["slug"])
        return True

    def clean_private_notes(self, document: Document) -> None:
        for note in SentBack.objects.filter(release__editions__document=document):
            self.clean_row(note)
        editions = [str(pk) for pk in document.editions.values_list("pk", flat=True)]
        logged = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(document.kind_model),
            object_id__in=editions,
        )
        for entry in logged:
            self.clean_row(entry, ["object_repr", "change_message"])
