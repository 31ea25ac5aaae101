"""The three roles of staff, as Django groups; remade after each migration."""

from django.apps import apps
from django.db.models import Q

AUTHOR, REVIEWER, PUBLISHER = "author", "reviewer", "publisher"

# Permissions on the release: the verbs. publishing/actions asks for these by name.
VERBS = {
    AUTHOR: ["write_release"],
    REVIEWER: ["sign_off_release"],
    PUBLISHER: ["write_release", "sign_off_release", "publish_release"],
}


def remake(*, using, **kwargs) -> None:
    """Gives each role its verbs, and the sight or the editing of every kind of page."""
    from django.contrib.auth.models import Group, Permission

    from publishing.models.editions import kinds
    from publishing.models.releases import Release

    if not Permission.objects.using(using).filter(codename="publish_release").exists():
        return
    pages = [*kinds(), *(part for kind in kinds() for part in kind.part_models())]
    # Reference data of the content apps, such as terms; who must sign stays with administrators.
    kept = [
        model
        for model in apps.get_models()
        if hasattr(model, "insert_only_fields") and model._meta.app_label != "publishing"
    ]
    for role, verbs in VERBS.items():
        acts = ["view"] if role == REVIEWER else ["view", "add", "change", "delete"]
        wanted = Q(codename__in=verbs, content_type__app_label=Release._meta.app_label)
        of_kept = ["view", "add", "change"] if role == PUBLISHER else ["view"]
        for model, mine in [*((page, acts) for page in pages), *((m, of_kept) for m in kept)]:
            # What others say through a link, staff only look at.
            may = ["view"] if getattr(model, "SPEAKS_THROUGH", None) else mine
            names = [f"{act}_{model._meta.model_name}" for act in may]
            wanted |= Q(codename__in=names, content_type__app_label=model._meta.app_label)
        group, _ = Group.objects.using(using).get_or_create(name=role)
        group.permissions.add(*Permission.objects.using(using).filter(wanted))
