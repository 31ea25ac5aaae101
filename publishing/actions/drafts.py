"""Starting, saving, parking and discarding drafts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import slugify

from publishing.actions.facts import (
    newest_public,
    note_editor,
    seal_draft,
    take_off_schedule,
    void_signatures,
)
from publishing.actions.lock import NotAllowed, Stale, publishing_lock, require
from publishing.models import Document, Edition, Part, Release, Stage
from publishing.models.editions import new_salt

START = "start a page"


@dataclass(frozen=True)
class NewPage:
    """A page that is to be: its unsaved edition, its address, and unsaved rows of the edition."""

    edition: Edition
    slug: str
    parts: Sequence[Part] = ()


def start_document(
    edition: Edition,
    *,
    slug: str,
    by,
    parts: Sequence[Part] = (),
    release: Release | None = None,
) -> Edition:
    """A new page: its document, and the given unsaved edition as number 1.

    `parts` are unsaved rows of the edition. It goes out alone, or with the drafts of `release`.
    """
    require(by, "write_release", START)
    with publishing_lock():
        if release:
            open_for_more(release, START)
        begin_document(NewPage(edition, slug, parts), release or Release.objects.create(), by)
    return edition


def begin_document(page: NewPage, release: Release, by) -> None:
    """Needs the publishing lock, and a release that is open for more."""
    refuse_words_of_others(page.edition, START)
    make_document(page, release, by)


def refuse_words_of_others(edition: Edition, verb: str) -> None:
    """Some pages are what others say through a link: staff have no draft of them, ever."""
    if speaker := edition.spoken_by:
        raise NotAllowed(verb, f"these are words of the {speaker}. Only its own link adds to them.")


def make_document(page: NewPage, release: Release, by) -> None:
    """A document with its first edition. Needs the publishing lock."""
    edition, kind = page.edition, page.edition._meta.label_lower
    if not slugify(page.slug):
        raise NotAllowed(START, "it needs an address made of letters or digits.")
    if Document.objects.filter(kind=kind, slug=page.slug).exists():
        raise NotAllowed(START, f"there already is one at the address “{page.slug}”.")
    edition.document = Document.objects.create(kind=kind, slug=page.slug)
    edition.release = release
    edition.number = 1
    edition.created_by = by
    edition.save()
    for position, part in enumerate(page.parts):
        part.edition = edition
        part.position = position
        part.save()
    note_editor(edition, by)
    seal_draft(edition)


def start_edition(document: Document, *, by) -> Edition:
    """A working copy of what the public sees, to correct it."""
    verb = "correct this page"
    require(by, "write_release", verb)
    with publishing_lock() as lock:
        public = newest_public(document, lock.now)
        if public is None:
            raise NotAllowed(verb, "it has never been public: edit the draft.")
        concrete = public.concrete
        refuse_words_of_others(concrete, verb)
        working = document.editions.filter(number__gt=public.number).order_by("number").first()
        if working is None:
            return copy_edition(concrete, by=by)
        if working.stage(lock.now) == Stage.SCHEDULED:
            raise NotAllowed(
                verb,
                f"edition {working.number} is scheduled. Slip in a correction before it instead.",
            )
        raise NotAllowed(verb, "somebody has already started: edit that draft.")


def slip_in_correction(document: Document, *, by) -> Edition:
    """Parks the scheduled edition, voids its signatures, and opens a correction before it.

    When the correction is published, the parked edition takes over what it did not itself change.
    """
    verb = "slip in a correction"
    require(by, "write_release", verb)
    with publishing_lock() as lock:
        waiting = document.editions.scheduled(lock.now).first()
        public = newest_public(document, lock.now)
        if waiting is None or public is None:
            raise NotAllowed(
                verb,
                "this needs a public page with a newer edition on the schedule. "
                "Take it off the schedule to change it.",
            )
        take_off_schedule(waiting.release)
        waiting.release.editions.update(submitted_at=None, submitted_by=None)
        void_signatures(waiting.release)
        Edition.objects.filter(pk=waiting.pk).update(
            number=F("number") + 1, is_waiting=True, version=F("version") + 1
        )
        return copy_edition(public.concrete, by=by)


def join_release(edition: Edition, release: Release, *, by) -> None:
    """Makes a draft go out together with another draft, under one signature."""
    verb = "put these pages together"
    require(by, "write_release", verb)
    with publishing_lock():
        refuse_unless_drafts(edition.release, verb)
        open_for_more(release, verb)
        move_draft(edition, release)


def move_draft(edition: Edition, release: Release) -> None:
    """Into a release that is open for more. Needs the publishing lock."""
    old = edition.release
    Edition.objects.filter(pk=edition.pk).update(release=release)
    if not old.sign_offs.exists():
        delete_if_empty(old)


def delete_if_empty(release: Release) -> None:
    """A release without pages goes, unless it says whose signature it was to go out without."""
    if not release.editions.exists() and not release.went_out_without.exists():
        release.sign_offs.all().delete()
        release.delete()


def leave_release(edition: Edition, *, by) -> None:
    """Makes a draft go out alone again."""
    verb = "let this page go out alone"
    require(by, "write_release", verb)
    with publishing_lock():
        release = edition.release
        refuse_unless_drafts(release, verb)
        if release.editions.count() > 1:
            Edition.objects.filter(pk=edition.pk).update(release=Release.objects.create())
            void_signatures(release)


def open_for_more(release: Release, verb: str) -> None:
    """Signatures stood under fewer pages: they go."""
    refuse_unless_drafts(release, verb)
    if waiting := release.editions.filter(is_waiting=True).first():
        raise NotAllowed(verb, f"“{waiting}” waits behind a correction: publish that first.")
    void_signatures(release)


def refuse_unless_drafts(release: Release, verb: str) -> None:
    is_draft = Q(published_at=None, submitted_at=None)
    if other := release.editions.exclude(is_draft).first():
        raise NotAllowed(verb, f"“{other}” is no longer a draft.")


def discard_draft(edition: Edition, *, by) -> None:
    """Deletes a draft that was never public, and the page with it if there is nothing else."""
    verb = "throw this draft away"
    require(by, "write_release", verb)
    with publishing_lock():
        # Its own row first: the same order of locks as saving, so that the two never deadlock.
        draft = Edition.objects.filter(pk=edition.pk, published_at=None)
        if not draft.update(version=F("version") + 1):
            raise NotAllowed(verb, "it is public or scheduled, or gone already.")
        edition = draft.select_related("document", "release").get()
        document, release = edition.document, edition.release
        waiting = document.editions.filter(is_waiting=True).exclude(pk=edition.pk).first()
        Edition.objects.filter(based_on=edition).update(based_on=edition.based_on)
        edition.concrete.delete()
        if waiting:
            Edition.objects.filter(pk=waiting.pk).update(
                number=edition.number, is_waiting=False, version=F("version") + 1
            )
        void_signatures(release)
        delete_if_empty(release)
        if not document.editions.exists():
            document.redactions.all().delete()
            document.delete()


def claim_draft(edition: Edition, *, version: int, by) -> None:
    """Takes a draft for saving, if nobody saved it since `version` was read.

    Call it first in the transaction that saves, and `seal_draft` last. One UPDATE decides, so of
    two editors at the same instant exactly one goes on. Raises Stale for the other.
    """
    verb = "save this draft"
    require(by, "write_release", verb)
    claimed = Edition.objects.filter(
        pk=edition.pk, version=version, published_at=None, is_waiting=False
    ).update(version=F("version") + 1)
    if not claimed:
        raise Stale(verb, "somebody else changed it while you were writing.")
    edition.version = version + 1
    note_editor(edition, by)
    void_signatures(edition.release)


def rewrite_draft(
    draft: Edition,
    *,
    by,
    columns: Mapping[str, object],
    parts: Mapping[type[Part], Sequence[dict]] = MappingProxyType({}),
) -> None:
    """Saves a draft otherwise than by its form: by columns, and by whole lists of parts.

    Of the parts of each model named, those stay (and keep their keys) that say what is wanted.
    Raises Stale if somebody saved the draft since it was read.
    """
    with publishing_lock():
        claim_draft(draft, version=draft.version, by=by)
        for name, value in columns.items():
            setattr(draft, name, value)
        if columns:
            draft.save()
        for model, wanted in parts.items():
            rewrite_parts(draft, model, list(wanted))
        seal_draft(draft)


def rewrite_parts(draft: Edition, model: type[Part], wanted: list[dict]) -> None:
    hanging_on: dict = {"edition_id": draft.pk}
    for row in model._base_manager.filter(**hanging_on):
        same = next((w for w in wanted if all(getattr(row, n) == v for n, v in w.items())), None)
        if same is None:
            row.delete()
        else:
            wanted.remove(same)
    for position, values in enumerate(wanted, start=1):
        model(position=position, **hanging_on, **values).save()


def copy_edition(public: Edition, *, by) -> Edition:
    """The next edition of the same document: same words, same parts with the same keys.

    Needs the publishing lock.
    """
    parts = public.parts()
    copy = type(public)._base_manager.get(pk=public.pk)
    copy.pk = copy.id = None
    copy._state.adding = True
    for fact in ("submitted", "published"):
        setattr(copy, f"{fact}_at", None)
        setattr(copy, f"{fact}_by", None)
    copy.superseded_at = copy.imported_at = None
    copy.source = copy.source_date = copy.change_note = ""
    copy.originally_at = None
    for field in copy._meta.concrete_fields:
        if field.name in copy.SAID_ONCE:
            setattr(copy, field.attname, field.get_default())
    copy.is_minor = copy.is_waiting = False
    copy.number = public.number + 1
    copy.based_on_id = public.pk
    copy.release = Release.objects.create()
    copy.version = 1
    copy.salt = new_salt()
    copy.created_at, copy.created_by = timezone.now(), by
    copy.save(force_insert=True)
    for part in parts:
        add_copy(part, copy)
    seal_draft(copy)
    return copy


def add_copy(part: Part, edition: Edition) -> None:
    """Hangs a copy of a part, with the same key, on another edition."""
    part.pk = None
    part._state.adding = True
    part.edition = edition
    part.save(force_insert=True)
