"""What can be written into the list of a check: a row for each promise, and what is for all."""

from __future__ import annotations

from dataclasses import asdict

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from programme import loose_dates
from programme.found import Found, Happened
from programme.loose_dates import Unreadable
from programme.models import Milestone, ProgressRound
from programme.rounds import Row
from publishing.admin.days import NOT_A_DAY
from publishing.admin.draft_form import EditionForm
from publishing.models import Document

LONGEST_NOTE = 2000


class ProgressRoundForm(EditionForm):
    def clean_checked_on(self):
        """The address is made from the day, once."""
        day = self.cleaned_data["checked_on"]
        slug = f"{day:%Y-%m-%d}"
        kind = ProgressRound._meta.label_lower
        if day > timezone.localdate():
            raise ValidationError("This day has not come yet.")
        if Document.objects.filter(kind=kind, slug=slug).exists():
            raise ValidationError("There already is a check on this day. Open that one.")
        return day


class FoundForm(forms.Form):
    """What somebody wrote into one row of the list. It begins with what is kept already."""

    happened = forms.ChoiceField(
        required=False, label="What happened", choices=[("", "No change"), *Happened.choices]
    )
    on_day = forms.DateField(
        required=False,
        label="On which day",
        error_messages={"invalid": NOT_A_DAY},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    due_words = forms.CharField(required=False, max_length=100, label="New date")
    cause = forms.ChoiceField(
        required=False, label="Cause", choices=[("", "–"), *Milestone.Cause.choices]
    )
    note = forms.CharField(
        required=False,
        max_length=LONGEST_NOTE,
        label="Note for families",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    instead = forms.CharField(
        required=False,
        max_length=LONGEST_NOTE,
        label="What we do instead",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, row: Row, data=None):
        self.document_id = row.promise.document_id
        kept = asdict(row.found) if row.found else {}
        super().__init__(data, prefix=f"row-{self.document_id}", initial=kept)

    def clean_due_words(self):
        words = self.cleaned_data["due_words"]
        try:
            if words and not loose_dates.read(words):
                raise ValidationError("Write a date: “June 2023”.")
        except Unreadable as why:
            raise ValidationError(str(why)) from why
        return words

    def clean(self):
        cleaned = super().clean() or {}
        for name, what_belongs_there in self.found(cleaned).missing():
            if name not in self.errors:
                self.add_error(name, what_belongs_there)
        return cleaned

    def found(self, cleaned: dict, *, agreed_by: str = "") -> Found:
        return Found(self.document_id, agreed_by=agreed_by, **cleaned)


class WholeListForm(forms.Form):
    """What is said for all rows at once."""

    note_for_all = forms.CharField(
        required=False,
        max_length=LONGEST_NOTE,
        label="A note for all of them, if you like",
    )
    agreed_by = forms.CharField(
        required=False,
        max_length=200,
        label="Who agreed to the new dates?",
        help_text="A board or a post. Needed when a date moves.",
    )

    def __init__(self, rows: list[Row], data=None):
        kept = (row.found.agreed_by for row in rows if row.found and row.found.due_words)
        super().__init__(data, initial={"agreed_by": next(kept, "")})
