"""What the pages of “You said, we did” read, and which cards an update shows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db import models
from django.db.models import F, Q

from programme.lengths import in_words
from programme.listing import standing
from programme.models import Milestone
from programme.reading import LED_TO_AT_MOST, lines
from programme.statuses import Status
from publishing import references
from publishing.models import EditionQuerySet
from publishing.moments import Moment, midnight_after
from publishing.reading import edition_called, whole, with_first_appearance
from updates.models import TermlyUpdate, YouSaidWeDid

CARDS_A_PAGE = 20
CARDS_ON_HOME = 2
# An update is one page: what does not fit stands in the list of all cards.
CARDS_IN_AN_UPDATE = 100


class CardsOfUpdate(NamedTuple):
    of_term: list[YouSaidWeDid]
    added_since: list[YouSaidWeDid]

    def __bool__(self) -> bool:
        return bool(self.of_term or self.added_since)


class CardsPage(NamedTuple):
    cards: list[YouSaidWeDid]
    older_than: str  # the last card shown, where the next page begins; empty on the last


def whole_cards(moment: Moment) -> EditionQuerySet:
    """Cards with all that their own page shows."""
    return whole(YouSaidWeDid.objects.all(), moment).select_related("term")


def standing_cards(moment: Moment) -> EditionQuerySet:
    """What stands, newest first, for lists: of one publication, what was heard last comes first.

    Of what was heard on one day, or on a day that nobody wrote down, in the order of entry.
    """
    return (
        with_first_appearance(YouSaidWeDid.objects.as_of(moment), moment)
        .select_related("document", "term")
        # Only a preview shows a card without a date: it comes first.
        .order_by(
            F("first_published_at").desc(nulls_first=True),
            F("heard_on").desc(nulls_last=True),
            "document_id",
        )
        .fetch_mode(models.FETCH_RAISE)
    )


def told(cards: Iterable[YouSaidWeDid], moment: Moment) -> list[YouSaidWeDid]:
    """The cards, each of which knows how it stands, and what it promised. One query for all.

    What else a card led to stands on its own page: a list has no room for it.
    """
    found = list(cards)
    promises = promises_of(found, moment)
    for card in found:
        card.stands = card.stands_on(moment.day)
        card.promises = promises.get(card.document_id, [])
        card.answer_late = ""
        if card.outcome == card.Outcome.DECIDING and card.answer_by:
            late = moment.day - card.answer_by
            card.answer_late = in_words(late) if late.days > 0 else ""
    return found


def promises_of(cards: list[YouSaidWeDid], moment: Moment) -> dict[int, list[Milestone]]:
    """What cards that say “We will” promise, and how it stands, by the document of the card."""
    documents = [card.document_id for card in cards if card.outcome == card.Outcome.WILL]
    made_here = standing(moment).filter(origin__in=documents).select_related("document")
    found: dict[int, list[Milestone]] = {}
    for promise in made_here.order_by("document_id").fetch_mode(models.FETCH_RAISE):
        promise.shown_status = Status(promise.status)
        found.setdefault(promise.origin_id, []).append(promise)
    return found


def whole_story(card: YouSaidWeDid, moment: Moment) -> YouSaidWeDid:
    """One card, with all that its page says about its promises and its problem."""
    told([card], moment)
    made_here = standing(moment).filter(origin=card.document_id)
    card.promises = lines(made_here, moment, LED_TO_AT_MOST)
    references.attach([card], moment)
    return card


def newest(moment: Moment) -> list[YouSaidWeDid]:
    return told(standing_cards(moment)[:CARDS_ON_HOME], moment)


def cards_page(cards: EditionQuerySet, moment: Moment, *, before: YouSaidWeDid | None) -> CardsPage:
    """The first of these, or those after one. `cards` are from `standing_cards`."""
    if before is not None:
        cards = cards.filter(after(before))
    found = list(cards[: CARDS_A_PAGE + 1])
    shown = told(found[:CARDS_A_PAGE], moment)
    return CardsPage(shown, shown[-1].document.slug if len(found) > CARDS_A_PAGE else "")


def after(card: YouSaidWeDid) -> Q:
    """What comes after a card, in the order of `standing_cards`."""
    goes_on = Q(heard_on=card.heard_on, document_id__gt=card.document_id)
    if card.heard_on:
        goes_on |= Q(heard_on__lt=card.heard_on) | Q(heard_on=None)
    at = card.first_published_at
    return Q(first_published_at__lt=at) | Q(first_published_at=at) & goes_on


def card_called(slug: str, moment: Moment) -> YouSaidWeDid | None:
    cards = with_first_appearance(YouSaidWeDid.objects.all(), moment)
    return edition_called(cards.filter(first_published_at__isnull=False), moment, slug)


def of_update(update: TermlyUpdate, moment: Moment) -> CardsOfUpdate:
    """What was said in the update's term; apart, what came out after term and update."""
    cards = standing_cards(moment).filter(term=update.term)
    end = midnight_after(update.term.ends_on)
    if update.first_published_at:
        end = max(end, update.first_published_at)
    of_term: list[YouSaidWeDid] = []
    since: list[YouSaidWeDid] = []
    for card in told(cards[:CARDS_IN_AN_UPDATE], moment):
        is_later = card.first_published_at is not None and card.first_published_at > end
        (since if is_later else of_term).append(card)
    return CardsOfUpdate(of_term, since)
