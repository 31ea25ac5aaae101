"""Which promises stand at a moment, and which were known by then."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from publishing.models import Edition, EditionQuerySet
from publishing.moments import Moment


class MilestoneQuerySet(EditionQuerySet):
    def appeared_by(self, moment: Moment):
        """Nothing was ever removed from the past: no promise is taken down."""
        return self.filter(published_at__lte=moment.at)

    def as_of(self, moment: Moment):
        """What stands at the moment. No promise is taken down, so nobody asks who was."""
        standing = self.appeared_by(moment).filter(
            Q(superseded_at=None) | Q(superseded_at__gt=moment.at)
        )
        return self.with_release(standing, moment)

    def known_at(self, moment: Moment):
        """The newest edition of each promise that this site had learned of by the moment.

        Not the same as `as_of`: what was added later under an old date was not known then.
        """
        recorded = Q(imported_at=None) | Q(imported_at__lte=moment.at)
        newer = Edition.objects.filter(
            recorded,
            document=OuterRef("document"),
            number__gt=OuterRef("number"),
            published_at__lte=moment.at,
        )
        return self.with_release(
            self.appeared_by(moment).filter(recorded).exclude(Exists(newer)), moment
        )

    def with_release(self, standing, moment: Moment):
        """In a preview, the editions of its release stand in for those they replace."""
        if moment.including is None:
            return standing
        replaced = moment.including.editions.values("document")
        return self.filter(
            Q(release=moment.including)
            | Q(pk__in=standing.exclude(document__in=replaced).values("pk"))
        )
