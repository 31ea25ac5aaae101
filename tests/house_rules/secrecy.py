"""Ways in which words can be secret, and what makes a page secret again."""

import datetime as dt

from django.utils import timezone

from publishing import actions
from tests import factories
from tests.house_rules import filling

# Each makes a page of the kind on which `text` must not be seen.


def draft(kind, text):
    return filling.make(kind, text)


def in_review(kind, text):
    edition = draft(kind, text)
    actions.submit(edition.release, by=edition.created_by)
    return edition


def sent_back(kind, text):
    edition = in_review(kind, text)
    reviewer = factories.make_signer(council())
    actions.return_to_author(edition.release, by=reviewer, reason=f"{text} is wrong.")
    return edition


def signed_off(kind, text):
    return factories.sign_off_update(draft(kind, text))


def scheduled(kind, text):
    return schedule(signed_off(kind, text))


def unscheduled(kind, text):
    edition = scheduled(kind, text)
    actions.unschedule(edition.release, by=factories.make_signer(council()))
    return edition


def thrown_away(kind, text):
    edition = draft(kind, text)
    actions.discard_draft(edition, by=edition.created_by)
    return edition


def correction(kind, text):
    return filling.correct(filling.make_public(kind, filling.word("stands")), text)


def correction_signed_off(kind, text):
    return factories.sign_off_update(correction(kind, text))


def correction_scheduled(kind, text):
    return schedule(correction_signed_off(kind, text))


def correction_waiting(kind, text):
    edition = correction_scheduled(kind, text)
    actions.slip_in_correction(edition.document, by=edition.created_by)
    return factories.reload(edition)


def removed_from_the_past(kind, text):
    # Its address stays known: it says that the page was taken down.
    edition = filling.make_public(kind, text, slug=filling.word("removed"))
    take_down(edition.document, reaches_past=True)
    return edition


def removed_after_a_correction(kind, text):
    first = filling.make_public(kind, text, slug=filling.word("removed"))
    edition = filling.publish(filling.correct(first, text))
    take_down(edition.document, reaches_past=True)
    return edition


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
]


def ways_of(kind):
    """How words of this kind of page can be secret."""
    removed = (removed_from_the_past, removed_after_a_correction)
    return [way for way in SECRETS if filling.can_come_down(kind) or way not in removed]


def council():
    return filling.MAKERS[filling.Body]("")


def schedule(edition):
    tomorrow = timezone.now() + dt.timedelta(days=1)
    actions.schedule(edition.release, by=factories.make_signer(council()), at=tomorrow)
    return factories.reload(edition)


def take_down(document, *, reason="It was wrong.", reaches_past=False):
    by = factories.make_signer(council())
    return actions.withdraw(document, by=by, reason=reason, reaches_past=reaches_past)
