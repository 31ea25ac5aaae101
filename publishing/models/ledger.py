"""The ledger: everything that happened in public, one line each, chained by digests."""

import hashlib

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q

from publishing.models.contents import canonical
from publishing.models.documents import Document
from publishing.models.editions import Edition, new_salt


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **values):
        raise PermissionDenied("The ledger is never rewritten.")

    def delete(self):
        raise PermissionDenied("The ledger is never deleted from.")


class LedgerQuerySet(AppendOnlyQuerySet):
    def appearances(self):
        """Lines by which an edition became public: exactly one for each."""
        return self.filter(event__in=LedgerEntry.APPEARANCES)


class LedgerEntry(models.Model):
    """One line. Its words stand in LedgerText, so that a redaction does not break the chain."""

    class Event(models.TextChoices):
        PUBLISHED = "published", "Published"
        CORRECTED = "corrected", "Corrected"
        SMALL_FIX = "small fix", "Small fix"
        DATE_MOVED = "date moved", "Date moved"
        WITHDRAWN = "withdrawn", "Taken down"
        REMOVED = "removed", "Taken down, also from the past"
        CAME_BACK = "came back", "Put back"
        SIGNED = "signed", "Signed afterwards"
        REDACTED = "redacted", "Personal details removed"
        IMPORTED = "imported", "Added from elsewhere"

    APPEARANCES = (
        Event.PUBLISHED,
        Event.CORRECTED,
        Event.SMALL_FIX,
        Event.DATE_MOVED,
        Event.IMPORTED,
    )
    TEXTS = ("slug", "title", "note", "text")

    # Numbered by hand under the publishing lock: a gap would be a missing line.
    id = models.BigIntegerField(primary_key=True)
    document = models.ForeignKey(Document, models.PROTECT, related_name="ledger")
    document_key = models.UUIDField()
    document_kind = models.CharField(max_length=100)
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, related_name="ledger")
    edition_number = models.PositiveIntegerField(null=True)
    event = models.CharField(max_length=20, choices=Event)
    effective_at = models.DateTimeField(help_text="When it stood.")
    recorded_at = models.DateTimeField(help_text="When this site learned it.")
    role = models.CharField(max_length=200)
    edition_digest = models.CharField(max_length=64, blank=True)
    slug_digest = models.CharField(max_length=64)
    title_digest = models.CharField(max_length=64)
    note_digest = models.CharField(max_length=64, blank=True)
    text_digest = models.CharField(max_length=64, blank=True)
    signatures_digest = models.CharField(max_length=64, blank=True)
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, unique=True)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "ledger entries"
        indexes = [models.Index(fields=["recorded_at"], name="ledger_recorded")]  # the last 7 days
        constraints = [
            models.UniqueConstraint(
                fields=["edition"],
                condition=Q(
                    event__in=["published", "corrected", "small fix", "date moved", "imported"]
                ),
                name="an_edition_appears_once",
            ),
        ]

    def __str__(self):
        return f"{self.id}: {self.get_event_display()}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise PermissionDenied("The ledger is never rewritten.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise PermissionDenied("The ledger is never deleted from.")

    def compute_digest(self) -> str:
        """SHA-256 over every column but this one and the row's own foreign keys, in hexadecimal."""
        return hashlib.sha256(canonical(self.columns())).hexdigest()

    def columns(self) -> dict[str, str]:
        """What the digest is made of, as strings.

        A key of the database says nothing to a reader; their public counterparts are columns.
        """
        return {
            field.name: field.value_to_string(self)
            for field in self._meta.concrete_fields
            if field.name not in {"digest", "document", "edition"}
        }


class LedgerText(models.Model):
    """Words of a ledger line, under a salted digest. Redaction deletes both words and salt."""

    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="texts")
    name = models.CharField(max_length=10, choices=[(name, name) for name in LedgerEntry.TEXTS])
    salt = models.CharField(max_length=32, default=new_salt)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "name"], name="a_ledger_line_has_each_text_once"
            )
        ]

    def __str__(self):
        return f"{self.name} of line {self.entry_id}"

    def compute_digest(self) -> str:
        """SHA-256 of salt and text, in hexadecimal."""
        return hashlib.sha256((self.salt + self.text).encode()).hexdigest()


class SiteVersion(models.Model):
    """One row: the publishing lock, and the number that every public act raises by one."""

    number = models.PositiveBigIntegerField(default=0)
    next_change_at = models.DateTimeField(null=True)
    launched_at = models.DateTimeField(null=True)
    # The newest line once more: lines cut off the end would leave a chain that fits.
    newest_line = models.PositiveBigIntegerField(default=0)
    newest_digest = models.CharField(max_length=64, blank=True)
    # Open only inside `redact`, in its own transaction: lets frozen rows of one document change.
    redacting = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="there_is_one_site_version"),
        ]

    def __str__(self):
        return f"version {self.number}"
