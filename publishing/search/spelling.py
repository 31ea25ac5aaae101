"""What a misspelt word was meant to be: one that the pages themselves use.

The list of words is made when somebody finds nothing, from pages that stand at the moment, and is
kept until the site changes. So it is the same on every database, needs no upkeep, and can never
suggest a word of a draft.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from django.db.models.functions import Left

from publishing.counted import counted
from publishing.models import Edition
from publishing.moments import Moment
from publishing.search.asking import words_of

# Of a larger site the newest pages: they have nearly all of its words.
PAGES_READ = 1_000
LETTERS_READ = 4_000  # of each page
# Whoever misspells more of them has not misspelt them.
CORRECTED_AT_MOST = 3
SHORTEST = 4
ALIKE = 0.75
LENGTHS_APART = 2


def meant(moment: Moment, words: Sequence[str], *, also: Sequence[str] = ()) -> list[str]:
    """The words with those that no page has put right; empty when there is nothing better.

    `also`: texts beside the pages whose words are right too. One query, or none.
    """
    known = counted("the words of the pages", moment, lambda: words_of_pages(moment))
    known.update(word for text in also for word in words_of(text))
    unknown = [word for word in words if word not in known][:CORRECTED_AT_MOST]
    right = {word: closest(word, known) or word for word in unknown}
    better = [right.get(word, word) for word in words]
    return better if better != list(words) else []


def words_of_pages(moment: Moment) -> Counter[str]:
    """How often the newest pages use each word, as far as they are read."""
    newest = Edition.objects.as_of(moment).order_by("-pk")
    beginnings = newest.values_list("title", Left("text", LETTERS_READ))
    return Counter(
        word for row in beginnings[:PAGES_READ] for text in row for word in words_of(text)
    )


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
        # Cheaper, and never less than the ratio itself.
        if matcher.quick_ratio() < best[0]:
            continue
        likeness = (matcher.ratio(), times)
        if likeness > best:
            best, found = likeness, other
    return found
