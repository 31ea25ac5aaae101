"""“Is this the same as …?”: promises that say nearly the same, by the words they share."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping

from programme.spreadsheets.cells import normal

# Shared by more of their words than this, two promises may be one.
ALIKE = 0.7
SMALL_WORDS = frozenset("a an and by for from in of on or the to we will with".split())


class Titles:
    """Titles to be asked which of them another is most like."""

    def __init__(self, titles: Mapping[Hashable, str]):
        self.words = {key: telling_words(title) for key, title in titles.items()}
        self.keys_by_word: dict[str, list] = defaultdict(list)
        for key, words in self.words.items():
            for word in words:
                self.keys_by_word[word].append(key)

    def like(self, title: str) -> Hashable | None:
        """The key of the title that shares most words, if it shares enough."""
        words = telling_words(title)
        shared = Counter(key for word in words for key in self.keys_by_word.get(word, ()))
        alike = {key: count / len(words | self.words[key]) for key, count in shared.items()}
        best = max(alike, key=lambda key: alike[key], default=None)
        return best if best is not None and alike[best] >= ALIKE else None


def telling_words(title: str) -> set[str]:
    return set(normal(title).split()) - SMALL_WORDS
