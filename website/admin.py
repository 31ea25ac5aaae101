"""How staff keep the pages that belong to no term."""

from django import forms
from django.contrib import admin

from publishing.admin import EditionAdmin, PartInline
from publishing.admin.draft_form import EditionForm
from publishing.models import Document
from website.models import InformationPage, PageSection


class InformationPageForm(EditionForm):
    def clean_purpose(self):
        purpose = self.cleaned_data["purpose"]
        kind = InformationPage._meta.label_lower
        if Document.objects.filter(kind=kind, slug=purpose).exists():
            raise forms.ValidationError("This page is here already. Open that one and correct it.")
        return purpose


class PageSectionInline(PartInline):
    model = PageSection
    fields = [
        "heading",
        "is_urgent",
        "body",
        "phone",
        "hours",
        "email",
        "link",
        "link_text",
        "position",
    ]


@admin.register(InformationPage)
class InformationPageAdmin(EditionAdmin):
    form = InformationPageForm
    fields = [
        "read_version",
        "purpose",
        "title",
        "intro",
        "prepared_on",
        "reviewed_on",
        "tested_on",
        "change_note",
    ]
    inlines = [PageSectionInline]
    ordering = ["purpose"]

    def slug_for(self, edition):
        return edition.purpose

    def get_readonly_fields(self, request, obj=None):
        return ["purpose"] if obj else []
