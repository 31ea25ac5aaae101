"""How staff announce chances to take part, call them off, and say what came of them."""

from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime
from django.db import models

from programme.admin.documents import ChoosesDocuments
from publishing.admin import EditionAdmin
from publishing.admin.act_forms import LondonTimeField
from publishing.admin.days import DAYS
from publishing.admin.titles import TitleForm
from publishing.models import slug_of
from updates.models import Opportunity

MIDNIGHT = "00:00"


class DayAndMaybeTimeField(LondonTimeField):
    """A day in London, with a time where one counts."""

    def clean(self, value):
        day, time = value or ("", "")
        return super().clean([day, time or MIDNIGHT] if day else [day, time])


class OpportunityForm(TitleForm):
    taken = frozenset({"calendar", "past"})


@admin.register(Opportunity)
class OpportunityAdmin(ChoosesDocuments, EditionAdmin):
    form = OpportunityForm
    list_display = [*EditionAdmin.list_display, "when", "is_cancelled"]
    formfield_overrides = DAYS | {
        models.DateTimeField: {"form_class": DayAndMaybeTimeField, "widget": AdminSplitDateTime}
    }
    fields = [
        "read_version",
        "title",
        "about",
        "timing",
        "starts_at",
        "ends_at",
        "place",
        "online",
        "for_whom",
        "run_by",
        "cost_help",
        "step_free",
        "interpreter",
        "quiet_room",
        "more_access",
        "how_to_join",
        "join_by",
        "is_cancelled",
        "cancelled_because",
        "came_of_it",
        "led_to",
        "change_note",
    ]
    ordering = ["-starts_at"]

    def slug_for(self, edition):
        return slug_of(edition.title)

    def get_fields(self, request, obj=None):
        """One that is new is not called off, and nothing came of it yet."""
        later = {"is_cancelled", "cancelled_because", "came_of_it", "led_to"} if not obj else ()
        return [name for name in super().get_fields(request, obj) if name not in later]
