"""What the pages of the plan read: each question asked once, however many promises there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.db.models import Count, F

from programme import figures, promises
from programme.listing import CHOICES_AT_MOST, ever_in, say_more, standing
from programme.models import Area, Milestone, Plan, PlanReference
from programme.nouns import PROMISES, promises_in_words
from programme.promises import Number, Tally
from programme.statuses import AHEAD, OF_DUE, Status
from publishing import references
from publishing.counted import counted
from publishing.models import EditionQuerySet
from publishing.moments import Moment
from publishing.reading import whole
from publishing.references import Reference

SLIPS_DRAWN = 3
LONGEST_REF = 50
LED_TO_AT_MOST = 50
PROMISES_OF_A_PLAN = 100
# Of what was due, these are shown even when there are none.
ALWAYS = (Status.ON_TIME, Status.DONE_LATE, Status.LATE, Status.COULD_NOT)


# The number


@dataclass(frozen=True)
class NumberShown:
    """The number, as pages print it."""

    number: Number
    term: str
    this_term: figures.Shapes
    since_start: figures.Shapes
    ahead: figures.Shapes
    kinds: list[figures.Split]
    confirmers: list
    splits: list[tuple[Reference, int]]

    def __bool__(self) -> bool:
        return self.number.total > 0


def number(moment: Moment) -> NumberShown:
    counted = promises.number(moment)
    named = references.of_documents([split.document_id for split in counted.splits], moment)
    return NumberShown(
        counted,
        promises.term_in_words(moment.day),
        figures.shapes(counted.this_term, OF_DUE, always=ALWAYS),
        figures.shapes(counted.since_start, OF_DUE, always=ALWAYS),
        figures.shapes(counted.ahead, AHEAD),
        figures.by_kind(counted),
        figures.by_confirmer(counted),
        [
            (named[split.document_id], split.into)
            for split in counted.splits
            if split.document_id in named
        ],
    )


# Problems and plans


def whole_areas(moment: Moment) -> EditionQuerySet:
    return whole(Area.objects.all(), moment)


def areas(moment: Moment) -> list[Area]:
    """The problems that stand, in their order."""
    rows = Area.objects.as_of(moment).select_related("document").fetch_mode(models.FETCH_RAISE)
    return list(rows.order_by("area_number", "document_id")[:CHOICES_AT_MOST])


def count_promises(found: Iterable[Area], moment: Moment) -> list[Area]:
    """Gives each problem the shapes of its promises. One query for all."""
    found = list(found)
    areas = [area.document_id for area in found]
    question = f"promises of problems {areas} by status"
    tallies = counted(question, moment, lambda: tallies_of_areas(areas, moment))
    for area in found:
        area.shapes = figures.shapes(tallies[area.document_id], Status)
    return found


def statuses_of(found: Iterable[Area]) -> list[Status]:
    """Those that the shapes of these problems mean, in their order."""
    drawn = {row.status for area in found if area.shapes.are_few for row in area.shapes.rows}
    return [status for status in Status if status in drawn]


def tallies_of_areas(areas: list[int], moment: Moment) -> dict[int, Tally]:
    """By the document of each problem."""
    tallies = {area: Tally() for area in areas}
    rows = (
        standing(moment)
        .filter(areas__area__in=areas)
        .values("areas__area", "status")
        .order_by()
        .annotate(n=Count("document", distinct=True))
    )
    for row in rows:
        tallies[row["areas__area"]].counts[Status(row["status"])] += row["n"]
    return tallies


def whole_plans(moment: Moment) -> EditionQuerySet:
    return whole(Plan.objects.all(), moment).prefetch_related("references")


def plans(moment: Moment) -> list[Plan]:
    """What is followed now, then what was replaced, the newest of each first.

    Each knows the plan that replaced it, if one did.
    """
    rows = Plan.objects.as_of(moment).select_related("document").fetch_mode(models.FETCH_RAISE)
    newest = F("agreed_on").desc(nulls_last=True)
    found = list(rows.order_by(newest, "-document_id")[:CHOICES_AT_MOST])
    successors = {plan.replaces_id: plan for plan in found if plan.replaces_id}
    for plan in found:
        plan.successor = successors.get(plan.document_id)
    return sorted(found, key=lambda plan: plan.successor is not None)


def successor_of(plan: Plan, moment: Moment) -> Plan | None:
    newer = Plan.objects.as_of(moment).filter(replaces=plan.document_id)
    return newer.select_related("document").order_by("-document_id").first()


def references_of(
    plan: Plan, successor: Plan | None, moment: Moment
) -> tuple[list[PlanReference], list[PlanReference]]:
    """What older references are called in this plan, and what its own are called in the next.

    Each has `refers_to`; the plan itself has it too.
    """
    rows = list(plan.references.all())
    newer = list(successor.references.all()) if successor else []
    references.attach([plan, *rows, *newer], moment)
    return rows, newer


def promises_of_plan(plan: Plan, moment: Moment) -> list[Milestone]:
    """Also those that were carried into a newer plan since, as they stand at the moment."""
    return lines(standing(moment).filter(ever_in(plan, moment)), moment, PROMISES_OF_A_PLAN)


def promises_of_area(area: Area, moment: Moment) -> list[Milestone]:
    of_area = standing(moment).filter(areas__area=area.document_id).distinct()
    return lines(of_area, moment, PROMISES_OF_A_PLAN)


def lines(rows, moment: Moment, limit: int) -> list[Milestone]:
    """Promises for a short list, the oldest first date first."""
    found = rows.select_related("document", "body").fetch_mode(models.FETCH_RAISE)
    return say_more(
        list(found.order_by(F("first_due_on").asc(nulls_last=True), "document_id")[:limit]),
        moment,
    )


# Addresses


def right_address(editions: EditionQuerySet, moment: Moment, slug: str) -> str | None:
    """Where the page is whose address begins with the same reference, or None.

    An address is a reference and words; people shorten it, and copy it wrong.
    """
    ref = slug.partition("-")[0]
    if len(ref) > LONGEST_REF:  # SQLite cannot even look for a very long beginning
        return None
    same = editions.model.objects.as_of(moment).filter(
        models.Q(document__slug=ref) | models.Q(document__slug__startswith=f"{ref}-")
    )
    edition = same.select_related("document").order_by("document_id").first()
    return edition and edition.get_absolute_url()


# Dates that moved


@dataclass(frozen=True)
class FarthestSlips:
    """The late promises that moved farthest, of all that are late."""

    figure: figures.Slips
    late: int

    @property
    def left_out(self) -> int:
        return self.late - len(self.figure.rows)

    @property
    def heading(self) -> str:
        if not self.left_out:
            return f"How far late {PROMISES} have moved"
        drawn = len(self.figure.rows)
        how_many = f"{drawn} late" if drawn > 1 else "late"
        return (
            f"The {how_many} {promises_in_words(drawn)} that moved furthest (of {self.late} late)"
        )


def slips(moment: Moment) -> FarthestSlips | None:
    farthest = ((F("due_on") - F("first_due_on")).desc(), "first_due_on", "document_id")
    late = standing(moment).filter(status=Status.LATE)
    moved = late.filter(times_moved__gt=0, due_on__isnull=False)
    chosen = counted(
        "late promises that moved farthest",
        moment,
        lambda: list(moved.order_by(*farthest).values_list("pk", flat=True)[:SLIPS_DRAWN]),
    )
    shown = standing(moment).filter(pk__in=chosen).select_related("document")
    drawn = figures.slips(shown.fetch_mode(models.FETCH_RAISE).order_by(*farthest), moment.day)
    if drawn is None:
        return None
    return FarthestSlips(drawn, counted("how many promises are late", moment, late.count))
