"""The yearly report of what people told us, as regulation 56 asks: numbers that name nobody."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone


class YearlyReportQuerySet(models.QuerySet):
    def as_of(self, moment):
        return self.filter(out_at__lte=moment.at)


class YearlyReport(models.Model):
    """The numbers of one year, as they were shown on the day: counting again could tell who left.

    Already without small numbers: what is stored here is what the public reads.
    """

    year = models.PositiveIntegerField(unique=True)
    tables = models.JSONField()
    out_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = YearlyReportQuerySet.as_manager()

    class Meta:
        ordering = ["-year"]
        default_permissions = ()

    def __str__(self):
        return f"What people told us in {self.year}"

    def get_absolute_url(self):
        return reverse("participation:report", args=[self.year])
