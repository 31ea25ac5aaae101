"""How staff write a term's update."""

from django import forms
from django.contrib import admin

from publishing.admin import EditionAdmin, PartInline
from publishing.admin.editions import EditionForm
from publishing.models import Document
from updates.models import ProgressItem, TermlyUpdate


class TermlyUpdateForm(EditionForm):
    def clean_term(self):
        term = self.cleaned_data["term"]
        kind = TermlyUpdate._meta.label_lower
        if Document.objects.filter(kind=kind, slug=term.slug).exists():
            raise forms.ValidationError(
                f"There already is an update for {term.in_words}. Open that one and correct it."
            )
        return term


class ProgressItemInline(PartInline):
    model = ProgressItem
    fields = ["section", "title", "body", "difference", "position"]


@admin.register(TermlyUpdate)
class TermlyUpdateAdmin(EditionAdmin):
    form = TermlyUpdateForm
    fields = [
        "read_version",
        "term",
        "title",
        "in_short",
        "nothing_wrong_because",
        "sorry_for",
        "change_note",
    ]
    inlines = [ProgressItemInline]
    ordering = ["-term__starts_on"]

    def slug_for(self, edition):
        return edition.term.slug

    def get_readonly_fields(self, request, obj=None):
        return ["term"] if obj else []
