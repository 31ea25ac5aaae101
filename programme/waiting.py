"""Promises that wait for a word from us: their date has passed, or it soon will."""

import datetime as dt

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, TruncDate

from programme.listing import standing
from programme.models import Check, MilestoneQuerySet, ProgressRound
from programme.statuses import ENDED, Status
from publishing.moments import LONDON, Moment

SOON = dt.timedelta(days=14)


def unreported(moment: Moment) -> MilestoneQuerySet:
    """Late ones whose newest date has passed too, and that nobody has said anything about since.

    A check that is public counts as a report, also if nothing changed.
    """
    date = Coalesce("due_on", "first_due_on")
    checks = Check.objects.filter(
        milestone=OuterRef("document"),
        edition__in=ProgressRound.objects.as_of(moment),
        edition__checked_on__gt=OuterRef("date_now"),
    )
    late = standing(moment).filter(status=Status.LATE).annotate(date_now=date)
    return late.filter(
        ~Exists(checks),
        Q(date_now__lt=moment.day),
        date_now__gte=TruncDate(F("published_at"), tzinfo=LONDON),
    ).order_by("date_now", "document_id")


def due_soon(moment: Moment) -> MilestoneQuerySet:
    """Open ones whose newest date comes in the next days."""
    until = moment.day + SOON
    opened = standing(moment).exclude(status__in=ENDED)
    return opened.filter(due_on__range=(moment.day, until)).order_by("due_on", "document_id")
