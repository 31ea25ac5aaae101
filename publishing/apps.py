"""The publishing app: what must stand after each migration is remade here."""

from django.apps import AppConfig, apps
from django.db.models.signals import (
    m2m_changed,
    post_delete,
    post_migrate,
    post_save,
    pre_migrate,
)


class PublishingConfig(AppConfig):
    name = "publishing"
    verbose_name = "Publishing"

    def ready(self):
        from publishing import checks, guards, roles, search, sizes  # noqa: F401 - registers the checks

        pre_migrate.connect(guards.step_aside, sender=self)
        post_migrate.connect(guards.remake, sender=self)
        # Once, when the permissions of all our apps are there: auth stands below them in the list.
        post_migrate.connect(roles.remake, sender=apps.get_app_config("auth"))
        post_migrate.connect(sizes.tell, sender=self)
        post_migrate.connect(search.remake, sender=self)
        connect_to_accounts()


def connect_to_accounts() -> None:
    """Whoever leaves, or loses a role or a post, takes their scheduled pages off the schedule."""
    from django.contrib.auth import get_user_model

    from publishing.models import Signer

    user = get_user_model()
    post_save.connect(check_schedule, sender=user)
    m2m_changed.connect(check_schedule, sender=user.groups.through)
    m2m_changed.connect(check_schedule, sender=user.user_permissions.through)
    post_delete.connect(check_schedule, sender=Signer)


def check_schedule(*, instance, raw=False, **kwargs) -> None:
    """Nothing goes public in the name of somebody who may no longer publish or sign."""
    from django.contrib.auth import get_user_model

    from publishing import actions
    from publishing.models import Edition

    if raw or not Edition.objects.scheduled().exists():
        return
    person = getattr(instance, "user", instance)
    if isinstance(person, get_user_model()):
        actions.unschedule_unfit(get_user_model().objects.get(pk=person.pk))
