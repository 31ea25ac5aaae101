"""What the pages of the updates read: each question asked once, however many updates there are."""

from __future__ import annotations

import re
from typing import NamedTuple

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from programme.lengths import in_words
from programme.models import Term, TermQuerySet
from publishing.models import EditionQuerySet, Withdrawal
from publishing.moments import Moment
from publishing.reading import whole, with_first_appearance
from updates.models import ProgressItem, TermlyUpdate

TERMS_A_PAGE = 20


# Updates


def whole_updates(moment: Moment) -> EditionQuerySet:
    """Updates with all that their page shows."""
    updates = whole(TermlyUpdate.objects.all(), moment)
    return updates.select_related("term").prefetch_related("items")


def newest(moment: Moment) -> TermlyUpdate | None:
    """The update of the latest term that has one."""
    return whole_updates(moment).as_of(moment).order_by("-term__starts_on", "-pk").first()


def newest_by_appearance(moment: Moment, limit: int) -> EditionQuerySet:
    """For feeds: what came out last, first; a correction does not move it up."""
    return (
        with_first_appearance(TermlyUpdate.objects.as_of(moment), moment)
        .select_related("document", "term")
        .order_by("-first_published_at", "-pk")
        .fetch_mode(models.FETCH_RAISE)[:limit]
    )


def items_by_section(update: TermlyUpdate) -> dict[str, list[ProgressItem]]:
    """By the section's name in templates: `better`, `doing`, `not_good_enough`."""
    sections: dict[str, list[ProgressItem]] = {s.name.lower(): [] for s in ProgressItem.Section}
    for item in update.items.all():
        if item.section:  # a draft may not have chosen one yet
            sections[ProgressItem.Section(item.section).name.lower()].append(item)
    return sections


# Terms, with an update or without


class LateUpdate(NamedTuple):
    term: Term
    how_late: str  # "3 weeks"
    because: str  # as staff said; may be empty


def stands(moment: Moment) -> Exists:
    """Of a term: its update stands at the moment."""
    return Exists(TermlyUpdate.objects.as_of(moment).filter(term=OuterRef("pk")))


def is_down(moment: Moment) -> Exists:
    """Of a term: its update was published, and taken down."""
    return Exists(taken_down(moment).filter(term=OuterRef("pk")))


def taken_down(moment: Moment) -> EditionQuerySet:
    """First editions of the documents that a withdrawal hides, each with `down_since`."""
    withdrawals = Withdrawal.objects.in_force(moment).filter(document=OuterRef("document"))
    return (
        TermlyUpdate.objects.filter(number=1)
        .annotate(down_since=Subquery(withdrawals.values("from_at")[:1]))
        .filter(down_since__isnull=False)
        .select_related("document", "term")
        .fetch_mode(models.FETCH_RAISE)
    )


def unwritten(moment: Moment) -> TermQuerySet:
    """Terms whose update is due on a day, past or to come, and was not published."""
    return Term.objects.due_by(moment).filter(~stands(moment), ~is_down(moment))


def late_update(moment: Moment, *, after: Term | None) -> LateUpdate | None:
    """The newest update that should be out; `after` is the term of the newest that is."""
    terms = unwritten(moment).filter(update_due_on__lt=moment.day)
    if after is not None:
        terms = terms.filter(starts_on__gt=after.starts_on)
    term = terms.newest_first().first()
    return term and LateUpdate(
        term, in_words(moment.day - term.update_due_on), term.why_late(moment)
    )


def newest_taken_down(moment: Moment, *, after: Term | None) -> TermlyUpdate | None:
    """The update that was taken down, if none of a newer term stands."""
    updates = taken_down(moment).order_by("-term__starts_on")
    if after is not None:
        updates = updates.filter(term__starts_on__gt=after.starts_on)
    return updates.first()


def next_due_term(moment: Moment, *, after: Term | None) -> Term | None:
    terms = unwritten(moment).filter(update_due_on__gte=moment.day)
    if after is not None:
        terms = terms.filter(starts_on__gt=after.starts_on)
    return terms.order_by("starts_on").first()


class ArchiveEntry(NamedTuple):
    term: Term
    update: TermlyUpdate | None
    taken_down: TermlyUpdate | None
    late_because: str


class ArchivePage(NamedTuple):
    entries: list[ArchiveEntry]
    older_than: str  # where the next page begins; empty on the last


def archive(moment: Moment, *, before: Term | None) -> ArchivePage:
    """Terms that have an update, had one, or should have one, newest first.

    Where no day was named for it, an update should be there when its term has ended.
    """
    should_be_there = Q(listed_at__lte=moment.at) & (
        Q(update_due_on__lt=moment.day) | Q(update_due_on=None, ends_on__lt=moment.day)
    )
    listed = Term.objects.filter(stands(moment) | is_down(moment) | should_be_there).newest_first()
    if before is not None:
        listed = listed.filter(starts_on__lt=before.starts_on)
    terms = list(listed.prefetch_related("late_reasons")[: TERMS_A_PAGE + 1])
    shown = terms[:TERMS_A_PAGE]
    updates = {
        update.term_id: update
        for update in with_first_appearance(TermlyUpdate.objects.as_of(moment), moment)
        .filter(term__in=shown)
        .select_related("document")
        .fetch_mode(models.FETCH_RAISE)
    }
    down = {update.term_id: update for update in taken_down(moment).filter(term__in=shown)}
    return ArchivePage(
        [
            ArchiveEntry(term, updates.get(term.pk), down.get(term.pk), term.why_late(moment))
            for term in shown
        ],
        shown[-1].slug if len(terms) > TERMS_A_PAGE else "",
    )


def term_called(name: str) -> Term | None:
    """The term with an address like `2022-summer`, or None for anything else."""
    match = re.fullmatch(r"([0-9]{4})-([a-z]{1,10})", name)
    return match and Term.objects.filter(year=int(match[1]), season=match[2]).first()
