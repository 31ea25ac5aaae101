"""The problems that inspectors said must be fixed."""

from typing import Any

from django.db import models
from django.urls import reverse

from publishing.models import Edition, Problem


class Area(Edition):
    """One problem we must fix: the inspectors' words, and ours. Its title is the plain name."""

    area_number = models.PositiveIntegerField(
        "number", help_text="The number that inspectors or the plan gave it. It is in the address."
    )
    explanation = models.TextField(
        "in plain words, what is the problem?",
        help_text="Two or three short sentences. A child of 9 could read them.",
    )
    official_wording = models.TextField(
        "the inspectors’ exact words",
        blank=True,
        help_text="Copy them; change nothing. If it is empty, the page says that their words are "
        "not published here.",
    )
    official_source = models.CharField(
        "where their words are written",
        max_length=300,
        blank=True,
        help_text="A name or an address, printed small: “Letter from the inspectors, July 2021”.",
    )
    closed_on = models.DateField(
        "the day it was closed",
        null=True,
        blank=True,
        help_text="Only if somebody other than us said that it is fixed.",
    )
    closed_by = models.CharField(
        "who closed it", max_length=200, blank=True, help_text="For example: Department for …"
    )

    # Set by `programme.reading.count_promises`.
    shapes: Any

    class Meta:
        verbose_name = "problem we must fix"
        verbose_name_plural = "problems we must fix"

    @classmethod
    def document_url(cls, slug):
        return reverse("plan:area", args=[slug])

    @classmethod
    def history_url(cls, slug, number=None):
        if number is None:
            return reverse("plan:area_history", args=[slug])
        return reverse("plan:area_edition", args=[slug, number])

    @classmethod
    def list_page(cls):
        return "Our plan", reverse("plan:list")

    @property
    def short_name(self):
        return f"Problem {self.area_number}"

    def plain_text(self) -> str:
        quoted = f"“{self.official_wording}”" if self.official_wording else ""
        return "\n".join(
            text
            for text in (self.explanation, quoted, self.official_source, self.closed_by)
            if text
        )

    def words_not_ours(self):
        return super().words_not_ours() | {"official_wording", "official_source", "closed_by"}

    def problems(self) -> list[Problem]:
        problems = super().problems()
        if not self.explanation.strip():
            problems.append(Problem("explanation", "Say in plain words what the problem is."))
        if self.official_wording.strip() and not self.official_source.strip():
            problems.append(
                Problem("official_source", "Exact words need the place where they are written.")
            )
        if self.closed_on and not self.closed_by.strip():
            problems.append(Problem("closed_by", "Say who said that this problem is fixed."))
        return problems
