"""What belongs to a page: its feed has it, and who follows the page by e-mail hears of it."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db import models
from django.db.models import Q, QuerySet

from programme.models import Check, Finding, ForumCheck, Measure, Milestone, MilestoneArea
from publishing import moments
from publishing.models import Edition, LedgerEntry
from publishing.moments import Moment
from updates.models import PromiseAnswer, YouSaidWeDid


class Tie(NamedTuple):
    """Rows by which one page belongs to another: pages themselves, or parts of them.

    `page` is the column that names the page it belongs to. Of what is not `told` a feed has a
    line, and nobody gets a mail.
    """

    rows: type[models.Model]
    page: str
    told: Q = Q()

    @property
    def edition(self) -> str:
        return "pk" if issubclass(self.rows, Edition) else "edition"

    @property
    def kind(self) -> str:
        if issubclass(self.rows, Edition):
            return self.rows._meta.label_lower
        edition: Any = self.rows._meta.get_field("edition").related_model
        return edition._meta.label_lower


TIES = (
    # To a problem.
    Tie(MilestoneArea, "area"),
    Tie(Measure, "of_area"),
    Tie(YouSaidWeDid, "of_area"),
    Tie(Finding, "area"),
    # To a promise. One that changed in a check has a line of its own.
    Tie(Check, "milestone", told=~Q(note="")),
    Tie(PromiseAnswer, "milestone"),
    Tie(Finding, "promise"),
    Tie(ForumCheck, "promise"),
)


def pages_told_of(entry: LedgerEntry) -> set[int]:
    """The documents to which the edition of a line belongs, whose followers get a mail."""
    told = {
        document
        for tie in TIES
        if tie.kind == entry.document_kind and entry.edition_id
        for document in tie.rows._base_manager.filter(
            tie.told, **{tie.edition: entry.edition_id, f"{tie.page}__isnull": False}
        ).values_list(tie.page, flat=True)
    }
    if entry.document_kind != ForumCheck._meta.label_lower:
        return told
    # What the forum says of a promise is news of its problems too.
    promises = Milestone.objects.as_of(moments.now()).filter(document__in=told)
    problems = MilestoneArea.objects.filter(edition__in=promises).values_list("area", flat=True)
    return told.union(problems)


def belongs_to(document: int, moment: Moment) -> Q:
    """For documents: the page itself, and all whose standing edition belongs to it."""
    editions = Edition.objects.as_of(moment)
    wanted = Q(pk=document)
    for tie in TIES:
        rows = tie.rows._base_manager.filter(**{tie.page: document})
        standing: QuerySet = editions.filter(pk__in=rows.values(tie.edition))
        wanted |= Q(pk__in=standing.values("document"))
    promises = MilestoneArea.objects.filter(
        area=document, edition__in=Milestone.objects.as_of(moment)
    )
    of_forum = ForumCheck.objects.as_of(moment).filter(
        promise__in=promises.values("edition__document")
    )
    return wanted | Q(pk__in=of_forum.values("document"))
