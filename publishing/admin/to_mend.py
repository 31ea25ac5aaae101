"""What stops an edition, line by line, and where in whose form each is mended."""

from collections.abc import Iterator
from typing import NamedTuple

from django.contrib.admin.sites import AdminSite
from django.urls import reverse

from publishing.actions import NotAllowed
from publishing.models import Edition


class ToMend(NamedTuple):
    message: str
    address: str
    page: str  # its title, where it is another one than the page that is looked at


def lines_to_mend(site: AdminSite, request, refusal: NotAllowed, edition: Edition) -> list[ToMend]:
    """The problems that a refusal names, seen from the page of `edition`; none without fields."""
    if refusal.edition is None:
        return []
    ill = refusal.edition
    page = "" if ill.pk == edition.pk else ill.title
    meta = ill.document.kind_model._meta
    form = reverse(f"{site.name}:{meta.app_label}_{meta.model_name}_change", args=[ill.pk])
    fields = dict(places_in_form(site, request, ill))
    return [
        ToMend(problem.message, form + fields.get(problem.field, ""), page)
        for problem in refusal.problems
    ]


def places_in_form(site: AdminSite, request, edition: Edition) -> Iterator[tuple[str, str]]:
    """Each field and each list of rows, with the anchor that the browser jumps to."""
    page = site.get_model_admin(edition.document.kind_model)
    concrete = page.get_object(request, str(edition.pk))
    form = page.get_form(request, concrete, change=True)(instance=concrete)
    for field in form:
        yield field.name, f"#{field.id_for_label or field.auto_id}"
    for formset, _ in page.get_formsets_with_inlines(request, concrete):
        name = formset.get_default_prefix()
        yield name, f"#{name}-group"
