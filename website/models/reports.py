"""“This page shows something private”: what somebody told us."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone

from participation import retention
from participation.models.counts import AN_HOUR, Limit

# Long enough to say which line it is; too long to fill the disk with.
LONGEST_REPORT = 2000
REPORTS_AN_HOUR = 5
EACH = Limit(REPORTS_AN_HOUR, AN_HOUR)


class PrivacyReportQuerySet(models.QuerySet):
    def open(self):
        return self.filter(dealt_with_at=None)

    def forget_old(self, now: dt.datetime) -> None:
        """What was dealt with long ago may itself be private: it goes, also where no job runs."""
        retention.erase(self.model._meta.label, now)


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
