"""The whole record for machines: every ledger line with what is needed to compute it again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Q

from publishing import ledger, record, verification
from publishing.history import is_appearance
from publishing.models import Edition, LedgerEntry, SiteVersion
from publishing.models.editions import kinds
from publishing.whole_editions import with_parts

LINES_A_PAGE = 50
# Of a line's words, those that stand on the page itself.
ON_THE_PAGE = ("title", "note", "text")
# Where the signatures under an edition are: see `Edition.signing_release`.
THROUGH = ("", "signed_through__")
SIGNATURES = ("sign_offs", "went_out_without")


def page(*, after: int) -> dict[str, Any]:
    """The lines after a number, oldest first, and the newest line of all.

    Each line has the `columns` its `digest` is made of, and its `words`, each with its salt. Words
    that were removed by right are not there. `page_differs` names what of the page is no longer as
    the line says, with the page's own words or why: then somebody altered one of the two.
    """
    for _ in range(verification.VERIFY_AGAIN):
        version = SiteVersion.objects.get(pk=1)
        answer = page_at(version, after)
        if SiteVersion.objects.get(pk=1).number == version.number:
            break  # otherwise somebody published between two of the questions
    return answer


def page_at(version: SiteVersion, after: int) -> dict[str, Any]:
    # Not as of the moment of the request: the newest line may have been written since.
    entries = record.every_line().filter(id__gt=after).order_by("id")
    whole_lines = entries.select_related("document", "edition").prefetch_related("texts")
    found = list(whole_lines[: LINES_A_PAGE + 1])
    shown, is_last = found[:LINES_A_PAGE], len(found) <= LINES_A_PAGE
    left = [entry for entry in shown if not entry.is_removed]
    stands = editions_of(left)
    differs = differences(left, stands)
    return {
        # As it was noted when it was written: lines cut off the end are missed.
        "newest": {"line": version.newest_line, "digest": version.newest_digest}
        if version.newest_line
        else None,
        "lines": [
            line(entry, stands.get(entry.edition_id or 0), differs[entry.pk]) for entry in shown
        ],
        "next_after": None if is_last else shown[-1].pk,
        "pages_without_a_line": without_a_line(),
    }


def line(entry: Any, edition: Edition | None, differs: dict[str, str]) -> dict[str, Any]:
    texts = {text.name: text for text in record.words_left(entry)}
    compared = ON_THE_PAGE if is_appearance(entry) else ("title", "text")
    stands = words_that_stand(edition) if edition and texts else {}
    return {
        "columns": entry.columns(),
        "digest": entry.digest,
        "words": {name: {"salt": text.salt, "text": text.text} for name, text in texts.items()},
        "is_removed": entry.is_removed,
        "page_differs": differs
        | {
            name: stands[name]
            for name in compared
            if name in texts and name in stands and stands[name] != texts[name].text
        },
    }


def words_that_stand(edition: Edition) -> dict[str, str]:
    """Its words as the tables have them now: computed anew, not the stored copy."""
    return {"title": edition.title, "note": edition.public_note, "text": edition.plain_text()}


def editions_of(entries: Iterable[LedgerEntry]) -> dict[int, Edition]:
    """By key, the editions of these lines, as their kinds; in a fixed number of queries."""
    by_kind: dict[type[Edition], set[int]] = defaultdict(set)
    known = {kind._meta.label_lower: kind for kind in kinds()}
    for entry in entries:
        if entry.edition_id and entry.document_kind in known:
            by_kind[known[entry.document_kind]].add(entry.edition_id)
    found = [edition for kind, wanted in by_kind.items() for edition in with_parts(kind, wanted)]
    models.prefetch_related_objects(
        found, *(f"release__{way}{rows}__body" for way in THROUGH for rows in SIGNATURES)
    )
    return {edition.pk: edition for edition in found}


def differences(entries: list[Any], stands: dict[int, Edition]) -> dict[int, dict[str, str]]:
    """By line, what of its page is no longer as the line says: found by the ledger's own rules.

    Of a page that was removed there is nothing to compare: its lines are not among the entries.
    """
    documents = {entry.document_id for entry in entries}
    faults = [
        *(fault for entry in entries for fault in verification.verify_owner(entry)),
        *faults_of_editions(stands),
        *verification.verify_addresses(documents),
        *verification.verify_withdrawals(documents),
    ]
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for fault in faults:
        if fault.line:
            found[fault.line].setdefault(fault.what or "edition", fault.why)
    return found


def faults_of_editions(stands: dict[int, Edition]) -> Iterator[verification.Fault]:
    """What differs between editions and their own lines, and between each and its neighbours."""
    lines: dict[int | None, list[LedgerEntry]] = defaultdict(list)
    for entry in LedgerEntry.objects.filter(edition__in=stands).order_by("id"):
        lines[entry.edition_id].append(entry)
    beside = neighbours(stands.values())
    for edition in stands.values():
        place, number = edition.document_id, edition.number
        before, after = beside.get((place, number - 1)), beside.get((place, number + 1))
        yield from verification.verify_edition(edition, before, lines[edition.pk])
        yield from verification.verify_succession(before, edition)
        yield from verification.verify_succession(edition, after)


def neighbours(editions: Iterable[Edition]) -> dict[tuple[int, int], Edition]:
    """By page and number, the published editions beside a few. One query for each kind."""
    wanted: dict[type[Edition], list[Edition]] = defaultdict(list)
    for edition in editions:
        wanted[type(edition)].append(edition)
    found: dict[tuple[int, int], Edition] = {}
    for kind, rows in wanted.items():
        beside = [
            Q(document=row.document_id, number__in=(row.number - 1, row.number + 1)) for row in rows
        ]
        published = kind._base_manager.filter(reduce(or_, beside), published_at__isnull=False)
        found |= {
            (row.document_id, row.number): row for row in published.select_related("document")
        }
    return found


def without_a_line() -> list[str]:
    """Addresses of pages that stand although no line of the record ever let them; the first few."""
    last = ledger.newest()
    if last is None:
        return []
    stray = Edition.objects.due(last.recorded_at).select_related("document")[:LINES_A_PAGE]
    return [str(edition.document.get_absolute_url()) for edition in stray]
