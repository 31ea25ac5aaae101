"""What was found about each promise in a check, and keeping it as drafts until all is signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import models, transaction

from programme.models import Check, Milestone, ProgressRound
from publishing import actions
from publishing.actions.lock import publishing_lock
from publishing.models import Edition

VERB = "keep this"


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
NEEDS_A_DAY = (Happened.DONE, Happened.SLIPPED)
NOTE_SAYS = {
    Happened.STARTED: "Say what has been done so far.",
    Happened.DONE: "Say what shows that it is done.",
    Happened.COULD_NOT: "Say why it cannot be done.",
    Happened.SLIPPED: "Say why it slipped back.",
}
# What no longer holds once this has happened.
NOT_GIVEN_UP: dict[str, object] = {"could_not_because": "", "instead": ""}
NO_LONGER_SO: dict[Happened, dict[str, object]] = {
    Happened.STARTED: NOT_GIVEN_UP,
    Happened.DONE: {**NOT_GIVEN_UP, "slipped_back_on": None, "slipped_back_because": ""},
}
# All that a row of the list can write into a promise.
WRITTEN_BY_A_CHECK = (
    "due_words",
    "instead",
    *NOTE_BELONGS_TO.values(),
    *DAY_BELONGS_TO.values(),
    *sorted(Milestone.SAID_ONCE),
)
# What two editions may say differently without saying anything else of the promise.
OF_THE_EDITION = {"change_note", "source", "source_date", "originally_at", *Milestone.SAID_ONCE}


@dataclass(frozen=True)
class Found:
    """What somebody found about one promise."""

    document_id: int
    note: str = ""
    happened: str = ""
    on_day: dt.date | None = None
    due_words: str = ""
    cause: str = ""
    instead: str = ""
    agreed_by: str = ""

    @property
    def is_change(self) -> bool:
        return bool(self.happened or self.due_words)

    def missing(self) -> Iterator[tuple[str, str]]:
        """Which fields are still empty, and what belongs there.

        A date does not move, and nothing ends, without a word to families; and the day on which
        somebody looked is not the day on which it was done.
        """
        if self.due_words and not self.note:
            yield "note", "Say why the date moves: families read this."
        if self.due_words and not self.cause:
            yield "cause", "Choose why the date moves."
        if not self.happened:
            return
        happened = Happened(self.happened)
        if not self.note:
            yield "note", NOTE_SAYS[happened]
        if happened in NEEDS_A_DAY and self.on_day is None:
            yield "on_day", "Say on which day: it decides whether it was on time."
        if happened == Happened.COULD_NOT and not self.instead:
            yield "instead", "Say what we do instead; if nothing, say so."

    def columns(self) -> dict[str, object]:
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
            columns |= NO_LONGER_SO.get(happened, {})
            columns[NOTE_BELONGS_TO[happened]] = self.note
            if happened in DAY_BELONGS_TO and self.on_day:
                columns[DAY_BELONGS_TO[happened]] = self.on_day
            if happened == Happened.COULD_NOT:
                columns["instead"] = self.instead
        return columns

    def in_words(self, checked_on: dt.date) -> str:
        """The public note of the change."""
        said = [f"New date: {self.due_words}."] if self.due_words else []
        if self.happened:
            day = f" on {self.on_day:%-d %B %Y}" if self.on_day else ""
            said.append(f"{Happened(self.happened).label}{day}.")
        return f"Checked on {checked_on:%-d %B %Y}. {' '.join(said)}"


def found_in(draft: Milestone, public: Milestone) -> Found:
    """What a draft says that is not public yet, as a row of the list would say it."""

    def new(name: str):
        value = getattr(draft, name)
        return value if value != getattr(public, name) else None

    def is_new(happened: Happened) -> bool:
        day = DAY_BELONGS_TO.get(happened)
        return bool(new(NOTE_BELONGS_TO[happened]) or (day and new(day)))

    happened = next(filter(is_new, reversed(Happened)), None)
    return Found(
        draft.document_id,
        note=getattr(draft, NOTE_BELONGS_TO[happened]) if happened else draft.why_changed,
        happened=happened or "",
        on_day=getattr(draft, DAY_BELONGS_TO[happened]) if happened in DAY_BELONGS_TO else None,
        due_words=new("due_words") or "",
        cause=draft.cause,
        instead=new("instead") or "",
        agreed_by=draft.change_agreed_by,
    )


# Keeping it


def check_unchanged(
    round_: ProgressRound, documents: Iterable[int], *, note: str = "", by
) -> list[int]:
    """Notes that these promises were checked and nothing changed. One note may serve them all.

    Returns those of which that would not be true: they go out changed with this very check.
    """
    changing = set(round_.release.editions.values_list("document", flat=True))
    documents = list(documents)
    unchanged = [each for each in documents if each not in changing]
    write_checks(round_, [Found(each, note=note) for each in unchanged], by)
    return [each for each in documents if each in changing]


def record(round_: ProgressRound, found: list[Found], *, by) -> dict[int, str]:
    """Notes what was found. Promises that change become drafts which go out with the round.

    Returns why some could not be kept, by their documents: the others are.
    """
    refusals: dict[int, str] = {}
    kept = []
    with publishing_lock():
        for each in found:
            try:
                with transaction.atomic():
                    keep(round_, each, by)
            except actions.NotAllowed as refusal:
                refusals[each.document_id] = str(refusal)
            else:
                kept.append(each)
        write_checks(round_, kept, by)
    return refusals


def keep(round_: ProgressRound, found: Found, by) -> None:
    if missing := [words for _, words in found.missing()]:
        raise actions.NotAllowed(VERB, missing[0])
    if found.is_change:
        draft_change(round_, found, by)
    elif take_back_draft(round_, found.document_id, by):
        raise actions.NotAllowed(
            VERB, "its draft goes out with this check and says something else too. Open the draft."
        )


def take_back(round_: ProgressRound, document_id: int, *, by) -> None:
    """What this check said of a promise is said no more."""
    with publishing_lock():
        take_back_draft(round_, document_id, by)
        write_checks(round_, [], by, without=document_id)


def take_back_draft(round_: ProgressRound, document_id: int, by) -> bool:
    """The draft says again what is public. Whether it is still there: it may say other things."""
    draft = draft_in(round_, document_id)
    if draft is None:
        return False
    actions.rewrite_draft(draft, by=by, columns=as_public(draft))
    if says_the_same(draft, draft.before):
        actions.discard_draft(draft, by=by)
        return False
    return True


def draft_in(round_: ProgressRound, document_id: int) -> Milestone | None:
    return Milestone.objects.filter(release=round_.release_id, document=document_id).first()


def as_public(draft: Milestone) -> dict[str, object]:
    """The columns that a check can write, as they are public now."""
    before = draft.before
    return {
        name: "" if name in draft.SAID_ONCE else getattr(before, name)
        for name in WRITTEN_BY_A_CHECK
        if before
    }


def says_the_same(draft: Milestone, public: Milestone | None) -> bool:
    if public is None:
        return False
    now, before = (
        {name: value for name, value in edition.content().items() if name not in OF_THE_EDITION}
        for edition in (draft, public)
    )
    return now == before


def draft_change(round_: ProgressRound, found: Found, by) -> None:
    draft = draft_in(round_, found.document_id)
    # What was written into the row before gives way to what is written now.
    columns = as_public(draft) if draft else {}
    if draft is None:
        working = Edition.objects.working().get(document=found.document_id)
        if working.published_at:
            working = actions.start_edition(working.document, by=by)
        draft = Milestone.objects.get(pk=working.pk)
    columns |= found.columns()
    columns["change_note"] = found.in_words(round_.checked_on)
    actions.rewrite_draft(draft, by=by, columns=columns)
    if draft.release_id != round_.release_id:
        actions.join_release(draft, round_.release, by=by)
    for problem in draft.problems():
        if problem.field in columns:
            raise actions.NotAllowed(VERB, problem.message)


def write_checks(round_: ProgressRound, new: list[Found], by, *, without: int = 0) -> None:
    """Adds these checks; a promise that was checked before in this round gets the newer one."""
    again = {each.document_id for each in new} | {without}
    kept = [
        {"milestone_id": row.milestone_id, "is_unchanged": row.is_unchanged, "note": row.note}
        for row in round_.checks.all()
        if row.milestone_id not in again
    ]
    added = [
        {
            "milestone_id": each.document_id,
            "is_unchanged": not each.is_change,
            "note": "" if each.is_change else each.note,
        }
        for each in new
    ]
    actions.rewrite_draft(round_, by=by, columns={}, parts={Check: [*kept, *added]})
