"""What somebody outside says through a link of their own: no staff drafts, signs or delays it."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from publishing.actions.drafts import NewPage, make_document
from publishing.actions.facts import at_once, begin, end_withdrawal, newest_public, seal_draft
from publishing.actions.lock import (
    Lock,
    NotAllowed,
    publishing_lock,
    record_appearances,
    require,
)
from publishing.actions.readiness import refuse_unready
from publishing.models import Body, Edition, OutsideLink, Release, SignOff
from publishing.models.outside import digest_of, new_token

HOW = "through its own link"  # in the place of a post title


def give_link[L: OutsideLink](model: type[L], *, by) -> tuple[L, str]:
    """A new link and its token, which nobody can read again: only its digest is kept."""
    require(by, "publish_release", "make a link")
    token, now = new_token(), timezone.now()
    link = model.objects.create(
        digest=digest_of(token), made_at=now, made_by=by, expires_at=now + model.LASTS
    )
    return link, token


def take_link_back(link: OutsideLink, *, by) -> None:
    """From here on nobody says anything through it; what was said stays."""
    verb = "take this link back"
    require(by, "publish_release", verb)
    with publishing_lock() as lock:
        standing = type(link).objects.standing(lock.now).filter(pk=link.pk)
        if not standing.update(revoked_at=lock.now, revoked_by=by):
            raise NotAllowed(verb, "it does not work any more.")


def say_through_link[E: Edition](edition: E, *, link: OutsideLink, slug: str = "") -> E:
    """Publishes at once what the holder of a link says, in their own words and name.

    `edition` is unsaved, of a kind that speaks through such links alone. It is the next one of its
    document; without a document, the first at the address `slug`. A page that was taken down
    comes back with it, as with a new edition of ours.
    """
    verb = "answer through this link"
    if type(link) is not edition.SPEAKS_THROUGH:
        raise NotAllowed(verb, "it opens another kind of page.")
    if edition.pk is not None:
        raise NotAllowed(verb, "this was said already.")
    with publishing_lock() as lock:
        standing = type(link).objects.standing(lock.now).filter(pk=link.pk)
        if not standing.update(used_at=lock.now):
            raise NotAllowed(verb, "it is too old, or we took it back. Ask us for a new one.")
        by = account_of(link)
        edition.created_at = lock.now  # the database compares it with the link
        add_edition(edition, slug, by, lock)
        refuse_unready([edition], verb)
        sign_itself(edition, by, lock)
        begin([edition], at=at_once([edition], lock), by=by)
        record_appearances([edition], lock)
        if withdrawal := edition.document.withdrawal:
            end_withdrawal(withdrawal, by, lock)
    return edition


def add_edition(edition: Edition, slug: str, by, lock: Lock) -> None:
    release = Release.objects.create()
    if edition.document_id is None:
        make_document(NewPage(edition, slug), release, by)
        return
    before = newest_public(edition.document, lock.now)
    edition.number = before.number + 1 if before else 1
    edition.based_on = before
    edition.release, edition.created_by = release, by
    edition.save()
    seal_draft(edition)


def sign_itself(edition: Edition, by, lock: Lock) -> None:
    """Whoever speaks signs their own words: nothing is public without a signature."""
    speaker, _ = Body.objects.get_or_create(name=by.get_username())
    SignOff.objects.create(
        release=edition.release,
        body=speaker,
        by=by,
        post=HOW,
        at=lock.now,
        digest=edition.release.digest(),
    )


def account_of(link: OutsideLink):
    """Stands for whoever speaks through such links. It is closed, has no password and no role."""
    account, _ = get_user_model().objects.get_or_create(
        username=link.SPEAKER, defaults={"is_active": False, "password": make_password(None)}
    )
    return account
