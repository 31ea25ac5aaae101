"""What is new in the ledger, and for whom: written down once, then gathered into mails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from participation.addresses import mailbox_of
from participation.following import MAILS_A_DAY
from participation.models import (
    AlertCursor,
    DayCount,
    Delivery,
    Feedback,
    Follow,
    Mail,
    Subscriber,
)
from participation.models.subscribers import newest_line
from programme import waiting
from programme.models import Check, ForumCheck, Milestone, MilestoneArea, ProgressRound
from publishing import moments
from publishing.models import LedgerEntry
from publishing.moments import LONDON
from updates.models import TermlyUpdate, YouSaidWeDid

Event = LedgerEntry.Event
# Not a small fix, not what stood elsewhere before, not a late signature or a removed name.
NEWS = (
    *(Event.PUBLISHED, Event.CORRECTED, Event.DATE_MOVED),
    *(Event.WITHDRAWN, Event.REMOVED, Event.CAME_BACK),
)
LINES_AT_ONCE = 50
DIGEST_HOUR = 8


# Finding


def find(now: dt.datetime | None = None) -> int:
    """Writes down who must hear of each new line of the ledger. Returns how many deliveries.

    The cursor moves in the same transaction, and only from where it was read: of two that look
    at once, one finds nothing.
    """
    now = now or timezone.now()
    cursor, found = AlertCursor.objects.stand(), 0
    while cursor.line < newest_line():
        upto = min(cursor.line + LINES_AT_ONCE, newest_line())
        with transaction.atomic():
            mine = AlertCursor.objects.filter(pk=cursor.pk, line=cursor.line)
            if mine.update(line=upto):
                lines = LedgerEntry.objects.filter(id__gt=cursor.line, id__lte=upto)
                found += sum(deliver(entry, now) for entry in lines.select_related("edition"))
        cursor.refresh_from_db()
    return found


def is_news(entry: LedgerEntry) -> bool:
    if entry.event not in NEWS:
        return False
    if entry.document_kind == ProgressRound._meta.label_lower and entry.edition:
        # Promises that changed go out with it, in lines of their own.
        checks = Check.objects.filter(edition=entry.edition_id)
        return checks.filter(~Q(is_unchanged=True) | ~Q(note="")).exists()
    return True


def deliver(entry: LedgerEntry, now: dt.datetime) -> int:
    if not is_news(entry):
        return 0
    wanted = Q(what=Follow.What.EVERYTHING)
    pages = [entry.document_id, *pages_concerned(entry), *pages_answered_by(entry)]
    wanted |= Q(what=Follow.What.PAGE, document__in=pages)
    if entry.document_kind == TermlyUpdate._meta.label_lower:
        wanted |= Q(what=Follow.What.UPDATES)
    follows = Follow.objects.listening().filter(wanted, since_line__lt=entry.id)
    readers = follows.values_list("subscriber", flat=True).distinct()
    rows = [Delivery(subscriber_id=pk, entry=entry, found_at=now) for pk in readers]
    Delivery.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return len(rows)


def pages_concerned(entry: LedgerEntry) -> Iterable[int]:
    """The problems that a promise helps to mend, or that a card of “You said, we did” is about.

    An answer of the Parent Carer Forum is news for whoever follows its promise, or a problem of it.
    """
    if entry.edition_id is None:
        return []
    if entry.document_kind == Milestone._meta.label_lower:
        areas = MilestoneArea.objects.filter(edition=entry.edition_id)
        return areas.values_list("area", flat=True)
    if entry.document_kind == ForumCheck._meta.label_lower:
        promise = ForumCheck.objects.get(pk=entry.edition_id).promise_id
        standing = Milestone.objects.as_of(moments.now()).filter(document=promise)
        areas = MilestoneArea.objects.filter(edition__in=standing)
        return [promise, *areas.values_list("area", flat=True)]
    if entry.document_kind == YouSaidWeDid._meta.label_lower:
        cards = YouSaidWeDid.objects.filter(pk=entry.edition_id, of_area__isnull=False)
        return cards.values_list("of_area", flat=True)
    return []


def pages_answered_by(entry: LedgerEntry) -> Iterable[int]:
    """The pages that families wrote about, and were answered by this card."""
    if entry.document_kind != YouSaidWeDid._meta.label_lower:
        return []
    messages = Feedback.objects.filter(became=entry.document_id, document__isnull=False)
    return messages.values_list("document", flat=True)


# Gathering


def gather(now: dt.datetime | None = None) -> int:
    """Puts what waits for each subscriber into one mail. Returns how many mails it made."""
    now = now or timezone.now()
    due = Delivery.objects.filter(mail=None).filter(
        Q(subscriber__pace=Subscriber.Pace.AT_ONCE)
        | Q(subscriber__pace=Subscriber.Pace.WEEKLY, found_at__lt=last_digest(now))
    )
    # While one is on its way, or the mail server is down, the rest waits for the next.
    open_ = Mail.objects.unsent().filter(
        purpose=Mail.Purpose.NEWS, subscriber=OuterRef("subscriber")
    )
    readers = due.filter(~Exists(open_)).order_by().values_list("subscriber", flat=True).distinct()
    return sum(gather_for(pk, now) for pk in list(readers))


def gather_for(pk: int, now: dt.datetime) -> bool:
    """One mail for one subscriber, unless the day's mails are used up or another was quicker."""
    day = timezone.localdate(now)
    with transaction.atomic():
        subscriber = Subscriber.objects.filter(pk=pk, stopped_at=None).first()
        if subscriber is None:
            return False
        mailbox = mailbox_of(subscriber.email)
        if not DayCount.objects.take(f"mail {mailbox}", limit=MAILS_A_DAY, day=day):
            return False
        mail = Mail.objects.create(
            purpose=Mail.Purpose.NEWS, subscriber=subscriber, counted_on=day, not_before=now
        )
        if not Delivery.objects.filter(subscriber=subscriber, mail=None).update(mail=mail):
            transaction.set_rollback(True)
            return False
    return True


def last_digest(now: dt.datetime) -> dt.datetime:
    """The last Monday at eight in London."""
    here = now.astimezone(LONDON)
    monday = here.date() - dt.timedelta(days=here.weekday())
    at = dt.datetime.combine(monday, dt.time(DIGEST_HOUR), tzinfo=LONDON)
    return at if at <= here else at - dt.timedelta(days=7)


# Staff


def week_of(now: dt.datetime) -> tuple[dt.date, dt.date]:
    """Monday and Sunday of the week that the last digest began."""
    monday = last_digest(now).date()
    return monday, monday + dt.timedelta(days=6)


def due_this_week(now: dt.datetime) -> list[Milestone]:
    """Open promises whose date is in this week, the earliest first."""
    monday, sunday = week_of(now)
    soon = waiting.due_soon(moments.now()).filter(due_on__range=(monday, sunday))
    return list(soon.select_related("document", "body"))


def write_to_staff(now: dt.datetime | None = None) -> int:
    """On Monday, one mail to each who writes, if a promise passes its date this week."""
    now = now or timezone.now()
    monday, _ = week_of(now)
    if Mail.objects.filter(week=monday).exists() or not due_this_week(now):
        return 0
    people = get_user_model().objects.filter(is_active=True, is_staff=True).exclude(email="")
    writers = [each for each in people if each.has_perm("publishing.write_release")]
    day = timezone.localdate(now)
    mails = [
        Mail(purpose=Mail.Purpose.STAFF, staff=each, week=monday, counted_on=day)
        for each in writers
        if DayCount.objects.take(f"mail {mailbox_of(each.email)}", limit=MAILS_A_DAY, day=day)
    ]
    Mail.objects.bulk_create(mails, ignore_conflicts=True)
    return len(mails)
