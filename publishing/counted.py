"""What was counted is not counted again before the site changes.

Counting gets slower as the site grows, but the answer depends on two things only: the version of
the site, and the day. So each process keeps its answers for that version and day.
"""

import hashlib
from collections.abc import Callable
from typing import cast

from django.core.cache import caches
from django.db import connection
from django.db.models import OuterRef, Subquery

from publishing.models import LedgerEntry, SiteVersion
from publishing.moments import Moment


def counted[T](question: str, moment: Moment, count: Callable[[], T]) -> T:
    """The answer to a question about all that stands: asked of the database, or remembered.

    `question` names it among all questions. `count` is told nothing that is not in `question` or
    `moment`. Each caller gets a copy of its own.
    """
    site = site_at(moment)
    if not site:
        return count()
    key = hashlib.sha256(f"{site} {question}".encode()).hexdigest()
    return cast("T", caches["counted"].get_or_set(key, count))


def site_at(moment: Moment) -> str:
    """Which site it is that the moment looks at. Empty if only the database can answer.

    That is so in a preview; inside a transaction, which may see what nobody else ever will; before
    the newest line of the record, which a past day must not know; and when a release is due whose
    line nobody has written yet.
    """
    if moment.including is not None or connection.in_atomic_block:
        return ""
    newest = LedgerEntry.objects.filter(pk=OuterRef("newest_line")).values("recorded_at")
    facts = ("number", "newest_digest", "next_change_at", "learned_at")
    site = SiteVersion.objects.annotate(learned_at=Subquery(newest)).values(*facts).first()
    if site is None:
        return ""
    knows_all = site["learned_at"] is None or site["learned_at"] <= moment.at
    is_settled = site["next_change_at"] is None or site["next_change_at"] > moment.at
    if not (knows_all and is_settled):
        return ""
    # Its number alone could be another site's: a copy that was put back, or a test.
    return f"{site['number']} {site['newest_digest']} {moment.day}"
