"""One promise, with every date it ever had: who changed what, when and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from programme import forum, promises
from programme.figures import Slips, slips
from programme.forum import ForumSays
from programme.listing import say_more, standing
from programme.loose_dates import on_or_in
from programme.models import Milestone, Plan, PlanReference
from programme.promise_events import heading
from programme.reading import LED_TO_AT_MOST, lines
from programme.statuses import Confirmer
from publishing import history as past
from publishing import references
from publishing.keystrokes import as_kept
from publishing.models import Body, Document, EditionQuerySet
from publishing.moments import Moment
from publishing.reading import whole
from publishing.references import Reference

# What changes in a promise, and how its history says so.
NOTED = {
    "started_on": "Work began on {:%-d %B %Y}.",
    "done_on": "Done on {:%-d %B %Y}.",
    "slipped_back_on": "It slipped back on {:%-d %B %Y}.",
}
ENDED_BY = {
    "could_not_because": "We said that we could not do this.",
    "replaced_by_id": "Another promise replaced it.",
}
TAKEN_BACK = {
    "done_on": "We took back that it was done.",
    "could_not_because": "We took back that we could not do this.",
    "replaced_by_id": "We took back that another promise replaced it.",
}
WORDING = {
    "title": "The promise",
    "how_we_will_know": "How we will know",
    "official_wording": "Its official wording",
}


@dataclass
class Change:
    """What one edition changed about the promise."""

    moved: tuple[str, str] | None = None
    reworded: list[tuple[str, str, str]] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    heading: str = ""  # what it is called, where nobody corrected a mistake


@dataclass(frozen=True)
class Entry:
    line: past.Line
    change: Change | None


@dataclass(frozen=True)
class Before:
    """Another plan in which it stood, and what that plan called it, as far as we know."""

    plan: Reference
    ref: str


@dataclass(frozen=True)
class Said:
    """When something was first said: on this site, or where it stood before."""

    at: dt.datetime
    elsewhere: str  # “in October 2021”; empty for what was said here


@dataclass(frozen=True)
class PromisePage:
    entries: list[Entry]
    moves: list[Entry]
    reported: Said | None  # that it is done
    noticed: Said | None  # that families notice, or do not
    older_than: int | None
    figure: Slips | None
    came_from: str  # what sort of page that is: “Our update of autumn 2021”
    led_to: list[Milestone]
    before: list[Before]
    confirmer: Confirmer
    forum: ForumSays

    @property
    def newest_move(self) -> Entry | None:
        return self.moves[0] if self.moves else None


def whole_promises(moment: Moment) -> EditionQuerySet:
    told = promises.told(Milestone.objects.all(), moment)
    return whole(told, moment).select_related("body").prefetch_related("areas")


def page_of(promise: Milestone, moment: Moment) -> PromisePage:
    """All that stands beside the promise's own words."""
    say_more([promise], moment, with_moves=False)
    references.attach([promise, *promise.areas.all()], moment)
    history = past.history(
        Milestone.objects.select_related("body"), moment, promise.document.slug, before=None
    )
    entries = list(with_changes(history.lines, is_whole=history.older_than is None))
    moves = [entry for entry in entries if entry.change and entry.change.moved]
    return PromisePage(
        entries,
        moves,
        first_said("done_on", promise, history.lines),
        first_said("families_notice", promise, history.lines),
        history.older_than,
        slips([promise], moment.day),
        sort_of_origin(promise, moment),
        lines(standing(moment).filter(origin=promise.document_id), moment, LED_TO_AT_MOST),
        in_other_plans(promise, moment),
        Confirmer(promise.confirmer),
        forum.says_of(promise, moment),
    )


def sort_of_origin(promise: Milestone, moment: Moment) -> str:
    if promise.origin_id is None:
        return ""
    kind = Document.objects.get(pk=promise.origin_id).kind_model
    origin = kind.objects.as_of(moment).filter(document=promise.origin_id)
    standing = origin.select_related("document").first()
    return standing.sort_in_words if standing else ""


def in_other_plans(promise: Milestone, moment: Moment) -> list[Before]:
    """The plans in which earlier editions put it, and those that a newer plan's references name."""
    earlier = Milestone.objects.ever_public(moment).filter(
        document=promise.document_id, number__lt=promise.number, of_plan__isnull=False
    )
    called = dict.fromkeys(earlier.order_by("number").values_list("of_plan", flat=True), "")
    named = PlanReference.objects.filter(
        milestone=promise.document_id,
        edition__in=Plan.objects.as_of(moment),
        edition__replaces__isnull=False,
    )
    called |= dict(named.order_by("position").values_list("edition__replaces", "old_reference"))
    called.pop(promise.of_plan_id, None)
    plans = references.of_documents(called, moment) if called else {}
    return [Before(plans[plan], ref) for plan, ref in called.items() if plan in plans]


def with_changes(found: list[past.Line], *, is_whole: bool) -> Iterator[Entry]:
    """Each line with what its edition changed, compared with the edition before it."""
    editions = [line.edition for line in found if isinstance(line.edition, Milestone)]
    older = dict(zip(editions, [*editions[1:], None], strict=True))
    for line in found:
        now = line.edition if isinstance(line.edition, Milestone) else None
        before = older[now] if now else None
        yield Entry(line, changes(now, before) if now and (before or is_whole) else None)


def changes(now: Milestone, before: Milestone | None) -> Change:
    change = Change(heading=heading(now, before))
    if before and now.has_moved(before):
        change.moved = (before.due.in_words, now.due.in_words)
    elif now.due and not (before and before.due):
        change.facts.append(f"Promised {now.due.by_when}.")
    elif before is None:
        change.facts.append("Promised, with no date given.")
    if before:
        change.reworded = [
            (label, getattr(before, name), getattr(now, name))
            for name, label in WORDING.items()
            if as_kept(getattr(now, name)) != as_kept(getattr(before, name))
        ]
    change.facts += what_became_of_it(now, before)
    if before:
        change.facts += whose_it_was(now, before)
    if now.first_promised and now.first_promised_on != (before and before.first_promised_on):
        change.facts.append(
            f"We found an earlier date, {now.first_promised.in_words}: {now.first_promised_where}."
        )
    return change


def what_became_of_it(now: Milestone, before: Milestone | None) -> Iterator[str]:
    """Said, and taken back: neither without a sentence."""
    for name, words in NOTED.items():
        day, was = getattr(now, name), before and getattr(before, name)
        if day and day != was:
            yield words.format(day)
    for name, words in ENDED_BY.items():
        said, was = getattr(now, name), before and getattr(before, name)
        is_another = name == "replaced_by_id" and said != was
        if said and (not was or is_another):
            yield words
    if before:
        for name, words in TAKEN_BACK.items():
            if getattr(before, name) and not getattr(now, name):
                yield words
        if before.has_slipped_back and not now.slipped_back_on and now.done_on == before.done_on:
            yield "We took back that it slipped back."


def whose_it_was(now: Milestone, before: Milestone) -> Iterator[str]:
    if as_kept(now.who) != as_kept(before.who):
        yield f"Who is responsible: now {now.who}, before {before.who}."
    if now.body_id != before.body_id:
        names = dict(
            Body.objects.filter(pk__in=[now.body_id, before.body_id]).values_list("pk", "name")
        )
        yield f"Whose promise it is: now {names[now.body_id]}, before {names[before.body_id]}."
    if now.of_plan_id != before.of_plan_id:
        where = "another plan" if before.of_plan_id else "a plan"
        yield f"It stands in {where if now.of_plan_id else 'no plan'} now."


def in_sentences(now: Milestone, before: Milestone | None) -> list[str]:
    """What an edition of a promise moved: its date, and what became of it."""
    change = changes(now, before)
    moved = [f"The date moved from {change.moved[0]} to {change.moved[1]}."] if change.moved else []
    return [*moved, *change.facts]


def first_said(name: str, promise: Milestone, found: list[past.Line]) -> Said | None:
    """When this site first said what it says: that, and the day meant, may lie far apart."""
    report = None
    for line in found:
        if isinstance(line.edition, Milestone) and line.edition.number <= promise.number:
            if getattr(line.edition, name) != getattr(promise, name):
                break
            report = line
    if report is None or not getattr(promise, name):
        return None
    return Said(report.at, on_or_in(report.source_date) if report.source_date else "")
