"""The outbox: which line of the ledger goes to whom, in which mail, and whether it went."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from participation.models.subscribers import Follow, Subscriber, newest_line
from publishing.models import LedgerEntry

# Longer than any talk with a mail server can take, so that no two ever hold the same mail.
CLAIMED_FOR = dt.timedelta(minutes=15)
FIRST_PAUSE = dt.timedelta(minutes=1)
LONGEST_PAUSE = dt.timedelta(hours=6)
GIVEN_UP_AFTER = dt.timedelta(days=4)
HELD_UP_AFTER = dt.timedelta(minutes=30)
# How a reason begins that says nothing of other mails.
OF_THIS_MAIL = "this mail alone"


def is_of_this_mail(why: str) -> bool:
    return why.startswith(OF_THIS_MAIL)


class AlertCursorManager(models.Manager["AlertCursor"]):
    def not_looked_at(self):
        """The lines of the ledger that nobody was told of yet; none while nobody ever asked."""
        upto = self.values_list("line", flat=True).filter(pk=1)
        return LedgerEntry.objects.filter(id__gt=models.Subquery(upto)).order_by("id")

    def stand(self) -> AlertCursor:
        """The one cursor; made at the newest line, because nobody asked to hear of the past."""
        return self.get_or_create(pk=1, defaults={"line": newest_line()})[0]


class AlertCursor(models.Model):
    """One row: up to which line of the ledger everybody's alerts are written down."""

    line = models.PositiveBigIntegerField()

    objects = AlertCursorManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="there_is_one_alert_cursor"),
        ]

    def __str__(self):
        return f"line {self.line}"


class MailQuerySet(models.QuerySet["Mail"]):
    def unsent(self):
        return self.filter(sent_at=None, given_up_at=None)

    def waiting(self, now: dt.datetime):
        """Those that anybody may claim: nobody holds them, or whoever did is dead."""
        return self.unsent().filter(
            Q(claimed_until=None) | Q(claimed_until__lte=now), not_before__lte=now
        )

    def held_up(self, now: dt.datetime):
        """Those that should have left by now, though nothing is wrong with them; oldest first."""
        late = self.unsent().filter(made_at__lte=now - HELD_UP_AFTER)
        return late.exclude(why__startswith=OF_THIS_MAIL).order_by("made_at", "pk")

    def claim(self, pk: int, now: dt.datetime) -> Mail | None:
        """Takes one mail for this process alone; None if another was quicker."""
        claim = uuid.uuid4()
        taken = self.waiting(now).filter(pk=pk)
        if taken.update(claim=claim, claimed_until=now + CLAIMED_FOR, attempts=F("attempts") + 1):
            return self.select_related("subscriber", "staff", "follow").get(pk=pk)
        return None


class Mail(models.Model):
    """One mail that has to go out. Its words are made when it goes, so none are kept here."""

    class Purpose(models.TextChoices):
        """In this order they leave: somebody waits for the first."""

        ASK = "ask", "Do you want our e-mails?"
        NEWS = "news", "Something changed"
        STAFF = "staff", "The week, for staff"

    # Also its Message-ID, which never changes: a second copy is known as one.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purpose = models.CharField(max_length=10, choices=Purpose)
    subscriber = models.ForeignKey(Subscriber, models.CASCADE, null=True, related_name="mails")
    follow = models.ForeignKey(Follow, models.CASCADE, null=True, related_name="mails")
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="weekly_mails"
    )
    week = models.DateField(null=True, help_text="The Monday, of a mail to staff.")
    made_at = models.DateTimeField(default=timezone.now)
    # The day on which it was counted against what one address may get.
    counted_on = models.DateField()
    not_before = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    why = models.CharField("why it did not go", max_length=100, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        indexes: ClassVar = [
            models.Index(
                fields=["purpose", "made_at"],
                condition=Q(sent_at=None, given_up_at=None),
                name="mail_unsent",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose="staff", staff__isnull=False, subscriber=None)
                | Q(purpose__in=["ask", "news"], staff=None, subscriber__isnull=False),
                name="a_mail_goes_to_one_person",
            ),
            models.CheckConstraint(
                condition=Q(claim=None, claimed_until=None)
                | Q(claim__isnull=False, claimed_until__isnull=False),
                name="a_claim_on_a_mail_ends",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(given_up_at=None),
                name="a_mail_that_went_was_not_given_up",
            ),
            models.UniqueConstraint(
                fields=["staff", "week"], name="one_mail_a_week_for_each_of_staff"
            ),
        ]

    def __str__(self):
        return f"{self.get_purpose_display()} ({self.key})"

    @property
    def address(self) -> str:
        reader = self.subscriber or self.staff
        return reader.email if reader else ""

    @property
    def is_again(self) -> bool:
        """Somebody tried before, and perhaps died before they could note that it went."""
        return self.attempts > 1

    def is_sent(self, now: dt.datetime) -> None:
        self._end(sent_at=now, claim=None, claimed_until=None, why="")

    def wait_until(self, at: dt.datetime, why: str) -> None:
        self._end(not_before=at, claim=None, claimed_until=None, why=why)

    def try_later(self, now: dt.datetime, why: str) -> None:
        """A longer pause each time. After some days a mail that is refused is given up.

        Not while the server takes no mail at all: an outage of any length loses nothing. Nor at
        the first refusal after one, because a server that has just come back may ask us to wait.
        """
        is_old = now - self.made_at > GIVEN_UP_AFTER
        if is_old and is_of_this_mail(why) and is_of_this_mail(self.why):
            self._end(given_up_at=now, claim=None, claimed_until=None, why=why)
        else:
            pause = min(FIRST_PAUSE * 2 ** min(self.attempts - 1, 12), LONGEST_PAUSE)
            self.wait_until(now + pause, why)

    def _end(self, **columns) -> None:
        """Only whoever still holds the mail may say what became of it."""
        type(self).objects.filter(pk=self.pk, claim=self.claim).update(**columns)


class Delivery(models.Model):
    """One line of the ledger for one subscriber: written down once, sent in one mail."""

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="deliveries")
    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="deliveries")
    found_at = models.DateTimeField(default=timezone.now)
    mail = models.ForeignKey(Mail, models.CASCADE, null=True, related_name="deliveries")

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber", "entry"], name="a_subscriber_hears_of_a_line_once"
            ),
        ]

    def __str__(self):
        return f"line {self.entry_id} for {self.subscriber}"
