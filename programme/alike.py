"""“Is this the same as …?”: promises that say nearly the same, by the words they share."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Mapping

from programme.spreadsheets.cells import normal

# Shared by at least so many of their words, two promises may be one.
ALIKE = 0.7
SMALL_WORDS = frozenset("a an and by for from in of on or the to we will with".split())

Words = frozenset[str]


class Titles:
    """Titles to be asked which of them another is most like."""

    def __init__(self, titles: Mapping[Hashable, str]):
        # Titles of the same words are one: the first stands for all.
        self.keys: dict[Words, Hashable] = {}
        self.order: dict[Words, int] = {}
        self.by_word: dict[str, list[Words]] = defaultdict(list)
        for key, title in titles.items():
            words = telling_words(title)
            if words in self.keys:
                continue
            self.keys[words] = key
            self.order[words] = len(self.order)
            for word in words:
                self.by_word[word].append(words)

    def like(self, title: str) -> Hashable | None:
        """The key of the title that shares most words, if it shares enough; of equals, the first.

        A title that shares enough may miss k of its words, so it has one of the k + 1 rarest. Only
        titles with one of those are looked at, not all that have a word as common as “plan”.
        """
        words = telling_words(title)
        if not words:
            return None
        may_miss = len(words) - math.ceil(ALIKE * len(words))
        rarest = sorted(words, key=lambda word: len(self.by_word.get(word, ())))[: may_miss + 1]
        candidates = {other for word in rarest for other in self.by_word.get(word, ())}
        shares = {other: share(words, other) for other in candidates}
        best = max(shares, key=lambda other: (shares[other], -self.order[other]), default=None)
        return self.keys[best] if best is not None and shares[best] >= ALIKE else None


def share(one: Words, other: Words) -> float:
    """How many of the words of both stand in both: 0 to 1."""
    return len(one & other) / len(one | other)


def telling_words(title: str) -> Words:
    return frozenset(normal(title).split()) - SMALL_WORDS
