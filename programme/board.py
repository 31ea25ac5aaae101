"""A paper for a board: what changed between two days, what is late, and what is due next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django import forms
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Count, F, Q, Window

from programme import promises
from programme.listing import say_more, standing
from programme.models import Check, Milestone, MilestoneQuerySet, ProgressRound
from programme.models.rounds import checked_in_words
from programme.statuses import ENDED, Status
from publishing import moments, references
from publishing.moments import Moment

# Lines in one part of the paper; it says how many there are in all.
LINES_AT_MOST = 20
DUE_WITHIN = dt.timedelta(days=90)
SINCE_LAST_MEETING = dt.timedelta(days=91)
LONGEST_DAY = 40  # letters
FIRST_DAY = dt.date(2000, 1, 1)
WAYS_TO_WRITE_A_DAY = ["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y"]


# Which two days


class DayField(forms.DateField):
    """A day in the address. A browser's own field cannot show what is no date: then it is text."""

    def __init__(self, label: str):
        name = label.rstrip("?")
        super().__init__(
            label=label,
            input_formats=WAYS_TO_WRITE_A_DAY,
            validators=[MinValueValidator(FIRST_DAY, "Choose a day in or after the year 2000.")],
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={
                "required": f"{name}: choose a day.",
                "invalid": f"{name}: this is not a day. Write it like this: 1 June 2022.",
            },
        )


class DaysForm(forms.Form):
    since = DayField("From")
    until = DayField("To")

    def __init__(self, *args, moment: Moment, **kwargs):
        super().__init__(*args, **kwargs)
        self.moment = moment
        if self.is_bound:
            explain(self)

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until > self.moment.day:
            raise forms.ValidationError(f"To: {until:%-d %B %Y} has not come yet.")
        return until

    def clean(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and since > until:
            self.add_error("since", "From: this day comes after the other one.")


def explain(form: forms.Form) -> None:
    """Ties each message to its field, and keeps what was typed to be seen."""
    for name in form.errors:
        widget = form.fields[name].widget
        widget.input_type = "text"
        widget.attrs |= {"aria-describedby": f"error-{name}", "aria-invalid": "true"}


def days_asked_for(asked_for: dict, moment: Moment) -> DaysForm:
    """The two days of the address; without any, from three months ago until today."""
    usual = {"since": moment.day - SINCE_LAST_MEETING, "until": moment.day}
    wanted = {name: readable(asked_for[name]) for name in usual if name in asked_for}
    return DaysForm({**usual, **wanted}, moment=moment)


def readable(typed: str) -> str:
    return "".join(filter(str.isprintable, typed))[:LONGEST_DAY]


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
    due_until: dt.date
    moved: Lines
    done: Lines
    slipped_back: Lines
    could_not: Lines
    replaced: Lines
    new: Lines
    late: Lines
    due_next: Lines
    rounds: Lines


def paper(since: dt.date, until: dt.date, moment: Moment) -> Paper:
    """As the site stood at the end of `until`; both days are in it."""
    end = moment if until == moment.day else moments.end_of(until)
    due_until = until + DUE_WITHIN
    now = standing(end)
    due = now.exclude(status__in=ENDED).filter(due_on__gt=until, due_on__lte=due_until)
    found = Paper(
        since,
        until,
        due_until,
        **{name: lines(rows, end) for name, rows in what_changed(changes(since, end)).items()},
        late=lines(now.filter(status=Status.LATE), end, by="first_due_on"),
        due_next=lines(due, end, by="due_on"),
        rounds=rounds_between(since, end),
    )
    references.attach(found.replaced.rows, end)
    return found


def what_changed(changed: MilestoneQuerySet) -> dict[str, MilestoneQuerySet]:
    """The editions that say something which the edition before did not, by what they say."""
    before = "based_on__milestone__"
    could_before = Q(based_on=None) | Q(**{f"{before}could_not_because": ""})
    slipped_before = Q(**{f"{before}slipped_back_on__isnull": False})
    kept_before = Q(**{f"{before}done_on__isnull": False, f"{before}slipped_back_on": None})
    return {
        "moved": changed.filter(times_moved__gt=F(f"{before}times_moved")),
        "done": changed.filter(done_on__isnull=False, slipped_back_on=None).exclude(kept_before),
        "slipped_back": changed.filter(slipped_back_on__isnull=False).exclude(slipped_before),
        "could_not": changed.exclude(could_not_because="").filter(could_before),
        "replaced": changed.filter(replaced_by__isnull=False).exclude(
            **{f"{before}replaced_by__isnull": False}
        ),
        "new": changed.filter(number=1),
    }


def changes(since: dt.date, end: Moment) -> MilestoneQuerySet:
    """The editions of promises that came out between the two days."""
    begin = moments.midnight_after(since - dt.timedelta(days=1))
    came_out = Q(published_at__gte=begin) | Q(published_at=None)  # a preview's own have no date
    return promises.told(Milestone.objects.ever_public(end).filter(came_out), end)


def lines(rows: MilestoneQuerySet, end: Moment, *, by: str = "published_at") -> Lines:
    """The first of them, and the number of all, in one question."""
    found = list(
        rows.annotate(in_all=Window(Count("pk")))
        .select_related("document", "body", "based_on__milestone")
        .order_by(F(by).asc(nulls_last=True), "document_id", "number")
        .fetch_mode(models.FETCH_RAISE)[:LINES_AT_MOST]
    )
    return Lines(say_more(found, end), found[0].in_all if found else 0)


def rounds_between(since: dt.date, end: Moment) -> Lines:
    """The checks of the promises, each with how many it looked at."""
    rows = ProgressRound.objects.as_of(end).filter(checked_on__gte=since, checked_on__lte=end.day)
    found = list(
        rows.annotate(in_all=Window(Count("pk")))
        .select_related("document")
        .order_by("checked_on", "document_id")
        .fetch_mode(models.FETCH_RAISE)[:LINES_AT_MOST]
    )
    counted = (
        Check.objects.filter(edition__in=[round_.pk for round_ in found])
        .values("edition")
        .order_by()
        .annotate(checks=Count("pk"), same=Count("pk", filter=Q(is_unchanged=True)))
    )
    by_round = {row["edition"]: checked_in_words(row["checks"], row["same"]) for row in counted}
    for round_ in found:
        round_.counted = by_round.get(round_.pk, "")
    return Lines(found, found[0].in_all if found else 0)
