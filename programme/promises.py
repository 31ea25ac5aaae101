"""The rules of status and number: what “late” means, and how promises are counted.

The page prints these rules as they stand here:

- We count from the first date we gave. If we move a date, the first one stays.
- A promise is late on the day after its first date, if it is not done by then.
- A promise is done when we show proof, not before. Done after its first date is “done late”.
- If something was done and then slipped back, it is not done any more.
- “The Parent Carer Forum checked” comes from the forum, by its own link. We cannot set it.
- A promise that we could not keep, or replaced, stays in the count.
- A promise without a date is not in the count. We call it “No date given”.
- “On track” means that we looked in the last 60 days. If not, we say “not checked”.
- We never take a promise down. Removing a private detail changes no number.
- A number of the past uses what this site knew on that day, and nothing newer.

Each rule stands here once, as SQL: every page, filter, count and chart asks `told` or `number`.
"""

from __future__ import annotations

import datetime as dt
import inspect
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models
from django.db.models import Case, Count, Exists, F, Min, OuterRef, Q, Value, When

from programme import forum
from programme.models import (
    Check,
    Finding,
    Milestone,
    MilestoneQuerySet,
    ProgressRound,
    TimelineEvent,
)
from programme.models.terms import FIRST_MONTHS, next_term_begins
from programme.statuses import KEPT, Confirmer, Status
from publishing.counted import counted
from publishing.models import EditionQuerySet, LedgerEntry
from publishing.moments import LONDON, Moment, midnight_after

RULES = [
    line.removeprefix("- ")
    for line in inspect.cleandoc(__doc__ or "").splitlines()
    if line.startswith("- ")
]
# A promise that nobody has said anything about for longer than this is “not checked since …”.
CHECKED_FOR = dt.timedelta(days=60)
SMALLEST_FOR_SHARES = 10
SPLITS_LISTED = 20


# The rules


def status(moment: Moment, rounds: EditionQuerySet) -> Case:
    """The status of a promise at a moment, from the facts of one edition and its last check.

    `rounds` are those whose checks count.
    """
    is_kept = Q(done_on__isnull=False, slipped_back_on=None)
    has_begun = ~Q(started_note="") | Q(started_on__isnull=False)
    return Case(
        When(is_kept & Q(first_due_on=None), then=Value(Status.DONE)),
        When(is_kept & Q(done_on__lte=F("first_due_on")), then=Value(Status.ON_TIME)),
        When(is_kept, then=Value(Status.DONE_LATE)),
        When(replaced_by__isnull=False, then=Value(Status.REPLACED)),
        When(~Q(could_not_because=""), then=Value(Status.COULD_NOT)),
        When(first_due_on=None, then=Value(Status.NO_DATE)),
        When(first_due_on__lt=moment.day, then=Value(Status.LATE)),
        When(has_begun & not_checked_lately(moment, rounds), then=Value(Status.NOT_CHECKED)),
        When(has_begun, then=Value(Status.ON_TRACK)),
        default=Value(Status.NOT_STARTED),
        output_field=models.CharField(),
    )


def not_checked_lately(moment: Moment, rounds: EditionQuerySet) -> Q:
    """Neither published anew nor looked at by one of the rounds for a while."""
    first_day = moment.day - CHECKED_FOR
    lately = rounds.filter(checked_on__gte=first_day)
    looked_at = Check.objects.filter(edition__in=lately).values("milestone")
    is_old = Q(published_at__lt=midnight_after(first_day - dt.timedelta(days=1)))
    return is_old & ~Q(document__in=looked_at)


def confirmer(moment: Moment) -> Case:
    """Who confirms it, which staff cannot set for the forum: it answers through its own link.

    Inspectors agree by a finding that names the promise.
    """
    agreed = Finding.objects.filter(
        edition__in=TimelineEvent.objects.known_at(moment),
        voice=Finding.Voice.INSPECTORS,
        promise=OuterRef("document"),
    )
    return Case(
        When(Exists(agreed), then=Value(Confirmer.INSPECTORS)),
        When(forum.agreed(moment), then=Value(Confirmer.FORUM)),
        default=Value(Confirmer.WE),
        output_field=models.CharField(),
    )


def told(promises: MilestoneQuerySet, moment: Moment) -> MilestoneQuerySet:
    """Promises with their `status` and who confirms it, `confirmer`, at the moment.

    It goes by the checks that stand then: those of which the other pages of that day tell.
    """
    rounds = ProgressRound.objects.as_of(moment)
    return promises.annotate(status=status(moment, rounds), confirmer=confirmer(moment))


def told_as_known(promises: MilestoneQuerySet, moment: Moment) -> MilestoneQuerySet:
    """The same for the number: by the checks alone of which this site knew by then."""
    rounds = ProgressRound.objects.known_at(moment)
    return promises.annotate(status=status(moment, rounds), confirmer=confirmer(moment))


def next_change_after(moment: Moment) -> dt.datetime | None:
    """The next midnight at which a date has passed, a report is old, or a term begins."""
    public = Milestone.objects.exclude(published_at=None)
    days = [
        public.filter(first_due_on__gte=moment.day).aggregate(day=Min("first_due_on"))["day"],
        public.filter(due_on__gte=moment.day).aggregate(day=Min("due_on"))["day"],
    ]
    since = public.filter(published_at__gt=moment.at - CHECKED_FOR - dt.timedelta(days=1))
    report = since.aggregate(at=Min("published_at"))["at"]
    if report:
        days.append(report.astimezone(LONDON).date() + CHECKED_FOR)
    checked = ProgressRound.objects.exclude(published_at=None)
    checked = checked.filter(checked_on__gte=moment.day - CHECKED_FOR)
    if checked_on := checked.aggregate(day=Min("checked_on"))["day"]:
        days.append(checked_on + CHECKED_FOR)
    instants = [midnight_after(day) for day in days if day]
    if public.exists():
        instants.append(next_term_begins(moment))
    return min((at for at in instants if at > moment.at), default=None)


# The number


@dataclass
class Tally:
    """How many promises have each status."""

    counts: Counter = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def on_time(self) -> int:
        return self.counts[Status.ON_TIME]

    @property
    def share(self) -> str:
        """“about 4 in every 10”, never rounded up; empty for none, or for too few to say."""
        if not self.on_time or self.total < SMALLEST_FOR_SHARES:
            return ""
        in_ten, rest = divmod(10 * self.on_time, self.total)
        if not in_ten:
            return "fewer than 1 in every 10"
        return f"{'about ' if rest else ''}{in_ten} in every 10"


@dataclass(frozen=True)
class Split:
    """One promise that became several: they all count, and so does the first."""

    document_id: int
    into: int


@dataclass
class Number:
    """Promises done on time, of those due, at a moment."""

    this_term: Tally = field(default_factory=Tally)
    since_start: Tally = field(default_factory=Tally)
    ahead: Tally = field(default_factory=Tally)
    by_kind: dict[str, Tally] = field(default_factory=dict)
    by_confirmer: Counter = field(default_factory=Counter)  # of those due and done
    without_date: int = 0
    corrected: int = 0  # first dates that an earlier source put right
    slipped_back: int = 0
    splits: list[Split] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.since_start.total + self.ahead.total + self.without_date


def number(moment: Moment) -> Number:
    """What is printed as the number: counted once for each version of the site and day."""
    return counted("number of promises", moment, lambda: count(moment))


def count(moment: Moment) -> Number:
    """Three queries, however many promises there are."""
    known = known_promises(moment)
    number = Number(by_kind={kind: Tally() for kind in Milestone.Kind.values})
    for group in groups(known, moment):
        add(number, group)
    number.splits = splits(known)
    return number


def known_promises(moment: Moment) -> MilestoneQuerySet:
    """What this site knew at the moment.

    If it has learned nothing since, that is what stands: a question that is ten times cheaper.
    """
    newest = LedgerEntry.objects.order_by("-id").values_list("recorded_at", flat=True).first()
    is_all_known = newest is None or newest <= moment.at
    promises = Milestone.objects.all()
    return promises.as_of(moment) if is_all_known else promises.known_at(moment)


def groups(known: MilestoneQuerySet, moment: Moment) -> Iterable[dict]:
    """How many known promises share all that the number asks about."""
    term_began = first_day_of_term(moment.day)
    return (
        told_as_known(known, moment)
        .annotate(
            when=Case(
                When(first_due_on=None, then=Value("never")),
                When(first_due_on__gte=moment.day, then=Value("ahead")),
                When(first_due_on__gte=term_began, then=Value("this term")),
                default=Value("before"),
                output_field=models.CharField(),
            ),
            was_corrected=Case(
                When(first_promised_on__isnull=False, then=Value(1)), default=Value(0)
            ),
            slipped=Case(When(slipped_back_on__isnull=False, then=Value(1)), default=Value(0)),
        )
        .values("kind", "status", "confirmer", "when", "was_corrected", "slipped")
        .order_by()
        .annotate(how_many=Count("pk"))
    )


def add(number: Number, group: dict) -> None:
    how_many, name = group["how_many"], Status(group["status"])
    number.corrected += how_many * group["was_corrected"]
    number.slipped_back += how_many * group["slipped"]
    if group["when"] == "never":
        number.without_date += how_many
    elif group["when"] == "ahead":
        number.ahead.counts[name] += how_many
    else:
        number.since_start.counts[name] += how_many
        number.by_kind[group["kind"]].counts[name] += how_many
        if name in KEPT:
            number.by_confirmer[group["confirmer"]] += how_many
        if group["when"] == "this term":
            number.this_term.counts[name] += how_many


def splits(known: MilestoneQuerySet) -> list[Split]:
    """Promises from which several others came, most first."""
    several = (
        known.filter(origin__kind=Milestone._meta.label_lower)
        .values("origin")
        .order_by()
        .annotate(into=Count("pk"))
        .filter(into__gt=1)
        .order_by("-into", "origin")[:SPLITS_LISTED]
    )
    return [Split(row["origin"], row["into"]) for row in several]


def first_day_of_term(day: dt.date) -> dt.date:
    """Near enough to count what was due in it, as `Term.terms_until` does."""
    month = max(first for first in FIRST_MONTHS.values() if first <= day.month)
    return dt.date(day.year, month, 1)


def term_in_words(day: dt.date) -> str:
    """“autumn 2026”."""
    month = first_day_of_term(day).month
    season = next(name for name, first in FIRST_MONTHS.items() if first == month)
    return f"{season} {day.year}"
