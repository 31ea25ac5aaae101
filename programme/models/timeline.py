"""What happened, who says so, and what was expected and never heard of."""

import datetime as dt
from collections.abc import Iterator
from typing import ClassVar

from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse

from programme.loose_date_fields import LooseDateField, unreadable
from programme.loose_dates import LooseDate
from publishing.models import Edition, Problem
from publishing.models.standing import EditionQuerySet
from publishing.moments import midnight_after
from publishing.richtext import MarkdownField


class Voice(models.TextChoices):
    """Who says so. Never mixed: what we say of ourselves is not what inspectors say."""

    INSPECTORS = "inspectors", "Inspectors"
    GOVERNMENT = "government", "The government"
    US = "us", "We, council and NHS"
    FAMILIES = "families", "Families"
    PRESS = "press", "Newspapers and others"


class TimelineEventQuerySet(EditionQuerySet):
    def dated(self):
        """Each with `sort_on`: the last day that it can have been, or was expected by."""
        return self.annotate(sort_on=Coalesce("happened_on", "expected_on"))


class TimelineEvent(Edition):
    """One thing that happened to the programme, or that was expected to. Its title says what."""

    voice = models.CharField("who says so?", max_length=20, choices=Voice)
    said_by = models.CharField(
        "who exactly",
        max_length=150,
        blank=True,
        help_text="“Ofsted and the Care Quality Commission (CQC)”.",
    )
    happened_words = LooseDateField(
        "when it happened",
        help_text="As exact as the source: “8 June 2022”, “May 2021”. Empty if it has not.",
    )
    expected_words = LooseDateField(
        "by when it was expected",
        help_text="“31 December 2021”. Once that has passed and nothing says that it happened, "
        "the page says that nobody has told us.",
    )
    summary = models.TextField(
        "what happened, in plain words",
        help_text="Two or three short sentences. Families read this first.",
    )
    body = MarkdownField(
        "the text itself",
        blank=True,
        help_text="Of a letter or report: its words, so that nobody needs to open a file.",
    )
    taken_from = models.CharField(
        "where this is written", max_length=300, help_text="A name or an address, printed small."
    )
    is_turning_point = models.BooleanField(
        "a turning point", default=False, help_text="Marked on the line of what happened."
    )

    objects: ClassVar = TimelineEventQuerySet.as_manager()

    # What the loose dates set beside their words.
    happened: LooseDate
    happened_from: dt.date | None
    expected: LooseDate
    expected_on: dt.date | None

    # Only on what `dated` has asked for.
    sort_on: dt.date
    # `is_unheard_of` at the moment, once `programme.timeline.looked_at` has said it.
    unheard_of: bool

    READERS_CALL_IT = "what happened"

    class Meta:
        verbose_name = "event"

    @classmethod
    def document_url(cls, slug):
        return reverse("timeline:detail", args=[slug])

    @classmethod
    def history_url(cls, slug, number=None):
        if number is None:
            return reverse("timeline:history", args=[slug])
        return reverse("timeline:edition", args=[slug, number])

    @classmethod
    def list_page(cls):
        return "What happened", reverse("timeline:list")

    def moved_since(self, before):
        if now := self.happened.in_words if self.happened else "":
            if not before.happened:
                yield f"It has happened now: {now}."
            elif before.happened.in_words != now:
                yield f"The date was {before.happened.in_words}. Now it is {now}."
        elif before.happened:
            yield "The page said that it had happened. Now it does not."
        yield from self.expectation_moved_since(before)

    def expectation_moved_since(self, before) -> Iterator[str]:
        if self.expected.in_words == before.expected.in_words:
            return
        if not before.expected:
            yield f"It is expected {self.expected.by_when}. Before, no date was given."
        elif not self.expected:
            yield f"It was expected {before.expected.by_when}. The page does not say so now."
        else:
            yield (
                f"It was expected {before.expected.by_when}. "
                f"Now it is expected {self.expected.by_when}."
            )

    def plain_text(self) -> str:
        return "\n".join(
            text
            for text in (
                self.get_voice_display(),
                self.said_by,
                f"Happened: {self.happened.in_words}" if self.happened else "",
                f"Expected {self.expected.by_when}" if self.expected else "",
                self.summary,
                self.body,
                *(part.plain_text() for part in self.parts()),
                self.taken_from,
            )
            if text
        )

    def words_not_ours(self) -> frozenset[str]:
        return frozenset({"said_by", "body", "taken_from", "source", "source_date"})

    def problems(self) -> list[Problem]:
        problems = super().problems()
        if not self.summary.strip():
            problems.append(Problem("summary", "Say in plain words what happened."))
        if not self.taken_from.strip():
            problems.append(Problem("taken_from", "Say where this is written."))
        if not (self.happened or self.expected):
            problems.append(
                Problem("happened_words", "Say when it happened, or by when it was expected.")
            )
        problems += [Problem(*found) for found in unreadable(self)]
        for quote in self.quotes.all():
            if not quote.taken_from.strip():
                problems.append(
                    Problem("taken_from", f"The quotation of {quote.who} needs its source.")
                )
        return problems

    def advice(self) -> list[Problem]:
        advice = super().advice()
        before = self.based_on.concrete if self.based_on else None
        if isinstance(before, TimelineEvent) and before.expected and not self.expected:
            advice.append(
                Problem(
                    "expected_words",
                    f"It was expected {before.expected.by_when}. Leave that date, so that families "
                    "see whether it came in time.",
                )
            )
        advice += [
            Problem("asked", f"“{finding}” does not say who asked families.")
            for finding in self.findings.all()
            if finding.voice == Voice.FAMILIES and not finding.asked.strip()
        ]
        return advice

    @classmethod
    def next_change_after(cls, moment):
        """The midnight in London after which something expected is not known to have happened."""
        waiting = cls.objects.as_of(moment).filter(happened_on=None, expected_on__gte=moment.day)
        last_day = waiting.order_by("expected_on").values_list("expected_on", flat=True).first()
        return midnight_after(last_day) if last_day else None

    @property
    def when(self) -> LooseDate:
        """When it happened, or by when it should."""
        return self.happened or self.expected

    @property
    def has_happened(self) -> bool:
        return bool(self.happened)

    def is_unheard_of(self, day: dt.date) -> bool:
        """It was expected by a day that has passed, and nothing says that it happened."""
        return not self.happened and self.expected_on is not None and self.expected_on < day

    @property
    def came_late(self) -> bool:
        """Surely: the first day that it can have happened is after the last that was expected."""
        return bool(
            self.happened_from and self.expected_on and self.happened_from > self.expected_on
        )
