"""The site as it stood on a past day: `/on/2021-11-03/…`, where every link stays in that day."""

import calendar
import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.http import Http404
from django.urls import get_script_prefix

from publishing import moments
from publishing.day_addresses import of_today, on
from publishing.models import Edition, SiteVersion
from publishing.moments import LONDON, InTheFuture, Moment


def moment_of(day: str) -> Moment:
    """The end of that day in London; today, now. Raises Http404 for the future and for no day."""
    try:
        return moments.end_of(dt.date.fromisoformat(day))
    except (InTheFuture, ValueError, OverflowError) as error:
        raise Http404("No such day.") from error


class FirstDay(NamedTuple):
    """The day by whose end the first page was public, and how its source dates it, if one does."""

    day: dt.date
    words: str


def first_day() -> FirstDay | None:
    """Of the first publication; None while nothing is public."""
    public = Edition.objects.ever_public(moments.now()).order_by("published_at", "pk")
    first = public.values_list("published_at", "source_date").first()
    return first and FirstDay(first[0].astimezone(LONDON).date(), first[1])


@dataclass
class PastDay:
    """What the banner of a past day says. `path` is the page's address within the day."""

    moment: Moment
    path: str

    @property
    def day(self) -> dt.date:
        return self.moment.day

    @property
    def today_url(self) -> str:
        return of_today(f"{get_script_prefix()}{self.path.removeprefix('/')}")

    @property
    def month_before_url(self) -> str:
        return on(months_after(self.day, -1), self.path)

    @property
    def month_after_url(self) -> str | None:
        after = months_after(self.day, 1)
        return on(after, self.path) if after <= moments.now().day else None

    @cached_property
    def launched_at(self) -> dt.datetime | None:
        """When this site began, if it had not yet: all that stands there was added later."""
        at = SiteVersion.objects.values_list("launched_at", flat=True).get(pk=1)
        return at if at and at > self.moment.at else None


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day of another month, or its last one if it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year < dt.MINYEAR:
        return dt.date.min
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))
