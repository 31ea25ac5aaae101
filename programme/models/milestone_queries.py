"""Which promises stand at a moment, and which were known by then."""

from __future__ import annotations

from django.db.models import Q

from publishing.models import EditionQuerySet
from publishing.moments import Moment


class MilestoneQuerySet(EditionQuerySet):
    """No promise is ever taken down, so none of these questions asks who was."""

    def appeared_by(self, moment: Moment):
        """Nothing was ever removed from the past."""
        return self.filter(published_at__lte=moment.at)

    def as_of(self, moment: Moment):
        standing = self.appeared_by(moment).filter(
            Q(superseded_at=None) | Q(superseded_at__gt=moment.at)
        )
        return self.with_release(standing, moment)

    def known_at(self, moment: Moment):
        return self.with_release(self.learned_by(moment), moment)
