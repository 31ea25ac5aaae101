"""The programme's calendar: school terms, and when each term's update is due."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from publishing.moments import Moment, midnight_after

# A school year has three terms. They begin on other days in other years and schools; to count
# them, the first of these months is near enough.
FIRST_MONTHS = {"spring": 1, "summer": 5, "autumn": 9}


class TermQuerySet(models.QuerySet):
    def begun_by(self, day: dt.date):
        return self.filter(starts_on__lte=day)

    def known_by(self, moment: Moment):
        """Those that this site had listed by the moment: one added today changes no past day."""
        return self.filter(listed_at__lte=moment.at)

    def due_by(self, moment: Moment):
        """Those of which it was known at the moment when their update is due."""
        return self.known_by(moment).filter(update_due_on__isnull=False)

    def newest_first(self):
        return self.order_by("-starts_on")


class Term(models.Model):
    """A school term. Insert-only: an update that was due cannot quietly become due later."""

    class Season(models.TextChoices):
        AUTUMN = "autumn", "Autumn"
        SPRING = "spring", "Spring"
        SUMMER = "summer", "Summer"

    year = models.PositiveIntegerField(help_text="The calendar year the term begins in: 2022.")
    season = models.CharField(max_length=10, choices=Season)
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day")
    update_due_on = models.DateField(
        "update due by", null=True, blank=True, help_text="The public sees this date."
    )
    # When this site learned of it: the days before did not know that an update was due.
    listed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = TermQuerySet.as_manager()

    insert_only_fields = ("year", "season", "starts_on", "ends_on", "update_due_on", "listed_at")

    class Meta:
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "season"],
                name="each_term_is_listed_once",
                violation_error_message="This term is already listed.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="a_term_ends_after_it_starts",
                violation_error_message="The last day must be after the first day.",
            ),
        ]

    def __str__(self):
        return f"{self.get_season_display()} term {self.year}"

    def clean(self):
        if self.starts_on and self.year and self.starts_on.year != self.year:
            raise ValidationError(
                {"starts_on": f"The first day is not in {self.year}, the year of the term."}
            )

    def why_late(self, moment: Moment) -> str:
        """What had been said about it by the moment, a paragraph a line; empty if nothing was."""
        said = [each for each in self.late_reasons.all() if each.said_at <= moment.at]
        return "\n".join(
            f"{each.text} (Added on {each.said_at:%-d %B %Y}.)" if number else each.text
            for number, each in enumerate(said)
        )

    def natural_key(self) -> list[str | int]:
        """What the public knows it by."""
        return [self.year, self.season]

    @property
    def slug(self) -> str:
        return f"{self.year}-{self.season}"

    @property
    def in_words(self) -> str:
        """For the middle of a sentence: “summer 2022”."""
        return f"{self.season} {self.year}"

    @property
    def school_year(self) -> str:
        """“2021 to 2022” for any term from autumn 2021 to summer 2022."""
        first = self.year if self.season == self.Season.AUTUMN else self.year - 1
        return f"{first} to {first + 1}"

    def terms_until(self, day: dt.date) -> int:
        """How many terms have begun after this one by a day; 0 in the term itself."""
        return terms_between(dt.date(self.year, FIRST_MONTHS[self.season], 1), day)


def terms_between(first: dt.date, last: dt.date) -> int:
    """How many terms have begun after that of the first day by the last; 0 in the same term."""
    begun = [day.year * 3 + (day.month - 1) // 4 for day in (first, last)]
    return max(0, begun[1] - begun[0])


class LateReason(models.Model):
    """Why a term's update is late, as somebody said it. More may be added; nothing is unsaid."""

    term = models.ForeignKey(Term, models.PROTECT, related_name="late_reasons")
    text = models.TextField()
    said_at = models.DateTimeField(default=timezone.now)

    insert_only_fields = ("term", "text", "said_at")

    class Meta:
        ordering = ["said_at", "pk"]
        verbose_name = "reason why an update is late"
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="a_reason_for_a_late_update_says_something"
            )
        ]

    def __str__(self):
        return self.text


def next_term_begins(moment: Moment) -> dt.datetime:
    """The midnight in London from which `terms_until` counts one term more."""
    month = (moment.day.month - 1) // 4 * 4 + 5
    year, month = (moment.day.year, month) if month < 12 else (moment.day.year + 1, 1)
    return midnight_after(dt.date(year, month, 1) - dt.timedelta(days=1))
