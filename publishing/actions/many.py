"""Many drafts that go out together: their release is looked at once, not for each of them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import DataError, IntegrityError, transaction

from publishing.actions.drafts import (
    START,
    NewPage,
    begin_document,
    move_draft,
    open_for_more,
    refuse_unless_drafts,
)
from publishing.actions.lock import NotAllowed, publishing_lock, require
from publishing.models import Edition, Release


@contextmanager
def or_not_at_all(verb: str) -> Iterator[None]:
    """One of many: it is refused alone, also by the database, and the others stay possible."""
    try:
        with transaction.atomic():
            yield
    except (DataError, IntegrityError) as error:
        raise NotAllowed(verb, "the site cannot keep what it says.") from error


def start_documents(
    pages: Iterable[NewPage], *, by, release: Release | None = None
) -> list[NotAllowed | None]:
    """New pages, as `start_document` makes one. For each: None, or why it was refused.

    They go out with the drafts of `release`, or with each other.
    """
    require(by, "write_release", START)
    refusals: list[NotAllowed | None] = []
    with publishing_lock():
        if release:
            open_for_more(release, START)
        together = release or Release.objects.create()
        for page in pages:
            try:
                with or_not_at_all(START):
                    begin_document(page, together, by)
            except NotAllowed as refusal:
                refusals.append(refusal)
            else:
                refusals.append(None)
        if release is None and not together.editions.exists():
            together.delete()
    return refusals


def gather_drafts(editions: Iterable[Edition], release: Release, *, by) -> None:
    """Makes drafts go out with those of a release; what is in review already goes by itself."""
    verb = "put these pages together"
    require(by, "write_release", verb)
    with publishing_lock():
        open_for_more(release, verb)
        for edition in editions:
            try:
                refuse_unless_drafts(edition.release, verb)
            except NotAllowed:
                continue
            move_draft(edition, release)
