"""What the pages of what happened read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db import models
from django.db.models import Q
from django.urls import reverse

from programme.models import TimelineEvent, Voice
from publishing.chips import Chip
from publishing.models import EditionQuerySet
from publishing.moments import Moment
from publishing.reading import edition_called, whole, with_first_appearance

EVENTS_A_PAGE = 50
POINTS_ON_HOME = 6


class EventsPage(NamedTuple):
    events: list[TimelineEvent]
    after: str  # the last one shown, where the next page begins; empty on the last


def whole_events(moment: Moment) -> EditionQuerySet:
    """Events with all that their own page shows."""
    return whole(TimelineEvent.objects.all(), moment).prefetch_related("findings", "quotes")


def standing(moment: Moment) -> EditionQuerySet:
    """For lists."""
    return (
        with_first_appearance(TimelineEvent.objects.as_of(moment).dated(), moment)
        .select_related("document")
        .prefetch_related("findings", "quotes")
        .fetch_mode(models.FETCH_RAISE)
    )


def looked_at(events: Iterable[TimelineEvent], moment: Moment) -> list[TimelineEvent]:
    """The events, each of which knows whether its date has passed in silence."""
    found = list(events)
    for event in found:
        event.unheard_of = event.is_unheard_of(moment.day)
    return found


def events_page(
    moment: Moment, *, voice: str, oldest_first: bool, after: TimelineEvent | None
) -> EventsPage:
    events = standing(moment)
    if voice:
        events = events.filter(voice=voice)
    order = ["sort_on", "document_id"]
    events = events.order_by(*(order if oldest_first else [f"-{name}" for name in order]))
    if after is not None:
        way = "gt" if oldest_first else "lt"
        events = events.filter(
            Q(**{f"sort_on__{way}": after.sort_on})
            | Q(sort_on=after.sort_on, **{f"document_id__{way}": after.document_id})
        )
    found = looked_at(events[: EVENTS_A_PAGE + 1], moment)
    shown = found[:EVENTS_A_PAGE]
    return EventsPage(shown, shown[-1].document.slug if len(found) > EVENTS_A_PAGE else "")


def event_called(slug: str, moment: Moment) -> TimelineEvent | None:
    event = edition_called(TimelineEvent.objects.dated(), moment, slug)
    return event if event and event.sort_on else None


def chips(moment: Moment, *, voice: str, oldest_first: bool) -> list[Chip]:
    """The filter: everybody, and each who says something at all. None if that is one voice."""
    heard = set(TimelineEvent.objects.as_of(moment).values_list("voice", flat=True).distinct())
    if len(heard) < 2:
        return []
    url = reverse("timeline:oldest" if oldest_first else "timeline:list")
    return [
        Chip("Everybody", f"{url}#all", is_current=not voice),
        *(
            Chip(each.label, f"{url}?by={each.value}#all", is_current=voice == each)
            for each in Voice
            if each in heard
        ),
    ]


def turning_points(moment: Moment) -> list[TimelineEvent]:
    """For the first page: the newest that count most, oldest first."""
    events = standing(moment).filter(is_turning_point=True, happened_on__isnull=False)
    return list(events.order_by("-sort_on", "-document_id")[:POINTS_ON_HOME])[::-1]
