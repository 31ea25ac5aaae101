"""The few words around what was looked for, marked, so that a reader sees why a page was found."""

import re
from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

BEFORE, LENGTH = 60, 220
LONGEST_ENDING = 4
# What English puts behind a word: “promises”, “promised” and “promising” are one to the index.
ENDING = re.compile(r"(?<=\w{3})(?:ies|ied|ing|ed|es|s|y|e)$")
# What the text's writer put around words: the plain text still has some of it. Each piece ends
# where the next could begin: 50,000 brackets in a row are read once, not once for each of them.
MARKS = re.compile(
    r"!?\[([^\[\]\n]*+)\]\([^()\n]*+\)|(?<![\w*_`#>])[*_`#>]++|(?<![*_`])[*_`]++(?!\w)"
)
# Of a long text, what lies so near to the first word that was found.
NEAR = 2_000
NEW_LINES = re.compile(r"\s*\n\s*")


def snippet(text: str, words: Sequence[str]) -> SafeString:
    """About 200 letters of the text with the words in <mark>; the rest is escaped."""
    first = pattern(words).search(text)
    cut = max(0, first.start() - NEAR) if first else 0
    plain = " ".join(NEW_LINES.sub(" · ", without_marks(text[cut : cut + 2 * NEAR])).split())
    found = pattern(words).search(plain)
    begin = max(0, found.start() - BEFORE) if found else 0
    if begin:
        begin = plain.find(" ", begin) + 1
    end = begin + LENGTH
    if end < len(plain):
        end = max(plain.rfind(" ", begin, end), found.end() if found else 0)
    shown = marked(plain[begin:end], words)
    return format_html("{}{}{}", "… " if begin else "", shown, " …" if end < len(plain) else "")


def without_marks(text: str) -> str:
    """The words alone, of a link those that are shown."""
    return MARKS.sub(lambda match: match[1] or " ", text).strip()


def marked(text: str, words: Sequence[str]) -> SafeString:
    pieces: list[str] = []
    last = 0
    for match in pattern(words).finditer(text):
        pieces += [text[last : match.start()], format_html("<mark>{}</mark>", match[0])]
        last = match.end()
    return format_html_join("", "{}", ((piece,) for piece in [*pieces, text[last:]]))


def pattern(words: Sequence[str]) -> re.Pattern:
    """Finds each word, also with another ending."""
    roots = sorted({ENDING.sub("", word) for word in words}, key=len, reverse=True)
    return re.compile(
        rf"(?<!\w)(?:{'|'.join(map(re.escape, roots)) or '(?!)'})\w{{0,{LONGEST_ENDING}}}(?!\w)",
        re.IGNORECASE,
    )
