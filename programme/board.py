"""A paper for a board: what changed between two days, what is late, and what is due next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django import forms
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Count, F, Q, Window

from programme.listing import say_more, standing
from programme.models import Milestone, MilestoneQuerySet, ProgressRound
from programme.promises import Status
from programme.rounds import ENDED
from publishing import moments
from publishing.moments import LONDON, Moment

# Lines in one part of the paper; it says how many there are in all.
LINES_AT_MOST = 25
DUE_WITHIN = dt.timedelta(days=90)
SINCE_LAST_MEETING = dt.timedelta(days=91)
FIRST_DAY = dt.date(2000, 1, 1)
WAYS_TO_WRITE_A_DAY = ["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y"]


# Which two days


class DayField(forms.DateField):
    """A day in the address. A browser's own field cannot show what is no date: then it is text."""

    def __init__(self, label: str):
        super().__init__(
            label=label,
            input_formats=WAYS_TO_WRITE_A_DAY,
            validators=[MinValueValidator(FIRST_DAY, "Choose a day in or after the year 2000.")],
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={
                "required": f"{label}: choose a day.",
                "invalid": f"{label}: this is not a day. Write it like this: 1 June 2022.",
            },
        )


class DaysForm(forms.Form):
    since = DayField("From")
    until = DayField("To")

    def __init__(self, *args, moment: Moment, **kwargs):
        super().__init__(*args, **kwargs)
        self.moment = moment
        if self.is_bound:
            self.explain()

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until > self.moment.day:
            raise forms.ValidationError(f"To: {until:%-d %B %Y} has not come yet.")
        return until

    def clean(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and since > until:
            self.add_error("since", "From: this day comes after the other one.")

    def explain(self) -> None:
        """Ties each message to its field, and keeps what was typed to be seen."""
        for name in self.errors:
            attrs = self.fields[name].widget.attrs
            attrs |= {"type": "text", "aria-describedby": f"error-{name}", "aria-invalid": "true"}


def days_asked_for(asked_for: dict, moment: Moment) -> DaysForm:
    """The two days of the address; without any, from three months ago until today."""
    wanted = {
        name: asked_for[name].replace("\0", "") for name in DaysForm.base_fields if name in asked_for
    }
    usual = {"since": moment.day - SINCE_LAST_MEETING, "until": moment.day}
    return DaysForm(usual if not wanted else wanted, moment=moment)


# The paper


@dataclass(frozen=True)
class Lines:
    """One part of the paper: some lines, and how many there are."""

    rows: list
    total: int

    @property
    def left_out(self) -> int:
        return self.total - len(self.rows)


@dataclass(frozen=True)
class Paper:
    since: dt.date
    until: dt.date
    moved: Lines
    done: Lines
    slipped_back: Lines
    could_not: Lines
    replaced: Lines
    new: Lines
    late: Lines
    due_next: Lines
    due_until: dt.date
    rounds: Lines


def paper(since: dt.date, until: dt.date, moment: Moment) -> Paper:
    """As the site stood at the end of `until`; both days are in it."""
    end = moment if until == moment.day else moments.end_of(until)
    changed = changes(since, end)
    before = "based_on__milestone__"
    is_kept = Q(done_on__isnull=False, slipped_back_on=None)
    was_kept = Q(**{f"{before}done_on__isnull": False, f"{before}slipped_back_on": None})
    due_until = until + DUE_WITHIN
    open_ = standing(end).exclude(status__in=ENDED)
    return Paper(
        since,
        until,
        moved=lines(changed.filter(times_moved__gt=F(f"{before}times_moved")), end),
        done=lines(changed.filter(is_kept).exclude(was_kept), end),
        slipped_back=lines(
            changed.filter(slipped_back_on__isnull=False).exclude(
                **{f"{before}slipped_back_on__isnull": False}
            ),
            end,
        ),
        could_not=lines(
            changed.exclude(could_not_because="").exclude(
                Q(based_on__isnull=False) & ~Q(**{f"{before}could_not_because": ""})
            ),
            end,
        ),
        replaced=lines(
            changed.filter(replaced_by__isnull=False).exclude(
                **{f"{before}replaced_by__isnull": False}
            ),
            end,
        ),
        new=lines(changed.filter(number=1), end),
        late=lines(standing(end).filter(status=Status.LATE), end, by="first_due_on"),
        due_next=lines(
            open_.filter(due_on__gt=until, due_on__lte=due_until), end, by="due_on"
        ),
        due_until=due_until,
        rounds=rounds_between(since, end),
    )


def changes(since: dt.date, end: Moment) -> MilestoneQuerySet:
    """The editions of promises that came out between the two days."""
    begin = moments.midnight_after(since - dt.timedelta(days=1))
    came_out = Q(published_at__gte=begin) | Q(published_at=None)  # a preview's own have no date
    found = Milestone.objects.ever_public(end).filter(came_out)
    return found.annotate_told(end) if False else told(found, end)


def told(found: MilestoneQuerySet, end: Moment) -> MilestoneQuerySet:
    from programme import promises

    return promises.told(found, end)


def lines(rows: MilestoneQuerySet, end: Moment, *, by: str = "published_at") -> Lines:
    """The first of them, and the number of all: one question."""
    ordered = rows.select_related("document", "body", "based_on__milestone").order_by(
        F(by).asc(nulls_last=True), "document_id", "number"
    )
    found = list(ordered.annotate(in_all=Window(Count("pk"))).fetch_mode(models.FETCH_RAISE)[:LINES_AT_MOST])
    return Lines(say_more(found, end), found[0].in_all if found else 0)


def rounds_between(since: dt.date, end: Moment) -> Lines:
    rows = ProgressRound.objects.as_of(end).filter(checked_on__gte=since, checked_on__lte=end.day)
    found = list(
        rows.select_related("document")
        .annotate(
            in_all=Window(Count("pk")),
        )
        .order_by("checked_on", "document_id")
        .fetch_mode(models.FETCH_RAISE)[:LINES_AT_MOST]
    )
    return Lines(found, found[0].in_all if found else 0)
