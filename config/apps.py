"""Which admin staff get: Django's own, with our index."""

from django.contrib.admin.apps import AdminConfig


class StaffConfig(AdminConfig):
    default_site = "website.staff.StaffSite"
