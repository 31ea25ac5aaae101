"""The one publishing lock, and the refusal that every verb may answer with."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field

from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.db.models import F, Min
from django.utils import timezone

from publishing import ledger, moments
from publishing.models import Document, Edition, SiteVersion
from publishing.models.editions import kinds


class NotAllowed(Exception):
    """A verb was refused: `why` is a sentence for the person who asked.

    `problems` names the fields to mend, when there are any, and `edition` whose they are.
    """

    def __init__(self, verb: str, why: str, problems=(), edition: Edition | None = None):
        super().__init__(verb, why)
        self.edition = edition
        self.verb = verb
        self.why = why
        self.problems = list(problems)

    def __str__(self):
        return f"You cannot {self.verb}: {self.why}"


class Stale(NotAllowed):
    """Somebody else saved the draft meanwhile."""


@dataclass(frozen=True)
class Lock:
    """What an action knows once it holds the lock."""

    now: dt.datetime  # the clock
    recorded_at: dt.datetime  # the clock, but never before the newest ledger line
    due: list[Edition] = field(default_factory=list)  # scheduled editions recorded on the way


PATIENCE = 200  # milliseconds
HELD = "publishing_lock_held"  # on the connection whose transaction holds it


@contextmanager
def impatiently() -> Iterator[None]:
    """Whoever meets a lock inside gets an OperationalError at once instead of waiting."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA busy_timeout")
            (patience,) = cursor.fetchone()
            cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
        else:
            cursor.execute("SHOW lock_timeout")
            (patience,) = cursor.fetchone()
            cursor.execute(f"SET lock_timeout = {PATIENCE}")
    try:
        yield
    finally:
        setting = "PRAGMA busy_timeout" if connection.vendor == "sqlite" else "SET lock_timeout"
        with connection.cursor() as cursor:
            cursor.execute(f"{setting} = '{patience}'")


@contextmanager
def publishing_lock(*, may_wait: bool = True) -> Iterator[Lock]:
    """Holds the publishing lock for one transaction, in which the site version rises by one.

    The UPDATE comes first: PostgreSQL locks the row, SQLite the database, until the commit. An
    action that is refused leaves the version where it was. Inside another action that holds it,
    an action is part of that one, and can be refused without it.
    """
    if held := getattr(connection, HELD, None):
        with transaction.atomic():
            yield held
        return
    with nullcontext() if may_wait else impatiently(), transaction.atomic():
        if not SiteVersion.objects.filter(pk=1).update(number=F("number") + 1):
            raise ImproperlyConfigured("The site has no version row: run `manage.py migrate`.")
        now = timezone.now()
        newest = ledger.newest()
        before = what_pages_follow(newest.pk if newest else 0, now)
        lock = Lock(now=now, recorded_at=max(now, newest.recorded_at) if newest else now)
        record_due(lock)
        setattr(connection, HELD, lock)
        try:
            yield lock
        finally:
            delattr(connection, HELD)
        note_next_change(lock, before)


def what_pages_follow(newest_line: int, now: dt.datetime) -> tuple:
    """Where the record ends, and what is scheduled.

    If neither has changed, the stored `next_change_at` is still right. Most deeds are done to
    drafts, and asking every kind when it will change takes longer than they do.
    """
    scheduled = Edition.objects.filter(published_at__gt=now).order_by("pk")
    return newest_line, *scheduled.values_list("pk", "published_at")


def record_due(lock: Lock) -> None:
    """Writes the lines of scheduled editions that are public by now; exactly one each.

    Every action does this first, so that no line is ever older than the line before it.
    """
    due = Edition.objects.due(lock.now)
    lock.due.extend(due.select_related("document", "published_by", "release__signed_through"))
    if lock.due:
        record_appearances(lock.due, lock)


def record_appearances(editions: Sequence[Edition], lock: Lock) -> None:
    """A line for each edition that has begun, by who published it."""
    events = events_of_appearance(editions)
    # The first publication of its own launches the site, scheduled ones included.
    if ours := [edition for edition in editions if not edition.is_imported]:
        launched_at = began_at(ours[0])
        SiteVersion.objects.filter(pk=1, launched_at=None).update(launched_at=launched_at)
    deeds = [
        ledger.Deed(
            event=events[edition.pk],
            document=edition.document,
            edition=edition,
            by=edition.published_by,
            effective_at=began_at(edition),
        )
        for edition in editions
    ]
    ledger.append(deeds, recorded_at=lock.recorded_at)


def began_at(edition: Edition) -> dt.datetime:
    if edition.published_at is None:
        raise ValueError(f"{edition!r} has not begun: it cannot have appeared.")
    return edition.published_at


def events_of_appearance(editions: Sequence[Edition]) -> dict[int, ledger.Event]:
    """By key, what the ledger calls it that each of them appeared."""
    found, later = {}, []
    for edition in editions:
        if edition.is_imported:
            found[edition.pk] = ledger.Event.IMPORTED
        elif edition.is_minor:
            found[edition.pk] = ledger.Event.SMALL_FIX
        elif edition.number > 1:
            later.append(edition)
        else:
            found[edition.pk] = ledger.Event.PUBLISHED
    before = before_each(later)
    for edition in later:
        event = edition.concrete.event_after(before[edition.based_on_id])
        found[edition.pk] = ledger.Event(event)
    return found


def before_each(editions: Sequence[Edition]) -> dict[int | None, Edition]:
    """By key, the editions that these were made from. One query for each kind."""
    wanted: dict[type[Edition], list[int]] = defaultdict(list)
    for edition in editions:
        if edition.based_on_id:
            wanted[edition.document.kind_model].append(edition.based_on_id)
    return {
        row.pk: row
        for kind, keys in wanted.items()
        for row in kind._base_manager.filter(pk__in=keys).select_related("document")
    }


def renew_pages(*, by) -> None:
    """Reference data that pages show (a term) has changed: no page is what it was."""
    require(by, "publish_release", "change what pages show")
    with publishing_lock() as lock:
        note_next_change(lock)


def note_next_change(lock: Lock, before: tuple | None = None) -> None:
    """Stores the earliest next instant at which any page changes by itself.

    Skips the work while the stored instant lies ahead and nothing that it depends on has changed.
    """
    site = SiteVersion.objects.get(pk=1)
    has_come = site.next_change_at is not None and site.next_change_at <= lock.now
    if what_pages_follow(site.newest_line, lock.now) == before and not has_come:
        return
    scheduled = Edition.objects.filter(published_at__gt=lock.now)
    moment = moments.now()
    in_use = set(Document.objects.values_list("kind", flat=True).distinct())
    asked = (k for k in kinds() if k.CHANGES_WITHOUT_PAGES or k._meta.label_lower in in_use)
    instants = [
        scheduled.aggregate(first=Min("published_at"))["first"],
        *(kind.next_change_after(moment) for kind in asked),
    ]
    SiteVersion.objects.filter(pk=1).update(
        next_change_at=min((at for at in instants if at), default=None)
    )


def require(by, permission: str, verb: str) -> None:
    """Raises NotAllowed unless this active person holds the role for the verb."""
    if not by.is_active:
        raise NotAllowed(verb, "this account is closed.")
    if not by.has_perm(f"publishing.{permission}"):
        raise NotAllowed(verb, "your role does not include it. Ask an administrator.")
