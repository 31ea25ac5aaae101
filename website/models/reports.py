"""“This page shows something private”: what somebody told us, and how we keep a flood out."""

import datetime as dt
import hashlib
import hmac
import ipaddress

from django.conf import settings
from django.db import models
from django.utils import timezone

# Long enough to say which line it is; too long to fill the disk with.
LONGEST_REPORT = 2000
REPORTS_AN_HOUR = 5
AN_HOUR = dt.timedelta(hours=1)
KEPT_AFTER_IT_WAS_DEALT_WITH = dt.timedelta(days=30)


class PrivacyReportQuerySet(models.QuerySet):
    def open(self):
        return self.filter(dealt_with_at=None)

    def forget_old(self, now: dt.datetime) -> None:
        """What was dealt with a month ago may itself be private: it goes."""
        self.filter(dealt_with_at__lt=now - KEPT_AFTER_IT_WAS_DEALT_WITH).delete()


class PrivacyReport(models.Model):
    """Somebody saw something on a page that should not be public. We do not know who."""

    page = models.CharField(max_length=300, blank=True)
    words = models.TextField("what is wrong", max_length=LONGEST_REPORT)
    sent_at = models.DateTimeField(default=timezone.now)
    dealt_with_at = models.DateTimeField(null=True, editable=False)
    dealt_with_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = PrivacyReportQuerySet.as_manager()

    class Meta:
        ordering = ["sent_at"]
        verbose_name = "report of something private"
        verbose_name_plural = "reports of something private"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(dealt_with_at=None, dealt_with_by=None)
                | models.Q(dealt_with_at__isnull=False, dealt_with_by__isnull=False),
                name="a_report_says_who_dealt_with_it_and_when",
            ),
        ]

    def __str__(self):
        return f"{self.page or 'The site'}: {self.words[:60]}"

    def deal_with(self, by) -> None:
        self.dealt_with_at, self.dealt_with_by = timezone.now(), by
        self.save(update_fields=["dealt_with_at", "dealt_with_by"])


class RecentSenderQuerySet(models.QuerySet):
    def has_sent_enough(self, address: str, now: dt.datetime) -> bool:
        """Counts this attempt; True when its sender had used up the hour before it."""
        self.filter(at__lt=now - AN_HOUR).delete()
        digest = digest_of(address, now)
        if self.filter(digest=digest).count() >= REPORTS_AN_HOUR:
            return True
        self.create(digest=digest, at=now)
        return False


class RecentSender(models.Model):
    """That something came from an address in the last hour; the address itself is not kept."""

    digest = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(db_index=True)

    objects = RecentSenderQuerySet.as_manager()

    def __str__(self):
        return f"{self.digest[:8]} at {self.at:%H:%M}"


def digest_of(address: str, now: dt.datetime) -> str:
    """Under a key that changes daily, so that nothing links one day's senders to the next's.

    Of IPv6 the network: one home has more addresses than the world has people.
    """
    try:
        ip = ipaddress.ip_address(address)
        if ip.version == 6:
            address = str(ipaddress.ip_network((ip, 64), strict=False))
    except ValueError:
        address = "unknown"
    key = f"{settings.SECRET_KEY}{now:%Y-%m-%d}".encode()
    return hmac.new(key, address.encode(), hashlib.sha256).hexdigest()
