"""What differs between two texts, in words."""

import difflib
import re
from dataclasses import dataclass

# Words of one text times words of the other: beyond it, a paragraph is replaced as a whole. Word by
# word a hostile one of 50 kB would take half a minute.
MOST_COMPARED = 1_000_000
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
    if len(before) * len(after) > MOST_COMPARED:
        return [Piece(" ".join(before), "removed"), Piece(" ".join(after), "added")]
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


def by_paragraph(old: str, new: str) -> list[list[Piece]]:
    """Whole paragraphs that differ, each as pieces; unchanged paragraphs are left out."""
    before, after = old.splitlines(), new.splitlines()
    changed = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(
        a=before, b=after, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            continue
        for k in range(max(i2 - i1, j2 - j1)):
            old_line = before[i1 + k] if i1 + k < i2 else ""
            new_line = after[j1 + k] if j1 + k < j2 else ""
            changed.append(compare(old_line, new_line))
    return changed
