"""What happened to a promise between two of its editions, in two or three words."""

from __future__ import annotations

from collections.abc import Iterator

from programme.models import Milestone

TAKEN_BACK = ("done_on", "could_not_because", "replaced_by_id", "slipped_back_on")


def heading(now: Milestone, before: Milestone | None) -> str:
    """The weightiest of what happened; empty for the first edition, and for a mended word."""
    if before is None or now.is_minor:
        return ""
    return next(happened(now, before), "New report")


def happened(now: Milestone, before: Milestone) -> Iterator[str]:
    """The weightiest first."""
    yield from how_it_ended(now, before)
    if now.has_moved(before):
        yield "New date" if now.due else "No date any more"
    elif now.due and not before.due:
        yield "First date"
    if now.of_plan_id != before.of_plan_id:
        yield moved_between_plans(now, before)
    if has_begun(now) and not has_begun(before):
        yield "Work began"
    if now.is_reworded(before):
        yield "New words"
    if (now.who, now.body_id) != (before.who, before.body_id):
        yield "Somebody else is responsible"


def how_it_ended(now: Milestone, before: Milestone) -> Iterator[str]:
    if now.replaced_by_id and now.replaced_by_id != before.replaced_by_id:
        yield "Replaced"
    if now.could_not_because and not before.could_not_because:
        yield "We could not do this"
    if now.slipped_back_on and now.slipped_back_on != before.slipped_back_on:
        yield "Slipped back"
    if now.is_kept and now.done_on != before.done_on:
        yield "Done again" if before.has_slipped_back else "Done"
    if any(getattr(before, name) and not getattr(now, name) for name in TAKEN_BACK):
        yield "Taken back"


def moved_between_plans(now: Milestone, before: Milestone) -> str:
    if not before.of_plan_id:
        return "Put in a plan"
    return "Moved to another plan" if now.of_plan_id else "Taken out of its plan"


def has_begun(promise: Milestone) -> bool:
    return bool(promise.started_on or promise.started_note)
