"""The staff's side: reference data here, pages through EditionAdmin."""

from django.contrib import admin

from publishing.admin.editions import EditionAdmin
from publishing.admin.parts import PartInline
from publishing.models import Body, Signer

__all__ = ["EditionAdmin", "PartInline"]

admin.site.site_header = "Together We CAN: staff"
admin.site.site_title = "Together We CAN: staff"
admin.site.index_title = "Your pages"
admin.site.enable_nav_sidebar = False


class SignerInline(admin.TabularInline):
    model = Signer
    extra = 1


@admin.register(Body)
class BodyAdmin(admin.ModelAdmin):
    list_display = ["name", "must_sign"]
    inlines = [SignerInline]

    def get_readonly_fields(self, request, obj=None):
        return ["name"] if obj else []

    def has_delete_permission(self, request, obj=None):
        return False
