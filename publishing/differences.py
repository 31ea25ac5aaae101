"""What differs between two texts, in words."""

import difflib
import re
from collections import Counter
from dataclasses import dataclass

# How much is compared word by word: the words of one text times those of the other, and how often a
# word of one is found in the other. Beyond it a paragraph is replaced as a whole: a hostile one of
# 50 kB would take half a minute.
MOST_COMPARED = 1_000_000
MOST_ALIKE = 40_000
WORD = re.compile(r"\S+|\n")


@dataclass(frozen=True)
class Piece:
    """A run of words: in both texts, only in the old one, or only in the new one."""

    words: str
    kind: str  # "same", "removed" or "added"


def words(text: str) -> list[str]:
    return WORD.findall(text)


def compare(old: str, new: str) -> list[Piece]:
    """The new text with the removed words of the old one in their places."""
    before, after = words(old), words(new)
    if is_too_much(before, after):
        return as_a_whole(before, after)
    pieces = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(
        a=before, b=after, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(" ".join(before[i1:i2]), "same"))
            continue
        if i2 > i1:
            pieces.append(Piece(" ".join(before[i1:i2]), "removed"))
        if j2 > j1:
            pieces.append(Piece(" ".join(after[j1:j2]), "added"))
    return pieces


def is_too_much(before: list[str], after: list[str]) -> bool:
    often = Counter(after)
    alike = sum(often[one] for one in before)
    return len(before) * len(after) > MOST_COMPARED or alike > MOST_ALIKE


def as_a_whole(before: list[str], after: list[str]) -> list[Piece]:
    found = (Piece(" ".join(before), "removed"), Piece(" ".join(after), "added"))
    return [piece for piece in found if piece.words]


def by_paragraph(old: str, new: str) -> list[list[Piece]]:
    """Whole paragraphs that differ, each as pieces; unchanged paragraphs are left out."""
    before, after = old.splitlines(), new.splitlines()
    if is_too_much(before, after):
        return [as_a_whole(before, after)] if before != after else []
    changed, left = [], MOST_COMPARED
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(
        a=before, b=after, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            continue
        for k in range(max(i2 - i1, j2 - j1)):
            old_line = before[i1 + k] if i1 + k < i2 else ""
            new_line = after[j1 + k] if j1 + k < j2 else ""
            left -= len(words(old_line)) * len(words(new_line))
            is_short = left >= 0  # many long paragraphs together are too much as well
            pair = [old_line] if old_line else [], [new_line] if new_line else []
            changed.append(compare(old_line, new_line) if is_short else as_a_whole(*pair))
    return changed
