"""Who is responsible, who checks on them, and since when nobody was named."""

import datetime as dt
from typing import NamedTuple

from django.db import models
from django.db.models import Min
from django.urls import reverse

from programme.loose_date_fields import LooseDateField, unreadable
from programme.loose_dates import LooseDate
from publishing.models import Edition, Part, Problem
from publishing.moments import midnight_after


class Office(NamedTuple):
    """How a post stands on a day, for a reader."""

    holder: "Holder | None"
    not_announced_since: str  # “October 2021”; empty when somebody is named or nothing is known


class Role(Edition):
    """One post, or one board: what it answers for, and who holds it. Its title is the post's."""

    class Kind(models.TextChoices):
        RESPONSIBLE = "responsible", "Who is responsible"
        CHECKS = "checks", "Who checks us"

    class Form(models.TextChoices):
        POST = "post", "one person’s post"
        BOARD = "board", "a board that meets"
        ORGANISATION = "organisation", "an organisation"

    kind = models.CharField("responsible, or checks us?", max_length=20, choices=Kind)
    form = models.CharField("what is it?", max_length=20, choices=Form)
    organisation = models.CharField(
        "for whom",
        max_length=150,
        blank=True,
        help_text="“Birmingham City Council”, “Department for Education”.",
    )
    answers_for = models.TextField(
        "what it is there for", help_text="One or two short sentences, in plain words."
    )
    meets = models.CharField(
        "when they meet",
        max_length=200,
        blank=True,
        help_text="“Every month. The public may listen.” If it is empty for a board, the page "
        "says that you have not said.",
    )
    taken_from = models.CharField(
        "where this is written", max_length=300, help_text="A name or an address, printed small."
    )
    place = models.PositiveSmallIntegerField(
        "order in the list", default=0, help_text="Lower numbers come first."
    )

    # `office` at the moment, once `programme.who.in_office` has said it.
    stands: Office

    READERS_CALL_IT = "who is responsible"

    class Meta:
        verbose_name = "role"

    @classmethod
    def document_url(cls, slug):
        return reverse("who:detail", args=[slug])

    @classmethod
    def history_url(cls, slug, number=None):
        if number is None:
            return reverse("who:history", args=[slug])
        return reverse("who:edition", args=[slug, number])

    @classmethod
    def list_page(cls):
        return "Who is responsible", reverse("who:list")

    def plain_text(self) -> str:
        return "\n".join(
            text
            for text in (
                self.get_kind_display(),
                self.organisation,
                self.answers_for,
                self.meets,
                *(part.plain_text() for part in self.parts()),
                self.taken_from,
            )
            if text
        )

    def words_not_ours(self) -> frozenset[str]:
        return frozenset({"title", "organisation", "taken_from", "source", "source_date"})

    def problems(self) -> list[Problem]:
        problems = super().problems()
        if not self.answers_for.strip():
            problems.append(Problem("answers_for", "Say in a sentence what it is there for."))
        if not self.taken_from.strip():
            problems.append(Problem("taken_from", "Say where this is written."))
        problems += [
            Problem(*found) for holder in self.holders.all() for found in unreadable(holder)
        ]
        return problems

    def advice(self) -> list[Problem]:
        advice = super().advice()
        if self.form == self.Form.POST and not self.holders.exists():
            advice.append(
                Problem(
                    "title",
                    "Nobody is listed. The page will say that we have not said who it is. If "
                    "nobody has been announced, add a row without a name, and since when.",
                )
            )
        if self.form == self.Form.BOARD and not self.meets.strip():
            advice.append(
                Problem("meets", "The page will say that we have not said when they meet.")
            )
        return advice

    @classmethod
    def next_change_after(cls, moment):
        """The midnight in London at which somebody's time begins or has ended."""
        holders = Holder.objects.filter(edition__in=cls.objects.as_of(moment).values("pk"))
        begins = holders.filter(began_from__gt=moment.day).aggregate(day=Min("began_from"))["day"]
        ends = holders.filter(ended_on__gte=moment.day).aggregate(day=Min("ended_on"))["day"]
        before = [begins - dt.timedelta(days=1)] if begins else []
        last_days = [*before, *([ends] if ends else [])]
        return midnight_after(min(last_days)) if last_days else None

    def office(self, day: dt.date) -> Office:
        """Who holds it on a day; of several, the one who came last."""
        now = [holder for holder in self.holders.all() if holder.is_there_on(day)]
        named = [holder for holder in now if holder.name]
        if named:
            return Office(named[-1], "")
        return Office(None, now[-1].began.in_words if now and now[-1].began else "")


class Holder(Part):
    """Somebody who holds or held a post; without a name: nobody was announced in that time."""

    edition = models.ForeignKey(Role, models.CASCADE, related_name="holders")
    name = models.CharField(
        max_length=150,
        blank=True,
        help_text="Only of people who hold a public office. Empty: not announced.",
    )
    began_words = LooseDateField("from", help_text="As exact as you know it: “October 2021”.")
    ended_words = LooseDateField("until", help_text="Empty while it goes on.")
    note = models.CharField(
        "what to know about it",
        max_length=200,
        blank=True,
        help_text="“Named in our update of October 2021. Who it is now was not published.”",
    )

    # What the loose dates set beside their words.
    began: LooseDate
    began_from: dt.date | None
    ended: LooseDate
    ended_on: dt.date | None

    class Meta(Part.Meta):
        verbose_name = "holder"

    def __str__(self):
        return self.name or "Not announced"

    def plain_text(self) -> str:
        return "\n".join(filter(None, (f"{self}, {self.times}".removesuffix(", "), self.note)))

    def words_not_ours(self) -> frozenset[str]:
        return frozenset({"name"})

    def is_there_on(self, day: dt.date) -> bool:
        """In a month that is all we know of a date, it already counts, and still does."""
        has_begun = self.began_from is None or self.began_from <= day
        return has_begun and (self.ended_on is None or self.ended_on >= day)

    @property
    def times(self) -> str:
        """“since October 2021”, “October 2021 to June 2023”; empty when nothing is known."""
        if self.ended:
            return (
                f"{self.began.in_words} to {self.ended.in_words}"
                if self.began
                else (f"until {self.ended.in_words}")
            )
        return f"since {self.began.in_words}" if self.began else ""
