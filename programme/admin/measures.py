"""How staff keep the measures and their numbers."""

from django.contrib import admin

from programme.admin.documents import ChoosesDocuments
from programme.models import Measure, Reading
from publishing.admin import EditionAdmin, PartInline
from publishing.admin.titles import TitleForm
from publishing.models import slug_of


class ReadingInline(PartInline):
    model = Reading
    fields = [
        "period",
        "ends_on",
        "actual",
        "limit",
        "planned",
        "is_provisional",
        "taken_from",
        "note",
        "position",
    ]


@admin.register(Measure)
class MeasureAdmin(ChoosesDocuments, EditionAdmin):
    form = TitleForm
    list_display = [*EditionAdmin.list_display, "unit", "is_featured"]
    fields = [
        "read_version",
        "title",
        "explanation",
        "unit",
        "counted",
        "good_direction",
        "period_type",
        "taken_from",
        "of_area",
        "baseline_value",
        "baseline_period",
        "baseline_ends_on",
        "target_value",
        "target_by_words",
        "target_note",
        "compared",
        "is_featured",
        "featured_place",
        "change_note",
    ]
    inlines = [ReadingInline]
    ordering = ["title"]

    def slug_for(self, edition):
        return slug_of(edition.title)
