"""Have your say: what families can take part in, when and where, and what came of it."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, NamedTuple

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from publishing.models import Document, Edition, Problem
from publishing.models.standing import EditionQuerySet
from publishing.moments import LONDON, Moment, midnight_after
from publishing.richtext import MarkdownField

# Families are told what came of it within this time after it is over.
TO_SAY_WHAT_CAME_OF_IT = dt.timedelta(weeks=12)
A_DAY = dt.timedelta(days=1)


class State(NamedTuple):
    """How one stands at a moment: words, and the look that goes with them."""

    label: str
    tone: str
    icon: str


class OpportunityQuerySet(EditionQuerySet):
    """`last_at`: when it ends; of whole days, some instant of its last day."""

    def dated(self):
        return self.annotate(last_at=Coalesce("ends_at", "starts_at"))

    def coming(self, moment: Moment):
        """What is not over yet, also if it was called off."""
        return self.dated().exclude(over(moment))

    def past(self, moment: Moment):
        return self.dated().filter(over(moment))

    def without_result(self, moment: Moment):
        """What is over, and nobody said what came of it."""
        return self.past(moment).filter(came_of_it="", is_cancelled=False)


def over(moment: Moment) -> Q:
    at_times = Q(timing=Opportunity.Timing.TIMES)
    today = midnight_after(moment.day - A_DAY)
    return at_times & Q(last_at__lte=moment.at) | ~at_times & Q(last_at__lt=today)


class Opportunity(Edition):
    """One chance to take part: a meeting, a survey, a day. Its title says what."""

    class Timing(models.TextChoices):
        TIMES = "times", "At the times below"
        DAYS = "days", "All day: the times do not count"
        OPEN = "open", "Open for answers from the first day to the last"

    class Access(models.TextChoices):
        YES = "yes", "Yes"
        ON_REQUEST = "on request", "If you ask us"
        NO = "no", "No"

    about = MarkdownField("what it is", help_text="In two or three short sentences.")
    timing = models.CharField("how to read its times", max_length=10, choices=Timing)
    starts_at = models.DateTimeField(
        "when it starts", help_text="London time. Whole days need no time."
    )
    ends_at = models.DateTimeField(
        "when it ends",
        null=True,
        blank=True,
        help_text="Of whole days, and of what is open for answers: its last day.",
    )
    place = models.CharField(
        "where",
        max_length=300,
        blank=True,
        help_text="The name of the place, with its address and postcode.",
    )
    online = models.CharField(
        "how to join online",
        max_length=300,
        blank=True,
        help_text="“By video. You get the link when you join.” Empty: it is not online.",
    )
    for_whom = models.CharField(
        "for whom", max_length=200, help_text="“Parents and carers”, “young people from 14 to 25”."
    )
    run_by = models.CharField("who runs it", max_length=200)
    cost_help = models.TextField(
        "help with the cost",
        blank=True,
        help_text="Travel, somebody to look after the children, a thank-you payment.",
    )
    step_free = models.CharField("a way in without steps", max_length=20, choices=Access)
    interpreter = models.CharField("an interpreter", max_length=20, choices=Access)
    quiet_room = models.CharField("a quiet room", max_length=20, choices=Access)
    more_access = models.TextField("what else helps people to take part", blank=True)
    how_to_join = MarkdownField(
        "how to join", help_text="What to do, step by step. A number to call helps many."
    )
    join_by = models.DateField(
        "the last day to say that you come", null=True, blank=True, help_text="Empty: no need."
    )
    is_cancelled = models.BooleanField(
        "it is called off", default=False, help_text="The page stays, and says so."
    )
    cancelled_because = models.TextField("why it is called off", blank=True)
    came_of_it = MarkdownField(
        "what came of it",
        blank=True,
        help_text="Within 12 weeks after it: what people said, and what changes because of it.",
    )
    led_to = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opportunities",
        verbose_name="the “You said, we did” that came of it",
        limit_choices_to={"kind": "updates.yousaidwedid"},
    )

    objects: ClassVar = OpportunityQuerySet.as_manager()

    # Only on what `dated` has asked for.
    last_at: dt.datetime
    # At the moment, once `updates.opportunities.told` has said it.
    state: State
    is_over: bool
    result_late: str

    LATER_EDITION_IS_CALLED: ClassVar[str] = "Changed"
    READERS_CALL_IT = "chance to take part"

    class Meta:
        verbose_name = "opportunity"
        verbose_name_plural = "opportunities"
        indexes = [models.Index(fields=["starts_at"], name="opportunity_starts")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")),
                name="an_opportunity_ends_after_it_starts",
                violation_error_message="It ends before it starts.",
            )
        ]

    @classmethod
    def document_url(cls, slug):
        return reverse("opportunities:detail", args=[slug])

    @classmethod
    def history_url(cls, slug, number=None):
        if number is None:
            return reverse("opportunities:history", args=[slug])
        return reverse("opportunities:edition", args=[slug, number])

    @classmethod
    def list_page(cls):
        return "Chances to take part", reverse("opportunities:list")

    def moved_since(self, before):
        from updates.opportunities import moves

        return moves(self, before)

    def plain_text(self) -> str:
        return "\n".join(
            text
            for text in (
                self.about,
                self.when,
                self.place,
                self.online,
                f"For: {self.for_whom}",
                f"Run by: {self.run_by}",
                self.cost_help,
                *(f"{name}: {answer}" for name, answer in self.access),
                self.more_access,
                self.how_to_join,
                f"Join by {self.join_by:%-d %B %Y}" if self.join_by else "",
                "Called off" if self.is_cancelled else "",
                self.cancelled_because,
                self.came_of_it,
            )
            if text
        )

    def problems(self) -> list[Problem]:
        problems = super().problems()
        if not (self.place.strip() or self.online.strip()):
            problems.append(Problem("place", "Say where it is, or how to join online."))
        if self.timing == self.Timing.OPEN and not self.ends_at:
            problems.append(Problem("ends_at", "Say until which day people can answer."))
        if self.join_by and self.join_by > self.last_day:
            problems.append(Problem("join_by", "That is after its last day."))
        if self.is_cancelled and not self.cancelled_because.strip():
            problems.append(Problem("cancelled_because", "Say why it is called off."))
        if not self.how_to_join.strip():
            problems.append(Problem("how_to_join", "Say how people join."))
        return problems

    def advice(self) -> list[Problem]:
        advice = super().advice()
        if not self.cost_help.strip():
            advice.append(Problem("cost_help", "Families will read that you did not say."))
        return advice

    def words_not_ours(self) -> frozenset[str]:
        return super().words_not_ours() | {"place", "run_by"}

    @classmethod
    def next_change_after(cls, moment):
        """When one starts, ends or closes, or when the time to say what came of it has passed."""
        from updates.opportunities import next_change_after

        return next_change_after(moment)

    # When

    @property
    def is_at_times(self) -> bool:
        return self.timing == self.Timing.TIMES

    @property
    def first_day(self) -> dt.date:
        """In London, as all its days."""
        return self.starts_at.astimezone(LONDON).date()

    @property
    def last_day(self) -> dt.date:
        return (self.ends_at or self.starts_at).astimezone(LONDON).date()

    @property
    def over_at(self) -> dt.datetime:
        """The first instant at which it is over."""
        if self.is_at_times:
            return self.ends_at or self.starts_at
        return midnight_after(self.last_day)

    @property
    def result_due_on(self) -> dt.date:
        """The last day to say what came of it."""
        return self.last_day + TO_SAY_WHAT_CAME_OF_IT

    @property
    def when(self) -> str:
        """“Thursday 3 December 2026, 7pm to 8:30pm”: in London, as people say it."""
        first, last = self.first_day, self.last_day
        if self.timing == self.Timing.OPEN:
            return f"Open from {in_words(first)} to {in_words(last)}"
        if not self.is_at_times:
            return in_words(first) if first == last else f"{in_words(first)} to {in_words(last)}"
        start = f"{in_words(first)}, {clock(self.starts_at)}"
        if not self.ends_at:
            return start
        end = clock(self.ends_at)
        return f"{start} to {end}" if first == last else f"{start}, to {in_words(last)}, {end}"

    @property
    def where(self) -> str:
        """In few words."""
        if self.place:
            return f"{self.place}, or online" if self.online else self.place
        return "Online"

    @property
    def access(self) -> list[tuple[str, str]]:
        """What people ask first, and its answer."""
        return [
            ("A way in without steps", self.get_step_free_display()),
            ("An interpreter", self.get_interpreter_display()),
            ("A quiet room", self.get_quiet_room_display()),
        ]


def in_words(day: dt.date) -> str:
    return f"{day:%A %-d %B %Y}"


def clock(at: dt.datetime) -> str:
    """“7pm”, “9:30am”, “noon”: in London."""
    local = at.astimezone(LONDON)
    if (local.hour, local.minute) in {(0, 0), (12, 0)}:
        return "noon" if local.hour else "midnight"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local:%-I}{minutes}{local:%p}".replace("AM", "am").replace("PM", "pm")
