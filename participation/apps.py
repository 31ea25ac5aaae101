"""What people tell us, and what we tell them."""

from django.apps import AppConfig, apps
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate


class ParticipationConfig(AppConfig):
    name = "participation"
    verbose_name = "Listening"

    def ready(self):
        from participation import checks, roles

        register(checks.somebody_hears_of_danger, Tags.security, deploy=True)
        # Once, when the permissions of all our apps are there: auth stands below them in the list.
        post_migrate.connect(roles.remake, sender=apps.get_app_config("auth"))
