"""How staff write a term's update, and what became of what they were told."""

from django import forms
from django.contrib import admin
from django.utils.text import slugify

from publishing.admin import EditionAdmin, PartInline
from publishing.admin.editions import EditionForm
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


class YouSaidWeDidForm(EditionForm):
    def clean_title(self):
        """The address is made from the title, once."""
        title = self.cleaned_data["title"]
        if self.instance.pk:
            return title
        slug = slug_of(title)
        if not slug:
            raise forms.ValidationError("Use some letters or digits: the address is made of them.")
        if Document.objects.filter(kind=YouSaidWeDid._meta.label_lower, slug=slug).exists():
            raise forms.ValidationError("There already is one with this title. Choose another.")
        return title


@admin.register(YouSaidWeDid)
class YouSaidWeDidAdmin(EditionAdmin):
    form = YouSaidWeDidForm
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


def slug_of(title: str) -> str:
    return slugify(title)[:100].strip("-")
