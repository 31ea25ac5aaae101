"""Sending: each mail is claimed by one process, sent, and marked. Nothing lost, nothing twice.

Between a mail server's “yes” and our mark a process can die. Then the mail goes out again with
the same Message-ID, by which mailboxes know a copy: docs/decisions/0008 says what that promises.
"""

from __future__ import annotations

import datetime as dt
import logging
import random
import smtplib
from collections.abc import Callable, Iterator
from contextlib import suppress

from django.core.mail import EmailMessage, mailers
from django.utils import timezone

from participation.addresses import mailbox_of
from participation.following import MAILS_A_DAY
from participation.mails import message_of
from participation.models import DayCount, Mail
from participation.models.deliveries import OF_THIS_MAIL
from publishing.moments import midnight_after

log = logging.getLogger(__name__)

LOOKED_AT_ONCE = 50
# What a mail server can do to us, and an address that no server takes.
FAILURES = (OSError, ValueError)
# It answered for this one mail; any other failure means that it takes no mail at all now.
ANSWERS = (smtplib.SMTPDataError, smtplib.SMTPRecipientsRefused, ValueError)


class Post:
    """The way to the mail server: opened for the first mail, kept, and made anew when it broke."""

    def __init__(self):
        self.connection = None

    def send(self, message: EmailMessage) -> None:
        if self.connection is None:
            self.connection = mailers.default
            self.connection.open()
        self.connection.send_messages([message])

    def close(self) -> None:
        if self.connection is not None:
            with suppress(*FAILURES):
                self.connection.close()
            self.connection = None


def send_waiting(*, is_over: Callable[[], bool] = lambda: False) -> int:
    """Sends what waits, one mail after the other, beside any other worker. Returns how many.

    Stops when the server takes no mail, or after the mail in hand when `is_over`: what is left
    keeps waiting, and the next run goes on.
    """
    post, sent = Post(), 0
    try:
        for mail in claimed(is_over):
            try:
                sent += send(mail, post)
            except FAILURES as failure:
                post.close()
                note(mail, failure)
                if not isinstance(failure, ANSWERS):
                    break
    finally:
        post.close()
    return sent


def claimed(is_over: Callable[[], bool]) -> Iterator[Mail]:
    """Each waiting mail that this process could take, one at a time; questions before news."""
    while not is_over():
        now = timezone.now()
        waiting = Mail.objects.waiting(now).order_by("purpose", "made_at")
        some = list(waiting.values_list("pk", "purpose")[:LOOKED_AT_ONCE])
        if not some:
            return
        # Two workers begin at different ends of what is equally urgent.
        random.shuffle(some)
        for pk, _ in sorted(some, key=lambda each: each[1]):
            if is_over():
                return
            if mail := Mail.objects.claim(pk, timezone.now()):
                yield mail


def send(mail: Mail, post: Post) -> bool:
    now = timezone.now()
    if not may_go_today(mail, now):
        why = f"{OF_THIS_MAIL}: its address had all of today’s"
        mail.wait_until(midnight_after(timezone.localdate(now)), why)
        return False
    message = message_of(mail)
    if message is None:
        Mail.objects.filter(pk=mail.pk, claim=mail.claim).delete()
        return False
    if mail.is_again:
        message.extra_headers["X-Sent-Again"] = "perhaps"
    post.send(message)
    mail.is_sent(timezone.now())
    return True


def may_go_today(mail: Mail, now: dt.datetime) -> bool:
    """A mail was counted on the day it was made; one that waited is counted again."""
    day = timezone.localdate(now)
    if mail.counted_on == day:
        return True
    mailbox = mailbox_of(mail.address)
    if not DayCount.objects.take(f"mail {mailbox}", limit=MAILS_A_DAY, day=day):
        return False
    Mail.objects.filter(pk=mail.pk).update(counted_on=day)
    return True


def note(mail: Mail, failure: Exception) -> None:
    """Why it did not go, without a word of what the server said: that may hold the address."""
    code = getattr(failure, "smtp_code", "")
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        code = next((answer[0] for answer in failure.recipients.values()), "")
    why = f"{type(failure).__name__} {code}".strip()
    if isinstance(failure, ANSWERS):
        why = f"{OF_THIS_MAIL}: {why}"
    mail.try_later(timezone.now(), why)
    log.warning("Mail %s did not go (%s); attempt %d.", mail.key, why, mail.attempts)
