"""How the inbox is narrowed: by how far a message is, and by problem."""

from django.contrib import admin

from publishing import moments
from publishing.models import Edition


class StageFilter(admin.SimpleListFilter):
    title = "how far it is"
    parameter_name = "stage"

    def lookups(self, request, model_admin):
        return [
            ("new", "New"),
            ("open", "Waits for an answer"),
            ("late", "Answer is late"),
            ("erased", "Words are erased"),
        ]

    def queryset(self, request, queryset):
        """What is erased is counted in reports, and stands in nobody's way here."""
        moment = moments.now()
        if self.value() == "erased":
            return queryset.exclude(words_erased_at=None)
        queryset = queryset.filter(words_erased_at=None)
        match self.value():
            case "new":
                return queryset.unread()
            case "open":
                return queryset.unanswered(moment)
            case "late":
                return queryset.unanswered(moment).filter(answer_by__lt=moment.day)
        return queryset


class ThemeFilter(admin.ChoicesFieldListFilter):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = "theme"


class AreaFilter(admin.SimpleListFilter):
    title = "problem"
    parameter_name = "problem"

    def lookups(self, request, model_admin):
        areas = Edition.objects.as_of(moments.now()).filter(document__kind="programme.area")
        return list(areas.order_by("document__slug").values_list("document", "title"))

    def queryset(self, request, queryset):
        value = self.value() or ""
        known = value.isascii() and value.isdigit() and len(value) < 19
        return queryset.filter(area=int(value)) if known else queryset
