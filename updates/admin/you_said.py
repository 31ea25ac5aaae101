"""How staff write what they were told, what became of it, and what they promise because of it."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError

from programme import loose_dates
from programme.admin.documents import ChoosesDocuments
from programme.models import Milestone
from publishing.actions.lock import publishing_lock
from publishing.admin import EditionAdmin
from publishing.admin.titles import TitleForm
from publishing.models import slug_of
from updates import we_will
from updates.models import YouSaidWeDid

Outcome = YouSaidWeDid.Outcome
WIDE = forms.TextInput(attrs={"class": "vTextField"})


def as_in_promise(name: str, label: str, *, help_text: str, widget=WIDE) -> forms.Field:
    """A field of the promise in the card's form, as long as it may be there."""
    longest = getattr(Milestone._meta.get_field(name), "max_length", None)
    return forms.CharField(
        label=label, required=False, max_length=longest, help_text=help_text, widget=widget
    )


class YouSaidForm(TitleForm):
    """A card, with the four fields of the promise that “We will” makes."""

    promise_title = as_in_promise(
        "title", "We will …", help_text="What, in a few plain words: “Answer within 2 days”."
    )
    promise_who = as_in_promise(
        "who", "Who is responsible", help_text="A post, never a person’s name."
    )
    promise_due_words = as_in_promise(
        "due_words",
        "By when",
        help_text="“May 2027”, “summer term 2027”. Empty: the page says “No date given”.",
    )
    promise_how_we_will_know = as_in_promise(
        "how_we_will_know",
        "How we will know",
        help_text="What families can check: “Every call is answered in 2 days.”",
        widget=forms.Textarea(attrs={"class": "vLargeTextField", "rows": 3}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.promise = we_will.promise_of(self.instance) if self.instance.pk else None
        if self.promise is not None:
            for name, field in we_will.FIELDS.items():
                self.initial[name] = getattr(self.promise, field)
            if not we_will.is_still_written_here(self.promise, self.instance):
                for name in we_will.FIELDS.keys() & self.fields.keys():
                    self.fields[name].disabled = True

    def clean_promise_due_words(self):
        words = self.cleaned_data["promise_due_words"].strip()
        try:
            loose_dates.read(words)
        except loose_dates.Unreadable as why:
            raise ValidationError(str(why)) from why
        return words

    def clean(self):
        """A promise is whole, and is made where it says “We will”."""
        cleaned = super().clean() or {}
        said = {name for name in we_will.FIELDS if cleaned.get(name, "").strip()}
        if cleaned.get("outcome") == Outcome.WILL:
            missing = we_will.FIELDS.keys() - said - {"promise_due_words"}
            for name in missing & self.fields.keys():
                self.add_error(name, "“We will” is a promise: fill this in.")
        elif said and self.promise is None:
            self.add_error("outcome", "You wrote a promise below. Then this is “We will”.")
        return cleaned

    @property
    def makes_promise(self) -> bool:
        return self.cleaned_data.get("outcome") == Outcome.WILL

    def promised(self) -> dict[str, str]:
        """The columns of the promise."""
        return {field: self.cleaned_data[name].strip() for name, field in we_will.FIELDS.items()}


@admin.register(YouSaidWeDid)
class YouSaidWeDidAdmin(ChoosesDocuments, EditionAdmin):
    form = YouSaidForm
    list_display = [*EditionAdmin.list_display, "term", "outcome"]
    list_select_related = ["term"]
    fields = [
        "read_version",
        "term",
        "title",
        "said",
        "is_quote",
        "taken_from",
        "who_said",
        "group",
        "how_many",
        "heard_where",
        "heard_on",
        "heard_when",
        "of_area",
        "outcome",
        "answer_by",
        "we_did",
        "could_not",
        "change_note",
    ]
    ordering = ["-term__starts_on", "title"]

    def slug_for(self, edition):
        return slug_of(edition.title)

    def get_fieldsets(self, request, obj=None):
        """The promise stands apart, in the same form; a page that is only read has none."""
        page, *more = super().get_fieldsets(request, obj)
        if not self.has_change_permission(request, obj):
            return [page, *more]
        promise = (
            "If you say “We will”",
            {
                "fields": list(we_will.FIELDS),
                "description": "That is a promise. It goes public together with this page, is "
                "counted from its first date, and is never taken down.",
            },
        )
        return [page, promise, *more]

    def save_model(self, request, obj, form, change):
        if not form.makes_promise:
            super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        """Saving may begin a promise, which takes the publishing lock: so it comes first.

        Whoever sends the card for sign-off holds it too, and the two never wait for each other.
        """
        if not form.makes_promise:
            super().save_related(request, form, formsets, change)
            return
        with publishing_lock():
            super().save_model(request, form.instance, form, change)
            super().save_related(request, form, formsets, change)
            we_will.write_promise(form.instance, by=request.user, **form.promised())
