"""People who follow us by e-mail, and the mails that reach them."""

import email
import email.policy
import re

from django.core import mail
from django.utils import timezone

from participation import alerts, outbox
from participation.models import Follow, Subscriber

ADDRESS = "parent@example.org"


def make_follower(address=ADDRESS, *, what="everything", document=None, **fields) -> Subscriber:
    """Somebody who has pressed the button, and hears of whatever comes from now on."""
    subscriber, _ = Subscriber.objects.get_or_create(email=address, defaults=fields)
    follow = Follow.objects.create(subscriber=subscriber, what=what, document=document)
    follow.confirm(timezone.now())
    return subscriber


def look_for_news() -> None:
    """What the heartbeat does."""
    alerts.find()
    alerts.gather()
    outbox.send_waiting()


def link_in(message, word: str) -> str:
    """The path of our page in a mail: `link_in(message, "stop")`."""
    return link_among(message.body, word)


def link_among(words: str, word: str) -> str:
    return re.search(rf"http://testserver(/updates/email/{word}/\S+)", words)[1]


def words_in(body: bytes, kind: str = "plain") -> str:
    """Of a mail as a server got it: its text, or its HTML."""
    mail = email.message_from_bytes(body, policy=email.policy.default)
    return mail.get_body((kind,)).get_content()


def news() -> list:
    """The mails with news that have gone out."""
    return [each for each in mail.outbox if "List-Unsubscribe" in each.extra_headers]
