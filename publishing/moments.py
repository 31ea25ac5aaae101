"""The only maker of moments: what the public site is a function of, beside the path."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone

if TYPE_CHECKING:
    from publishing.models import Release

LONDON = ZoneInfo("Europe/London")


class InTheFuture(ValueError):
    """Nobody may look at the site as it will be: what is scheduled is not public."""


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant at which to look at the site; never later than now.

    `including` is a release that is not public yet; only a preview gives one, so that staff see
    the whole site as it will be.
    """

    at: dt.datetime
    including: Release | None = None

    def __post_init__(self):
        if timezone.is_naive(self.at):
            raise ValueError("a moment needs a time zone")
        if self.at > timezone.now():
            raise InTheFuture(f"{self.at.isoformat()} has not come yet")

    @property
    def day(self) -> dt.date:
        """The day in London."""
        return self.at.astimezone(LONDON).date()


class MomentRequest(HttpRequest):
    """What a view gets: a request that knows the moment it looks at."""

    moment: Moment
    past_day: str | None  # the day of an address `/on/2021-11-03/…`


def now() -> Moment:
    return Moment(timezone.now())


def end_of(day: dt.date) -> Moment:
    """The last instant of a past day in London; for today, now.

    Raises InTheFuture for a day that has not begun.
    """
    moment = now()
    if day == moment.day:
        return moment
    if day > moment.day:
        raise InTheFuture(f"{day} has not begun")
    return Moment(midnight_after(day) - dt.timedelta(microseconds=1))


def midnight_after(day: dt.date) -> dt.datetime:
    """The first instant of the next day in London."""
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min, tzinfo=LONDON)
    return midnight.astimezone(dt.UTC)


def earlier(moment: Moment, at: dt.datetime) -> Moment:
    """The same view of an earlier instant."""
    return replace(moment, at=min(at, moment.at))


def preview(release: Release) -> Moment:
    return Moment(timezone.now(), including=release)
