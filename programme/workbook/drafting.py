"""Turns the checked rows of a file into drafts: never more than drafts, a few in each request.

The whole file is checked once, when somebody says yes to what the check screen shows. What was
agreed is kept with the file; each request looks only at the next rows, and only at their promises.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Collection, Iterable

from django.db import DataError, IntegrityError, transaction

from programme.models import Milestone, MilestoneArea, PlanFile
from programme.references import address_of
from programme.workbook.checking import Check, CheckedRow
from programme.workbook.columns import AREAS
from programme.workbook.known import Kept, Known
from publishing import actions
from publishing.actions.lock import publishing_lock
from publishing.models import Edition, Part, Release
from publishing.models.editions import canonical

# One request takes about so many seconds; the next goes on where it ended.
AT_ONCE = 1.5
TOGETHER = 25
VERB = "draft this row"

Agreed = dict[str, tuple[str, str]]


def check_of(file: PlanFile) -> Check:
    known = Known(own_release=file.release)
    return Check(file.columns, known, defaults_of(file), file.answers)


def check_again(file: PlanFile, numbers: Collection[int]) -> list[CheckedRow]:
    """A few agreed rows as they are now. They are what they were agreed to be: nobody is asked."""
    refs = {number: file.agreed[str(number)][0] for number in numbers}
    check = Check(file.columns, Known(refs=refs.values()), defaults_of(file), refs)
    return [check.row(row) for row in file.table_rows(numbers)]


def defaults_of(file: PlanFile) -> dict[str, object]:
    return {"kind": file.kind, "body_id": file.body_id}


def to_agree(file: PlanFile, checked: Iterable[CheckedRow]) -> Agreed:
    """Of the checked rows of a file, those that would become drafts: see `PlanFile.agreed`."""
    drafted = set(file.drafted)
    return {
        str(row.number): (row.ref, state_of(row.kept))
        for row in checked
        if row.will_be_drafted and row.number not in drafted
    }


def seal_of(agreed: Agreed) -> str:
    """The same as long as a file would do the same."""
    return hashlib.sha256(canonical(agreed)).hexdigest()


def agree(file: PlanFile, agreed: Agreed) -> None:
    """Somebody has said yes to the rows. Those that were refused before are tried again."""
    file.agreed, file.refused = agreed, {}
    file.save(update_fields=["agreed", "refused"])


def draft_rows(file: PlanFile, *, by, seconds: float = AT_ONCE) -> int:
    """Drafts the rows that are new or changed, until the time is up. Returns how many are left.

    A row that is refused is noted with the reason, and the others go on.
    """
    ends = time.monotonic() + seconds
    if not file.left():
        agree(file, to_agree(file, check_of(file).rows(file.table_rows())))
    while (left := file.left()) and time.monotonic() < ends:
        draft_some(file, left[:TOGETHER], by)
    return len(left)


def draft_some(file: PlanFile, numbers: list[int], by) -> None:
    """Drafts a few rows whole or not at all, and notes with them how far the file is."""
    with publishing_lock():
        # Somebody else may have gone on with the same file meanwhile.
        file.refresh_from_db(fields=["agreed", "drafted", "refused", "release"])
        still_left = set(file.left())
        for row in check_again(file, [number for number in numbers if number in still_left]):
            try:
                with transaction.atomic():
                    draft_row(row, file, by)
            except actions.NotAllowed as refusal:
                file.refused[str(row.number)] = refusal.why
            except (DataError, IntegrityError):
                file.refused[str(row.number)] = "the site cannot keep what this row says."
            else:
                file.drafted.append(row.number)
        file.save(update_fields=["drafted", "refused", "release"])


def draft_row(row: CheckedRow, file: PlanFile, by) -> None:
    refuse_unless_agreed(row, file)
    release = open_release(file)
    kept = row.kept
    draft: Edition = rewrite(row, kept, by) if kept else start(row, release, by)
    gather(draft, release, by)
    if release is None:
        file.release = draft.release


def refuse_unless_agreed(row: CheckedRow, file: PlanFile) -> None:
    """What somebody has done to the promise since then is not written over."""
    ref, state = file.agreed[str(row.number)]
    if state_of(row.kept) != state:
        raise actions.NotAllowed(
            VERB, f"somebody has changed promise {ref} since you looked. See the row below anew."
        )
    if row.faults:
        raise actions.NotAllowed(VERB, f"{row.faults[0].where}: {row.faults[0].why}")


def state_of(kept: Kept | None) -> str:
    return kept.state if kept else ""


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
