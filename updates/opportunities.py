"""What the pages of chances to take part read, and when they change by themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from django.db import models
from django.db.models import F, Min, Q

from programme.lengths import in_words
from publishing import references
from publishing.models import EditionQuerySet
from publishing.moments import LONDON, Moment, midnight_after
from publishing.reading import edition_called, whole
from updates.models import Opportunity
from updates.models.opportunities import (
    A_DAY,
    TO_SAY_WHAT_CAME_OF_IT,
    OpportunityQuerySet,
    State,
)

A_PAGE = 20
# A calendar keeps what is over, so that it does not vanish from a family's own.
IN_THE_CALENDAR = 200
# Staff are reminded so long after it is over, and again so long before the last day.
REMINDED_AFTER, A_LAST_TIME = dt.timedelta(weeks=4), dt.timedelta(weeks=1)
A_WEEK = dt.timedelta(weeks=1)


class OpportunitiesPage(NamedTuple):
    opportunities: list[Opportunity]
    goes_on_from: str  # the last one shown, where the next page begins; empty on the last


def whole_opportunities(moment: Moment) -> EditionQuerySet:
    """With all that their own page shows."""
    return whole(Opportunity.objects.all(), moment)


def standing(moment: Moment) -> OpportunityQuerySet:
    """For lists."""
    return (
        Opportunity.objects.as_of(moment).select_related("document").fetch_mode(models.FETCH_RAISE)
    )


def told(found, moment: Moment) -> list[Opportunity]:
    """Each of which knows how it stands, and how late we are with saying what came of it."""
    rows = list(found)
    references.attach(rows, moment)
    for row in rows:
        row.state = state_of(row, moment)
        row.is_over = row.over_at <= moment.at
        row.result_late = ""
        if moment.day > row.result_due_on and not row.came_of_it:
            row.result_late = in_words(moment.day - row.result_due_on)
    return rows


def state_of(opportunity: Opportunity, moment: Moment) -> State:
    if opportunity.is_cancelled:
        return State("Called off", "stop", "stop")
    if opportunity.over_at <= moment.at:
        return State("It is over", "wait", "wait")
    if opportunity.starts_at <= moment.at or opportunity.first_day < moment.day:
        is_open = opportunity.timing == Opportunity.Timing.OPEN
        return State("Open now" if is_open else "Going on now", "done", "done")
    if opportunity.join_by and opportunity.join_by < moment.day:
        return State("Too late to join", "late", "late")
    return State("Coming up", "track", "track")


def coming(moment: Moment, *, after: Opportunity | None) -> OpportunitiesPage:
    """What is not over, the next one first."""
    found = standing(moment).coming(moment).order_by("starts_at", "document_id")
    if after is not None:
        found = found.filter(
            Q(starts_at__gt=after.starts_at)
            | Q(starts_at=after.starts_at, document_id__gt=after.document_id)
        )
    return page_of(found, moment)


def past(moment: Moment, *, after: Opportunity | None) -> OpportunitiesPage:
    """What is over, the newest first."""
    found = standing(moment).past(moment).order_by("-last_at", "-document_id")
    if after is not None:
        found = found.filter(
            Q(last_at__lt=after.last_at)
            | Q(last_at=after.last_at, document_id__lt=after.document_id)
        )
    return page_of(found, moment)


def page_of(found: OpportunityQuerySet, moment: Moment) -> OpportunitiesPage:
    rows = list(found[: A_PAGE + 1])
    shown = told(rows[:A_PAGE], moment)
    return OpportunitiesPage(shown, shown[-1].document.slug if len(rows) > A_PAGE else "")


def called(slug: str, moment: Moment) -> Opportunity | None:
    return edition_called(Opportunity.objects.dated(), moment, slug)


def next_one(moment: Moment) -> Opportunity | None:
    """For the first page: the next that takes place."""
    coming_up = standing(moment).coming(moment).filter(is_cancelled=False)
    return next(iter(told(coming_up.order_by("starts_at", "document_id")[:1], moment)), None)


def in_calendar(moment: Moment) -> OpportunityQuerySet:
    return standing(moment).order_by("-starts_at", "-document_id")[:IN_THE_CALENDAR]


# What staff are reminded of


def silent(moment: Moment) -> OpportunityQuerySet:
    """Over for 4 weeks, without a word of what came of it; the oldest first."""
    by = midnight_after(moment.day - REMINDED_AFTER)
    return standing(moment).without_result(moment).filter(last_at__lt=by).order_by("last_at", "pk")


def reminder(opportunity: Opportunity, day: dt.date) -> str:
    """By when the word is due: calm at first, pressing in the last week, plain when it is late."""
    due_on = opportunity.result_due_on
    if due_on < day:
        return f"It was due by {due_on:%-d %B %Y}. Families see that it is missing."
    left = (due_on - day).days
    if left == 0:
        return "It is due today."
    if due_on - day <= A_LAST_TIME:
        days = "1 day is" if left == 1 else f"{left} days are"
        return f"{days} left: it is due by {due_on:%-d %B %Y}."
    return f"It is due by {due_on:%-d %B %Y}."


def to_say_on(monday: dt.date, moment: Moment) -> list[Opportunity]:
    """What staff are written to about on a Monday: three times for each, if it stays silent.

    When 4 weeks have passed, before the last week begins, and when it is late.
    """
    since = midnight_after(monday - TO_SAY_WHAT_CAME_OF_IT - A_WEEK - A_DAY)
    return [
        one
        for one in silent(moment).filter(last_at__gte=since)
        if monday - A_WEEK < one.last_day + REMINDED_AFTER <= monday
        or monday <= one.result_due_on - A_LAST_TIME < monday + A_WEEK
        or monday - A_WEEK < one.result_due_on + A_DAY <= monday
    ]


# When a page changes by itself


def next_change_after(moment: Moment) -> dt.datetime | None:
    """The next instant at which one starts, ends, closes, or owes what came of it."""
    rows = Opportunity.objects.as_of(moment).dated()
    at_times, whole_days = (
        rows.filter(timing=Opportunity.Timing.TIMES),
        rows.exclude(timing=Opportunity.Timing.TIMES),
    )
    today = midnight_after(moment.day - A_DAY)
    owed_since = today - TO_SAY_WHAT_CAME_OF_IT - A_DAY
    instants = [
        first(rows.filter(starts_at__gt=moment.at), "starts_at"),
        first(at_times.filter(last_at__gt=moment.at), "last_at"),
        end_of_day(first(whole_days.filter(last_at__gte=today), "last_at")),
    ]
    join_by = rows.filter(join_by__gte=moment.day).aggregate(day=Min("join_by"))["day"]
    instants.append(midnight_after(join_by) if join_by else None)
    owed = rows.filter(came_of_it="", is_cancelled=False, last_at__gte=owed_since)
    for last_at in owed.order_by("last_at").values_list("last_at", flat=True)[:3]:
        instants.append(end_of_day(last_at, later=TO_SAY_WHAT_CAME_OF_IT))
    return min((at for at in instants if at and at > moment.at), default=None)


def first(rows: OpportunityQuerySet, name: str) -> dt.datetime | None:
    return rows.aggregate(at=Min(F(name)))["at"]


def end_of_day(at: dt.datetime | None, *, later: dt.timedelta = dt.timedelta()):
    """The midnight in London that ends the day of an instant, or a day so much later."""
    return midnight_after(at.astimezone(LONDON).date() + later) if at else None


def moves(now: Opportunity, before: Opportunity) -> Iterator[str]:
    """What became of it since an earlier edition, in sentences: its time, its place, whether."""
    if now.is_cancelled != before.is_cancelled:
        yield "It was called off." if now.is_cancelled else "It was put back on."
    if now.when != before.when:
        yield f"It was {at_its_time(before)}. Now it is {at_its_time(now)}."
    if now.where != before.where:
        yield f"It was {at_its_place(before)}. Now it is {at_its_place(now)}."
    if now.join_by != before.join_by:
        yield last_day_moved(now.join_by, before.join_by)


def at_its_time(opportunity: Opportunity) -> str:
    """For the middle of a sentence: “on Thursday 3 December 2026, 7pm to 8:30pm”."""
    if opportunity.timing == opportunity.Timing.OPEN:
        return opportunity.when.replace("Open", "open", 1)
    is_one_day = opportunity.first_day == opportunity.last_day
    return f"{'on' if is_one_day else 'from'} {opportunity.when}"


def at_its_place(opportunity: Opportunity) -> str:
    """For the middle of a sentence: “at the library, or online”."""
    where = opportunity.where.rstrip(". ")
    return f"at {where}" if opportunity.place else "online"


def last_day_moved(now: dt.date | None, before: dt.date | None) -> str:
    if now is None:
        return "You need not say any more that you come."
    if before is None:
        return f"Now you must say by {now:%-d %B %Y} that you come."
    return f"The last day to say that you come was {before:%-d %B %Y}. Now it is {now:%-d %B %Y}."
