"""Asking for e-mail, and the signed links by which its reader decides everything else."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import partial

from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from participation import tasks
from participation.addresses import mailbox_of
from participation.models import DayCount, Follow, Mail, Subscriber
from participation.models.subscribers import CONFIRM_WITHIN
from participation.news import title_of
from publishing.models import Document, Edition
from publishing.moments import Moment

# However many ask for it: no more mails a day to one mailbox. One of them is kept for news.
MAILS_A_DAY = 3
QUESTIONS_A_DAY = 2
ASKED_BY_ONE_SENDER_A_DAY = 20
ASKED_BY_ALL_A_DAY = 5000

SETTINGS_LAST = dt.timedelta(days=90)
# Each purpose has a salt of its own, so that no link works in another's place.
CONFIRM, SETTINGS, STOP = "confirm", "settings", "stop"
LASTS = {CONFIRM: CONFIRM_WITHIN, SETTINGS: SETTINGS_LAST, STOP: None}


class AskedTooOften(Exception):
    """This connection, or all of them together, asked for more today than people do."""


# Asking


def ask(address: str, what: str, document: Document | None, *, sender: str, now) -> None:
    """Writes down what an address wants to follow, and a mail that asks its owner.

    The same happens for known and unknown addresses, and the caller answers the same. Raises
    AskedTooOften only for what the sender did, never for what is known of the address.
    """
    day = timezone.localdate(now)
    take = partial(DayCount.objects.take, day=day)
    if not take(f"sender {sender}", limit=ASKED_BY_ONE_SENDER_A_DAY):
        raise AskedTooOften
    if not take("all", limit=ASKED_BY_ALL_A_DAY):
        raise AskedTooOften
    with transaction.atomic():
        mailbox = mailbox_of(address)
        if not take(f"question {mailbox}", limit=QUESTIONS_A_DAY):
            return
        if not take(f"mail {mailbox}", limit=MAILS_A_DAY):
            return
        subscriber, _ = Subscriber.objects.get_or_create(email=address)
        follow, is_new = subscriber.follows.get_or_create(what=what, document=document)
        if not is_new and follow.confirmed_at is None:
            Follow.objects.filter(pk=follow.pk).update(asked_at=now)
        Mail.objects.create(
            purpose=Mail.Purpose.ASK, subscriber=subscriber, follow=follow, counted_on=day
        )
    # What is written down goes out also if this fails: the heartbeat finds it.
    transaction.on_commit(tasks.send_soon, robust=True)


def page_to_follow(key: str, moment: Moment) -> Edition | None:
    """The page that a link “Email me about this” names, if it stands; by its document's key."""
    try:
        wanted = uuid.UUID(key)
    except ValueError:
        return None
    standing = Edition.objects.as_of(moment).filter(document__key=wanted)
    edition = standing.select_related("document").first()
    return edition.concrete if edition else None


def what_is_followed(follow: Follow, moment: Moment) -> str | None:
    """In words, for its owner; None for a page that does not stand at the moment."""
    if follow.document_id is None:
        return str(follow.get_what_display())
    standing = Edition.objects.as_of(moment).filter(document=follow.document_id).first()
    return title_of(standing) if standing else None


def in_words(subscriber: Subscriber, moment: Moment) -> dict[int, str]:
    """What a subscriber follows, by the number of the row; a page that came down has no name."""
    follows = subscriber.follows.confirmed().order_by("confirmed_at", "pk")
    return {f.pk: what_is_followed(f, moment) or "A page that was taken down" for f in follows}


# Signed links


def link(purpose: str, row: Subscriber | Follow) -> str:
    """The path of a signed link. It names no address, and ends with the row it is about."""
    key = [str(row.key)] if isinstance(row, Subscriber) else [str(row.subscriber.key), row.pk]
    token = signing.dumps(key, salt=f"participation {purpose}")
    return reverse(f"participation:email_{purpose}", args=[token])


def read(purpose: str, token: str) -> list | None:
    """What a link says; None when it is not ours, was altered or is too old."""
    try:
        return signing.loads(token, salt=f"participation {purpose}", max_age=LASTS[purpose])
    except signing.BadSignature:
        return None


def subscriber_of(purpose: str, token: str) -> Subscriber | None:
    said = read(purpose, token)
    return Subscriber.objects.filter(key=said[0]).first() if said else None


def follow_of(token: str) -> Follow | None:
    """What the link in a question asks about."""
    said = read(CONFIRM, token)
    if not said:
        return None
    key, number = said
    found = Follow.objects.filter(pk=number, subscriber__key=key)
    return found.select_related("subscriber", "document").first()
