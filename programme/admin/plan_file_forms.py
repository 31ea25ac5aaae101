"""What staff answer about a file of the plan: which one it is, and what its columns mean."""

from __future__ import annotations

from collections.abc import Container

from django import forms

from programme import spreadsheets
from programme.models import Milestone, PlanFile, RememberedHeading
from programme.spreadsheets import CannotRead
from programme.spreadsheets.cells import normal
from programme.workbook import columns as plan_columns
from programme.workbook.checking import NEEDED, Check
from programme.workbook.known import Known
from publishing.models import Body

# Which column of the plan each question for the whole file stands for.
ASKED_FOR_ALL = {"kind": "kind", "body": "body_id"}
NO_COLUMN_SAYS = {
    "kind": "No column says what kind of promise the new ones are. Choose one for all of them.",
    "body": "No column says whose promise the new ones are. Choose a body for all of them.",
}
# Django would repeat what was sent, however long it is.
NOT_LISTED = {"invalid_choice": "Choose one of the list."}


class UploadForm(forms.Form):
    """One file, read while it is checked: what cannot be read is said beside the field."""

    file = forms.FileField(
        label="Your file",
        help_text="An Excel workbook (.xlsx) or a .csv file, at most 5 MB and 4,000 rows.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )
    table: spreadsheets.Table

    def clean_file(self):
        upload = self.cleaned_data["file"]
        try:
            self.table = spreadsheets.read(upload.read(), known=known_headings())
        except CannotRead as why:
            raise forms.ValidationError(f"{upload.name} cannot be read. {why}") from why
        return upload


class ColumnsForm(forms.Form):
    """What each heading of the file means, and what the file as a whole means."""

    kind = forms.ChoiceField(
        label="What kind of promise, where the file does not say?",
        choices=[("", "The file says it"), *Milestone.Kind.choices],
        required=False,
        error_messages=NOT_LISTED,
    )
    body = forms.ModelChoiceField(
        Body.objects.all(),
        label="Whose promise, where the file does not say?",
        required=False,
        empty_label="The file says it",
        error_messages=NOT_LISTED,
    )

    def __init__(self, *args, file: PlanFile, **kwargs):
        super().__init__(*args, **kwargs)
        self.file = file
        self.initial = {"kind": file.kind, "body": file.body_id, **self.initial}
        guessed = file.columns or plan_columns.match(file.headings, remembered())
        for name, column in ASKED_FOR_ALL.items():
            if column not in guessed.values():
                self.ask_for_all(name)
        choices = [("", "Leave it out"), *((c.name, c.label) for c in plan_columns.COLUMNS)]
        for number, heading in enumerate(file.headings):
            self.fields[f"heading-{number}"] = forms.ChoiceField(
                label=heading,
                choices=choices,
                required=False,
                initial=guessed.get(heading, ""),
                error_messages=NOT_LISTED,
                help_text=f"For example: {example}" if (example := file.example(heading)) else "",
            )

    def ask_for_all(self, name: str) -> None:
        """Nothing in the file seems to say it."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.help_text = "No column of your file says this. New promises need it."
        if isinstance(field, forms.ModelChoiceField):
            field.empty_label = "Choose one"
        else:
            field.choices = [("", "Choose one"), *Milestone.Kind.choices]

    def meanings(self) -> dict[str, str]:
        return {
            heading: self.cleaned_data.get(f"heading-{number}", "")
            for number, heading in enumerate(self.file.headings)
        }

    def clean(self):
        cleaned = super().clean()
        taken: dict[str, str] = {}
        for number, (heading, name) in enumerate(self.meanings().items()):
            if name and name in taken:
                theirs = plan_columns.BY_NAME[name].heading
                self.add_error(
                    f"heading-{number}",
                    f"“{taken[name]}” is already “{theirs}”. Two columns cannot be the same.",
                )
            taken[name] = heading
        if "title" not in taken:
            raise forms.ValidationError("Say which column tells what is promised.")
        if not self.errors:
            self.refuse_what_nothing_says(taken)
        return cleaned

    def refuse_what_nothing_says(self, taken: Container[str]) -> None:
        """A file of promises that are known needs neither; each new promise needs both."""
        open_questions = {
            name: column
            for name, column in ASKED_FOR_ALL.items()
            if column not in taken and not self.cleaned_data.get(name)
        }
        if not open_questions:
            return
        rows = Check(self.meanings(), Known(own_release=self.file.release), {}, self.file.answers)
        faults = {fault.why for row in rows.rows(self.file.table_rows()) for fault in row.faults}
        for name, column in open_questions.items():
            if NEEDED[column] in faults:
                self.add_error(name, NO_COLUMN_SAYS[name])

    def save(self) -> None:
        self.file.columns = self.meanings()
        self.file.agreed = {}  # the rows mean something else now
        self.file.kind = self.cleaned_data["kind"]
        self.file.body = self.cleaned_data["body"]
        self.file.save()
        for heading, name in self.file.columns.items():
            RememberedHeading.objects.update_or_create(
                heading=normal(heading)[:200], defaults={"column": name}
            )


def remembered() -> dict[str, str]:
    return dict(RememberedHeading.objects.exclude(column="").values_list("heading", "column"))


def known_headings() -> list[str]:
    ours = [word for c in plan_columns.COLUMNS for word in (c.heading, *c.also)]
    return [*ours, *remembered()]
