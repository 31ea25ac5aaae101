"""The pages whose followers hear of a line of the ledger, and what each of them is told of why."""

from __future__ import annotations

from collections.abc import Iterable

from participation.following import what_is_followed
from participation.models import Feedback, Follow, Subscriber
from publishing.models import LedgerEntry
from publishing.moments import Moment
from updates import belonging
from updates.models import TermlyUpdate, YouSaidWeDid


def pages_that_hear(entry: LedgerEntry) -> set[int]:
    """The page itself, those that it belongs to, and those that families wrote about."""
    return {entry.document_id, *belonging.pages_told_of(entry), *pages_answered_by(entry)}


def pages_answered_by(entry: LedgerEntry) -> Iterable[int]:
    """The pages that families wrote about, and were answered by this card: no feed tells which."""
    if entry.document_kind != YouSaidWeDid._meta.label_lower:
        return []
    messages = Feedback.objects.filter(became=entry.document_id, document__isnull=False)
    return messages.values_list("document", flat=True)


def is_of_updates(entry: LedgerEntry) -> bool:
    return entry.document_kind == TermlyUpdate._meta.label_lower


def pages_followed(subscriber: Subscriber) -> set[int]:
    pages = subscriber.follows.confirmed().filter(what=Follow.What.PAGE)
    return set(pages.values_list("document", flat=True))


def why_it_came(
    subscriber: Subscriber, entries: Iterable[LedgerEntry], moment: Moment
) -> dict[int, str]:
    """By line: the followed pages for whose sake it is told, if it is about another page."""
    follows = list(subscriber.follows.confirmed().order_by("confirmed_at", "pk"))
    wide = {follow.what for follow in follows if follow.document_id is None}
    if Follow.What.EVERYTHING in wide:
        return {}
    names = {f.document_id: what_is_followed(f, moment) for f in follows if f.document_id}
    found = {}
    for entry in entries:
        if entry.document_id in names or (is_of_updates(entry) and Follow.What.UPDATES in wide):
            continue
        pages = pages_that_hear(entry)
        found[entry.pk] = " and ".join(
            f"“{name}”" for page, name in names.items() if page in pages and name
        )
    return found
