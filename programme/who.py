"""What the pages of who is responsible read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db import models
from django.db.models import Q

from programme.models import Role
from publishing.models import EditionQuerySet
from publishing.moments import Moment
from publishing.reading import edition_called, whole, with_first_appearance

ROLES_A_PAGE = 40


class RolesPage(NamedTuple):
    responsible: list[Role]
    checks: list[Role]
    after: str  # the last one shown, where the next page begins; empty on the last


def whole_roles(moment: Moment) -> EditionQuerySet:
    """Roles with all that their own page shows."""
    return whole(Role.objects.all(), moment).prefetch_related("holders")


def standing(moment: Moment) -> EditionQuerySet:
    return (
        with_first_appearance(Role.objects.as_of(moment), moment)
        .select_related("document")
        .prefetch_related("holders")
        .fetch_mode(models.FETCH_RAISE)
    )


def in_office(roles: Iterable[Role], moment: Moment) -> list[Role]:
    """The roles, each of which knows who holds it on the day."""
    found = list(roles)
    for role in found:
        role.stands = role.office(moment.day)
    return found


def roles_page(moment: Moment, *, after: Role | None) -> RolesPage:
    """Those who are responsible first, in the order that staff gave."""
    roles = standing(moment).order_by("-kind", "place", "title", "document_id")
    if after is not None:
        place, title = Q(place__gt=after.place), Q(place=after.place, title__gt=after.title)
        same = Q(place=after.place, title=after.title, document_id__gt=after.document_id)
        roles = roles.filter(Q(kind__lt=after.kind) | Q(kind=after.kind) & (place | title | same))
    found = in_office(roles[: ROLES_A_PAGE + 1], moment)
    shown = found[:ROLES_A_PAGE]
    return RolesPage(
        [role for role in shown if role.kind == Role.Kind.RESPONSIBLE],
        [role for role in shown if role.kind == Role.Kind.CHECKS],
        shown[-1].document.slug if len(found) > ROLES_A_PAGE else "",
    )


def role_called(slug: str, moment: Moment) -> Role | None:
    return edition_called(Role.objects.all(), moment, slug)
