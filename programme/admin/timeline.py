"""How staff keep what happened, what others found, and their exact words."""

from django.contrib import admin

from programme.admin.documents import ChoosesDocuments
from programme.models import Finding, Quote, TimelineEvent
from publishing.admin import EditionAdmin, PartInline
from publishing.admin.titles import TitleForm, slug_of


class EventForm(TitleForm):
    # /history/oldest/ is the whole list, from the start.
    taken = frozenset({"oldest"})


class FindingInline(ChoosesDocuments, PartInline):
    model = Finding
    fields = ["voice", "verdict", "words", "area", "asked", "how_many", "position"]


class QuoteInline(PartInline):
    model = Quote
    fields = ["words", "who", "post", "taken_from", "position"]


@admin.register(TimelineEvent)
class TimelineEventAdmin(EditionAdmin):
    form = EventForm
    list_display = [*EditionAdmin.list_display, "happened_words", "expected_words", "voice"]
    fields = [
        "read_version",
        "title",
        "voice",
        "said_by",
        "happened_words",
        "expected_words",
        "summary",
        "body",
        "taken_from",
        "is_turning_point",
        "change_note",
    ]
    inlines = [FindingInline, QuoteInline]
    ordering = ["-happened_on", "-expected_on"]

    def slug_for(self, edition):
        return slug_of(edition.title)
