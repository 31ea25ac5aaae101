"""Going through the promises: most are checked with no change, some move, some end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Q

from programme import promises
from programme.found import Found, found_in
from programme.listing import say_more
from programme.models import Check, Milestone, ProgressRound
from programme.statuses import ENDED
from publishing import references
from publishing.models import EditionQuerySet
from publishing.moments import Moment, earlier
from publishing.reading import whole
from publishing.references import Reference
from publishing.whole_editions import with_parts


@dataclass
class Row:
    """One promise in the list: as the public sees it, and what this round says of it so far."""

    promise: Milestone
    check: Check | None = None
    draft: Milestone | None = None
    problems: list = field(default_factory=list)
    found: Found | None = None  # what its draft in this round says


# Reading


def to_check(moment: Moment, *, with_ended: bool = False) -> models.QuerySet[Milestone]:
    """The public promises that are still open, the earliest first date first."""
    rows = promises.told(Milestone.objects.as_of(moment), moment)
    if not with_ended:
        rows = rows.exclude(status__in=ENDED)
    return rows.select_related("document", "body").order_by(
        models.F("first_due_on").asc(nulls_last=True), "document_id"
    )


def rows_of(round_: ProgressRound, found: Iterable[Milestone], moment: Moment) -> list[Row]:
    """Each promise with its check in this round and its draft, if it has one."""
    found = say_more(list(found), moment)
    checks = {check.milestone_id: check for check in round_.checks.all()}
    rows = [Row(promise, checks.get(promise.document_id)) for promise in found]
    drafts = drafts_of([row.promise.document_id for row in rows])
    for row in rows:
        row.draft = drafts.get(row.promise.document_id)
        if row.draft:
            row.problems = row.draft.problems()
            if row.draft.release_id == round_.release_id:
                row.found = found_in(row.draft, row.promise)
        elif row.check:
            row.found = Found(row.promise.document_id, note=row.check.note)
    return rows


def drafts_of(documents: list[int]) -> dict[int, Milestone]:
    """The draft of each promise that has one, with all that its problems are found by."""
    found = Milestone.objects.working().filter(document__in=documents, published_at=None)
    drafts: list[Any] = with_parts(Milestone, list(found.values_list("pk", flat=True)))
    before = Milestone.objects.in_bulk({draft.based_on_id for draft in drafts} - {None})
    for draft in drafts:
        draft.known_before = before.get(draft.based_on_id)
    return {draft.document_id: draft for draft in drafts}


def unchecked(round_: ProgressRound, found: Iterable[Milestone]) -> list[Milestone]:
    """Those that this round says nothing about yet: “all” never overwrites a change."""
    checked = set(round_.checks.values_list("milestone", flat=True))
    checked |= set(round_.release.editions.values_list("document", flat=True))
    return [promise for promise in found if promise.document_id not in checked]


def filters(asked: Mapping[str, str]) -> Q:
    """Which promises the list shows: by body, by problem, by words in the title."""
    wanted = Q()
    if number := key_in(asked, "body"):
        wanted &= Q(body=number)
    if number := key_in(asked, "problem"):
        wanted &= Q(areas__area=number)
    if words := asked.get("q", "").replace("\0", "").strip():
        wanted &= Q(title__icontains=words) | Q(document__slug__istartswith=words.replace(".", "_"))
    return wanted


def key_in(asked: Mapping[str, str], name: str) -> int | None:
    """A row's number out of an address; what no database can look for is none."""
    text = asked.get(name, "")
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


# For families


def whole_rounds(moment: Moment) -> EditionQuerySet:
    return whole(ProgressRound.objects.all(), moment).prefetch_related("checks")


def latest(moment: Moment) -> ProgressRound | None:
    rounds = ProgressRound.objects.as_of(moment).select_related("document")
    return rounds.order_by("-checked_on").first()


@dataclass(frozen=True)
class Group:
    """Promises about which a round says the same."""

    note: str
    promises: list[Reference]


def groups_of(round_: ProgressRound, moment: Moment) -> tuple[list[Milestone], list[Group]]:
    """What changed, as it stood at the check, and what did not, by note: one may serve several."""
    checks = list(round_.checks.all())
    named = references.of_documents([check.milestone_id for check in checks], moment)
    changed: list[int] = []
    same: dict[str, list[Reference]] = {}
    for check in checks:
        if check.milestone_id not in named:
            continue
        if check.is_unchanged:
            same.setdefault(check.note, []).append(named[check.milestone_id])
        else:
            changed.append(check.milestone_id)
    return at_the_check(round_, changed, moment), [
        Group(note, same[note]) for note in sorted(same, reverse=True)
    ]


def at_the_check(round_: ProgressRound, documents: list[int], moment: Moment) -> list[Milestone]:
    """These promises as the round published them; `new_date` is set where it moved them."""
    at = earlier(moment, round_.published_at) if round_.published_at else moment
    rows = promises.told(Milestone.objects.as_of(at), at).filter(document__in=documents)
    found = say_more(list(rows.select_related("document", "body").order_by("document_id")), at)
    for promise in found:
        is_moved_here = promise.move and promise.move.release_id == round_.release_id
        promise.new_date = promise.due.in_words if is_moved_here else ""
    return found
