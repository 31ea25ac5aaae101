"""Which editions are public at a moment, and which one of a page staff work on."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from publishing.models.documents import Withdrawal


def removed_from_past():
    """Withdrawals that reach back to the edition which a query asks about."""
    return Withdrawal.objects.removing_past().filter(from_at__gt=OuterRef("published_at"))


def lines_of_appearance():
    """The lines by which the edition that a query asks about became public."""
    from publishing.models.ledger import LedgerEntry

    return LedgerEntry.objects.appearances().filter(edition=OuterRef("pk"))


class EditionQuerySet(models.QuerySet):
    def as_of(self, moment):
        """What stands at the moment: every page, list, feed and count asks this."""
        # One question about withdrawals, not two: each page asks it several times.
        hiding = Withdrawal.objects.in_force(moment) | removed_from_past()
        standing = self.filter(
            Q(superseded_at=None) | Q(superseded_at__gt=moment.at), published_at__lte=moment.at
        ).exclude(Exists(hiding.filter(document=OuterRef("document"))))
        return self.with_release(standing, moment)

    def known_at(self, moment):
        """What this site had learned of by the moment and showed then.

        Not the same as `as_of`: what was added later under an old date was not known then, and
        what was removed from the past afterwards was. A number of the past is counted from it.
        """
        hiding = Withdrawal.objects.in_force(moment).filter(document=OuterRef("document"))
        return self.with_release(self.learned_by(moment).exclude(Exists(hiding)), moment)

    def learned_by(self, moment):
        """The newest edition of each document that this site had recorded by the moment."""
        from publishing.models.editions import Edition

        recorded = Q(imported_at=None) | Q(imported_at__lte=moment.at)
        newer = Edition.objects.filter(
            recorded,
            document=OuterRef("document"),
            number__gt=OuterRef("number"),
            published_at__lte=moment.at,
        )
        return self.filter(recorded, published_at__lte=moment.at).exclude(Exists(newer))

    def with_release(self, standing, moment):
        """In a preview, the editions of its release stand in for those they replace."""
        if moment.including is None:
            return standing
        replaced = moment.including.editions.values("document")
        return self.filter(
            Q(release=moment.including)
            | Q(pk__in=standing.exclude(document__in=replaced).values("pk"))
        )

    def ever_public(self, moment):
        """What has stood by the moment: for history pages and the ledger's pages only."""
        appeared = self.appeared_by(moment)
        if moment.including is None:
            return appeared
        return self.filter(Q(release=moment.including) | Q(pk__in=appeared.values("pk")))

    def appeared_by(self, moment):
        """Public at some time up to the moment, and not removed from the past."""
        removed = removed_from_past().filter(document=OuterRef("document"))
        return self.filter(published_at__lte=moment.at).exclude(Exists(removed))

    def working(self):
        """The one edition of each document that staff work on: the newest not parked."""
        from publishing.models.editions import Edition

        newer = Edition.objects.filter(
            document=OuterRef("document"), is_waiting=False, number__gt=OuterRef("number")
        )
        return self.filter(is_waiting=False).exclude(Exists(newer))

    def due(self, at):
        """Public by the clock, without a ledger line yet; oldest first."""
        return self.without_a_line().filter(published_at__lte=at).order_by("published_at", "pk")

    def out_by(self, at):
        """Public by the clock, or by its line: by a clock that was set back it would not be."""
        published = self.exclude(published_at=None)
        return published.filter(Q(published_at__lte=at) | Exists(lines_of_appearance()))

    def scheduled(self, at):
        """To go public later. What has its line is public, also by a clock that was set back."""
        return self.without_a_line().filter(published_at__gt=at)

    def without_a_line(self):
        return self.exclude(Exists(lines_of_appearance()))
