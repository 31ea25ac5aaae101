"""The publishing app: what must stand after each migration is remade here."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class PublishingConfig(AppConfig):
    name = "publishing"
    verbose_name = "Publishing"

    def ready(self):
        from publishing import checks, guards, roles  # noqa: F401 - registers the checks

        pre_migrate.connect(guards.step_aside, sender=self)
        post_migrate.connect(guards.remake)
        post_migrate.connect(roles.remake)
