"""Ways in which words can be secret, and what makes a page secret again."""

import datetime as dt

import time_machine
from django.utils import timezone

from publishing import actions
from publishing.models import Edition
from publishing.models.editions import kinds
from tests import factories
from tests.house_rules import filling
from tests.house_rules.filling import Pages, Words
from tests.size import is_large

# `make test` shows each way with a third of the kinds, and each kind in a third of the ways;
# `make soak` shows all of them.
PARTS = 1 if is_large() else 3


def kinds_for(turn: int) -> list[type[Edition]]:
    """The kinds whose turn it is, a different part of them each time."""
    return [kind for place, kind in enumerate(kinds()) if (place + turn) % PARTS == 0]


# Each makes a page of every kind named, in one release, on which the words must not be seen.


def of_staff(words: Words) -> Words:
    """Without what somebody says through a link, which is never secret before it is public."""
    return {kind: text for kind, text in words.items() if kind in filling.staff_kinds()}


def draft(words: Words) -> Pages:
    drafts = {kind: filling.make(kind, text) for kind, text in of_staff(words).items()}
    return filling.together(drafts)


def in_review(words: Words) -> Pages:
    pages = draft(words)
    one = one_of(pages)
    actions.submit(one.release, by=one.created_by)
    return pages


def sent_back(words: Words) -> Pages:
    pages = in_review(words)
    reason = f"{' '.join(of_staff(words).values())} is wrong."
    by = factories.make_signer(council())
    actions.return_to_author(one_of(pages).release, by=by, reason=reason)
    return pages


def signed_off(words: Words) -> Pages:
    return sign_off(draft(words))


def scheduled(words: Words) -> Pages:
    return schedule(signed_off(words))


def unscheduled(words: Words) -> Pages:
    pages = scheduled(words)
    actions.unschedule(one_of(pages).release, by=factories.make_signer(council()))
    return pages


def thrown_away(words: Words) -> Pages:
    pages = draft(words)
    for page in pages.values():
        actions.discard_draft(page, by=page.created_by)
    return pages


def correction(words: Words) -> Pages:
    words = of_staff(words)
    standing = filling.make_public_together({kind: filling.word("stands") for kind in words})
    return filling.correct_together(standing, words)


def correction_signed_off(words: Words) -> Pages:
    return sign_off(correction(words))


def correction_scheduled(words: Words) -> Pages:
    return schedule(correction_signed_off(words))


def correction_waiting(words: Words) -> Pages:
    pages = {}
    for kind, text in of_staff(
        words
    ).items():  # one at a time: it takes its whole release off the schedule
        pages |= correction_scheduled({kind: text})
        actions.slip_in_correction(pages[kind].document, by=pages[kind].created_by)
    return filling.fresh(pages)


def removed_from_the_past(words: Words) -> Pages:
    # Its address stays known: it says that the page was taken down.
    words = {kind: text for kind, text in words.items() if filling.can_come_down(kind)}
    with two_days_ago():
        pages = filling.make_public_together(words, slug="removed")
    for page in pages.values():
        take_down(page.document, reaches_past=True)
    return pages


def removed_after_a_correction(words: Words) -> Pages:
    words = {kind: text for kind, text in words.items() if filling.can_come_down(kind)}
    with two_days_ago():
        first = filling.make_public_together(words, slug="removed")
    pages = filling.publish_together(filling.correct_together(first, words))
    for page in pages.values():
        take_down(page.document, reaches_past=True)
    return pages


def redacted(words: Words) -> Pages:
    """A file keeps its words: these pages have files that never had them."""
    with two_days_ago():
        pages = filling.make_public_together(words, slug="redacted", says_in_files="nothing")
    by = factories.make_signer(council())
    for kind, page in pages.items():
        actions.redact(page.document, by=by, words=[words[kind]], reason="A child was named.")
    return filling.fresh(pages)


def two_days_ago():
    """So that there is a past day on which they stood."""
    return time_machine.travel(timezone.now() - dt.timedelta(days=2))


# Its address and its files stay readable, without the words.
STAYS = {"redacted"}
SECRETS = [
    draft,
    in_review,
    sent_back,
    signed_off,
    scheduled,
    unscheduled,
    thrown_away,
    correction,
    correction_signed_off,
    correction_scheduled,
    correction_waiting,
    removed_from_the_past,
    removed_after_a_correction,
    redacted,
]


def council():
    return filling.MAKERS[filling.Body]("")


def one_of(pages: Pages) -> Edition:
    return next(iter(pages.values()))


def sign_off(pages: Pages) -> Pages:
    factories.sign_off_update(one_of(pages))
    return filling.fresh(pages)


def schedule(pages: Pages) -> Pages:
    tomorrow = timezone.now() + dt.timedelta(days=1)
    by = factories.make_signer(council())
    actions.schedule(one_of(pages).release, by=by, at=tomorrow)
    return filling.fresh(pages)


def take_down(document, *, reason="It was wrong.", reaches_past=False):
    by = factories.make_signer(council())
    return actions.withdraw(document, by=by, reason=reason, reaches_past=reaches_past)
