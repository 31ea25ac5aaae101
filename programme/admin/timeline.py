"""How staff keep what happened, what others found, and their exact words."""

from django.contrib import admin

from programme.admin.documents import ChoosesDocuments, NamesPages, PageAddressField
from programme.models import Finding, Milestone, Quote, TimelineEvent
from publishing.admin import EditionAdmin, PartInline
from publishing.admin.titles import TitleForm
from publishing.models import slug_of


class EventForm(TitleForm):
    # /history/oldest/ is the whole list, from the start.
    taken = frozenset({"oldest"})


class FindingForm(NamesPages):
    promise = PageAddressField(
        only=Milestone._meta.label_lower,
        required=False,
        label="Promise that they say is done",
        help_text="For inspectors, and only if they say so of this promise: its reference. The "
        "page of the promise then says “Inspectors agree”.",
    )


class FindingInline(ChoosesDocuments, PartInline):
    model = Finding
    form = FindingForm
    fields = ["voice", "verdict", "words", "area", "promise", "asked", "how_many", "position"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("promise")


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
