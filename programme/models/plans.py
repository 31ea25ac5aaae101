"""Plans: which one is followed now, which it replaced, and what became of the old references."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from programme.loose_date_fields import LooseDateField, unreadable
from programme.loose_dates import LooseDate
from publishing.models import Document, Edition, Part, Problem


class Plan(Edition):
    """One version of the plan that inspectors asked for. A superseded one stays readable."""

    class Kind(models.TextChoices):
        STATEMENT = "statement", "Written statement of action"
        ACCELERATED = "accelerated", "Accelerated progress plan"
        PRIORITY = "priority", "Priority action plan"
        IMPROVEMENT = "improvement", "Improvement plan"

    agreed: LooseDate

    kind = models.CharField("what kind of plan", max_length=20, choices=Kind)
    version_label = models.CharField(
        "which version", max_length=50, blank=True, help_text="For example: refresh 2, spring 2022."
    )
    summary = models.TextField(
        "what it is for, in plain words", help_text="Two or three short sentences for families."
    )
    agreed_by = models.CharField(
        "who agreed it",
        max_length=300,
        blank=True,
        help_text="For example: the Cabinet, and the NHS board. If it is empty, the page says that "
        "we have not said who.",
    )
    agreed_words = LooseDateField(
        "when it was agreed", help_text="As exact as you know: “8 June 2021”, “June 2021”."
    )
    replaces = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by_plans",
        verbose_name="which plan it replaces",
        help_text="The older one stays readable; its page says that this one replaced it.",
        limit_choices_to={"kind": "programme.plan"},
    )

    # Set by `programme.reading.plans`
    successor: Plan | None

    class Meta:
        verbose_name = "plan"

    @classmethod
    def document_url(cls, slug):
        return reverse("plan:version", args=[slug])

    @classmethod
    def history_url(cls, slug, number=None):
        if number is None:
            return reverse("plan:version_history", args=[slug])
        return reverse("plan:version_edition", args=[slug, number])

    @classmethod
    def list_page(cls):
        return "Our plan", reverse("plan:list")

    def plain_text(self) -> str:
        return "\n".join(
            text
            for text in (
                self.get_kind_display(),
                self.version_label,
                self.summary,
                self.agreed_by,
                self.agreed_words,
                *(part.plain_text() for part in self.parts()),
            )
            if text
        )

    def words_not_ours(self):
        return super().words_not_ours() | {"version_label", "agreed_by", "agreed_words"}

    def problems(self) -> list[Problem]:
        problems = super().problems()
        problems += [Problem(name, why) for name, why in unreadable(self)]
        if not self.summary.strip():
            problems.append(Problem("summary", "Say in plain words what the plan is for."))
        if self.replaces_id and self.replaces_id == self.document_id:
            problems.append(Problem("replaces", "A plan cannot replace itself."))
        return problems


class PlanReference(Part):
    """What an old reference is called now: so that nobody loses sight of what was promised."""

    edition = models.ForeignKey(Plan, models.CASCADE, related_name="references")
    old_reference = models.CharField("in the plan before", max_length=50)
    new_reference = models.CharField(
        "in this plan",
        max_length=50,
        blank=True,
        help_text="Empty if this plan no longer has it: the page says so.",
    )
    milestone = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="plan_references",
        verbose_name="the promise",
        limit_choices_to={"kind": "programme.milestone"},
    )

    class Meta(Part.Meta):
        verbose_name = "reference"

    def words_not_ours(self):
        return super().words_not_ours() | {"old_reference", "new_reference"}

    def __str__(self):
        return self.old_reference

    def plain_text(self) -> str:
        return f"{self.old_reference} → {self.new_reference or 'not in this plan'}"
