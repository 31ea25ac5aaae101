"""Who asked for e-mail, and about what."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from publishing.models import Document, SiteVersion

CONFIRM_WITHIN = dt.timedelta(days=3)


class Subscriber(models.Model):
    """An address that asked for mail. Nothing else is known of its owner."""

    class Pace(models.TextChoices):
        AT_ONCE = "at once", "As soon as something changes"
        WEEKLY = "weekly", "One e-mail a week, on Monday"

    # Stands in every link that we send. Nobody can guess it, and it goes with the row.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.CharField("e-mail address", max_length=254, unique=True)
    pace = models.CharField("how often", max_length=10, choices=Pace, default=Pace.AT_ONCE)
    asked_at = models.DateTimeField(default=timezone.now)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at"]

    def __str__(self):
        """Never the whole address: this is what a log or a page would show."""
        return self.short_email

    @property
    def short_email(self) -> str:
        """“s…@example.org”: enough for its owner to know it."""
        name, _, host = self.email.rpartition("@")
        return f"{name[:1]}…@{host}"

    @property
    def is_stopped(self) -> bool:
        return self.stopped_at is not None

    @transaction.atomic
    def stop(self, now: dt.datetime) -> None:
        """No mail from now on, also none that waits."""
        type(self).objects.filter(pk=self.pk, stopped_at=None).update(stopped_at=now)
        self.mails.filter(sent_at=None).delete()
        self.deliveries.filter(mail=None).delete()
        self.refresh_from_db()

    def erase(self) -> None:
        """All that we know of this reader is gone, mails that wait included."""
        self.delete()

    @transaction.atomic
    def start_again(self) -> None:
        """What happened meanwhile is not sent."""
        type(self).objects.filter(pk=self.pk).update(stopped_at=None)
        self.follows.confirmed().update(since_line=newest_line())
        self.refresh_from_db()

    @transaction.atomic
    def choose(self, *, kept: list[int], pace: str, now: dt.datetime) -> None:
        """Keeps these follows alone; without any, everything stops."""
        self.follows.confirmed().exclude(pk__in=kept).delete()
        type(self).objects.filter(pk=self.pk).update(pace=pace)
        if not kept:
            self.stop(now)


class FollowQuerySet(models.QuerySet):
    def confirmed(self):
        return self.filter(confirmed_at__isnull=False)

    def listening(self):
        return self.confirmed().filter(subscriber__stopped_at=None)


class Follow(models.Model):
    """What a subscriber wants to hear of. Nothing is sent until it is confirmed by mail."""

    class What(models.TextChoices):
        EVERYTHING = "everything", "Everything new on this site"
        UPDATES = "updates", "The update that we write each term"
        PAGE = "page", "One page"

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="follows")
    what = models.CharField(max_length=10, choices=What)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, related_name="follows", help_text="The page."
    )
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    # The newest line of the ledger when it was confirmed: what came before is no news.
    since_line = models.PositiveBigIntegerField(default=0)

    objects = FollowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(what="page", document__isnull=False)
                | Q(what__in=["everything", "updates"], document=None),
                name="only_who_follows_a_page_names_it",
            ),
            models.UniqueConstraint(
                fields=["subscriber", "what"],
                condition=Q(document=None),
                name="a_subscriber_follows_a_thing_once",
            ),
            models.UniqueConstraint(
                fields=["subscriber", "document"],
                condition=Q(document__isnull=False),
                name="a_subscriber_follows_a_page_once",
            ),
        ]

    def __str__(self):
        return f"{self.subscriber}: {self.what}"

    @transaction.atomic
    def confirm(self, now: dt.datetime) -> None:
        """From here on its news are sent. Pressing the button again changes nothing."""
        from participation.models.deliveries import AlertCursor

        AlertCursor.objects.stand()
        waiting = type(self).objects.filter(pk=self.pk, confirmed_at=None)
        if waiting.update(confirmed_at=now, since_line=newest_line()):
            if self.subscriber.is_stopped:
                # Who comes back asks for this, and not for what was stopped before.
                self.subscriber.follows.exclude(pk=self.pk).delete()
                self.subscriber.start_again()
            self.refresh_from_db()


def newest_line() -> int:
    """The ledger's newest line; 0 when there is none."""
    return SiteVersion.objects.values_list("newest_line", flat=True).get(pk=1)
