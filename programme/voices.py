"""What others say of us, beside our own marks: inspectors and the government, and families."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import models
from django.db.models import F
from django.db.models.functions import Coalesce

from programme.models import Finding, TimelineEvent
from publishing.models import Document
from publishing.moments import LONDON, Moment

NEWEST = 2  # of each voice

INSPECTORS = (Finding.Voice.INSPECTORS,)
OFFICIAL = (*INSPECTORS, Finding.Voice.GOVERNMENT)
FAMILIES = (Finding.Voice.FAMILIES,)


@dataclass(frozen=True)
class Voices:
    """The newest findings of each voice, each with its `edition`: the event that says it."""

    inspectors: list[Finding]
    families: list[Finding]

    def __bool__(self) -> bool:
        return bool(self.inspectors or self.families)


def voices(moment: Moment, area: Document | int | None = None) -> Voices:
    """What stands at the moment about one problem, given by its document; or about all of it.

    Two queries. “We say” is no voice here: a page gives its own counts to the component.
    """
    return Voices(
        inspectors=newest(moment, area, OFFICIAL),
        families=newest(moment, area, FAMILIES),
    )


def families_on_everything(moment: Moment) -> Finding | None:
    """What families said last about all of it, for the first page. One query."""
    return next(iter(newest(moment, None, FAMILIES, limit=1)), None)


def inspectors_on_everything(moment: Moment, *, since: dt.datetime | None) -> Finding | None:
    """What inspectors found last about all of it, if that was after a moment. One query."""
    found = next(iter(newest(moment, None, INSPECTORS, limit=1)), None)
    if found is None or since is None:
        return found
    found_on = found.edition.happened.last
    return found if found_on and found_on > since.astimezone(LONDON).date() else None


def newest(
    moment: Moment, area: Document | int | None, wanted, *, limit: int = NEWEST
) -> list[Finding]:
    events = TimelineEvent.objects.as_of(moment).values("pk")
    findings = Finding.objects.filter(edition__in=events, voice__in=wanted, area=area)
    said_on = Coalesce(F("edition__happened_on"), F("edition__expected_on"))
    return list(
        findings.select_related("edition__document")
        .order_by(said_on.desc(), "-edition__document_id", "position", "key")
        .fetch_mode(models.FETCH_RAISE)[:limit]
    )
