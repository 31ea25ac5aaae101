"""“We will”: the promise that a card makes, written with the card and public with it."""

from __future__ import annotations

from django.db.models import F

from programme.models import Milestone, MilestoneArea
from programme.references import address_of, next_free_ref
from publishing import actions
from publishing.models import Body
from updates.models import YouSaidWeDid

# By the name in the card's form, the field of the promise: what, who, by when, how we will know.
FIELDS = {
    "promise_title": "title",
    "promise_who": "who",
    "promise_due_words": "due_words",
    "promise_how_we_will_know": "how_we_will_know",
}


def promise_of(card: YouSaidWeDid) -> Milestone | None:
    """The first promise that says it was made in the card, as staff work on it."""
    return Milestone.objects.working().filter(origin=card.document_id).order_by("pk").first()


def is_still_written_here(promise: Milestone, card: YouSaidWeDid) -> bool:
    """It was never public, and goes out with the card: the card's form is its form too."""
    is_draft = promise.number == 1 and promise.published_at is None
    return is_draft and promise.release_id == card.release_id


def write_promise(card: YouSaidWeDid, *, by, **columns: str) -> Milestone:
    """The card's promise, begun or rewritten as a draft of the card's release.

    `columns` are the fields of the promise that a card asks for. It is one that families should
    feel, of the body that signs first; staff can say otherwise on its own page.
    Raises NotAllowed as the actions do.
    """
    promise = promise_of(card)
    if promise is not None:
        if is_still_written_here(promise, card) and differs(promise, columns):
            actions.rewrite_draft(promise, by=by, columns=columns)
        return promise
    body = Body.objects.order_by(F("must_sign").desc(), "pk").first()
    if body is None:
        raise actions.NotAllowed("make a promise", "no body is named that could keep it.")
    draft = Milestone(origin=card.document, kind=Milestone.Kind.FELT, body=body, **columns)
    slug = address_of(next_free_ref(), draft.title)
    areas = [MilestoneArea(area=card.of_area)] if card.of_area else []
    actions.start_document(draft, slug=slug, by=by, parts=areas, release=card.release)
    return draft


def differs(promise: Milestone, columns: dict[str, str]) -> bool:
    return any(getattr(promise, name) != value for name, value in columns.items())
