"""What people tell us, and what we tell them."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class ParticipationConfig(AppConfig):
    name = "participation"
    verbose_name = "Listening"

    def ready(self):
        from participation import roles

        # Once, when the permissions of all our apps are there: auth stands below them in the list.
        post_migrate.connect(roles.remake, sender=apps.get_app_config("auth"))
