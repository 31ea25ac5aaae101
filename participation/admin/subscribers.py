"""What administrators see of our e-mails: how many read us, and whether mails leave.

Addresses are shortened, because nobody needs a list of them; a whole one can be looked for, for
whoever asks us on the phone to forget it.
"""

from django.contrib import admin
from django_tasks_db.models import DBTaskResult

from participation.models import Mail, Subscriber

# It says of each task when it ran: nothing that helps staff, and nothing they should delete.
admin.site.unregister(DBTaskResult)


class LookedAt(admin.ModelAdmin):
    """Written by readers and workers; staff look, and never change or add."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Subscriber)
class SubscriberAdmin(LookedAt):
    list_display = ["short_email", "pace", "asked_at", "stopped_at"]
    list_filter = ["pace"]
    fields = ["short_email", "pace", "asked_at", "stopped_at"]
    search_fields = ["=email"]
    search_help_text = "The whole address, to delete it for somebody who asks."


class HowFar(admin.SimpleListFilter):
    title = "how far it is"
    parameter_name = "stage"

    def lookups(self, request, model_admin):
        return [("waits", "It waits"), ("left", "It has left"), ("given up", "We gave it up")]

    def queryset(self, request, queryset):
        match self.value():
            case "waits":
                return queryset.unsent()
            case "left":
                return queryset.exclude(sent_at=None)
            case "given up":
                return queryset.exclude(given_up_at=None)
        return queryset


@admin.register(Mail)
class MailAdmin(LookedAt):
    list_display = ["purpose", "written", "why", "next_try", "attempts", "left"]
    list_filter = [HowFar, "purpose"]
    fields = ["purpose", "written", "left", "given_up_at", "attempts", "why", "next_try"]

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        title = {"title": "Our e-mails, and whether they left"}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    @admin.display(description="Written", ordering="made_at")
    def written(self, mail):
        return mail.made_at

    @admin.display(description="Next try")
    def next_try(self, mail):
        return None if mail.sent_at or mail.given_up_at else mail.not_before

    @admin.display(description="Left", ordering="sent_at")
    def left(self, mail):
        return mail.sent_at
