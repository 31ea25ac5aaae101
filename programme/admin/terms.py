"""How staff keep the calendar."""

from django.contrib import admin

from programme.models import Term
from publishing import actions, moments


@admin.register(Term)
class TermAdmin(admin.ModelAdmin):
    list_display = ["__str__", "starts_on", "ends_on", "update_due_on"]

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        if "late_because" in form.changed_data:
            obj.late_said_at = moments.now().at
        super().save_model(request, obj, form, change)
        actions.renew_pages(by=request.user)

    def get_readonly_fields(self, request, obj=None):
        """What the public has seen stays; a date that was never given may still be."""
        if obj is None:
            return []
        return [name for name in Term.insert_only_fields if getattr(obj, name) is not None]
