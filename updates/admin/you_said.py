"""How staff write what they were told, and what became of it."""

from django.contrib import admin

from publishing.admin import EditionAdmin
from publishing.admin.titles import TitleForm, slug_of
from updates.models import YouSaidWeDid


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
