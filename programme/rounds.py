"""Going through the promises: most are checked with no change, some move, some end."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.db.models import Q

from programme import promises
from programme.listing import say_more
from programme.models import Check, Milestone, ProgressRound
from programme.statuses import ENDED
from publishing import actions, public_record, references
from publishing.actions.lock import publishing_lock
from publishing.models import Edition, EditionQuerySet
from publishing.moments import Moment, earlier
from publishing.reading import whole
from publishing.references import Reference


class Happened(models.TextChoices):
    """What was found, in the words of the list."""

    STARTED = "started", "Work has begun"
    DONE = "done", "Done"
    COULD_NOT = "could not", "We could not do this"
    SLIPPED = "slipped", "Slipped back"


# Where the note of a row belongs, by what happened.
NOTE_BELONGS_TO = {
    Happened.STARTED: "started_note",
    Happened.DONE: "proof",
    Happened.COULD_NOT: "could_not_because",
    Happened.SLIPPED: "slipped_back_because",
}
DAY_BELONGS_TO = {
    Happened.STARTED: "started_on",
    Happened.DONE: "done_on",
    Happened.SLIPPED: "slipped_back_on",
}


@dataclass(frozen=True)
class Found:
    """What somebody found about one promise."""

    document_id: int
    note: str = ""
    happened: str = ""
    due_words: str = ""
    cause: str = ""
    agreed_by: str = ""

    @property
    def is_change(self) -> bool:
        return bool(self.happened or self.due_words)

    def columns(self, day: dt.date) -> dict[str, object]:
        """What changes in the promise. Its note is the reason, or the proof."""
        columns: dict[str, object] = {}
        if self.due_words:
            columns |= {
                "due_words": self.due_words,
                "why_changed": self.note,
                "cause": self.cause,
                "change_agreed_by": self.agreed_by,
            }
        if self.happened:
            happened = Happened(self.happened)
            columns[NOTE_BELONGS_TO[happened]] = self.note
            if happened in DAY_BELONGS_TO:
                columns[DAY_BELONGS_TO[happened]] = day
        return columns

    def in_words(self, day: dt.date) -> str:
        """The public note of the change."""
        said = [f"New date: {self.due_words}."] if self.due_words else []
        if self.happened:
            said.append(f"{Happened(self.happened).label}.")
        return f"Checked on {day:%-d %B %Y}. {' '.join(said)}"


@dataclass
class Row:
    """One promise in the list: as the public sees it, and what this round says of it so far."""

    promise: Milestone
    check: Check | None = None
    draft: Milestone | None = None
    problems: list = field(default_factory=list)


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
    return rows


def drafts_of(documents: list[int]) -> dict[int, Milestone]:
    """The draft of each promise that has one, with all that its problems are found by."""
    found = Milestone.objects.working().filter(document__in=documents, published_at=None)
    drafts: list[Any] = public_record.whole(Milestone, set(found.values_list("pk", flat=True)))
    before = Milestone.objects.in_bulk({draft.based_on_id for draft in drafts} - {None})
    for draft in drafts:
        draft.known_before = before.get(draft.based_on_id)
    return {draft.document_id: draft for draft in drafts}


def unchecked(round_: ProgressRound, found: Iterable[Milestone]) -> list[Milestone]:
    """Those that this round says nothing about yet: “all” never overwrites a change."""
    checked = set(round_.checks.values_list("milestone", flat=True))
    return [promise for promise in found if promise.document_id not in checked]


# Writing


def check_unchanged(round_: ProgressRound, documents: Iterable[int], *, note: str = "", by) -> int:
    """Notes that these promises were checked and nothing changed. One note may serve them all."""
    new = [{"milestone_id": each, "is_unchanged": True, "note": note} for each in documents]
    write_checks(round_, new, by)
    return len(new)


def record(round_: ProgressRound, found: list[Found], *, by) -> list[str]:
    """Notes what was found. Promises that change become drafts which go out with the round.

    Returns why some could not be drafted: the others are.
    """
    refusals, checks = [], []
    with publishing_lock():
        for each in found:
            try:
                if each.is_change:
                    with transaction.atomic():
                        draft_change(round_, each, by)
            except actions.NotAllowed as refusal:
                refusals.append(str(refusal))
                continue
            is_unchanged = not each.is_change
            note = each.note if is_unchanged else ""
            checks.append(
                {"milestone_id": each.document_id, "is_unchanged": is_unchanged, "note": note}
            )
        write_checks(round_, checks, by)
    return refusals


def write_checks(round_: ProgressRound, new: list[dict], by) -> None:
    """Adds these checks; a promise that was checked before in this round gets the newer one."""
    again = {check["milestone_id"] for check in new}
    kept = [
        {"milestone_id": row.milestone_id, "is_unchanged": row.is_unchanged, "note": row.note}
        for row in round_.checks.all()
        if row.milestone_id not in again
    ]
    actions.rewrite_draft(round_, by=by, columns={}, parts={Check: [*kept, *new]})


def draft_change(round_: ProgressRound, found: Found, by) -> None:
    working = Edition.objects.working().get(document=found.document_id)
    if working.published_at:
        working = actions.start_edition(working.document, by=by)
    draft = Milestone.objects.get(pk=working.pk)
    columns = found.columns(round_.checked_on)
    columns["change_note"] = found.in_words(round_.checked_on)
    actions.rewrite_draft(draft, by=by, columns=columns)
    if draft.release_id != round_.release_id:
        actions.join_release(draft, round_.release, by=by)


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
