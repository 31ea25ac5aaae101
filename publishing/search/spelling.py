"""What a misspelt word was meant to be: one that the pages themselves use.

The list of words is made when somebody finds nothing, from pages that stand at the moment. So it
is the same on every database, needs no upkeep, and can never suggest a word of a draft.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from publishing.models import Edition
from publishing.moments import Moment
from publishing.search.asking import words_of

# Of a larger site the newest pages: they have nearly all of its words.
PAGES_READ = 1_000
LETTERS_READ = 4_000  # of each page
SHORTEST = 4
ALIKE = 0.75
LENGTHS_APART = 2


def meant(moment: Moment, words: Sequence[str], *, also: Sequence[str] = ()) -> list[str]:
    """The words with those that no page has put right; empty when there is nothing better.

    `also`: texts beside the pages whose words are right too. One query.
    """
    newest = Edition.objects.as_of(moment).order_by("-pk")
    known = Counter(
        word
        for row in newest.values_list("title", "text")[:PAGES_READ]
        for text in row
        for word in words_of(text[:LETTERS_READ])
    )
    known.update(word for text in also for word in words_of(text))
    better = [word if word in known else closest(word, known) or word for word in words]
    return better if better != list(words) else []


def closest(word: str, known: Counter) -> str:
    """The known word most like it; of several alike, the one that pages use most."""
    if len(word) < SHORTEST:
        return ""
    letters = set(word)
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(word)
    best, found = (ALIKE, 0), ""
    for other, times in known.items():
        if (
            abs(len(other) - len(word)) > LENGTHS_APART
            or len(letters.symmetric_difference(other)) > 3
        ):
            continue
        matcher.set_seq1(other)
        likeness = (matcher.ratio(), times)
        if likeness > best:
            best, found = likeness, other
    return found
