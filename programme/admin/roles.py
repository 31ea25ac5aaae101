"""How staff keep who is responsible, and who checks on them."""

from django.contrib import admin

from programme.models import Holder, Role
from publishing.admin import EditionAdmin, PartInline
from publishing.admin.titles import TitleForm
from publishing.models import slug_of


class HolderInline(PartInline):
    model = Holder
    fields = ["name", "began_words", "ended_words", "note", "position"]


@admin.register(Role)
class RoleAdmin(EditionAdmin):
    form = TitleForm
    list_display = [*EditionAdmin.list_display, "kind", "organisation"]
    fields = [
        "read_version",
        "title",
        "kind",
        "form",
        "organisation",
        "answers_for",
        "meets",
        "taken_from",
        "place",
        "change_note",
    ]
    inlines = [HolderInline]
    ordering = ["-kind", "place", "title"]

    def slug_for(self, edition):
        return slug_of(edition.title)
