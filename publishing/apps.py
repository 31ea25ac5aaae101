"""The publishing app: what must stand after each migration is remade here."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, post_save, pre_migrate


class PublishingConfig(AppConfig):
    name = "publishing"
    verbose_name = "Publishing"

    def ready(self):
        from publishing import checks, guards, roles  # noqa: F401 - registers the checks

        pre_migrate.connect(guards.step_aside, sender=self)
        post_migrate.connect(guards.remake)
        post_migrate.connect(roles.remake)
        post_save.connect(unschedule_for_closed_account, sender="auth.User")


def unschedule_for_closed_account(*, instance, raw=False, **kwargs):
    """Nothing goes public in the name of somebody who has left."""
    from publishing import actions
    from publishing.models import Edition

    if not (instance.is_active or raw) and Edition.objects.scheduled().exists():
        actions.unschedule_all_of(instance)
