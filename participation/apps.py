"""What people tell us, and what we tell them."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ParticipationConfig(AppConfig):
    name = "participation"
    verbose_name = "Listening"

    def ready(self):
        from participation import roles

        post_migrate.connect(roles.remake)
