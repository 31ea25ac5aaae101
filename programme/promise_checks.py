"""What stops a promise from being published, and what would make it better."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils import timezone

from programme.alike import Titles
from programme.loose_date_fields import unreadable
from publishing.models import Document, Problem
from publishing.moments import LONDON

if TYPE_CHECKING:
    from programme.models import Milestone

FEWEST_WORDS_OF_A_REASON = 10


def problems(promise: Milestone) -> Iterator[Problem]:
    before = promise.before
    yield from (Problem(name, why) for name, why in unreadable(promise))
    yield from of_words(promise)
    yield from of_earlier_date(promise, before)
    if before:
        yield from of_change(promise, before)
    yield from of_days(promise, before)
    yield from of_ending(promise)


def of_words(promise: Milestone) -> Iterator[Problem]:
    if not promise.who.strip():
        yield Problem("who", "Say which post is responsible.")
    if not promise.how_we_will_know.strip():
        yield Problem("how_we_will_know", "Say how families will know that it is done.")
    # Its reference is fixed from then on: a twin that is begun later is stopped itself.
    if promise.number == 1 and has_twin(promise):
        yield Problem("ref", f"Another promise has the reference {promise.ref}.")
    is_known = promise.families_notice in (promise.Notice.YES, promise.Notice.NO)
    if is_known and not promise.how_we_know.strip():
        yield Problem("how_we_know", "Say how you know what families notice.")


def has_twin(promise: Milestone) -> bool:
    ref = promise.document.slug.partition("-")[0]
    same = Document.objects.filter(kind=promise._meta.label_lower, slug__startswith=f"{ref}-")
    return same.exclude(pk=promise.document_id).exists()


def of_earlier_date(promise: Milestone, before: Milestone | None) -> Iterator[Problem]:
    """A first date is put right only by an earlier one, with its source."""
    earlier = promise.first_promised_on
    if earlier is None:
        return
    if not promise.first_promised_where.strip():
        yield Problem("first_promised_where", "Say where the earlier date was published.")
    known = before.first_due_on if before else promise.due_on
    is_kept = before and earlier == before.first_promised_on
    if known and earlier >= known and not is_kept:
        yield Problem(
            "first_promised_words",
            "That is not earlier than the first date on this page, which stays.",
        )


def of_change(promise: Milestone, before: Milestone) -> Iterator[Problem]:
    if promise.kind != before.kind:
        yield Problem("kind", "It was fixed when the promise was first published.")
    has_moved = promise.has_moved(before)
    # A small fix has shown that only spelling differs.
    if promise.is_minor or not (has_moved or promise.is_reworded(before)):
        return
    what = "date" if has_moved else "words"
    if not promise.why_changed.strip():
        yield Problem("why_changed", f"Say why its {what} changed: families read this.")
    if not promise.cause:
        yield Problem("cause", f"Choose why its {what} changed.")
    if not promise.change_agreed_by.strip():
        yield Problem("change_agreed_by", f"Say who agreed to change its {what}.")


def of_days(promise: Milestone, before: Milestone | None) -> Iterator[Problem]:
    today = timezone.now().astimezone(LONDON).date()
    for name in ("started_on", "done_on", "slipped_back_on"):
        day = getattr(promise, name)
        if day and day > today:
            yield Problem(name, "This day has not come yet.")
    slipped_on, done_on = promise.slipped_back_on, promise.done_on
    if slipped_on and (done_on is None or slipped_on < done_on):
        yield Problem("slipped_back_on", "It can slip back only after the day it was done.")
    lost_on = before.slipped_back_on if before else None
    if lost_on and not slipped_on and done_on and done_on <= lost_on:
        yield Problem(
            "done_on", f"It slipped back on {lost_on:%-d %B %Y}. Give the day it was done again."
        )


def of_ending(promise: Milestone) -> Iterator[Problem]:
    if promise.done_on and not promise.proof.strip():
        yield Problem("proof", "Say what shows that it is done. Without proof it is not done.")
    if promise.slipped_back_on and not promise.slipped_back_because.strip():
        yield Problem("slipped_back_because", "Say why it slipped back.")
    if promise.could_not_because.strip() and not promise.instead.strip():
        yield Problem("instead", "Say what you do instead; if nothing, say so.")
    if promise.is_kept and promise.could_not_because.strip():
        yield Problem("could_not_because", "It cannot be done and not done. Empty one of them.")
    if promise.replaced_by_id:
        yield from of_replacement(promise)


def of_replacement(promise: Milestone) -> Iterator[Problem]:
    """What replaces it can be read, and is still to be kept: else it would only hide it."""
    name, seen = "replaced_by", {promise.document_id}
    next_one = promise.replaced_by_id
    if next_one not in seen and not will_be_public(promise, next_one).exists():
        yield Problem(name, "That promise is not public. Let both go out together.")
    while next_one and next_one not in seen:
        seen.add(next_one)
        newest = will_be_public(promise, next_one).order_by("-number").first()
        next_one = newest.replaced_by_id if newest else None
    if next_one == promise.document_id:
        yield Problem(name, "A promise cannot replace itself, also not by way of another one.")


def will_be_public(promise: Milestone, document_id: int | None) -> QuerySet[Milestone]:
    """The editions of another promise that stand when this one goes out."""
    is_or_will_be = Q(published_at__lte=timezone.now()) | Q(release=promise.release_id)
    return type(promise).objects.filter(is_or_will_be, document=document_id)


def advice(promise: Milestone) -> Iterator[Problem]:
    why = promise.why_changed
    if 0 < len(why.split()) < FEWEST_WORDS_OF_A_REASON:
        yield Problem("why_changed", "This reason is short. Would a parent understand it?")
    if "unforeseen" in why.casefold():
        yield Problem("why_changed", "“Unforeseen” says nothing. Say what happened.")
    if not promise.due:
        yield Problem("due_words", "Families will read “No date given”. It counts as that.")
    if not promise.made_with.strip():
        yield Problem("made_with", "Families will read that they did not help write this.")
    if promise.number == 1 and (other := twin_of(promise)):
        yield Problem("title", f"Is this the same as “{other}”? Then correct that one instead.")


def twin_of(promise: Milestone) -> Milestone | None:
    """An open promise that says nearly the same."""
    kind = type(promise)
    open_ones = kind.objects.working().filter(done_on=None, replaced_by=None)
    titles = open_ones.exclude(document=promise.document_id).values_list("pk", "title")
    found = Titles(dict(titles)).like(promise.title)
    return kind.objects.get(pk=str(found)) if found is not None else None
