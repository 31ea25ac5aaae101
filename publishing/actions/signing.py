"""Sending a release for sign-off, signing it, sending it back."""

from django.db.models import Q
from django.utils import timezone

from publishing import ledger
from publishing.actions.facts import void_signatures
from publishing.actions.lock import Lock, NotAllowed, publishing_lock, require
from publishing.actions.readiness import refuse_unready, unpublished
from publishing.models import Body, Edition, Release, SentBack, SignOff


def submit(release: Release, *, by) -> None:
    """Sends the draft for sign-off, if it is ready to be published as it is."""
    verb = "send this for sign-off"
    require(by, "write_release", verb)
    with publishing_lock() as lock:
        editions = unpublished(release, verb)
        if any(edition.submitted_at for edition in editions):
            raise NotAllowed(verb, "it is already waiting for sign-off.")
        refuse_unready(editions, verb)
        release.editions.update(submitted_at=lock.now, submitted_by=by)


def return_to_author(release: Release, *, by, reason: str) -> None:
    """Sends it back for more work, saying which; signatures under it are void."""
    verb = "send this back"
    require(by, "sign_off_release", verb)
    with publishing_lock():
        if not reason.strip():
            raise NotAllowed(verb, "say what needs more work.")
        if not all(edition.submitted_at for edition in unpublished(release, verb)):
            raise NotAllowed(verb, "it was not sent for sign-off.")
        # Editions before signatures, as saving does: the two never wait for each other.
        release.editions.update(submitted_at=None, submitted_by=None)
        void_signatures(release)
        SentBack.objects.create(release=release, by=by, at=timezone.now(), reason=reason.strip())


def sign_off(
    release: Release, *, by, body: Body | None = None, digest: str | None = None
) -> SignOff:
    """Signs exactly what the release says now, for one body.

    `digest`: what the signer had before their eyes; refused if it has changed since. A body whose
    signature was missing at publication may still sign afterwards.
    """
    verb = "sign this off"
    require(by, "sign_off_release", verb)
    with publishing_lock() as lock:
        signer = by.signer_for.filter(**({"body": body} if body else {})).first()
        if signer is None:
            raise NotAllowed(verb, "you are not a signer for any body that must sign.")
        if release.was_edited_by(by):
            raise NotAllowed(verb, "you edited it. Somebody who did not edit it must sign.")
        is_late = release.lacks_since_publication(signer.body)
        if not is_late:
            refuse_unsignable(release, verb)
        now = release.digest()
        if digest is not None and digest != now:
            raise NotAllowed(verb, "it has changed since you looked. Read it again.")
        void_signatures(release, but=release.valid_sign_offs())
        if release.sign_offs.filter(voided_at=None, by=by).exists():
            raise NotAllowed(verb, "you have already signed it. Each body needs its own person.")
        if release.sign_offs.filter(voided_at=None, body=signer.body).exists():
            raise NotAllowed(verb, f"{signer.body} has already signed it.")
        signature = SignOff.objects.create(
            release=release, body=signer.body, by=by, post=signer.post, at=lock.now, digest=now
        )
        if is_late:
            record_late_signature(signature, lock)
    return signature


def refuse_unsignable(release: Release, verb: str) -> None:
    editions = unpublished(release, verb)
    if not all(edition.submitted_at for edition in editions):
        raise NotAllowed(verb, "it was not sent for sign-off yet.")
    refuse_unready(editions, verb)


def record_late_signature(signature: SignOff, lock: Lock) -> None:
    """One line for every public edition that the signature stands under, small fixes included."""
    release = signature.release
    signed = Edition.objects.filter(Q(release=release) | Q(release__signed_through=release))
    public = signed.filter(ledger__isnull=False).distinct().order_by("pk")
    deeds = [
        ledger.Deed(
            event=ledger.Event.SIGNED,
            document=edition.document,
            edition=edition,
            by=signature.by,
            body=signature.body,
            effective_at=lock.now,
        )
        for edition in public.select_related("document", "release__signed_through")
    ]
    ledger.append(deeds, recorded_at=lock.recorded_at)
