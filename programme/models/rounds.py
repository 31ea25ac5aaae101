"""Checking the promises, all of them at once: most have not changed, and that is said too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils import timezone

from programme.references import ref_in
from publishing.models import Document, Edition, Part, Problem
from publishing.moments import LONDON


class ProgressRound(Edition):
    """One round through the promises: which were checked, and what was found.

    Promises that changed go out with it, as editions of their own; for all others its one line in
    the record says that nothing changed.
    """

    LATER_EDITION_IS_CALLED: ClassVar[str] = "Changed"
    READERS_CALL_IT = "we checked"

    checked_on = models.DateField("the day you checked")
    counted: str  # set by `programme.board`

    note = models.TextField(
        "what families should know about this check",
        blank=True,
        help_text="Only if there is something: what you looked at, whom you asked.",
    )

    class Meta:
        verbose_name = "check of our promises"
        verbose_name_plural = "checks of our promises"

    @classmethod
    def document_url(cls, slug):
        return reverse("plan:check", args=[slug])

    @classmethod
    def history_url(cls, slug, number=None):
        if number is None:
            return reverse("plan:check_history", args=[slug])
        return reverse("plan:check_edition", args=[slug, number])

    @classmethod
    def list_page(cls):
        return "Our plan", reverse("plan:list")

    @classmethod
    def what_moved(cls, pairs):
        """Its one line, with which its words begin: most promises did not change."""
        return {key: [now.text.partition("\n")[0]] for key, (now, _) in pairs.items()}

    @property
    def in_one_line(self) -> str:
        """“60 promises checked, 51 no change.”"""
        checks = list(self.checks.all())
        return checked_in_words(len(checks), sum(check.is_unchanged for check in checks))

    def plain_text(self) -> str:
        checks = (check.plain_text() for check in self.checks.all())
        return "\n".join(text for text in (self.in_one_line, self.note, *checks) if text)

    def problems(self) -> list[Problem]:
        problems = super().problems()
        if self.checked_on > timezone.now().astimezone(LONDON).date():
            problems.append(Problem("checked_on", "This day has not come yet."))
        if not self.checks.exists():
            problems.append(Problem("checks", "Check at least one promise."))
        return [*problems, *self.untrue_checks()]

    def untrue_checks(self) -> Iterator[Problem]:
        """No promise is said to have no change that goes out changed with this very check."""
        changing = self.release.editions.values("document")
        for check in self.checks.filter(is_unchanged=True, milestone__in=changing).select_related(
            "milestone"
        ):
            ref = ref_in(check.milestone.slug)
            yield Problem(
                "checks",
                f"Promise {ref} goes out changed with this check, so “no change” is not true. "
                "Undo one of the two.",
            )


class Check(Part):
    """One promise was looked at."""

    edition = models.ForeignKey(ProgressRound, models.CASCADE, related_name="checks")
    milestone = models.ForeignKey(
        Document,
        models.PROTECT,
        related_name="checks",
        verbose_name="promise",
        limit_choices_to={"kind": "programme.milestone"},
    )
    is_unchanged = models.BooleanField("nothing changed", default=True)
    note = models.TextField("note", blank=True)

    class Meta(Part.Meta):
        verbose_name = "check"
        constraints = [
            *Part.Meta.constraints,
            models.UniqueConstraint(
                fields=["edition", "milestone"], name="a_round_checks_a_promise_once"
            ),
        ]

    def __str__(self):
        return self.milestone.slug

    def plain_text(self) -> str:
        return self.note


def checked_in_words(checks: int, same: int) -> str:
    promises = "promise" if checks == 1 else "promises"
    return f"{checks} {promises} checked, {same} no change."
