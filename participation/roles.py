"""Two roles beside the three of publishing: who answers messages, and who is on duty for children.

Who may publish may not by that read what families wrote: it is given to named people. They see
whether our e-mails leave, which names nobody.
"""

from publishing.roles import PUBLISHER

LISTENER, DUTY = "listener", "duty officer"
ACTS = {
    LISTENER: ["view_feedback", "change_feedback"],
    DUTY: ["view_feedback", "change_feedback", "see_safeguarding"],
    PUBLISHER: ["view_mail"],
}


def remake(*, using, **kwargs) -> None:
    """After each migration, as publishing/roles.py does."""
    from django.contrib.auth.models import Group, Permission

    for role, codenames in ACTS.items():
        acts = Permission.objects.using(using).filter(
            content_type__app_label="participation", codename__in=codenames
        )
        if acts:
            group, _ = Group.objects.using(using).get_or_create(name=role)
            group.permissions.add(*acts)
