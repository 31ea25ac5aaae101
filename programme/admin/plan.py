"""How staff keep the plan: the problems we must fix."""

from django.contrib import admin

from programme.models import Area
from publishing.admin import EditionAdmin
from publishing.admin.titles import TitleForm, slug_of


@admin.register(Area)
class AreaAdmin(EditionAdmin):
    form = TitleForm
    fields = [
        "read_version",
        "area_number",
        "title",
        "explanation",
        "official_wording",
        "official_source",
        "closed_on",
        "closed_by",
        "change_note",
    ]
    ordering = ["area_number"]

    def slug_for(self, edition):
        return f"{edition.area_number}-{slug_of(edition.title)}"
