"""Asking: from what somebody typed to pages, best first."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection
from django.db.models.expressions import RawSQL

from publishing.models import Edition, EditionQuerySet
from publishing.moments import Moment
from publishing.search.index import EDITIONS, INDEX, TITLE_VECTOR, VECTOR

LONGEST_QUESTION = 200
WORDS_AT_MOST = 12
LONGEST_WORD = 40
# Nobody reads more.
FOUND_AT_MOST = 200
# Of a word on every page not all are put in order, but those that were written last.
LOOKED_AT = 1_000
# What people type around what they look for. Not “can”: that is what children are called here.
LITTLE_WORDS = frozenset(
    "a about an and are as at be been by did do does for from had has have how i if in is it its "
    "me my of on or so than that the their them then there these they this to was we were what "
    "when where which who why will with would you your".split()
)
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Asked:
    """What somebody typed, and the words of it that are looked for."""

    typed: str
    words: tuple[str, ...]
    was_cut: bool = False


@dataclass
class Found:
    """The pages with the words, best first: their number, and their keys in order."""

    keys: list[int] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    is_more: bool = False

    def __bool__(self) -> bool:
        return bool(self.keys)


def asked(typed: str) -> Asked:
    """Only letters and digits reach the database; all else is what stands between words."""
    typed = " ".join(typed.replace("\x00", " ").split())
    every = words_of(typed[:LONGEST_QUESTION])
    telling = [word for word in every if word not in LITTLE_WORDS] or every
    words = tuple(dict.fromkeys(telling))
    was_cut = len(typed) > LONGEST_QUESTION or len(words) > WORDS_AT_MOST
    return Asked(typed[:LONGEST_QUESTION], words[:WORDS_AT_MOST], was_cut)


def words_of(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    # “child's” is the child: what an apostrophe leaves behind is no word.
    plain = re.sub(r"'s\b", "", plain)
    return [word[:LONGEST_WORD] for word in WORD.findall(plain)]


def search(moment: Moment, words: Sequence[str], *, kind: str = "", any_word=False) -> Found:
    """What stands at the moment and has all of the words, or `any_word` of them.

    First the pages that have them in their title, then the others; of each the newest first. At
    most FOUND_AT_MOST. Two queries, or one when nothing is found.
    """
    if not words:
        return Found()
    standing = Edition.objects.as_of(moment)
    if kind:
        standing = standing.filter(document__kind=kind)
    rows = newest(standing.filter(pk__in=with_words(words, any_word=any_word)))
    if not rows:
        return Found()
    titled = newest(standing.filter(pk__in=with_words(words, any_word=any_word, in_title=True)))
    kind_of = dict([*titled, *rows])
    keys = list(kind_of)[:FOUND_AT_MOST]
    return Found(keys, Counter(kind_of[key] for key in keys), is_more=len(kind_of) > len(keys))


def newest(editions: EditionQuerySet) -> list[tuple[int, str]]:
    """Keys and kinds, the newest first. What a preview includes has no date yet: it is newer."""
    written_last = editions.order_by("-pk").values_list("published_at", "pk", "document__kind")
    rows = sorted(
        written_last[:LOOKED_AT],
        key=lambda row: (row[0] is None, row[0] or 0, row[1]),
        reverse=True,
    )
    return [(key, kind) for _, key, kind in rows]


def with_words(words: Sequence[str], *, any_word: bool, in_title: bool = False) -> RawSQL:
    """The keys of all editions with the words, in the database's own language."""
    if connection.vendor == "sqlite":
        # In quotation marks a word is a word, also “and”, “or” and “near”.
        phrases = (f'"{word}"' for word in words)
        joined = (" OR " if any_word else " AND ").join(phrases)
        match = f"{{title}} : ({joined})" if in_title else joined
        return RawSQL(f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s", [match])
    vector = TITLE_VECTOR if in_title else VECTOR
    one = f"plainto_tsquery('{INDEX}'::regconfig, %s)"
    wanted = (" || " if any_word else " && ").join([one] * len(words))
    # OFFSET keeps the planner from reading every text again to see whether it has the words.
    sql = f"SELECT id FROM {EDITIONS} WHERE {vector} @@ ({wanted}) OFFSET 0"
    return RawSQL(sql, list(words))
