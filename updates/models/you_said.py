"""You said, we did: what somebody told us, what became of it, and what did not."""

import datetime as dt

from django.db import models
from django.urls import reverse
from django.utils import timezone

from programme import loose_dates
from programme.models import Milestone, Term, next_term_begins, terms_between
from publishing.models import Document, Edition, Problem
from publishing.moments import LONDON, midnight_after
from publishing.richtext import MarkdownField
from updates import recognisable

# Fewer than this could be recognised.
FEW = 5


class YouSaidWeDid(Edition):
    """One thing that families or young people said, and what was done about it."""

    class Outcome(models.TextChoices):
        """“We will” is a promise: it goes public with one, and the promise says how it stands."""

        DONE = "done", "Done"
        DOING = "doing", "Still doing"
        WILL = "will", "We will"
        CANNOT = "cannot", "We cannot do this"
        DECIDING = "deciding", "Still deciding"

    class Group(models.TextChoices):
        FAMILIES = "families", "Parents and carers"
        YOUNG = "young", "Children and young people"
        FORUM = "forum", "The Parent Carer Forum"
        STAFF = "staff", "Schools and other staff"
        OTHER = "other", "Others"

    OPEN_OUTCOMES = (Outcome.DOING, Outcome.DECIDING)

    term = models.ForeignKey(Term, models.PROTECT, related_name="you_said")
    said = MarkdownField(
        "what was said", blank=True, help_text="One thing, in plain words.", top_heading=None
    )
    is_quote = models.BooleanField(
        "these are their exact words",
        default=False,
        help_text="Then they stand in quotation marks, and need the place where they are written.",
    )
    taken_from = models.CharField(
        "where that is written",
        max_length=300,
        blank=True,
        help_text="Printed small: “History of the SEND Improvement Programme, October 2021”.",
    )
    who_said = models.CharField(
        "who said it",
        max_length=150,
        blank=True,
        help_text="A group, never a person’s name: “Parents and carers”, “RISE Youth Forum”.",
    )
    group = models.CharField(
        "which group", max_length=20, choices=Group, blank=True, help_text="People can look for it."
    )
    of_area = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="said_about_area",
        limit_choices_to={"kind": "programme.area"},
        verbose_name="the problem it is about",
    )
    heard_where = models.CharField(
        "where we heard it", max_length=150, blank=True, help_text="“At a coffee morning in Aston”."
    )
    heard_on = models.DateField("the day we heard it", null=True, blank=True)
    heard_when = models.CharField(
        "when we heard it, in words",
        max_length=100,
        blank=True,
        help_text="If the day is not known: “October 2021”.",
    )
    how_many = models.PositiveIntegerField(
        "how many families said it",
        null=True,
        blank=True,
        help_text=f"Fewer than {FEW} are shown as “a few families”.",
    )
    we_did = MarkdownField("what we did", blank=True, top_heading=None)
    could_not = MarkdownField(
        "what we could not do, or is still to do",
        blank=True,
        top_heading=None,
        help_text="With the reason. “We will” is a promise, and does not belong here.",
    )
    outcome = models.CharField("how it stands", max_length=20, choices=Outcome)
    answer_by = models.DateField(
        "the day by which you will answer",
        null=True,
        blank=True,
        help_text="If you are still deciding. Families read this date.",
    )

    # At the moment, once `updates.you_said.told` has said it.
    stands: str
    answer_late: str
    promises: list[Milestone]

    class Meta:
        verbose_name = "you said, we did"
        verbose_name_plural = "you said, we did"

    @classmethod
    def document_url(cls, slug):
        return reverse("you_said:detail", args=[slug])

    @classmethod
    def history_url(cls, slug, number=None):
        if number is None:
            return reverse("you_said:history", args=[slug])
        return reverse("you_said:edition", args=[slug, number])

    @classmethod
    def list_page(cls):
        return "You said, we did", reverse("you_said:list")

    def moved_since(self, before):
        if before.outcome != self.outcome:
            stood, stands = before.get_outcome_display(), self.get_outcome_display()
            yield f"How it stood: {stood}. How it stands: {stands}."

    def plain_text(self) -> str:
        """The number of families as the public sees it: the text is public, a small number not."""
        facts = (self.who_said, self.how_many_in_words, self.heard_where, self.heard)
        return "\n".join(
            text
            for text in (
                f"“{self.said}”" if self.is_quote and self.said else self.said,
                ", ".join(filter(None, facts)),
                self.taken_from,
                self.we_did,
                self.could_not,
                self.get_outcome_display(),
                f"We answer by {self.answer_by:%-d %B %Y}" if self.answer_by else "",
            )
            if text
        )

    def problems(self) -> list[Problem]:
        problems = super().problems()
        if not self.said.strip():
            problems.append(Problem("said", "Write what was said."))
        if not self.who_said.strip():
            problems.append(Problem("who_said", "Say which group said it."))
        if self.is_quote and not self.taken_from.strip():
            problems.append(
                Problem("taken_from", "Exact words need the place where they are written.")
            )
        if self.outcome == self.Outcome.CANNOT and not self.could_not.strip():
            problems.append(Problem("could_not", "Say why it cannot be done."))
        if self.outcome in (self.Outcome.DONE, self.Outcome.DOING) and not self.we_did.strip():
            problems.append(Problem("we_did", "Say what you did."))
        if self.outcome == self.Outcome.DECIDING and not self.answer_by:
            problems.append(Problem("answer_by", "Say by which day you will answer."))
        if self.outcome == self.Outcome.WILL and not self.goes_out_with_a_promise():
            problems.append(
                Problem("promise_title", "“We will” needs a promise. Fill in its four fields.")
            )
        return [*problems, *recognisable.problems(self)]

    def goes_out_with_a_promise(self) -> bool:
        """One that says it was made here is public, or is in the same release."""
        made_here = Milestone.objects.filter(origin=self.document_id)
        is_with_it = models.Q(release=self.release_id)
        return made_here.filter(is_with_it | models.Q(published_at__lte=timezone.now())).exists()

    def words_not_ours(self) -> frozenset[str]:
        quoted = {"said"} if self.is_quote else set()
        return super().words_not_ours() | {"taken_from", "who_said"} | quoted

    @classmethod
    def next_change_after(cls, moment):
        """When the next term begins, or an answer becomes late: what is open is older then."""
        opened = cls.objects.as_of(moment).filter(outcome__in=cls.OPEN_OUTCOMES)
        if not opened.exists():
            return None
        due = opened.filter(outcome=cls.Outcome.DECIDING, answer_by__gte=moment.day)
        answer_by = due.aggregate(day=models.Min("answer_by"))["day"]
        late_from = [midnight_after(answer_by)] if answer_by else []
        return min([next_term_begins(moment), *late_from])

    @property
    def how_many_in_words(self) -> str:
        if not self.how_many:
            return ""
        return "a few families" if self.how_many < FEW else f"{self.how_many} families"

    @property
    def heard(self) -> str:
        """When: the source's own words before a date that was worked out from them."""
        return self.heard_when or (f"{self.heard_on:%-d %B %Y}" if self.heard_on else "")

    @property
    def is_open(self) -> bool:
        return self.outcome in self.OPEN_OUTCOMES

    @property
    def source_day(self) -> dt.date | None:
        """The last day that the source's own words for its date can mean, as far as we know."""
        try:
            day = loose_dates.read(self.source_date).last
        except loose_dates.Unreadable:
            day = None
        if day is None and self.originally_at:
            day = self.originally_at.astimezone(LONDON).date()
        return day

    def stands_on(self, day: dt.date) -> str:
        """“Still doing, 3 terms”: since its term.

        What was said elsewhere held when its source said so: “Doing, as of July 2026 (1 term ago)”.
        A later source may name a later day than the term, so the age is that of the day it names.
        """
        stands = self.get_outcome_display()
        if not self.is_open:
            return stands
        if not self.source_date:
            return ", ".join(filter(None, (stands, in_terms(self.term.terms_until(day)))))
        then = f"{stands.removeprefix('Still ').capitalize()}, as of {self.source_date}"
        age = in_terms(terms_between(self.source_day, day)) if self.source_day else ""
        return f"{then} ({age} ago)" if age else then


def in_terms(terms: int) -> str:
    """“3 terms”; empty in the term itself."""
    if terms < 1:
        return ""
    return f"{terms} term{'' if terms == 1 else 's'}"
