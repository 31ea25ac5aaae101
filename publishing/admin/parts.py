"""Rows of an edition in its form."""

from django.contrib import admin

from publishing.admin.editor import WritesRichText
from publishing.models import Edition


class PartInline(WritesRichText, admin.StackedInline):
    """Rows of an edition."""

    extra = 0
    show_change_link = False

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and is_open(obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and is_open(obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and is_open(obj)


def is_open(edition: Edition | None) -> bool:
    """Whether an edition (or one that is being started) may still be edited."""
    return edition is None or not (edition.published_at or edition.is_waiting)
