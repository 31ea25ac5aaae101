"""What the pages of “You said, we did” read, and which cards an update shows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db import models
from django.db.models import F, Q

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
    """What stands, newest first, for lists."""
    return (
        with_first_appearance(YouSaidWeDid.objects.as_of(moment), moment)
        .select_related("document", "term")
        # Only a preview shows a card without a date: it comes first.
        .order_by(F("first_published_at").desc(nulls_first=True), "-document_id")
        .fetch_mode(models.FETCH_RAISE)
    )


def aged(cards: Iterable[YouSaidWeDid], moment: Moment) -> list[YouSaidWeDid]:
    """The cards, each of which knows how long ago it was said."""
    found = list(cards)
    for card in found:
        card.age = card.age_in_words(moment.day)
    return found


def newest(moment: Moment) -> list[YouSaidWeDid]:
    return aged(standing_cards(moment)[:CARDS_ON_HOME], moment)


def cards_page(moment: Moment, *, before: YouSaidWeDid | None) -> CardsPage:
    cards = standing_cards(moment)
    if before is not None:
        at = before.first_published_at
        cards = cards.filter(
            Q(first_published_at__lt=at)
            | Q(first_published_at=at, document_id__lt=before.document_id)
        )
    found = aged(cards[: CARDS_A_PAGE + 1], moment)
    shown = found[:CARDS_A_PAGE]
    return CardsPage(shown, shown[-1].document.slug if len(found) > CARDS_A_PAGE else "")


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
    for card in aged(cards[:CARDS_IN_AN_UPDATE], moment):
        is_later = card.first_published_at is not None and card.first_published_at > end
        (since if is_later else of_term).append(card)
    return CardsOfUpdate(of_term, since)
