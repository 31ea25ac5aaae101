"""How far a message has got, in the words of whoever sent it."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from participation.models import Feedback
from participation.models.feedback import READ_WITHIN
from publishing.models import Edition
from publishing.moments import Moment

WhyNot = Feedback.WhyNot
A_WEEK = dt.timedelta(days=7)  # 5 working days, without a look at bank holidays
# The sentences of a receipt. Staff chose the reason; these are written for the sender.
TOLD = {
    WhyNot.PERSONAL: "It is about one child or family. We do not put that on show.",
    WhyNot.HOSTILE: "We do not put words on show that could hurt people.",
    WhyNot.ELSEWHERE: "It is about something that we have no part in.",
    WhyNot.NO_ANSWER: "It did not ask for an answer. Thank you for it.",
}


class Stage(NamedTuple):
    """`status` is a look of components/icon.html; `answer` the public page, if there is one."""

    name: str
    status: str
    says: str
    answer: Edition | None = None


def stage_of(feedback: Feedback, moment: Moment) -> Stage:
    answer = (
        Edition.objects.as_of(moment)
        .filter(document=feedback.became_id)
        .select_related("document")
        .first()
    )
    if feedback.became_id and answer:
        return Stage("We answered it", "done", "Our answer is on this site:", answer)
    if feedback.why_not:
        said = TOLD[WhyNot(feedback.why_not)]
        return Stage("We read it, and do not answer it on this site", "stop", said)
    if feedback.words_erased_at:
        says = "We did not answer it in time. We no longer have what you wrote."
        return Stage("We did not answer it", "late", says)
    return waiting_stage(feedback, moment)


def waiting_stage(feedback: Feedback, moment: Moment) -> Stage:
    """Honest about both things that we say: when we read it, and when we answer."""
    if feedback.read_at is None:
        says = f"Nobody has read it yet. We say {READ_WITHIN} working days."
        if feedback.sent_at < moment.at - A_WEEK:
            return Stage("We have it. We are late", "late", says)
        return Stage("We have it", "wait", says)
    day = feedback.answer_by
    if day < moment.day:
        says = f"We said we would answer by {day:%-d %B %Y}. We are late."
        return Stage("We have read it. Our answer is late", "late", says)
    return Stage("We have read it", "track", f"We will answer by {day:%-d %B %Y}.")


def stage_for_staff(feedback: Feedback) -> str:
    """`feedback` comes from `with_answer()`."""
    if feedback.is_for_duty and feedback.duty_done_at is None:
        return "For the duty role"
    if feedback.is_answered:
        return "Answered in public"
    if feedback.why_not:
        return "Closed: no public answer"
    if feedback.words_erased_at:
        return "Erased without an answer"
    if feedback.became_id:
        return "An answer is being written"
    return "Read" if feedback.read_at else "New"
