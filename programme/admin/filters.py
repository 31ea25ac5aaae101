"""Plain links above the list of promises: how they stand, and which dates press."""

from django.contrib.admin import SimpleListFilter

from programme import waiting
from programme.listing import standing
from programme.statuses import Status
from publishing import moments


class StatusFilter(SimpleListFilter):
    """As families see it now; a promise that is not public yet has no status."""

    title = "how it stands"
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return Status.choices

    def queryset(self, request, queryset):
        if self.value() not in Status.values:
            return queryset
        found = standing(moments.now()).filter(status=self.value())
        return queryset.filter(document__in=found.values("document"))


class WhenFilter(SimpleListFilter):
    title = "date"
    parameter_name = "when"

    WHICH = {"unreported": waiting.unreported, "soon": waiting.due_soon}

    def lookups(self, request, model_admin):
        return [
            ("unreported", "Date passed, no report since"),
            ("soon", f"In the next {waiting.SOON.days} days"),
        ]

    def queryset(self, request, queryset):
        which = self.WHICH.get(self.value() or "")
        if which is None:
            return queryset
        found = which(moments.now()).order_by()
        return queryset.filter(document__in=found.values("document"))
