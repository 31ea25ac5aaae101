"""What is counted about families' lives: how long they wait, how many plans are on time."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cached_property

from django.db import models
from django.urls import reverse

from programme import measure_checks, numbers
from programme.loose_date_fields import LooseDateField, unreadable
from programme.loose_dates import LooseDate
from publishing.models import Document, Edition, Part, Problem
from publishing.moments import midnight_after


class NumberField(models.DecimalField):
    """A number as measures have them: one size, so that all can be compared."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_digits": 12, "decimal_places": 2, **kwargs})


class Measure(Edition):
    """One thing that is counted again and again, and every number it had. Its title names it."""

    class Direction(models.TextChoices):
        UP = "up", "Higher is better"
        DOWN = "down", "Lower is better"
        TARGET = "target", "Closest to the target is best"
        NONE = "none", "Neither: it is for information"

    class Period(models.TextChoices):
        MONTH = "month", "one month, or one day in it"
        LAST_12_MONTHS = "last 12 months", "the 12 months before"
        QUARTER = "quarter", "a quarter of a year"
        SCHOOL_YEAR = "school year", "a school year"
        CALENDAR_YEAR = "calendar year", "a calendar year"
        NOT_SAID = "not said", "the source does not say"

    explanation = models.TextField(
        "what it tells a family",
        help_text="Plain words: what is counted, and why it matters. “The law gives us 20 weeks.”",
    )
    unit = models.CharField("counted in", max_length=20, choices=numbers.Unit)
    counted = models.CharField(
        "what is counted",
        max_length=120,
        help_text="Read after the number: “66 of 100 …” EHC plans were ready in 20 weeks.",
    )
    good_direction = models.CharField("which way is better?", max_length=10, choices=Direction)
    period_type = models.CharField("each number is for", max_length=20, choices=Period)
    taken_from = models.CharField(
        "where the numbers come from",
        max_length=300,
        help_text="A name or an address, printed small. A number may name its own source.",
    )
    compared = models.TextField(
        "how it is elsewhere",
        blank=True,
        help_text="With its source: “England: 60 of 100”. Say it if sources disagree.",
    )
    baseline_value = NumberField("where it started: number", null=True, blank=True)
    baseline_period = models.CharField(
        "where it started: when", max_length=100, blank=True, help_text="“April 2021”."
    )
    baseline_ends_on = models.DateField("the last day of that", null=True, blank=True)
    target_value = NumberField(
        "target",
        null=True,
        blank=True,
        help_text="Without a target the page gives no verdict.",
    )
    target_by_words = LooseDateField("target: by when", help_text="“September 2024”.")
    target_note = models.CharField(
        "target: who set it, or what it is taken from",
        max_length=200,
        blank=True,
        help_text="“The average of England, 2021”.",
    )
    # “area” alone is how an edition finds its row as an Area.
    of_area = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="measures",
        limit_choices_to={"kind": "programme.area"},
        verbose_name="problem that it belongs to",
    )
    is_featured = models.BooleanField(
        "show it on the first page",
        default=False,
        help_text="Under “How long do families wait?”. The first three are shown.",
    )
    featured_place = models.PositiveSmallIntegerField(
        "order on the first page", default=0, help_text="Lower numbers come first."
    )

    # What the loose date sets beside its words.
    target_by: LooseDate
    target_by_on: dt.date | None
    # Set by `programme.measures`: the day by which the target is to be met has not passed.
    is_before_target_day: bool

    class Meta:
        verbose_name = "measure"

    @classmethod
    def document_url(cls, slug):
        return reverse("measures:detail", args=[slug])

    @classmethod
    def history_url(cls, slug, number=None):
        if number is None:
            return reverse("measures:history", args=[slug])
        return reverse("measures:edition", args=[slug, number])

    @classmethod
    def list_page(cls):
        return "Measures", reverse("measures:list")

    @classmethod
    def next_change_after(cls, moment):
        """The midnight in London after which a target is met or not met: no verdict before."""
        waiting = cls.objects.as_of(moment).filter(target_by_on__gte=moment.day)
        day = waiting.aggregate(day=models.Min("target_by_on"))["day"]
        return midnight_after(day) if day else None

    def moved_since(self, before):
        if self.target_and_day == before.target_and_day:
            return
        stood = f"The target was {before.target_and_day}." if before.has_target else ""
        stands = f"Now it is {self.target_and_day}." if self.has_target else "Now there is none."
        yield f"{stood or 'There was no target.'} {stands}"

    def plain_text(self) -> str:
        started = self.baseline_in_words
        return "\n".join(
            text
            for text in (
                self.explanation,
                f"{self.get_unit_display()}: {self.counted}",
                f"{self.get_good_direction_display()}. Each number is for "
                f"{self.get_period_type_display()}.",
                " ".join(filter(None, ("Started at:", started, self.baseline_period)))
                if started or self.baseline_period
                else "",
                *(reading.plain_text() for reading in self.readings.all()),
                self.target_in_words,
                self.compared,
                self.taken_from,
                *(part.plain_text() for part in self.parts() if not isinstance(part, Reading)),
            )
            if text
        )

    def words_not_ours(self) -> frozenset[str]:
        return frozenset({"taken_from", "source", "source_date"})

    def problems(self) -> list[Problem]:
        problems = super().problems()
        for name, message in (
            ("explanation", "Say in plain words what is counted, and why it matters."),
            ("counted", "Say what is counted."),
            ("taken_from", "Say where the numbers come from."),
        ):
            if not getattr(self, name).strip():
                problems.append(Problem(name, message))
        if not self.readings.exists():
            problems.append(Problem("title", "There is no number yet. Add one."))
        return [*problems, *(Problem(*found) for found in unreadable(self))]

    def advice(self) -> list[Problem]:
        return [*super().advice(), *measure_checks.advice(self)]

    # In words

    def in_words(self, value: Decimal, limit: str = "") -> str:
        return numbers.in_words(value, self.unit, limit)

    @property
    def has_baseline(self) -> bool:
        return self.baseline_value is not None

    @property
    def baseline_in_words(self) -> str:
        return "" if self.baseline_value is None else self.in_words(self.baseline_value)

    @property
    def target_in_words(self) -> str:
        """“90 of 100, by September 2024. The average of England, 2021”; empty without a target."""
        note = f". {self.target_note}" if self.target_note else ""
        return f"{self.target_and_day}{note}" if self.has_target else ""

    @property
    def has_target(self) -> bool:
        return self.target_value is not None

    @property
    def target_and_day(self) -> str:
        """“90 of 100, by September 2024”; empty without a target."""
        if self.target_value is None:
            return ""
        when = f", {self.target_by.by_when}" if self.target_by else ""
        return f"{self.in_words(self.target_value)}{when}"

    # How it stands

    @cached_property
    def measured(self) -> list[Reading]:
        """The readings that have a number, oldest first."""
        return [reading for reading in self.readings.all() if reading.actual is not None]

    @property
    def latest(self) -> Reading | None:
        return self.measured[-1] if self.measured else None

    @property
    def before(self) -> str:
        """What it was before the latest number: “53 of 100, two years before”; or empty."""
        if len(self.measured) > 1:
            last = self.measured[-2]
            return f"{last.actual_in_words}, {last.period}"
        if self.measured and self.has_baseline:
            return ", ".join(filter(None, (self.baseline_in_words, self.baseline_period)))
        return ""

    @property
    def meets_target(self) -> bool | None:
        """None without a target, without a better direction, or when the number cannot tell."""
        if self.target_value is None or self.latest is None:
            return None
        return numbers.meets(*self.latest.bounds, self.target_value, self.good_direction)


class Reading(Part):
    """One number of a measure: for which time, what it was, and what had been planned."""

    edition = models.ForeignKey(Measure, models.CASCADE, related_name="readings")
    period = models.CharField(
        "for which time", max_length=100, help_text="As the source says it: “January 2023”."
    )
    ends_on = models.DateField(
        "the last day of that time",
        null=True,
        blank=True,
        help_text="For the drawing. Leave it empty if the source gives no date.",
    )
    actual = NumberField("what it was", null=True, blank=True)
    limit = models.CharField(
        "how exact is it?", max_length=10, choices=numbers.Limit, blank=True, default=""
    )
    planned = NumberField("what was planned", null=True, blank=True)
    is_provisional = models.BooleanField(
        "it may still change", default=False, help_text="Provisional, or only projected."
    )
    taken_from = models.CharField(
        "where this number is written", max_length=300, blank=True, help_text="If somewhere else."
    )
    note = models.TextField(
        "what to know about it",
        blank=True,
        help_text="If sources disagree, say so: “Another release says 65%.”",
    )

    class Meta(Part.Meta):
        verbose_name = "number"

    def __str__(self):
        return self.period

    def words_not_ours(self) -> frozenset[str]:
        return frozenset({"taken_from", "period"})

    def plain_text(self) -> str:
        unit = self.edition.unit
        planned = numbers.in_words(self.planned, unit) if self.planned is not None else ""
        facts = [
            f"{self.period}: {self.actual_in_words}",
            f"planned {planned}" if planned else "",
            "may still change" if self.is_provisional else "",
        ]
        return "\n".join(filter(None, (", ".join(filter(None, facts)), self.note, self.taken_from)))

    @property
    def actual_in_words(self) -> str:
        if self.actual is None:
            return "no number published"
        return numbers.in_words(self.actual, self.edition.unit, self.limit)

    @property
    def planned_in_words(self) -> str:
        if self.planned is None:
            return ""
        return numbers.in_words(self.planned, self.edition.unit)

    @property
    def bounds(self) -> tuple[Decimal | None, Decimal | None]:
        """The least and the most that it can have been; None where nothing limits it."""
        least = None if self.limit == numbers.Limit.LESS else self.actual
        most = None if self.limit == numbers.Limit.AT_LEAST else self.actual
        return least, most
