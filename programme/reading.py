"""What the pages of the plan read."""

from __future__ import annotations

from programme.models import Area
from publishing.models import EditionQuerySet
from publishing.moments import Moment
from publishing.reading import whole

AREAS_AT_MOST = 100


def whole_areas(moment: Moment) -> EditionQuerySet:
    return whole(Area.objects.all(), moment)


def areas(moment: Moment) -> EditionQuerySet:
    """The problems that stand, in their order."""
    standing = Area.objects.as_of(moment).select_related("document")
    return standing.order_by("area_number", "document_id")[:AREAS_AT_MOST]
