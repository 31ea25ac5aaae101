"""A small fix: one publisher mends a typing mistake at once; a second person looks afterwards."""

import re
from dataclasses import dataclass

from django.utils import timezone

from publishing.actions.facts import at_once, begin, seal_draft
from publishing.actions.lock import NotAllowed, publishing_lock, record_appearances, require
from publishing.actions.merging import bring_waiting_up_to_date
from publishing.actions.readiness import refuse_imports, refuse_unready, unpublished
from publishing.differences import compare
from publishing.models import Edition, Part, Release, SmallFixConfirmation
from publishing.models.contents import column_values

MOST_WORDS = 5
NEGATIONS = frozenset(
    "not no never none nobody nothing neither nor without cannot cant can't won't don't "
    "didn't isn't wasn't aren't hasn't haven't unless only".split()
)
MONTHS_AND_DAYS = frozenset(
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday spring summer autumn winter "
    "today tomorrow yesterday week month term year".split()
)
SMALL_WORDS = frozenset("a an the of to in on at and or is are was were be for with that".split())
# A correction made here was not published elsewhere, so it never repeats these.
NOT_COMPARED = frozenset("change_note is_minor source source_date originally_at".split())
LINK = re.compile(r"://|www\.|\]\(|@|\w\.\w")
SHORT = 4  # letters: in a short word, one letter makes another word soon enough


@dataclass(frozen=True)
class Change:
    """Words that left and words that came in one place, and the word before them."""

    before: str
    old: list[str]
    new: list[str]


def small_fix(release: Release, *, by) -> None:
    """Publishes a correction of at most five words at once, without a new signature.

    Only spelling may differ: no digit, date, status, name, link or negation. The public note says
    which words. The signatures under the page stay; it is confirmed afterwards, and until then
    the page takes no other small fix.
    """
    verb = "publish this as a small fix"
    require(by, "publish_release", verb)
    with publishing_lock() as lock:
        editions = unpublished(release, verb)
        refuse_imports(editions, verb)
        fixed = [public_before(edition, by, verb) for edition in editions]
        if len({public.signing_release for public in fixed}) > 1:
            raise NotAllowed(verb, "these pages were signed off separately: mend one at a time.")
        changes = [
            change
            for public, edition in zip(fixed, editions, strict=True)
            for change in changes_of(public.concrete, edition.concrete, verb)
        ]
        if not changes:
            raise NotAllowed(verb, "no word differs.")
        if sum(max(len(change.old), len(change.new)) for change in changes) > MOST_WORDS:
            raise NotAllowed(verb, f"more than {MOST_WORDS} words differ.")
        for change in changes:
            refuse_weighty(change, verb)
        note = " ".join(in_words(change) for change in changes)
        for edition in editions:
            edition.is_minor = True
            edition.change_note = note  # never free words: nobody else has read them
            edition.save(update_fields=["is_minor", "change_note"])
            seal_draft(edition)
        refuse_unready(editions, verb)
        release.signed_through = fixed[0].signing_release
        release.save(update_fields=["signed_through"])
        begin(editions, at=at_once(editions, lock), by=by)
        record_appearances(editions, lock)
        bring_waiting_up_to_date(editions)


def confirm_small_fix(edition: Edition, *, by) -> None:
    """A second person agrees that the fix was small."""
    verb = "confirm this small fix"
    require(by, "sign_off_release", verb)
    with publishing_lock():
        edition.refresh_from_db()
        if not edition.is_minor or not edition.published_at:
            raise NotAllowed(verb, "it is not a small fix.")
        if edition.published_by_id == by.pk:
            raise NotAllowed(verb, "you made it. A second person must confirm it.")
        if SmallFixConfirmation.objects.filter(edition=edition).exists():
            raise NotAllowed(verb, "it is already confirmed.")
        SmallFixConfirmation.objects.create(edition=edition, by=by, at=timezone.now())


def public_before(edition: Edition, by, verb: str) -> Edition:
    """The public edition that this draft of one person mends, or NotAllowed."""
    public = edition.document.editions.filter(superseded_at=None).exclude(published_at=None).first()
    if public is None or edition.based_on_id != public.pk:
        raise NotAllowed(verb, "it does not correct a public page.")
    if edition.document.withdrawal:
        raise NotAllowed(verb, "the page is taken down.")
    unconfirmed = edition.document.editions.filter(is_minor=True, small_fix_confirmation=None)
    if unconfirmed.exclude(published_at=None).exists():
        raise NotAllowed(verb, "the last small fix of this page is not confirmed yet.")
    if any(edit.user_id != by.pk for edit in edition.edits.all()):
        raise NotAllowed(verb, "somebody else has edited this draft too.")
    return public


def changes_of(old: Edition, new: Edition, verb: str) -> list[Change]:
    """Where the draft's words differ from the public page, or NotAllowed if more than words do."""
    before = {(type(part), part.key): part for part in old.parts()}
    after = {(type(part), part.key): part for part in new.parts()}
    if before.keys() != after.keys():
        raise NotAllowed(verb, "an item was added or removed.")
    if column_values(new, Edition.NOT_CONTENT).keys() & new.SAID_ONCE:
        raise NotAllowed(verb, "it gives a reason for a change, and a small fix changes nothing.")
    changes = changes_of_row(old, new, Edition.NOT_CONTENT | NOT_COMPARED | old.SAID_ONCE, verb)
    for key, part in before.items():
        changes += changes_of_row(part, after[key], Part.NOT_CONTENT, verb)
    return changes


def changes_of_row(old, new, without: frozenset[str], verb: str) -> list[Change]:
    was, now = column_values(old, without), column_values(new, without)
    changes: list[Change] = []
    for name in was.keys() | now.keys():
        if was.get(name) == now.get(name):
            continue
        field = new._meta.get_field(name)
        if field.get_internal_type() not in {"CharField", "TextField"} or field.choices:
            raise NotAllowed(verb, f"“{field.verbose_name}” differs, not only words.")
        changes += changes_of_text(was.get(name, ""), now.get(name, ""))
    return changes


def changes_of_text(was: str, now: str) -> list[Change]:
    changes: list[Change] = []
    last = "\n"
    old: list[str] = []
    new: list[str] = []
    for piece in [*compare(was, now), None]:
        if piece is None or piece.kind == "same":
            if old or new:
                changes.append(Change(last, old, new))
                old, new = [], []
            if piece and piece.words:
                last = piece.words.split(" ")[-1]
        else:
            (old if piece.kind == "removed" else new).extend(piece.words.split())
    return changes


def refuse_weighty(change: Change, verb: str) -> None:
    """Raises NotAllowed when the words carry more than spelling."""
    for word in (*change.old, *change.new):
        bare = bare_word(word)
        if any(letter.isdigit() for letter in word):
            raise NotAllowed(verb, f"a number differs: “{word}”.")
        if bare in NEGATIONS or bare.endswith("n't"):
            raise NotAllowed(verb, f"“{word}” changes what the sentence says.")
        if bare in MONTHS_AND_DAYS:
            raise NotAllowed(verb, f"a date differs: “{word}”.")
        if LINK.search(word):
            raise NotAllowed(verb, f"a link or an address differs: “{word}”.")
    if len(change.old) == len(change.new):
        for old, new in zip(change.old, change.new, strict=True):
            refuse_other_word(old, new, verb)
        return
    for word in set(change.old) ^ set(change.new):
        if bare_word(word) not in SMALL_WORDS | {bare_word(change.before)}:
            raise NotAllowed(verb, f"“{word}” is more than a slip of the pen.")


def refuse_other_word(old: str, new: str, verb: str) -> None:
    """One word for another is spelling only when they are nearly the same word."""
    was, now = bare_word(old), bare_word(new)
    if was == now:
        return
    if not (old.islower() and new.islower()):
        raise NotAllowed(verb, f"a name, or the first word of a sentence, differs: “{new}”.")
    if letters_apart(was, now) > (2 if len(was) > SHORT else 1):
        raise NotAllowed(verb, f"“{new}” is another word than “{old}”.")


def bare_word(word: str) -> str:
    return word.strip(".,;:!?()“”\"‘’'").lower().replace("’", "'")


def letters_apart(a: str, b: str) -> int:
    """Levenshtein's distance: letters to add, drop or change to make one word the other."""
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        left, row[0] = row[0], i
        for j, other in enumerate(b, 1):
            left, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, left + (letter != other))
    return row[-1]


def in_words(change: Change) -> str:
    old, new = " ".join(change.old), " ".join(change.new)
    if not old:
        return f"We added “{new}”."
    return f"We changed “{old}” to “{new}”." if new else f"We removed “{old}”."
