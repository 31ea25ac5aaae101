"""Whether our e-mails leave: since when they do not, and who can help."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from participation.models import AlertCursor, Mail
from participation.models.deliveries import HELD_UP_AFTER


class HeldUp(NamedTuple):
    """How many mails wait, 0 if they are not even written; `why` is empty if nobody tried."""

    how_many: int
    since: dt.datetime
    why: str


def held_up(now: dt.datetime) -> HeldUp | None:
    """None while e-mails leave, or wait for nothing but a pause. Two queries, or three."""
    waiting = Mail.objects.held_up(now)
    if first := waiting.first():
        # One that was tried says more than the oldest, which may not have had its turn.
        tried = waiting.exclude(why="").first() or first
        return HeldUp(waiting.count(), first.made_at, tried.why)
    news = AlertCursor.objects.not_looked_at().first()
    if news and news.recorded_at <= now - HELD_UP_AFTER:
        return HeldUp(0, news.recorded_at, "")
    return None
