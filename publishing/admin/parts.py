"""Rows of an edition in its form."""

from django.contrib import admin
from django.forms.models import BaseInlineFormSet

from publishing.admin.days import DAYS
from publishing.admin.editor import WritesRichText
from publishing.models import Edition

# Even with every column of every row, this stays below what Django takes from one form.
MOST_ROWS = 500


class PartFormSet(BaseInlineFormSet):
    default_error_messages = {
        **BaseInlineFormSet.default_error_messages,
        "too_many_forms": "There is room for %(num)d rows. Take some out, then save again.",
    }


class PartInline(WritesRichText, admin.StackedInline):
    """Rows of an edition."""

    extra = 0
    max_num = MOST_ROWS
    formset = PartFormSet
    formfield_overrides = DAYS
    show_change_link = False

    def get_formset(self, request, obj=None, **kwargs):
        # Without this Django takes rows above `max_num` as well, and then silently no more. It sets
        # 0 where nobody may add a row: those that make themselves may still be saved.
        return super().get_formset(request, obj, **{"validate_max": self.max_num > 0, **kwargs})

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and is_open(obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and is_open(obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and is_open(obj)


def is_open(edition: Edition | None) -> bool:
    """Whether an edition (or one that is being started) may still be edited."""
    return edition is None or not (edition.published_at or edition.is_waiting)
