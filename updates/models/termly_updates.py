"""A term's update: what got better, what is being done, and what is not good enough yet."""

from collections.abc import Iterator

from django.db import models
from django.db.models import Min
from django.db.models.functions import Coalesce
from django.urls import reverse

from programme.models import Term
from publishing.models import Edition, Part, Problem
from publishing.moments import midnight_after
from publishing.richtext import MarkdownField


class TermlyUpdate(Edition):
    """One term's update: what got better, and what is not good enough yet."""

    term = models.ForeignKey(Term, models.PROTECT, related_name="updates")
    verdict = models.CharField(
        "is it better?",
        max_length=200,
        blank=True,
        help_text="The first thing families read, in one or two short sentences. For example: "
        "“Not good enough yet. Inspectors, May 2021: enough progress on 1 of 13 problems.”",
    )
    in_short = models.TextField(
        "in short",
        blank=True,
        help_text="Three short sentences that a tired parent can read on a phone. "
        "Start a new line for each.",
    )
    sorry_for = MarkdownField(
        "what we are sorry for", blank=True, help_text="Say sorry once, plainly, for one thing."
    )
    nothing_wrong_because = MarkdownField(
        "why nothing is listed as not good enough",
        blank=True,
        help_text="Only if “Not good enough yet” is empty. Families will read your reason.",
    )

    forum_view = MarkdownField(
        "the Parent Carer Forum’s own view",
        blank=True,
        help_text="In the forum’s own words; change nothing. If it is empty, the page says that "
        "the forum has not sent a view.",
    )

    CHANGES_WITHOUT_PAGES = True  # where one is due
    READERS_CALL_IT = "update"

    class Meta:
        verbose_name = "termly update"

    @classmethod
    def document_url(cls, slug):
        return reverse("updates:detail", args=[slug])

    @classmethod
    def history_url(cls, slug, number=None):
        if number is None:
            return reverse("updates:history", args=[slug])
        return reverse("updates:edition", args=[slug, number])

    @classmethod
    def list_page(cls):
        return "All updates", reverse("updates:list")

    @property
    def short_name(self):
        return str(self.term)

    @property
    def sort_in_words(self):
        return f"Our update of {self.term.in_words}"

    def plain_text(self) -> str:
        return "\n".join(
            text
            for text in (
                self.verdict,
                self.in_short,
                *(part.plain_text() for part in self.parts()),
                self.nothing_wrong_because,
                self.sorry_for,
                self.forum_view,
            )
            if text
        )

    def problems(self) -> list[Problem]:
        problems = super().problems()
        if not self.verdict.strip():
            problems.append(Problem("verdict", "Say in one sentence whether it is better."))
        if not self.in_short.strip():
            problems.append(Problem("in_short", "Write the update in three short sentences."))
        items = list(self.items.all())
        for place, item in enumerate(items, start=1):
            problems += item.missing(place)
        sections = {item.section for item in items}
        if ProgressItem.Section.NOT_GOOD_ENOUGH not in sections and not (
            self.nothing_wrong_because.strip()
        ):
            problems.append(
                Problem(
                    "nothing_wrong_because",
                    "“Not good enough yet” is empty. Add an item, or say why there is none.",
                )
            )
        return problems

    def advice(self) -> list[Problem]:
        """Silence is shown to families, not blocked: this says so before it is."""
        better = self.items.filter(section=ProgressItem.Section.BETTER)
        advice = super().advice()
        advice += [
            Problem(
                "difference",
                f"“{item}” does not say what is different for a family. The page will say so. If "
                "families cannot feel it yet, it belongs under “What we have been doing”.",
            )
            for item in better
            if not item.difference.strip()
        ]
        if not self.forum_view.strip():
            advice.append(
                Problem(
                    "forum_view",
                    "The Parent Carer Forum’s view is empty. Families will read that the forum has "
                    "not sent one.",
                )
            )
        # What is promised reads this model.
        from updates import promised

        return advice + promised.advice(self)

    def words_not_ours(self) -> frozenset[str]:
        return super().words_not_ours() | {"forum_view"}

    @classmethod
    def next_change_after(cls, moment):
        """The midnight in London after which an update is missing: the pages say so by themselves.

        That is the day by which it was due or, where none was named, the last one of its term.
        """
        wanted_by = Term.objects.known_by(moment).annotate(day=Coalesce("update_due_on", "ends_on"))
        day = wanted_by.filter(day__gte=moment.day).aggregate(first=Min("day"))["first"]
        return midnight_after(day) if day else None

    @property
    def verdict_in_short(self) -> str:
        """Its first sentence: “Not good enough yet.”"""
        first = self.verdict.partition(". ")[0].strip().removesuffix(".")
        return f"{first}." if first else ""

    @property
    def verdict_because(self) -> str:
        """What comes after the first sentence; may be empty."""
        return self.verdict.partition(". ")[2].strip()

    @property
    def in_short_lines(self) -> list[str]:
        return [line.strip() for line in self.in_short.splitlines() if line.strip()]


class ProgressItem(Part):
    """One thing that got better, that is being done, or that is not good enough yet."""

    class Section(models.TextChoices):
        BETTER = "better", "What got better"
        DOING = "doing", "What we have been doing"
        NOT_GOOD_ENOUGH = "not good enough", "Not good enough yet"

    body_html: str  # made from `body`

    edition = models.ForeignKey(TermlyUpdate, models.CASCADE, related_name="items")
    section = models.CharField(max_length=20, choices=Section, blank=True)
    title = models.CharField("in one line", max_length=150, blank=True)
    body = MarkdownField(
        "what happened",
        blank=True,
        help_text="Short sentences. Say who did what, when.",
        top_heading=4,
    )
    difference = models.TextField(
        "what is different for a family?",
        blank=True,
        help_text="For “What got better”. If families cannot feel it yet, it belongs under "
        "“What we have been doing”.",
    )
    source = models.CharField(
        "where this fact comes from",
        max_length=300,
        blank=True,
        help_text="A name or an address, printed small: “Letter from the inspectors, July 2021”.",
    )

    class Meta(Part.Meta):
        verbose_name = "item"

    def __str__(self):
        return self.title or "An item"

    def missing(self, place: int) -> Iterator[Problem]:
        """What it lacks. `place`: which item of the update it is, from 1."""
        name = f"“{self.title}”" if self.title.strip() else f"Item {place}"
        if not self.section:
            yield Problem("section", f"{name}: choose its section.")
        if not self.title.strip():
            yield Problem("title", f"{name}: say in one line what it is about.")
        if not self.body.strip():
            yield Problem("body", f"{name}: say what happened.")

    def words_not_ours(self) -> frozenset[str]:
        return frozenset({"source"})

    def plain_text(self) -> str:
        return "\n".join(
            text for text in (self.title, self.body, self.difference, self.source) if text
        )
