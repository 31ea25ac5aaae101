"""Turns the checked rows of a file into drafts: never more than drafts, a few in each request.

The whole file is checked once, when somebody says yes to what the check screen shows. What was
agreed is kept with the file; each request looks only at the next rows, and only at their promises.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Collection, Iterable

from programme.models import Milestone, MilestoneArea, PlanFile
from programme.references import address_of
from programme.workbook.checking import Check, CheckedRow
from programme.workbook.columns import AREAS
from programme.workbook.known import Kept, Known
from publishing import actions
from publishing.actions.lock import publishing_lock
from publishing.actions.many import or_not_at_all
from publishing.models import Edition, Part, Release
from publishing.models.editions import canonical

# One request takes about so many seconds; the next goes on where it ended.
AT_ONCE = 1.5
TOGETHER = 25

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
    """Somebody has seen the rows and said yes. Those that were refused before are tried again."""
    file.agreed, file.refused = agreed, {}
    file.save(update_fields=["agreed", "refused"])


def draft_rows(file: PlanFile, *, by, seconds: float = AT_ONCE) -> int:
    """Drafts the rows that are agreed, until the time is up. Returns how many are left.

    A row that is refused is noted with the reason, and the others go on.
    """
    ends = time.monotonic() + seconds
    while (left := file.left()) and time.monotonic() < ends:
        draft_some(file, left[:TOGETHER], by)
    return len(left)


def draft_some(file: PlanFile, numbers: list[int], by) -> None:
    """Drafts a few rows, each whole or not at all, and notes with them how far the file is."""
    with publishing_lock():
        # Somebody else may have gone on with the same file meanwhile.
        file.refresh_from_db(fields=["agreed", "drafted", "refused", "release"])
        still_left = set(file.left())
        rows = check_again(file, [number for number in numbers if number in still_left])
        fit = [row for row in rows if not note_refusal(row, file, why_not(row, file))]
        start([row for row in fit if row.kept is None], file, by)
        change([(row, row.kept) for row in fit if row.kept], file, by)
        file.save(update_fields=["drafted", "refused", "release"])


def note_refusal(row: CheckedRow, file: PlanFile, why: str) -> bool:
    if why:
        file.refused[str(row.number)] = why
    return bool(why)


def why_not(row: CheckedRow, file: PlanFile) -> str:
    """Why a row is left out, if it is. What somebody has written since is not written over."""
    ref, state = file.agreed[str(row.number)]
    if state_of(row.kept) != state:
        return f"Somebody has changed promise {ref} since you looked. See the row below anew."
    return f"{row.faults[0].where}: {row.faults[0].why}" if row.faults else ""


def state_of(kept: Kept | None) -> str:
    return kept.state if kept else ""


def open_release(file: PlanFile) -> Release | None:
    """What the file's drafts go out in; None before the first, and once they were sent on."""
    if file.release is None or file.release.editions.exclude(submitted_at=None).exists():
        return None
    return file.release


def start(rows: list[CheckedRow], file: PlanFile, by) -> None:
    """New promises."""
    pages = [new_page(row) for row in rows]
    refusals = actions.start_documents(pages, by=by, release=open_release(file)) if pages else []
    for row, page, refusal in zip(rows, pages, refusals, strict=True):
        if refusal:
            note_refusal(row, file, refusal.why)
        else:
            file.drafted.append(row.number)
            file.release = page.edition.release


def new_page(row: CheckedRow) -> actions.NewPage:
    areas = row.values.pop(AREAS, [])
    parts = [MilestoneArea(area_id=area) for area in areas]
    return actions.NewPage(Milestone(**row.values), address_of(row.ref, row.title), parts)


def change(rows: list[tuple[CheckedRow, Kept]], file: PlanFile, by) -> None:
    """Promises that are here already."""
    drafts = []
    for row, kept in rows:
        try:
            with or_not_at_all("change this promise"):
                drafts.append(rewrite(row, kept, by))
        except actions.NotAllowed as refusal:
            note_refusal(row, file, refusal.why)
        else:
            file.drafted.append(row.number)
    gather(drafts, file, by)


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


def gather(drafts: list[Edition], file: PlanFile, by) -> None:
    """All drafts of one file go out together, unless one of them has gone its own way."""
    if not drafts:
        return
    release = open_release(file)
    if release is None:
        file.release = release = drafts[0].release
    others = [draft for draft in drafts if draft.release_id != release.pk]
    if others:
        actions.gather_drafts(others, release, by=by)
