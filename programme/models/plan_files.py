"""A workbook of the plan that somebody has uploaded, until it has become drafts."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import astuple

from django.conf import settings
from django.db import models
from django.utils import timezone

from programme.spreadsheets import Cell, Row, Table
from publishing.models import Body, Release


class PlanFile(models.Model):
    """What an uploaded file says, and how far it has been taken over. Never public.

    What it said becomes drafts, or is left alone: the copy goes, when the retention policy says.
    """

    name = models.CharField("file", max_length=200)
    uploaded_at = models.DateTimeField(default=timezone.now)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    headings = models.JSONField()
    rows = models.JSONField()
    notes = models.JSONField(default=list)
    # Answers: what the headings mean, what the whole file means, which rows are which promise.
    columns = models.JSONField(default=dict)
    kind = models.CharField(max_length=10, blank=True)
    body = models.ForeignKey(Body, models.SET_NULL, null=True, blank=True, related_name="+")
    decisions = models.JSONField(default=dict)
    # What somebody saw on the check screen and said yes to, by row number: the reference of the
    # promise, and its state then (empty if it was new).
    agreed = models.JSONField(default=dict)
    # How far it is: row numbers that became drafts, and why others did not.
    drafted = models.JSONField(default=list)
    refused = models.JSONField(default=dict)
    release = models.ForeignKey(Release, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-uploaded_at"]
        verbose_name = "plan from Excel"
        verbose_name_plural = "plans from Excel"

    def __str__(self):
        return self.name

    @classmethod
    def holding(cls, table: Table, *, name: str, by) -> PlanFile:
        """An unsaved file with all that a table says."""
        rows = [
            [row.number, {h: astuple(c) for h, c in row.cells.items() if c}] for row in table.rows
        ]
        return cls(
            name=name[:200],
            uploaded_by=by,
            headings=table.headings,
            rows=rows,
            notes=table.notes,
        )

    def table_rows(self, numbers: Container[int] | None = None) -> list[Row]:
        """All rows, or those with the numbers."""
        return [
            Row(number, {heading: Cell(*cell) for heading, cell in cells.items()})
            for number, cells in self.rows
            if numbers is None or number in numbers
        ]

    def left(self) -> list[int]:
        """The numbers of the rows that are agreed, and neither drafts nor refused yet."""
        drafted = set(self.drafted)
        numbers = (int(number) for number in self.agreed if number not in self.refused)
        return sorted(number for number in numbers if number not in drafted)

    @property
    def answers(self) -> dict[int, str]:
        """Which promise a row is that resembled one: JSON has no numbers for keys."""
        return {int(number): ref for number, ref in self.decisions.items()}

    def example(self, heading: str) -> str:
        """The first words under a heading."""
        texts = (cells[heading][1] for _, cells in self.rows if heading in cells)
        return next(filter(None, texts), "")[:80]


class RememberedHeading(models.Model):
    """What a heading of an earlier file meant: nobody is asked twice."""

    heading = models.CharField(max_length=200, unique=True)
    column = models.CharField(max_length=40, blank=True)

    def __str__(self):
        return f"{self.heading} → {self.column}"
