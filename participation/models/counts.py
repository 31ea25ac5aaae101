"""How often something happened on a day, without knowing what it was or who did it."""

import datetime as dt
from typing import NamedTuple

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

# What of the time parts one count from the next within a day.
AN_HOUR, A_DAY = "%H", ""


class Limit(NamedTuple):
    """At most so many in so long."""

    most: int
    within: str = A_DAY

    def take(self, what: str, now: dt.datetime) -> bool:
        """Counts one more, unless so many were counted: then False."""
        here = timezone.localtime(now)
        return DayCount.objects.take(
            f"{what} {here:{self.within}}" if self.within else what,
            limit=self.most,
            day=here.date(),
        )


class DayCountQuerySet(models.QuerySet["DayCount"]):
    def take(self, what: str, *, limit: int, day: dt.date) -> bool:
        """Counts one more of `what` on a day, unless `limit` were counted: then False.

        However many ask at once, no more than `limit` hear True: the counting is one statement.
        """
        row = {"digest": digest_of(what, day), "day": day}
        open_ = self.filter(**row, count__lt=limit)
        if open_.update(count=F("count") + 1):
            return True
        _, is_first = self.get_or_create(**row, defaults={"count": 1})
        return is_first or bool(open_.update(count=F("count") + 1))

    def forget_before(self, day: dt.date) -> None:
        """What an earlier day counted is of no use: it goes, also where no job runs."""
        self.filter(day__lt=day).delete()


class DayCount(models.Model):
    """How often something happened on a day. What it was cannot be read from this row."""

    digest = models.CharField(max_length=64)
    day = models.DateField()
    count = models.PositiveIntegerField()

    objects = DayCountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest", "day"], name="a_day_counts_a_thing_once"),
        ]

    def __str__(self):
        return f"{self.digest[:8]}, {self.day}: {self.count}"


def digest_of(what: str, day: dt.date) -> str:
    """Under a key of the site's that changes daily: nobody else can try addresses, and nothing
    links one day's senders to the next's.
    """
    return salted_hmac(f"counted on {day}", what, algorithm="sha256").hexdigest()
