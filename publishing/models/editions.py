"""Editions: one table of facts for every kind, and one table of fields per kind."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import capfirst

from publishing import own_words
from publishing.keystrokes import tidy_columns
from publishing.models.contents import canonical, column_values
from publishing.models.documents import Document
from publishing.models.outside import OutsideLink
from publishing.models.parts import Part
from publishing.models.standing import EditionQuerySet
from publishing.richtext import (
    MarkdownField,
    Picture,
    markdown_fields,
    pictures,
    problems_of_text,
    with_derived,
)


def new_salt() -> str:
    return secrets.token_hex(16)


class Stage(models.TextChoices):
    """Where an edition stands. Never stored: derived from the facts, see `Edition.stage`."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in review", "Waiting for sign-off"
    SIGNED_OFF = "signed off", "Signed off"
    SCHEDULED = "scheduled", "Scheduled"
    PUBLIC = "public", "Public"
    SUPERSEDED = "superseded", "Replaced by a newer edition"
    WITHDRAWN = "withdrawn", "Taken down"
    WAITING = "waiting", "Waiting behind a correction"


@dataclass(frozen=True)
class Problem:
    """Something that stops an edition from being published: which field, and how to mend it."""

    field: str
    message: str


class Edition(models.Model):
    """One version of a document. A draft changes freely; once published it never changes.

    Only facts are stored. Kinds extend this table: `class TermlyUpdate(Edition)`.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="editions", editable=False)
    number = models.PositiveIntegerField(editable=False)
    release = models.ForeignKey(
        "publishing.Release", models.PROTECT, related_name="editions", editable=False
    )
    based_on = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", editable=False
    )
    title = models.CharField(max_length=200)
    text = models.TextField("plain text", blank=True, editable=False)
    # The salt keeps a redacted text from being guessed by trying words against the digest.
    salt = models.CharField(max_length=32, default=new_salt, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    change_note = models.TextField(
        "what changed, for the public",
        blank=True,
        help_text="Families read this. For example: “The date of the review was wrong. It was "
        "8 June 2022.”",
    )
    is_minor = models.BooleanField(default=False, editable=False)
    is_waiting = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    submitted_at = models.DateTimeField(null=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    published_at = models.DateTimeField(null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    superseded_at = models.DateTimeField(null=True, editable=False)
    imported_at = models.DateTimeField(null=True, editable=False)
    # Only for what stood elsewhere before this site: signed with the words, read by the import.
    source = models.CharField(
        "where it was first published",
        max_length=500,
        blank=True,
        help_text="Only if it stood somewhere else before this site began. A name or an address.",
    )
    source_date = models.CharField(
        "the date, in the source's own words",
        max_length=100,
        blank=True,
        help_text="For example: October 2021. Shown instead of the exact day.",
    )
    originally_at = models.DateTimeField(
        "when it was first published there",
        null=True,
        blank=True,
        help_text="London time. If only the month is known: its last day.",
    )
    editors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="EditionEditor", related_name="+", editable=False
    )

    # Only where they are asked for more than once, or were read for many editions at once.
    known_parts: list[Part] | None = None
    # Only on what `publishing.reading.with_first_appearance` has asked for.
    first_published_at: dt.datetime | None

    objects = EditionQuerySet.as_manager()

    # What an edition says about its own change: the next one begins without it. Kinds name theirs.
    SAID_ONCE: ClassVar[frozenset[str]] = frozenset()
    # Why pages of this kind are never taken down, for whoever tries; empty: they can be.
    WHY_NEVER_WITHDRAWN: ClassVar[str] = ""
    # The links through which alone such pages are made, by somebody outside; None: staff make them.
    SPEAKS_THROUGH: ClassVar[type[OutsideLink] | None] = None
    # Whether a day can change pages although there is no page of this kind: one that is missing.
    CHANGES_WITHOUT_PAGES: ClassVar[bool] = False
    # What readers call a page of this kind; empty: by the name that staff use.
    READERS_CALL_IT: ClassVar[str] = ""
    # What its history calls a later edition: “Changed” where the subject moves on by itself.
    LATER_EDITION_IS_CALLED: ClassVar[str] = "Corrected"
    # Facts and derived columns: not what a reader reads, so not part of the content.
    NOT_CONTENT: ClassVar[frozenset[str]] = frozenset(
        "id document number release based_on text salt digest version is_waiting created_at "
        "created_by submitted_at submitted_by published_at published_by superseded_at "
        "imported_at".split()
    )

    class Meta:
        indexes = [
            models.Index(fields=["published_at", "superseded_at"], name="edition_standing"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "number"], name="editions_of_a_document_are_numbered"
            ),
            models.UniqueConstraint(
                fields=["document"],
                condition=Q(published_at=None, is_waiting=False),
                name="a_document_has_one_draft",
            ),
            models.UniqueConstraint(
                fields=["document"],
                condition=Q(is_waiting=True),
                name="one_edition_waits_behind_a_correction",
            ),
            models.UniqueConstraint(
                fields=["document"],
                condition=Q(published_at__isnull=False, superseded_at=None),
                name="one_edition_of_a_document_is_the_newest",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None, published_by=None)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="a_published_edition_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None, submitted_by=None)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="a_submitted_edition_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at=None)
                | Q(published_at__isnull=False, superseded_at__gt=F("published_at")),
                name="an_edition_is_superseded_after_it_was_published",
            ),
            models.CheckConstraint(
                condition=Q(is_waiting=False) | Q(published_at=None),
                name="a_waiting_edition_is_not_published",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(number=1) | ~Q(change_note=""),
                name="a_later_edition_says_what_changed",
            ),
            models.CheckConstraint(
                condition=Q(imported_at=None)
                | Q(published_at=None)
                | ~Q(source="") & Q(published_at=F("originally_at")),
                name="an_imported_edition_names_its_source",
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, update_fields=None, **kwargs):
        tidy_columns(self, update_fields)
        super().save(*args, update_fields=with_derived(type(self), update_fields), **kwargs)

    def get_absolute_url(self):
        return self.document_url(self.document.slug)

    @classmethod
    def document_url(cls, slug: str) -> str:
        """The public address of a document of this kind. Each kind says its own."""
        raise NotImplementedError(cls)

    @classmethod
    def public_name(cls) -> str:
        return capfirst(cls.READERS_CALL_IT or str(cls._meta.verbose_name))

    @classmethod
    def history_url(cls, slug: str, number: int | None = None) -> str:
        """The address of a document's history, or of one edition in it. Each kind says its own."""
        raise NotImplementedError(cls)

    @property
    def whole_history_url(self) -> str:
        return self.history_url(self.document.slug)

    @property
    def own_history_url(self) -> str:
        """Where this edition can be read for ever, whatever stands now."""
        return self.history_url(self.document.slug, self.number)

    @property
    def spoken_by(self) -> str:
        """Whose words it is, if they came through a link; empty for a page of ours."""
        return self.SPEAKS_THROUGH.SPEAKER if self.SPEAKS_THROUGH else ""

    @classmethod
    def list_page(cls) -> tuple[str, str] | None:
        """Name and address of the public list of this kind, if it has one."""
        return None

    @property
    def short_name(self) -> str:
        """What the page is called where there is little room."""
        return self.title

    @property
    def sort_in_words(self) -> str:
        """What sort of page it is, before its title on another page that came from it."""
        return capfirst(str(self._meta.verbose_name))

    @classmethod
    def next_change_after(cls, moment):
        """The next instant at which a page of this kind changes by itself, or None."""
        return

    @classmethod
    def what_moved(cls, pairs: dict[int, tuple[Any, Any]]) -> dict[int, list[str]]:
        """What editions moved, in sentences: a date, how something stands.

        `pairs`: by any number an edition and the one before it, or None; in the answer the
        sentences stand under the same numbers. For kinds whose first edition has something to
        say, or that must ask for many at once; others say `moved_since`.
        """
        return {
            key: sentences
            for key, (now, before) in pairs.items()
            if before and (sentences := list(now.moved_since(before)))
        }

    def moved_since(self, before: Any) -> Iterable[str]:
        """What it moved since an earlier edition, in sentences and without asking the database."""
        return ()

    @classmethod
    def says_what_moved(cls) -> bool:
        """Whether this kind wrote either of the two above anew."""
        own = cls.__mro__[: cls.__mro__.index(Edition)]
        return any({"what_moved", "moved_since"} & vars(each).keys() for each in own)

    def carried_on(self, before: Any) -> dict[str, Any]:
        """By column, what it takes over from the edition before, or begins with if there is none.

        No reader typed it, so it is no content: `verification.faults` makes it again to compare.
        """
        return {}

    def event_after(self, before: Edition) -> str:
        """What the ledger calls it that this edition followed `before`. A kind may know better."""
        from publishing.models.ledger import LedgerEntry

        return LedgerEntry.Event.CORRECTED

    def plain_text(self) -> str:
        """All words of the page without its title, one paragraph a line. Each kind adds its own."""
        raise NotImplementedError(type(self))

    def problems(self) -> list[Problem]:
        """What stops this edition from being published. Kinds add to it."""
        problems = [
            Problem(field.name, problem)
            for field, name, text in self.rich_texts()
            for problem in problems_of_text(name, text)
        ]
        if self.number > 1 and not self.change_note.strip():
            problems.append(
                Problem("change_note", "Say what changed: families see every correction.")
            )
        return problems

    # Rich text

    def rich_texts(self) -> Iterator[tuple[MarkdownField, str, str]]:
        """Every filled Markdown text of the page: its field, its name for staff, its words."""
        for row in (self, *self.parts()):
            for field in markdown_fields(type(row)):
                if text := getattr(row, field.attname):
                    name = f"“{field.verbose_name}”"
                    yield field, name if row is self else f"{name} of “{row}”", text

    def all_pictures(self) -> Iterator[tuple[str, Picture]]:
        """Every picture that the texts show, with the name of its text for staff."""
        for _, name, text in self.rich_texts():
            for picture in pictures(text):
                yield name, picture

    def advice(self) -> list[Problem]:
        """What would make it better, and stops nothing. Kinds add to it."""
        return [Problem(field, message) for field, message in own_words.advice(self)]

    def words_not_ours(self) -> frozenset[str]:
        """Fields whose words somebody else chose, so that no advice is given on them."""
        return frozenset({"source", "source_date"})

    # Content and digest

    @classmethod
    def part_models(cls) -> list[type[Part]]:
        """The models of the parts that hang on editions of this kind, in a fixed order."""
        every: Iterable[Any] = apps.get_models()
        return sorted(
            (
                model
                for model in every
                if issubclass(model, Part)
                and issubclass(cls, model._meta.get_field("edition").related_model)
            ),
            key=lambda model: model._meta.label,
        )

    def parts(self) -> list[Part]:
        """All parts of this edition, by kind of part and position. One query per kind of part."""
        if self.known_parts is not None:
            return self.known_parts
        hanging_on = {"edition": self.pk}
        return [
            part
            for model in self.part_models()
            for part in model._base_manager.filter(**hanging_on).order_by("position", "key")
        ]

    def content(self) -> dict:
        """What a reader reads, and nothing else, ready for JSON.

        Empty values are left out, so that a field which a later release adds does not change the
        digest of what is already public.
        """
        return {
            **column_values(self, self.NOT_CONTENT),
            "parts": [part.content() for part in self.parts()],
        }

    def compute_digest(self) -> str:
        """SHA-256 of salt and content, in hexadecimal."""
        return hashlib.sha256(self.salt.encode() + canonical(self.content())).hexdigest()

    @property
    def concrete(self) -> Edition:
        """This edition as an instance of its kind, fresh from the database."""
        model = self.document.kind_model
        if isinstance(self, model):
            return self
        return model._base_manager.get(pk=self.pk)

    @property
    def public_note(self) -> str:
        """What the ledger says about its appearance: what changed, or where it came from."""
        if self.is_imported:
            return f"First published: {self.source_date}. {self.source}"
        return self.change_note

    @property
    def signing_release(self):
        """The release whose signatures stand under this edition: of a small fix, an earlier one."""
        return self.release.signed_through or self.release

    # Where it stands

    def stands_by(self, at: dt.datetime) -> bool:
        """It has been published by an instant, by its own date."""
        return self.published_at is not None and self.published_at <= at

    def stage(self, at=None) -> Stage:
        """Derived from the facts at an instant (default: now)."""
        at = at or timezone.now()
        if self.published_at is None:
            if self.is_waiting:
                return Stage.WAITING
            if self.submitted_at is None:
                return Stage.DRAFT
            return Stage.SIGNED_OFF if self.release.is_signed_off else Stage.IN_REVIEW
        if not self.stands_by(at):
            return Stage.SCHEDULED
        if self.superseded_at and self.superseded_at <= at:
            return Stage.SUPERSEDED
        return Stage.WITHDRAWN if self.document.withdrawal else Stage.PUBLIC

    @property
    def is_imported(self) -> bool:
        return self.imported_at is not None


class EditionEditor(models.Model):
    """Who edited an edition: they may not sign it off."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="edits")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "user"], name="an_editor_is_named_once_per_edition"
            )
        ]

    def __str__(self):
        return f"{self.user} edited {self.edition}"


def kinds() -> list[type[Edition]]:
    """Every kind of page: a content app registers one by extending Edition."""
    return sorted(
        (m for m in apps.get_models() if issubclass(m, Edition) and m is not Edition),
        key=lambda model: model._meta.label,
    )
