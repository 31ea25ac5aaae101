"""What the pages of the measures read, and which measures go the wrong way."""

from __future__ import annotations

from typing import NamedTuple

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Abs

from programme.models import Measure, Reading
from publishing.models import EditionQuerySet
from publishing.moments import Moment
from publishing.reading import edition_called, whole, with_first_appearance

MEASURES_A_PAGE = 25
FEATURED = 3
# What a page says goes the wrong way; past that, the list of all measures says the rest.
MOST_WRONG = 20

Direction = Measure.Direction


class MeasuresPage(NamedTuple):
    measures: list[Measure]
    after: str  # the last one shown, where the next page begins; empty on the last


def whole_measures(moment: Moment) -> EditionQuerySet:
    """Measures with all that their own page shows."""
    return whole(with_target_day(Measure.objects.all(), moment), moment).prefetch_related(
        "readings"
    )


def with_target_day(measures: EditionQuerySet, moment: Moment) -> EditionQuerySet:
    """Each with `is_before_target_day`: until that day has passed nobody judges it."""
    is_ahead = Q(target_by_on__isnull=False, target_by_on__gte=moment.day)
    return measures.annotate(
        is_before_target_day=Case(
            When(is_ahead, then=True), default=False, output_field=models.BooleanField()
        )
    )


def standing(moment: Moment) -> EditionQuerySet:
    """For lists: those that stand, with their numbers."""
    return (
        with_first_appearance(with_target_day(Measure.objects.as_of(moment), moment), moment)
        .select_related("document")
        .prefetch_related("readings")
        .fetch_mode(models.FETCH_RAISE)
    )


def measures_page(moment: Moment, *, after: Measure | None) -> MeasuresPage:
    """By name, from A to Z."""
    measures = standing(moment).order_by("title", "document_id")
    if after is not None:
        measures = measures.filter(
            Q(title__gt=after.title) | Q(title=after.title, document_id__gt=after.document_id)
        )
    found = list(measures[: MEASURES_A_PAGE + 1])
    shown = found[:MEASURES_A_PAGE]
    return MeasuresPage(shown, shown[-1].document.slug if len(found) > MEASURES_A_PAGE else "")


def measure_called(slug: str, moment: Moment) -> Measure | None:
    return edition_called(Measure.objects.all(), moment, slug)


def featured(moment: Moment) -> list[Measure]:
    """How long families wait: what the first page shows."""
    chosen = standing(moment).filter(is_featured=True, readings__actual__isnull=False).distinct()
    return list(chosen.order_by("featured_place", "title", "document_id")[:FEATURED])


def of_area(moment: Moment, area) -> EditionQuerySet:
    """The measures that belong to a problem, given by its document."""
    return standing(moment).filter(of_area=area).order_by("title", "document_id")[:MEASURES_A_PAGE]


def going_wrong(moment: Moment) -> list[Measure]:
    """Measures whose newest number is worse than the one before, in the better direction.

    “The record shows” them beside what an update says of itself. Each has `latest` and `before`.
    """
    newest = Reading.objects.filter(edition=OuterRef("pk"), actual__isnull=False).order_by(
        "-position", "-key"
    )
    measures = standing(moment).annotate(
        number_now=Subquery(newest.values("actual")[:1]),
        number_before=Subquery(newest.values("actual")[1:2]),
    )
    # With two numbers the older is what came before; with one, where it started.
    measures = measures.annotate(
        compared_with=models.functions.Coalesce("number_before", "baseline_value")
    )
    worse = (
        Q(good_direction=Direction.UP, number_now__lt=F("compared_with"))
        | Q(good_direction=Direction.DOWN, number_now__gt=F("compared_with"))
        | Q(
            good_direction=Direction.TARGET,
            distance_now__gt=F("distance_before"),
        )
    )
    measures = measures.annotate(
        distance_now=Abs(F("number_now") - F("target_value")),
        distance_before=Abs(F("compared_with") - F("target_value")),
    )
    return list(measures.filter(worse).order_by("title", "document_id")[:MOST_WRONG])
