"""Redaction: personal details leave every page, note and ledger line, and the chain still holds."""

from __future__ import annotations

import re
import unicodedata

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models import F
from django.utils.text import slugify

from publishing import ledger, search
from publishing.actions.facts import note_pictures, take_off_schedule, void_signatures
from publishing.actions.lock import Lock, NotAllowed, publishing_lock, require
from publishing.models import Document, Edition, LedgerText, Redaction, SentBack, SiteVersion
from publishing.models.editions import new_salt

REPLACEMENT = "[removed]"
# Between two words also what makes one of them bold or a link, and does not show.
BETWEEN = r"[\s\-_*`\\\[\]]+"
DATE_WORDS = frozenset(
    "january february march april may june july august september october november december "
    "spring summer autumn winter term week month year by on in the of until from before after "
    "and to end".split()
)


def redact(document: Document, *, by, words: list[str], reason: str) -> Redaction:
    """Removes words (a name, an address) from all editions of a page, drafts and past ones too.

    Where something public changes, a ledger line says so; the old words and their salts are
    deleted from the ledger, so nothing is left to guess them from. One person may do it at once;
    a second confirms it, and the page shows that it was done and why.
    """
    verb = "remove these words"
    require(by, "publish_release", verb)
    redactor = Redactor(words, verb)
    if not reason.strip():
        raise NotAllowed(verb, "give the reason: the public will read it.")
    if redactor.finds(reason):
        raise NotAllowed(verb, "the reason contains the words themselves.")
    with publishing_lock() as lock:
        # What is scheduled becomes a draft again before it is cleaned; it must be signed anew.
        for edition in document.editions.scheduled(lock.now):
            if any(redactor.is_in(row) for row in rows_of(edition)):
                take_off_schedule(edition.release)
        # Drafts first: a save under way is waited for, and an open form is out of date from here.
        document.editions.filter(published_at=None).update(version=F("version") + 1)
        is_in_public = redactor.is_in_public(document)
        if is_in_public:
            SiteVersion.objects.filter(pk=1).update(redacting=document)
        cleaned = redactor.clean(document)
        if not (cleaned or is_in_public):
            raise NotAllowed(verb, "they are not on this page.")
        redaction = Redaction.objects.create(
            document=document, at=lock.now, by=by, reason=reason.strip()
        )
        if is_in_public:
            record(redaction, cleaned, lock)
            redactor.forget(document)
            search.forget(connection)
            SiteVersion.objects.filter(pk=1).update(redacting=None)
    return redaction


def confirm_redaction(document: Document, *, by) -> None:
    """A second person agrees that the newest redaction removed personal details only."""
    verb = "confirm this"
    require(by, "sign_off_release", verb)
    with publishing_lock() as lock:
        redaction = document.redactions.filter(confirmed_at=None).last()
        if redaction is None:
            raise NotAllowed(verb, "there is nothing to confirm.")
        if redaction.by_id == by.pk:
            raise NotAllowed(verb, "you removed them. A second person must confirm it.")
        Redaction.objects.filter(pk=redaction.pk).update(confirmed_at=lock.now, confirmed_by=by)


def record(redaction: Redaction, cleaned: list[Edition], lock: Lock) -> None:
    """A line for each public edition that changed, or one for the page if only its address did."""
    public = [edition for edition in cleaned if edition.ledger.exists()]
    changed: list[Edition | None] = [*public] or [None]
    deeds = [
        ledger.Deed(
            event=ledger.Event.REDACTED,
            document=redaction.document,
            edition=edition,
            by=redaction.by,
            effective_at=lock.now,
            note=redaction.reason,
        )
        for edition in changed
    ]
    ledger.append(deeds, recorded_at=lock.recorded_at)


class Redactor:
    """Finds words however they are spaced, capitalised or typed, also in an address."""

    def __init__(self, words: list[str], verb: str):
        wanted = [" ".join(word.split()) for word in words if word.strip()]
        if not wanted or any(len(word) < 2 for word in wanted):
            raise NotAllowed(verb, "say which words, of at least two letters each.")
        for word in wanted:
            refuse_plain_words(word, verb)
        self.pattern = re.compile(
            rf"(?<!\w)(?:{'|'.join(map(any_spelling, wanted))})(?!\w)", re.IGNORECASE
        )
        slugs = [re.escape(slug) for word in wanted if (slug := slugify(word))]
        # Nothing matches an empty choice's impossible look-ahead.
        self.slug_pattern = re.compile(rf"(?<![a-z0-9])(?:{'|'.join(slugs) or '(?!)'})(?![a-z0-9])")

    def finds(self, text: str) -> bool:
        return bool(self.pattern.search(text))

    def is_in_public(self, document: Document) -> bool:
        """The words stand on a page, in a note or an address that the public has seen."""
        if not document.ledger.exists():
            return False
        public = [edition for edition in document.editions.all() if edition.ledger.exists()]
        return bool(
            self.slug_pattern.search(document.slug)
            or any(self.is_in(row) for edition in public for row in rows_of(edition))
            or any(self.is_in(withdrawal) for withdrawal in document.withdrawals.all())
            or self.in_ledger(document)
        )

    def is_in(self, row: models.Model) -> bool:
        return any(self.finds(getattr(row, field.attname) or "") for field in fields_of(row))

    def in_ledger(self, document: Document) -> list[int]:
        """The ledger's own copies of the words, by primary key."""
        return [
            text.pk
            for text in LedgerText.objects.filter(entry__document=document).iterator()
            if (self.slug_pattern if text.name == "slug" else self.pattern).search(text.text)
        ]

    def forget(self, document: Document) -> None:
        """Deletes the ledger's copies, with their salts."""
        LedgerText.objects.filter(pk__in=self.in_ledger(document)).delete()

    def clean(self, document: Document) -> list[Edition]:
        """Cleans the page everywhere; returns the editions whose words changed."""
        self.clean_slug(document)
        for row in (*document.withdrawals.all(), *document.redactions.all()):
            self.clean_row(row)
        self.clean_private_notes(document)
        editions = document.editions.select_related("release").order_by("number")
        return [edition for edition in editions if self.clean_edition(edition)]

    def clean_row(self, row: models.Model) -> bool:
        """Cleans the row's words in the database; True when any changed."""
        changed = []
        for field in fields_of(row):
            text = getattr(row, field.attname) or ""
            if self.finds(text):
                setattr(row, field.attname, self.cleaned(text, field.max_length))
                changed.append(field.name)
        if changed:
            row.save(update_fields=changed)
        return bool(changed)

    def cleaned(self, text: str, max_length: int | None) -> str:
        cleaned = self.pattern.sub(REPLACEMENT, text)
        if max_length and len(cleaned) > max_length:
            cleaned = self.pattern.sub("…", text)
        return cleaned

    def clean_edition(self, edition: Edition) -> bool:
        """Cleans an edition and its parts under a new salt; a scheduled one must be signed anew."""
        changed = [self.clean_row(row) for row in rows_of(edition)]
        if not any(changed):
            return False
        concrete = edition.concrete
        concrete.salt, concrete.text = new_salt(), concrete.plain_text()
        concrete.digest = concrete.compute_digest()
        concrete.save(update_fields=["salt", "text", "digest"])
        note_pictures(concrete)
        if not edition.ledger.exists():
            void_signatures(edition.release)
        edition.refresh_from_db()
        return True

    def clean_slug(self, document: Document) -> None:
        if not self.slug_pattern.search(document.slug):
            return
        short = re.sub("-+", "-", self.slug_pattern.sub("", document.slug)).strip("-") or "page"
        taken = Document.objects.filter(kind=document.kind, slug=short).exists()
        document.slug = f"{short}-{document.key.hex[:8]}" if taken else short
        document.save(update_fields=["slug"])

    def clean_private_notes(self, document: Document) -> None:
        for note in SentBack.objects.filter(release__editions__document=document):
            self.clean_row(note)
        editions = [str(pk) for pk in document.editions.values_list("pk", flat=True)]
        kind = ContentType.objects.get_for_model(document.kind_model)
        for entry in LogEntry.objects.filter(content_type=kind, object_id__in=editions):
            self.clean_row(entry)


def rows_of(edition: Edition) -> list[models.Model]:
    return [edition.concrete, *edition.concrete.parts()]


def fields_of(row: models.Model) -> list[models.Field]:
    """The fields of a row that hold words somebody typed."""
    return [
        field
        for field in row._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not (field.choices or getattr(field, "is_derived", False))
    ]


def any_spelling(words: str) -> str:
    """A pattern for words with any space or dash between them, either apostrophe, any encoding."""
    spaced = BETWEEN.join(map(re.escape, words.split(" ")))
    spelled = re.sub(r"['’‘]", "['’‘]", spaced)
    forms = {unicodedata.normalize(form, spelled) for form in ("NFC", "NFD")}
    return "|".join(sorted(forms))


def refuse_plain_words(words: str, verb: str) -> None:
    """Redaction is for personal details: it must not edit what a page says or when."""
    if not any(letter.isupper() or letter.isdigit() or letter == "@" for letter in words):
        raise NotAllowed(
            verb, f"“{words}” is no name, number or address. To change the page, correct it."
        )
    parts = re.findall(r"\w+", words.lower())
    if all(part in DATE_WORDS or (part.isdigit() and len(part) <= 4) for part in parts):
        raise NotAllowed(
            verb,
            f"“{words}” may be a promised date. For a date of birth, give the words around it too.",
        )
