"""The three roles of staff, as Django groups; remade after each migration."""

from django.apps import apps as all_apps
from django.db.models import Q

AUTHOR, REVIEWER, PUBLISHER = "author", "reviewer", "publisher"

# Permissions on the release: the verbs. publishing/actions asks for these by name.
VERBS = {
    AUTHOR: ["write_release"],
    REVIEWER: ["sign_off_release"],
    PUBLISHER: ["write_release", "sign_off_release", "publish_release"],
}


def remake(*, using, apps=all_apps, **kwargs) -> None:
    """Gives each role its verbs, and the sight or the editing of every kind of page."""
    from django.contrib.auth.models import Group, Permission

    from publishing.models.editions import kinds
    from publishing.models.releases import Release

    if not Permission.objects.using(using).filter(codename="publish_release").exists():
        return
    pages = [*kinds(), *(part for kind in kinds() for part in kind.part_models())]
    for role, verbs in VERBS.items():
        acts = ["view"] if role == REVIEWER else ["view", "add", "change", "delete"]
        wanted = Q(codename__in=verbs, content_type__app_label=Release._meta.app_label)
        for model in pages:
            names = [f"{act}_{model._meta.model_name}" for act in acts]
            wanted |= Q(codename__in=names, content_type__app_label=model._meta.app_label)
        group, _ = Group.objects.using(using).get_or_create(name=role)
        group.permissions.add(*Permission.objects.using(using).filter(wanted))
