"""Chances to take part for a family's own calendar: iCalendar, as RFC 5545 wants it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event, Timezone

from publishing.day_addresses import absolute
from publishing.moments import LONDON, Moment
from publishing.richtext import plain
from updates.feeds import printable
from updates.models import Opportunity

CONTENT_TYPE = "text/calendar; charset=utf-8"
# How often a calendar that follows ours asks again.
ASKS_AGAIN_AFTER = dt.timedelta(hours=12)
# The library's own would list every clock change from 1970 to 2038.
LONDON_TIME = Timezone.from_ical(
    "\r\n".join(
        (
            "BEGIN:VTIMEZONE",
            f"TZID:{LONDON.key}",
            "BEGIN:DAYLIGHT",
            "DTSTART:19810329T010000",
            "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
            "TZNAME:BST",
            "TZOFFSETFROM:+0000",
            "TZOFFSETTO:+0100",
            "END:DAYLIGHT",
            "BEGIN:STANDARD",
            "DTSTART:19961027T020000",
            "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
            "TZNAME:GMT",
            "TZOFFSETFROM:+0100",
            "TZOFFSETTO:+0000",
            "END:STANDARD",
            "END:VTIMEZONE",
            "",
        )
    )
)


def calendar_of(opportunities: Iterable[Opportunity], moment: Moment, *, name: str) -> bytes:
    """The bytes of a calendar with these in it; the same for the same editions."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//Chances to take part//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for known_as in ("name", "x-wr-calname"):
        calendar.add(known_as, printable(name))
    calendar.add("refresh-interval", ASKS_AGAIN_AFTER, parameters={"value": "DURATION"})
    calendar.add_component(LONDON_TIME)
    for opportunity in opportunities:
        calendar.add_component(event_of(opportunity, moment))
    return calendar.to_ical()


def event_of(opportunity: Opportunity, moment: Moment) -> Event:
    event, url = Event(), absolute(opportunity.get_absolute_url())
    is_off = opportunity.is_cancelled
    # Only a preview shows one without a date.
    stamp = (opportunity.published_at or moment.at).astimezone(dt.UTC).replace(microsecond=0)
    event.add("uid", f"{opportunity.document.key}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("sequence", opportunity.number)
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("summary", printable(f"{'Called off: ' if is_off else ''}{opportunity.title}"))
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    event.add("location", printable(opportunity.where))
    event.add("description", printable(description_of(opportunity, url)))
    event.add("url", url)
    add_times(event, opportunity)
    return event


def add_times(event: Event, opportunity: Opportunity) -> None:
    """In London time; whole days end, as the format wants, with the day after the last."""
    if opportunity.is_at_times:
        event.add("dtstart", opportunity.starts_at.astimezone(LONDON))
        if opportunity.ends_at:
            event.add("dtend", opportunity.ends_at.astimezone(LONDON))
    else:
        event.add("dtstart", opportunity.first_day)
        event.add("dtend", opportunity.last_day + dt.timedelta(days=1))
    if opportunity.timing == Opportunity.Timing.OPEN:
        # A survey that is open for a month leaves the month free.
        event.add("transp", "TRANSPARENT")


def description_of(opportunity: Opportunity, url: str) -> str:
    off = f"Called off: {opportunity.cancelled_because}" if opportunity.is_cancelled else ""
    parts = (off, plain(opportunity.about), opportunity.online, plain(opportunity.how_to_join), url)
    return "\n\n".join(part for part in parts if part)
