"""Publishing now or at a time, taking off the schedule, importing, and noticing what is due."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress

from django.db.models import prefetch_related_objects
from django.utils import timezone

from publishing.actions.facts import (
    at_once,
    begin,
    end_withdrawal,
    take_off_schedule,
    void_signatures,
)
from publishing.actions.lock import NotAllowed, publishing_lock, record_appearances, require
from publishing.actions.merging import bring_waiting_up_to_date
from publishing.actions.readiness import refuse_imports, refuse_unready, unpublished
from publishing.models import Body, Edition, Release, SignOff, SiteVersion, UnsignedBody

EARLIEST_YEAR = 1990
A_MINUTE = dt.timedelta(minutes=1)
PUBLISH, SIGN = "publishing.publish_release", "publishing.sign_off_release"


def publish(release: Release, *, by, without: Sequence[Body] = ()) -> None:
    """Makes a signed release public now.

    `without` names bodies that must sign and are not reachable; the page says that they have not
    signed. It needs another body's signature, and a publisher who is a signer.
    """
    verb = "publish this"
    with publishing_lock() as lock:
        editions = ready_to_go(release, by, verb, without)
        refuse_imports(editions, verb)
        begin(editions, at=at_once(editions, lock), by=by)
        record_appearances(editions, lock)
        for edition in editions:
            if withdrawal := edition.document.withdrawal:
                end_withdrawal(withdrawal, by, lock)
        bring_waiting_up_to_date(editions)


def schedule(release: Release, *, by, at: dt.datetime, without: Sequence[Body] = ()) -> None:
    """Makes a signed release public at a later time. It needs no job to become visible."""
    verb = "schedule this"
    with publishing_lock() as lock:
        if at <= lock.now:
            raise NotAllowed(verb, "that time has passed. Choose a later time, or publish now.")
        editions = ready_to_go(release, by, verb, without)
        refuse_imports(editions, verb)
        if at < at_once(editions, lock):
            why = "what the public reads now began after that time. Look at the server's clock."
            raise NotAllowed(verb, why)
        if any(edition.document.withdrawal for edition in editions):
            raise NotAllowed(verb, "the page is taken down. Publish it now to put it back.")
        documents = [edition.document_id for edition in editions]
        if Edition.objects.filter(document__in=documents, is_waiting=True).exists():
            raise NotAllowed(verb, "a newer edition waits behind it. Publish it now.")
        begin(editions, at=at, by=by)


def unschedule(release: Release, *, by) -> None:
    """Takes a release off the schedule; what the public sees stays as it is."""
    verb = "take this off the schedule"
    require(by, "publish_release", verb)
    with publishing_lock() as lock:
        editions = list(Edition.objects.scheduled(lock.now).filter(release=release))
        if not editions or len(editions) != release.editions.count():
            raise NotAllowed(verb, "it is not scheduled, or it is already public.")
        if any(e.stands_by(lock.now + A_MINUTE) for e in editions):
            # It could be seen before this is stored; then it would vanish without a trace.
            raise NotAllowed(verb, "it goes public within a minute. Wait, then take it down.")
        take_off_schedule(release)


def unschedule_unfit() -> list[Release]:
    """Takes off the schedule whatever relies on somebody who may no longer publish or sign.

    A right is lost in many ways, so everybody who is named on the schedule is looked at. Returns
    the releases, so that the caller can tell staff.
    """
    if not any(relies_on_the_unfit(timezone.now())):
        return []
    with publishing_lock() as lock:
        unfit = list(relies_on_the_unfit(lock.now))
        for release, signatures in unfit:
            take_off_schedule(release)
            lost = [signature.pk for signature in signatures]
            void_signatures(release, but=release.sign_offs.exclude(pk__in=lost))
        return [release for release, _ in unfit]


def relies_on_the_unfit(now: dt.datetime) -> Iterator[tuple[Release, list[SignOff]]]:
    """Scheduled releases that cannot go out so, each with the signatures that count no longer."""
    scheduled = Release.objects.filter(editions__in=Edition.objects.scheduled(now)).distinct()
    for release in scheduled.prefetch_related("editions__published_by"):
        standing = release.sign_offs.filter(voided_at=None).select_related("by")
        lost = [signature for signature in standing if not still_counts(signature)]
        publishers = {edition.published_by for edition in release.editions.all()}
        if lost or not all(by and by.has_perm(PUBLISH) for by in publishers):
            yield release, lost


def still_counts(signature: SignOff) -> bool:
    """Who signed is still there, and still signs for that body."""
    signer_for = signature.by.signer_for.filter(body=signature.body_id)
    return signature.by.has_perm(SIGN) and signer_for.exists()


def import_from_elsewhere(release: Release, *, by) -> None:
    """Publishes what was first published elsewhere, under its original date and source.

    Both are part of the signed draft. Only for what stood before this site's launch: after it
    nothing can be published into the past.
    """
    verb = "add this from elsewhere"
    with publishing_lock() as lock:
        editions = ready_to_go(release, by, verb)
        launched_at = SiteVersion.objects.get(pk=1).launched_at or lock.now
        for edition in editions:
            refuse_unlikely_origin(edition, launched_at, verb)
        release.editions.update(imported_at=lock.recorded_at)
        by_date: dict[dt.datetime, list[Edition]] = defaultdict(list)
        for edition in editions:
            edition.imported_at = lock.recorded_at
            by_date[edition.originally_at or lock.now].append(edition)
        for at, together in by_date.items():
            begin(together, at=at, by=by)
        record_appearances(editions, lock)


def refuse_unlikely_origin(edition: Edition, launched_at: dt.datetime, verb: str) -> None:
    at = edition.originally_at
    if not edition.source.strip():
        raise NotAllowed(verb, "say where it was first published.")
    if at is None or at.year < EARLIEST_YEAR:
        raise NotAllowed(verb, f"say when it was first published, after {EARLIEST_YEAR}.")
    if at >= launched_at:
        raise NotAllowed(
            verb,
            f"this site has been live since {launched_at:%-d %B %Y}. "
            "Only what was published before that can be added under its old date.",
        )
    if edition.document.withdrawal:
        raise NotAllowed(verb, "the page is taken down.")
    if edition.document.editions.filter(published_at__gte=at).exists():
        raise NotAllowed(verb, "an edition with a later date is already here.")


def release_due(*, may_wait: bool = True) -> list[Edition]:
    """Writes the ledger lines of scheduled editions that are public by now.

    Anyone may notice; however many do at once, each edition gets one line and the site version
    rises once. Returns those recorded. `may_wait=False`: raises OperationalError rather than let
    a reader wait for somebody who is publishing.
    """
    now = timezone.now()
    if not SiteVersion.objects.filter(next_change_at__lte=now).exists():
        return []
    with suppress(NothingDue), publishing_lock(may_wait=may_wait) as lock:
        if not lock.due and not SiteVersion.objects.filter(next_change_at__lte=lock.now).exists():
            raise NothingDue
        return lock.due
    return []


class NothingDue(Exception):
    """Somebody else noticed first: what this transaction began is undone."""


# What these verbs share


def ready_to_go(release: Release, by, verb: str, without: Sequence[Body] = ()) -> list[Edition]:
    """The editions of a release that this person may make public, whole, or NotAllowed.

    Each knows whether its page is taken down.
    """
    require(by, "publish_release", verb)
    editions = unpublished(release, verb)
    if release.was_edited_by(by):
        raise NotAllowed(verb, "you edited it. Somebody who did not edit it must publish.")
    if not all(edition.submitted_at for edition in editions):
        raise NotAllowed(verb, "it was not sent for sign-off yet.")
    if not Body.objects.filter(must_sign=True).exists():
        raise NotAllowed(verb, "no body must sign yet. An administrator sets which.")
    signatures = release.valid_sign_offs()
    void_signatures(release, but=signatures)
    missing = Body.objects.filter(must_sign=True).exclude(pk__in=signatures.values("body"))
    refused = missing.exclude(pk__in=[body.pk for body in without])
    if refused:
        names = " and ".join(body.name for body in refused)
        raise NotAllowed(verb, f"it is not signed off by {names}.")
    if missing:
        if not signatures.exists() or not by.signer_for.exists():
            raise NotAllowed(verb, "somebody must have signed, and you must be a signer.")
        UnsignedBody.objects.bulk_create(
            (
                UnsignedBody(release=release, body=body, by=by, at=timezone.now())
                for body in missing
            ),
            ignore_conflicts=True,  # noted already, when it was scheduled before
        )
    whole = refuse_unready(editions, verb)
    prefetch_related_objects(whole, "document__withdrawals")
    return whole
