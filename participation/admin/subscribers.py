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


@admin.register(Mail)
class MailAdmin(LookedAt):
    list_display = ["purpose", "made_at", "sent_at", "attempts", "why", "not_before"]
    list_filter = ["purpose", ("sent_at", admin.EmptyFieldListFilter)]
    fields = ["purpose", "made_at", "sent_at", "given_up_at", "attempts", "why", "not_before"]

    def has_delete_permission(self, request, obj=None):
        return False
