"""A document is the permanent identity behind a page; a withdrawal is a fact about it."""

import uuid

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import slugify

LONGEST_TITLE_IN_ADDRESS = 100


class Document(models.Model):
    """What a link, a follower or another page points at. Its editions are its versions."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=100, editable=False)
    slug = models.SlugField(
        "address", max_length=150, help_text="The last part of the page's address."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "slug"],
                name="two_documents_of_a_kind_never_share_an_address",
                violation_error_message="Another page already has this address.",
            ),
        ]

    def __str__(self):
        """Its newest title, as staff know it."""
        newest = self.editions.order_by("-number").values_list("title", flat=True).first()
        return newest or f"{self.kind_name} {self.slug}"

    def get_absolute_url(self):
        return self.kind_model.document_url(self.slug)

    def natural_key(self) -> list[str]:
        """What a page that names this one is signed with: an address may be redacted."""
        return [str(self.key)]

    @property
    def kind_model(self):
        """The model that holds this document's editions."""
        return apps.get_model(self.kind)

    @property
    def kind_name(self) -> str:
        return str(self.kind_model._meta.verbose_name)

    @property
    def withdrawal(self):
        """The withdrawal in force now, or None."""
        return next((each for each in self.withdrawals.all() if each.until_at is None), None)


class WithdrawalQuerySet(models.QuerySet):
    def in_force(self, moment):
        """Those that hide their document's pages at the moment."""
        return self.filter(
            Q(until_at=None) | Q(until_at__gt=moment.at),
            from_at__lte=moment.at,
        )

    def removing_past(self):
        """Those that hide for good what the page said before them; see `removes_past`."""
        return self.filter(reaches_past=True, was_reversed=False)


class Redaction(models.Model):
    """Personal details were removed, by one person at once; a second confirms it afterwards."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="redactions")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )

    class Meta:
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="a_confirmed_redaction_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("by")),
                name="a_second_person_confirms_a_redaction",
            ),
        ]

    def __str__(self):
        return f"{self.document}: {self.reason}"


class Withdrawal(models.Model):
    """A page was taken down, by one person at once; a second confirms it afterwards."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="withdrawals")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    reason = models.TextField(help_text="Shown to the public where the page was.")
    reaches_past = models.BooleanField(
        "also remove it from the past",
        default=False,
        help_text="For text that should never have been public: its history disappears too.",
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    was_reversed = models.BooleanField(default=False)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )

    objects = WithdrawalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document"],
                condition=Q(until_at=None),
                name="a_document_is_withdrawn_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gt=F("from_at")),
                name="a_withdrawal_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="a_confirmed_withdrawal_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("by")),
                name="a_second_person_confirms_a_withdrawal",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_withdrawal_gives_its_reason"),
        ]

    def __str__(self):
        return f"{self.document} taken down on {self.from_at:%-d %B %Y}"

    @property
    def removes_past(self) -> bool:
        """What the page said until then is hidden for good, not only while it is down."""
        return self.reaches_past and not self.was_reversed

    def covers(self, document_id: int, at) -> bool:
        """The page was down at an instant because of this."""
        end = self.until_at
        return self.document_id == document_id and self.from_at <= at and (end is None or at < end)


def slug_of(title: str) -> str:
    """The address that a title makes; empty if it has no letters or digits."""
    return slugify(title)[:LONGEST_TITLE_IN_ADDRESS].strip("-")
