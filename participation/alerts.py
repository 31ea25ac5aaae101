"""What is new in the ledger, and for whom: written down once, then gathered into mails."""

from __future__ import annotations

import datetime as dt

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
    Follow,
    Mail,
    Subscriber,
)
from participation.models.subscribers import newest_line
from participation.who_hears import is_of_updates, pages_that_hear
from programme import waiting
from programme.models import Check, Milestone, ProgressRound
from publishing import moments
from publishing.models import LedgerEntry
from publishing.moments import LONDON
from updates import opportunities
from updates.models import Opportunity

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
    wanted |= Q(what=Follow.What.PAGE, document__in=pages_that_hear(entry))
    if is_of_updates(entry):
        wanted |= Q(what=Follow.What.UPDATES)
    follows = Follow.objects.listening().filter(wanted, since_line__lt=entry.id)
    readers = follows.values_list("subscriber", flat=True).distinct()
    rows = [Delivery(subscriber_id=pk, entry=entry, found_at=now) for pk in readers]
    Delivery.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return len(rows)


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


def unsaid_this_week(now: dt.datetime) -> list[Opportunity]:
    """Chances to take part of which somebody must say now what came of them."""
    monday, _ = week_of(now)
    return opportunities.to_say_on(monday, moments.now())


def write_to_staff(now: dt.datetime | None = None) -> int:
    """On Monday, one mail to each who writes, if something falls due this week."""
    now = now or timezone.now()
    monday, _ = week_of(now)
    if Mail.objects.filter(week=monday).exists():
        return 0
    if not due_this_week(now) and not unsaid_this_week(now):
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
