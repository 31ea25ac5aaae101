"""How staff write a term's update, and what became of what they were told."""

from django import forms
from django.contrib import admin

from publishing.admin import EditionAdmin, PartInline
from publishing.admin.editions import EditionForm
from publishing.admin.titles import TitleForm, slug_of
from publishing.models import Document
from updates.models import ProgressItem, TermlyUpdate, YouSaidWeDid


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
    fields = ["section", "title", "body", "difference", "source", "position"]


@admin.register(TermlyUpdate)
class TermlyUpdateAdmin(EditionAdmin):
    form = TermlyUpdateForm
    fields = [
        "read_version",
        "term",
        "title",
        "verdict",
        "in_short",
        "nothing_wrong_because",
        "sorry_for",
        "forum_view",
        "change_note",
    ]
    inlines = [ProgressItemInline]
    ordering = ["-term__starts_on"]

    def slug_for(self, edition):
        return edition.term.slug

    def get_readonly_fields(self, request, obj=None):
        return ["term"] if obj else []


@admin.register(YouSaidWeDid)
class YouSaidWeDidAdmin(EditionAdmin):
    form = TitleForm
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
        "how_many",
        "heard_where",
        "heard_on",
        "heard_when",
        "outcome",
        "we_did",
        "could_not",
        "change_note",
    ]
    ordering = ["-term__starts_on", "title"]

    def slug_for(self, edition):
        return slug_of(edition.title)
