"""What an update promised: answered in the next one, and shown beside what it says of itself."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Q

from programme import measures
from programme.listing import standing
from programme.models import Measure, Milestone, MilestoneQuerySet
from programme.reading import lines
from programme.statuses import ENDED, Status
from publishing.counted import counted
from publishing.models import Problem
from publishing.models.parts import LAST_POSITION
from publishing.moments import Moment, now
from updates.models import PromiseAnswer, TermlyUpdate

# An update is one page: what does not fit stands in the list of all promises.
PROMISES_IN_AN_UPDATE = 50
PROMISES_ON_HOME = 3
LATE_SHOWN = 5
NAMED_IN_ADVICE = 5


# Did we do what we said?


@dataclass(frozen=True)
class Answered:
    """One promise of the update before, and what this update says of it, if anything."""

    promise: Milestone
    answer: PromiseAnswer | None

    @property
    def is_silent(self) -> bool:
        """Nobody says what became of it: neither this update nor the promise itself."""
        has_ended = self.promise.status in ENDED
        return not has_ended and (self.answer is None or self.answer.is_silent)


@dataclass(frozen=True)
class Answers:
    before: TermlyUpdate | None  # the update that made the promises
    lines: list[Answered]
    has_more: bool


def update_before(update: TermlyUpdate, moment: Moment) -> TermlyUpdate | None:
    """The newest update of an earlier term.

    Also one that was taken down: what it promised is still to be answered.
    """
    earlier = TermlyUpdate.objects.ever_public(moment).filter(
        term__starts_on__lt=update.term.starts_on
    )
    return earlier.select_related("document", "term").order_by("-term__starts_on", "-pk").first()


def made_in(update: TermlyUpdate, moment: Moment) -> MilestoneQuerySet:
    """The promises that say they were made in this update."""
    return standing(moment).filter(origin=update.document_id)


def answers_of(update: TermlyUpdate, moment: Moment, *, at_most: int | None = None) -> Answers:
    """Each promise of the update before, also one that this update is silent about."""
    at_most = at_most or PROMISES_IN_AN_UPDATE
    before = update_before(update, moment)
    said = {answer.milestone_id: answer for answer in update.answers.all()}
    wanted = Q(document__in=said)
    if before:
        wanted |= Q(origin=before.document_id)
    found = lines(standing(moment).filter(wanted), moment, at_most + 1)
    return Answers(
        before,
        [Answered(promise, said.get(promise.document_id)) for promise in found[:at_most]],
        len(found) > at_most,
    )


def add_missing_answers(draft: TermlyUpdate) -> None:
    """A row for each promise of the update before that has none. Only for an open draft."""
    moment = now()
    before = update_before(draft, moment)
    if before is None:
        return
    rows = list(draft.answers.all())
    missing = made_in(before, moment).exclude(document__in=[row.milestone_id for row in rows])
    last = max((row.position for row in rows), default=0)
    in_order = missing.order_by(F("first_due_on").asc(nulls_last=True), "document_id")
    for place, document in enumerate(in_order.values_list("document", flat=True), start=last + 1):
        position = min(place, LAST_POSITION)
        PromiseAnswer(edition=draft, milestone_id=document, position=position).save()


def advice(draft: TermlyUpdate) -> list[Problem]:
    """Silence is published in plain sight: this says so before it is."""
    silent = [line.promise.title for line in answers_of(draft, now()).lines if line.is_silent]
    if not silent:
        return []
    named = ", ".join(f"“{title}”" for title in silent[:NAMED_IN_ADVICE])
    more = f", and {len(silent) - NAMED_IN_ADVICE} more" if silent[NAMED_IN_ADVICE:] else ""
    return [
        Problem(
            "answers",
            "The update before made promises that this one does not answer. Families will read "
            f"“No answer yet”. They are: {named}{more}.",
        )
    ]


# What we said we would do next


def made_here(
    update: TermlyUpdate, moment: Moment, *, at_most: int | None = None
) -> tuple[list[Milestone], bool]:
    """The promises that this update made, and whether there are more."""
    at_most = at_most or PROMISES_IN_AN_UPDATE
    found = lines(made_in(update, moment), moment, at_most + 1)
    return found[:at_most], len(found) > at_most


# The record shows


@dataclass(frozen=True)
class Record:
    """What this site counts by itself, whatever the update says."""

    late: int
    moved_most: list[Milestone]
    going_wrong: list[Measure]

    def __bool__(self) -> bool:
        return bool(self.late or self.going_wrong)


def record(moment: Moment) -> Record:
    late, moved_most = counted("late promises", moment, lambda: late_promises(moment))
    shown = lines(standing(moment).filter(pk__in=moved_most), moment, LATE_SHOWN)
    shown.sort(key=lambda promise: -promise.times_moved)
    return Record(late, shown, measures.going_wrong(moment))


def late_promises(moment: Moment) -> tuple[int, list[int]]:
    """How many are late, and which of them moved most often."""
    late = standing(moment).filter(status=Status.LATE)
    moved_most = late.order_by("-times_moved", "first_due_on", "document_id")
    return late.count(), list(moved_most.values_list("pk", flat=True)[:LATE_SHOWN])


# All of it on home


@dataclass(frozen=True)
class InShort:
    answers: Answers
    next: list[Milestone]
    record: Record


def in_short(update: TermlyUpdate, moment: Moment) -> InShort:
    """The first of each; the update has the rest."""
    return InShort(
        answers_of(update, moment, at_most=PROMISES_ON_HOME),
        made_here(update, moment, at_most=PROMISES_ON_HOME)[0],
        record(moment),
    )
