"""Promises: what was said, by when, and every date it ever had."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import TextChoices
from django.urls import reverse
from django.utils.text import capfirst

from programme import promise_checks, promise_text
from programme.loose_date_fields import LooseDateField, set_meaning
from programme.loose_dates import LooseDate, Precision
from programme.models.milestone_queries import MilestoneQuerySet
from programme.nouns import PROMISE, PROMISES
from programme.references import ref_in
from publishing.keystrokes import as_kept, tidy_columns
from publishing.models import (
    Body,
    Document,
    Edition,
    LedgerEntry,
    Problem,
)
from publishing.richtext import MarkdownField

NO_DATE = LooseDate()


class Milestone(Edition):
    """One promise. Its title says what; it is never withdrawn, and its first date stays."""

    class Kind(models.TextChoices):
        FELT = "felt", "A change families should feel"
        STEP = "step", "A step on the way"

    class Cause(models.TextChoices):
        DATA = "data", "We did not have the facts or figures"
        RECRUITMENT = "recruitment", "We could not hire enough people"
        FUNDING = "funding", "We did not have the money"
        DEPENDENCY = "dependency", "We had to wait for somebody else"
        OTHER = "other", "Something else"

    class Notice(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"
        NOT_ASKED = "not asked", "We have not asked"
        NOT_SAID = "not said", "We have not said"  # until somebody says it: nothing is claimed

    # What was promised

    kind = models.CharField(
        "what kind of promise",
        max_length=10,
        choices=Kind,
        help_text="It is fixed when the promise is first published.",
    )
    body = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name="whose promise")
    who = models.CharField(
        "who is responsible", max_length=200, help_text="A post, never a person’s name."
    )
    due_words = LooseDateField(
        "by when",
        help_text="“May 2025”, “summer term 2025”, “31 May 2025”. If there is no date, leave it "
        "empty: the page says “No date given”.",
    )
    how_we_will_know = models.TextField(
        "how we will know", help_text="What families can check: “Every plan comes in 20 weeks.”"
    )
    official_wording = models.TextField(
        "its official wording", blank=True, help_text="Only if the plan says it in other words."
    )
    of_plan = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="promises_of_plan",
        verbose_name="in which plan",
        limit_choices_to={"kind": "programme.plan"},
    )
    origin = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="promises_made_here",
        verbose_name="where it was made",
        help_text="The update, the card or the older promise from which it came.",
    )
    will_notice = models.TextField("what families will notice", blank=True)
    made_with = models.CharField(
        "who helped to write it",
        max_length=300,
        blank=True,
        help_text="If it is empty, the page says: families did not help write this.",
    )
    they_changed = models.TextField("what they changed", blank=True)

    # What became of it

    started_on = models.DateField("the day work began", null=True, blank=True)
    started_note = models.TextField("what we have done so far", blank=True)
    done_on = models.DateField("the day it was done", null=True, blank=True)
    proof = MarkdownField(
        "proof", blank=True, help_text="What shows that it is done. A link is best."
    )
    families_notice = models.CharField(
        "do families notice?", max_length=10, choices=Notice, default=Notice.NOT_SAID
    )
    how_we_know = models.TextField("how we know what families notice", blank=True)
    slipped_back_on = models.DateField(
        "the day it was no longer so", null=True, blank=True, help_text="Done, then slipped back."
    )
    slipped_back_because = models.TextField("why it slipped back", blank=True)
    could_not_because = models.TextField("why we could not do this", blank=True)
    instead = models.TextField("what we do instead", blank=True)
    replaced_by = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="promises_replaced",
        verbose_name="which promise replaces it",
        help_text="It stays in the list, and is still counted against its own first date.",
        limit_choices_to={"kind": "programme.milestone"},
    )

    # What was said once, about this change

    why_changed = models.TextField(
        "why its date or its words change",
        blank=True,
        help_text="Families read this. Say what happened, in ten words or more.",
    )
    cause = models.CharField("the cause", max_length=20, choices=Cause, blank=True)
    change_agreed_by = models.CharField(
        "who agreed to the change", max_length=200, blank=True, help_text="A board or a post."
    )
    first_promised_words = LooseDateField(
        "an even earlier date",
        help_text="Only if a date earlier than all on this page was published somewhere else.",
    )
    first_promised_where = models.CharField(
        "where that date was published", max_length=300, blank=True
    )

    # Carried on from edition to edition, see `carry_on`

    first_due_words = models.CharField(max_length=100, blank=True, editable=False)
    first_due_precision = models.CharField(
        max_length=10, choices=Precision, default=Precision.NONE, editable=False
    )
    first_due_from = models.DateField(null=True, editable=False)
    first_due_on = models.DateField(null=True, editable=False)
    times_moved = models.PositiveIntegerField(default=0, editable=False)

    # Beside `due_words` and `first_promised_words`
    due: LooseDate
    due_on: dt.date | None
    first_promised: LooseDate
    first_promised_on: dt.date | None
    # Set by `programme.promises.told`, and by `programme.listing.say_more`
    status: str
    confirmer: str
    shown_status: TextChoices
    remarks: list[str]
    moved: str
    move: Milestone | None  # the edition that last moved it
    new_date: str  # by `programme.rounds`: what a check moved it to
    checked_on: dt.date | None = None
    forum_says_no: bool = False
    # Set by `programme.forum`
    forum_answer: str | None
    forum_says: str

    objects: ClassVar = MilestoneQuerySet.as_manager()

    # Only where it was asked for many promises at once.
    known_before: Milestone | None = None

    CARRIED: ClassVar = ("first_due_words", "first_due_precision", "first_due_from", "first_due_on")
    NOT_CONTENT: ClassVar = Edition.NOT_CONTENT | {*CARRIED, "times_moved"}
    SAID_ONCE: ClassVar = frozenset({"why_changed", "cause", "change_agreed_by"})
    WORDING: ClassVar = ("title", "how_we_will_know", "official_wording")
    LATER_EDITION_IS_CALLED: ClassVar[str] = "Changed"
    WHY_NEVER_WITHDRAWN: ClassVar[str] = (
        "a promise is never taken down. To end it, correct it: say that it is done, why we could "
        "not do it, or which promise replaces it. If it shows something private, remove those "
        "words."
    )

    class Meta:
        verbose_name = PROMISE
        verbose_name_plural = PROMISES
        indexes = [
            models.Index(fields=["first_due_on"], name="milestone_first_due"),
            models.Index(fields=["due_on"], name="milestone_due"),
        ]

    @classmethod
    def document_url(cls, slug):
        return reverse("plan:promise", args=[slug])

    @classmethod
    def history_url(cls, slug, number=None):
        if number is None:
            return reverse("plan:promise_history", args=[slug])
        return reverse("plan:promise_edition", args=[slug, number])

    @classmethod
    def list_page(cls):
        return "Our plan", reverse("plan:list")

    @classmethod
    def next_change_after(cls, moment):
        """Promises become late, and reports old, at a midnight: home and plan say so then."""
        from programme.promises import next_change_after

        return next_change_after(moment)

    @classmethod
    def what_moved(cls, pairs):
        from programme.promise_page import in_sentences

        return {key: in_sentences(now, before) for key, (now, before) in pairs.items()}

    def save(self, *args, update_fields=None, **kwargs):
        if self.published_at is None:
            tidy_columns(self)
            self.carry_on()
            if update_fields is not None:
                update_fields = {*update_fields, *self.CARRIED, "times_moved"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def carry_on(self) -> None:
        """Takes over the first date and the number of moves from the edition before.

        An earlier date that was found stays too, with its source: it is counted as found.
        """
        set_meaning(self)
        before = self.before
        if before and before.first_promised and not self.first_promised_words:
            self.first_promised_words = before.first_promised_words
            self.first_promised_where = before.first_promised_where
            set_meaning(self)
        for name, value in self.carried_on(before).items():
            setattr(self, name, value)

    def carried_on(self, before):
        dates = [self.due, self.first_promised]
        if before:
            dates.insert(0, before.first_due)
        first = min(filter(None, dates), key=lambda date: date.last or dt.date.max, default=NO_DATE)
        return {
            "first_due_words": first.words,
            "first_due_precision": first.precision,
            "first_due_from": first.first,
            "first_due_on": first.last,
            "times_moved": (before.times_moved if before else 0) + bool(self.has_moved(before)),
        }

    # How it differs from the edition before

    @property
    def before(self) -> Milestone | None:
        """The public edition from which this one was made."""
        if self.based_on_id is None:
            return None
        if self.known_before is not None and self.known_before.pk == self.based_on_id:
            return self.known_before
        return Milestone.objects.filter(pk=self.based_on_id).first()

    def has_moved(self, before: Milestone | None) -> bool:
        """Its date is another. Giving the first date of all moves nothing."""
        return bool(before and before.due_on and before.due_on != self.due_on)

    def event_after(self, before):
        if self.has_moved(before):
            return LedgerEntry.Event.DATE_MOVED
        return super().event_after(before)

    def is_reworded(self, before: Milestone | None) -> bool:
        return bool(before) and any(
            as_kept(getattr(self, name)) != as_kept(getattr(before, name)) for name in self.WORDING
        )

    # What it says

    @property
    def ref(self) -> str:
        """As in the plan: “1.1”. The first piece of its address, and never changed."""
        return ref_in(self.document.slug)

    @property
    def short_name(self):
        return f"{capfirst(PROMISE)} {self.ref}"

    @property
    def sort_in_words(self):
        return self.short_name

    @property
    def first_due(self) -> LooseDate:
        return LooseDate(
            self.first_due_precision, self.first_due_from, self.first_due_on, self.first_due_words
        )

    @property
    def is_later_than_first(self) -> bool:
        """The date now is another than the first one."""
        return self.first_due_on is not None and self.due_on != self.first_due_on

    @property
    def has_slipped_back(self) -> bool:
        return self.slipped_back_on is not None

    @property
    def is_kept(self) -> bool:
        return self.done_on is not None and not self.has_slipped_back

    def plain_text(self) -> str:
        return promise_text.plain_text(self)

    def words_not_ours(self):
        quoted = {"official_wording", "first_promised_words", "first_promised_where", "due_words"}
        return super().words_not_ours() | quoted | {"who", "change_agreed_by", "made_with"}

    def problems(self) -> list[Problem]:
        return [*super().problems(), *promise_checks.problems(self)]

    def advice(self) -> list[Problem]:
        return [*super().advice(), *promise_checks.advice(self)]
