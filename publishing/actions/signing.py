"""Sending a release for sign-off, signing it, sending it back."""

from django.utils import timezone

from publishing.actions.facts import void_signatures
from publishing.actions.lock import NotAllowed, publishing_lock, require
from publishing.models import Body, Edition, Release, SentBack, SignOff


def submit(release: Release, *, by) -> None:
    """Sends the draft for sign-off, if it is ready to be published as it is."""
    verb = "send this for sign-off"
    require(by, "write_release", verb)
    with publishing_lock() as lock:
        for edition in unpublished(release, verb):
            refuse_unready(edition, verb)
            if edition.submitted_at:
                raise NotAllowed(verb, "it is already waiting for sign-off.")
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
        void_signatures(release)
        release.editions.update(submitted_at=None, submitted_by=None)
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
        late = release.went_out_without.filter(body=signer.body).exists()
        editions = list(release.editions.all()) if late else unpublished(release, verb)
        if release.was_edited_by(by):
            raise NotAllowed(verb, "you edited it. Somebody who did not edit it must sign.")
        for edition in editions:
            if not edition.submitted_at:
                raise NotAllowed(verb, "it was not sent for sign-off yet.")
            if not late:
                refuse_unready(edition, verb)
        now = release.digest()
        if digest is not None and digest != now:
            raise NotAllowed(verb, "it has changed since you looked. Read it again.")
        standing = release.sign_offs.filter(body=signer.body, voided_at=None)
        standing.exclude(digest=now).update(voided_at=lock.now)
        if standing.exists():
            raise NotAllowed(verb, f"{signer.body} has already signed it.")
        return SignOff.objects.create(
            release=release,
            body=signer.body,
            by=by,
            post=signer.post,
            at=lock.now,
            digest=now,
        )


# What the verbs of a release share


def unpublished(release: Release, verb: str) -> list[Edition]:
    """The editions of a release that may still be changed, or NotAllowed."""
    editions = list(release.editions.select_related("document").order_by("pk"))
    if not editions:
        raise NotAllowed(verb, "it was thrown away meanwhile.")
    for edition in editions:
        if edition.published_at:
            raise NotAllowed(verb, "it is already public or scheduled.")
        if edition.is_waiting:
            raise NotAllowed(verb, "it waits behind a correction: publish that first.")
    return editions


def refuse_unready(edition: Edition, verb: str) -> None:
    problems = edition.concrete.problems()
    if problems:
        why = " ".join(problem.message for problem in problems)
        raise NotAllowed(verb, why, problems)
