"""What a mail says about lines of the ledger: in plain words, as they stand when it goes out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from django.conf import settings

from programme.models import Check, ForumCheck, Milestone, ProgressRound
from publishing.history import in_plain_words, note_of
from publishing.models import Document, Edition, LedgerEntry
from publishing.moments import Moment
from updates.models import TermlyUpdate, YouSaidWeDid

Event = LedgerEntry.Event
GONE = (Event.WITHDRAWN, Event.REMOVED)


@dataclass(frozen=True)
class News:
    """One change: what happened to which page, and why; `because` of which pages it is told."""

    heading: str
    title: str
    url: str
    lines: list[str] = field(default_factory=list)
    because: str = ""


def news_of(
    entries: Iterable[LedgerEntry],
    moment: Moment,
    *,
    followed: Collection[int] = (),
    because: Mapping[int, str] = MappingProxyType({}),
) -> list[News]:
    """What may be said now of each line; what came down meanwhile is not told any more.

    To one reader: who has `followed` these pages, and hears of a line `because` of some of them.
    """
    entries = list(entries)
    documents = {entry.document_id for entry in entries}
    standing = {
        edition.document_id: edition
        for edition in Edition.objects.as_of(moment).filter(document__in=documents)
    }
    found = []
    for entry in entries:
        if news := news_of_line(entry, standing.get(entry.document_id), moment):
            lines = [*news.lines, *notes_on(followed, entry)]
            why = because.get(entry.pk, "")
            found.append(News(news.heading, news.title, news.url, lines, why))
    return found


def notes_on(followed: Collection[int], entry: LedgerEntry) -> list[str]:
    """Of a check of many promises: what it says of the followed ones."""
    if not followed or entry.document_kind != ProgressRound._meta.label_lower:
        return []
    checks = Check.objects.filter(edition=entry.edition_id, milestone__in=followed)
    return [line for check in checks.exclude(note="") for line in lines_of(check.note)]


def news_of_line(entry: LedgerEntry, standing: Edition | None, moment: Moment) -> News | None:
    url = f"{settings.SITE_URL}{entry.document.get_absolute_url()}"
    if entry.event in GONE:
        # What it was called may be what had to go. Its page says when it came down, and why.
        return None if standing else News("Taken down", "A page that you follow", url)
    if standing is None:
        return None
    if entry.edition is None:
        return News(in_plain_words(entry.event), title_of(standing), url, lines_of(note_of(entry)))
    edition = entry.edition.concrete
    headings = {Event.PUBLISHED: "New", Event.CORRECTED: edition.LATER_EDITION_IS_CALLED}
    heading = headings.get(Event(entry.event)) or in_plain_words(entry.event)
    lines = [*facts_of(edition, moment), *lines_of(edition)]
    return News(heading, title_of(standing), url, lines)


def title_of(edition: Edition | Document) -> str:
    """As the page is called: “Promise 1.1: Every family has a named worker”."""
    concrete = edition.concrete if isinstance(edition, Edition) else edition
    title = " ".join(str(concrete).split())
    if isinstance(concrete, YouSaidWeDid):
        return f"You said, we did: {title}"
    if isinstance(concrete, Milestone | TermlyUpdate):
        return f"{concrete.short_name}: {title}"
    return title


def lines_of(said: Edition | str) -> list[str]:
    note = said if isinstance(said, str) else said.change_note
    return [line.strip() for line in note.splitlines() if line.strip()]


def facts_of(edition: Edition, moment: Moment) -> list[str]:
    """What families ask first: which date moved and why, or what the new page says."""
    if isinstance(edition, Milestone):
        return facts_of_promise(edition)
    if isinstance(edition, ForumCheck):
        return forum_in_short(edition, moment)
    return facts_of_first(edition, moment) if edition.number == 1 else []


def facts_of_first(edition: Edition, moment: Moment) -> list[str]:
    """Of pages whose later editions say in their change note what is new."""
    if isinstance(edition, TermlyUpdate):
        return [edition.verdict, *edition.in_short_lines]
    if isinstance(edition, YouSaidWeDid):
        return answer_in_short(edition, moment)
    if isinstance(edition, ProgressRound):
        return [edition.in_one_line, *lines_of(edition.note)]
    return []


def facts_of_promise(edition: Milestone) -> list[str]:
    before = edition.before
    if before is None:
        return [f"Who: {edition.who}, {edition.body}.", f"By when: {edition.due.in_words}."]
    if not edition.has_moved(before):
        return []
    return [
        f"The date moved from {before.due.in_words} to {edition.due.in_words}.",
        *(f"Why: {line}" for line in lines_of(edition.why_changed)),
        f"Agreed by: {edition.change_agreed_by}.",
    ]


def forum_in_short(check: ForumCheck, moment: Moment) -> list[str]:
    """Which promise it is about, what the forum says, and its own words."""
    promise = Milestone.objects.as_of(moment).filter(document=check.promise_id).first()
    return [
        *([promise.title] if promise else []),
        f"The Parent Carer Forum: {check.get_answer_display()}.",
        *([f"“{check.words}”"] if check.words else []),
    ]


def answer_in_short(card: YouSaidWeDid, moment: Moment) -> list[str]:
    """How it stands, and what was promised: the page says the rest."""
    made_here = Milestone.objects.as_of(moment).filter(origin=card.document_id).order_by("pk")
    return [
        f"How it stands: {card.get_outcome_display()}.",
        *(f"We will: {each.title}. By when: {each.due.in_words}." for each in made_here[:1]),
    ]
