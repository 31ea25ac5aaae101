"""What a promise says, as plain text: for search, digests and comparing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from programme.models import Milestone


def plain_text(promise: Milestone) -> str:
    """Everything a reader reads; dates as the page prints them."""
    when = promise.due.in_words
    if promise.due.own_words:
        when += f" (“{promise.due.own_words}”)"
    texts = (
        promise.get_kind_display(),
        f"{promise.body}, {promise.who}: {when}",
        promise.how_we_will_know,
        promise.official_wording,
        promise.will_notice,
        promise.made_with,
        promise.they_changed,
        promise.started_note,
        *days_in_words(promise),
        promise.proof,
        promise.how_we_know,
        promise.slipped_back_because,
        promise.could_not_because,
        promise.instead,
        promise.why_changed,
        promise.get_cause_display(),
        promise.change_agreed_by,
        promise.first_promised_words,
        promise.first_promised_where,
    )
    return "\n".join(text for text in texts if text)


def days_in_words(promise: Milestone) -> Iterator[str]:
    for text, day in (
        ("Work began", promise.started_on),
        ("Done", promise.done_on),
        ("Slipped back", promise.slipped_back_on),
    ):
        if day:
            yield f"{text}: {day:%-d %B %Y}"
