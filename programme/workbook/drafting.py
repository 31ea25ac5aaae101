"""Turns the checked rows of a file into drafts: never more than drafts."""

from __future__ import annotations

import time
from collections.abc import Iterable

from django.db import transaction

from programme.models import Milestone, MilestoneArea, PlanFile
from programme.models.milestones import address_of
from programme.workbook.checking import Check, CheckedRow
from programme.workbook.columns import AREAS
from programme.workbook.known import Kept, Known
from publishing import actions
from publishing.actions.lock import publishing_lock
from publishing.models import Edition, Part, Release

# One request takes so many seconds at most; the next goes on where it ended.
AT_ONCE = 5.0
TOGETHER = 25


def check_of(file: PlanFile) -> Check:
    defaults = {"kind": file.kind, "body_id": file.body_id}
    return Check(file.columns, Known(), defaults, file.answers)


def draft_rows(file: PlanFile, *, by, seconds: float = AT_ONCE) -> int:
    """Drafts the rows that are new or changed, until the time is up. Returns how many are left.

    A row that is refused is noted with the reason, and the others go on.
    """
    ends = time.monotonic() + seconds
    left = waiting_of(file, check_of(file).rows(file.table_rows()))
    while left and time.monotonic() < ends:
        draft_some(file, left[:TOGETHER], by)
        del left[:TOGETHER]
    return len(left)


def draft_some(file: PlanFile, rows: list[CheckedRow], by) -> None:
    """Drafts a few rows whole or not at all, and notes with them how far the file is."""
    with publishing_lock():
        for row in rows:
            try:
                with transaction.atomic():
                    draft_row(row, file, by)
            except actions.NotAllowed as refusal:
                file.refused[str(row.number)] = str(refusal)
            else:
                file.drafted.append(row.number)
        file.save(update_fields=["drafted", "refused", "release"])


def waiting_of(file: PlanFile, checked: Iterable[CheckedRow]) -> list[CheckedRow]:
    """Of the checked rows of a file, those that are still to become drafts."""
    done = {*file.drafted, *map(int, file.refused)}
    return [row for row in checked if row.will_be_drafted and row.number not in done]


def draft_row(row: CheckedRow, file: PlanFile, by) -> None:
    release = open_release(file)
    kept = row.kept
    draft: Edition = rewrite(row, kept, by) if kept else start(row, release, by)
    gather(draft, release, by)
    if release is None:
        file.release = draft.release


def open_release(file: PlanFile) -> Release | None:
    """What the file's drafts go out in; None before the first, and once they were sent on."""
    if file.release is None or file.release.editions.exclude(submitted_at=None).exists():
        return None
    return file.release


def start(row: CheckedRow, release: Release | None, by) -> Edition:
    areas = row.values.pop(AREAS, [])
    return actions.start_document(
        Milestone(**row.values),
        slug=address_of(row.ref, row.title),
        by=by,
        parts=[MilestoneArea(area_id=area) for area in areas],
        release=release,
    )


def rewrite(row: CheckedRow, kept: Kept, by) -> Edition:
    edition: Edition = kept.edition
    if edition.published_at:
        edition = actions.start_edition(edition.document, by=by).concrete
    columns = {**row.values}
    areas = columns.pop(AREAS, None)
    if edition.number > 1 and not edition.change_note:
        columns["change_note"] = note_of(row)
    parts: dict[type[Part], list[dict]] = {}
    if areas is not None:
        parts[MilestoneArea] = [{"area_id": area} for area in areas]
    actions.rewrite_draft(edition, by=by, columns=columns, parts=parts)
    return edition


def note_of(row: CheckedRow) -> str:
    """What families read about the change, until somebody writes it better."""
    names = [change.column.heading.lower() for change in row.changes]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"From our plan’s workbook. New: {listed}."


def gather(draft: Edition, release: Release | None, by) -> None:
    """All drafts of one file go out together, unless one of them has gone its own way."""
    if release is None or draft.release_id == release.pk:
        return
    try:
        actions.join_release(draft, release, by=by)
    except actions.NotAllowed:
        return  # it is in review already: it goes out by itself
