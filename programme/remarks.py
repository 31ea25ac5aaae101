"""What is said beside the status of a promise: how old the report is, and why its date moved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db.models import Max, Q

from programme import loose_dates
from programme.models import Check, Milestone, ProgressRound
from programme.promises import CHECKED_FOR
from programme.statuses import Status
from publishing.moments import LONDON, Moment

# Of these, an old report is said: each could be late by now, and nobody has looked.
OPEN = (Status.NOT_CHECKED, Status.ON_TRACK, Status.NOT_STARTED, Status.NO_DATE)


def remarks(promise: Milestone, moment: Moment) -> Iterator[str]:
    """What readers must know beside the status: told promises only."""
    today, reported_on = moment.day, newest_report(promise, moment)
    is_old = today - reported_on > CHECKED_FOR
    if promise.forum_says_no:
        yield "The Parent Carer Forum says: it is not done."
    if promise.has_slipped_back:
        yield f"Done, then slipped back on {promise.slipped_back_on:%-d %B %Y}."
    if promise.status == Status.LATE:
        if promise.is_later_than_first and promise.due_on and promise.due_on < today:
            yield f"The new date, {promise.due.in_words}, has passed too."
        if is_old or (promise.first_due_on and reported_on <= promise.first_due_on):
            yield f"No report since {in_words(promise, reported_on)}."
    elif promise.status in OPEN and is_old:
        yield f"Not checked since {in_words(promise, reported_on)}."


def newest_report(promise: Milestone, moment: Moment) -> dt.date:
    """The day by which something was last said of it: by itself, or by a check."""
    reported = promise.published_at or moment.at
    return max(reported.astimezone(LONDON).date(), promise.checked_on or dt.date.min)


def in_words(promise: Milestone, reported_on: dt.date) -> str:
    """The day; of a report that stood elsewhere, what its source says instead of a day."""
    if not promise.source_date or reported_on == promise.checked_on:
        return f"{reported_on:%-d %B %Y}"
    try:
        dated = loose_dates.read(promise.source_date)
    except loose_dates.Unreadable:
        return f"our last report ({promise.source_date})"
    return dated.in_words if dated else "our last report, which has no date"


def days_checked(documents: Iterable[int], moment: Moment) -> dict[int, dt.date]:
    """When a round that stands last looked at each of these promises. One query."""
    standing = ProgressRound.objects.as_of(moment)
    checks = Check.objects.filter(milestone__in=documents, edition__in=standing)
    return dict(checks.values_list("milestone").order_by().annotate(day=Max("edition__checked_on")))


def newest_moves(found: Iterable[Milestone], moment: Moment) -> dict[int, Milestone]:
    """The edition that last moved each of these promises, which says why. One query, or none."""
    moved = {promise.document_id: promise for promise in found if promise.times_moved}
    if not moved:
        return {}
    known = Q(published_at__lte=moment.at) | Q(pk__in=[promise.pk for promise in moved.values()])
    moves = (
        Milestone.objects.filter(known, document__in=moved)
        .exclude(why_changed="")
        .only("document", "release", "number", "times_moved", "why_changed")
        .order_by("-number")
    )
    # The first edition with as many moves as now is the one that moved the date.
    return {
        move.document_id: move
        for move in moves
        if move.times_moved == moved[move.document_id].times_moved
    }
