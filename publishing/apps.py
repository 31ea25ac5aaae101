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
    from django.contrib.auth.models import Group, Permission

    from publishing.models import Signer

    user = get_user_model()
    for saved in (user, Signer):
        post_save.connect(check_schedule, sender=saved)
    # However a right is lost: by the person, by their role, or with the role itself.
    for rights in (user.groups, user.user_permissions, Group.permissions):
        m2m_changed.connect(check_schedule, sender=rights.through)
    for deleted in (Group, Permission, Signer):
        post_delete.connect(check_schedule, sender=deleted)


def check_schedule(*, raw=False, update_fields=None, action="", **kwargs) -> None:
    """Nothing goes public in the name of somebody who may no longer publish or sign."""
    from publishing import actions

    is_only_a_log_in = update_fields == {"last_login"}
    if not (raw or is_only_a_log_in or action.startswith("pre_")):
        actions.unschedule_unfit()
