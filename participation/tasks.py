"""What a worker does apart from any visitor: finds what is new, and sends what waits.

Tasks carry no arguments, and let no error through that a mail server caused: both would be kept
in the table of tasks, with addresses in them.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.tasks import task


@contextmanager
def until_told_to_end() -> Iterator[threading.Event]:
    """A worker that is told to end finishes its task first: this one is short then."""
    told, before = threading.Event(), signal.getsignal(signal.SIGTERM)
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or not callable(before):  # not a worker: whoever ends it means at once
        yield told
        return

    def end(number, frame):
        told.set()
        before(number, frame)

    signal.signal(signal.SIGTERM, end)
    try:
        yield told
    finally:
        signal.signal(signal.SIGTERM, before)


@task()
def send_mails() -> None:
    """Only what waits already: a question to somebody who has just asked."""
    from participation import outbox

    with until_told_to_end() as told:
        outbox.send_waiting(is_over=told.is_set)


@task()
def send_alerts() -> None:
    """All there is to do: news found in the ledger, put into mails, and sent."""
    from participation import alerts, outbox

    with until_told_to_end() as told:
        alerts.find()
        alerts.gather()
        alerts.write_to_staff()
        outbox.send_waiting(is_over=told.is_set)


def send_soon() -> None:
    send_mails.enqueue()


def look_soon() -> None:
    send_alerts.enqueue()
