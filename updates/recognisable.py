"""Could somebody be recognised? A number beside a school, a street or a rare diagnosis says who."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from publishing.models import Problem
from publishing.richtext import plain

if TYPE_CHECKING:
    from updates.models import YouSaidWeDid

NAME = r"\b(?:[A-Z][\w’'-]*\s+(?:of\s+)?){1,4}"
# Names begin with a capital, so “at school” alone is nobody's; nor is “The School”.
TELLING = {
    "a school": re.compile(
        NAME + r"(?:School|College|Academy|Nursery|Infants|Juniors)\b"
        r"|\b(?:School|College|Academy|Nursery) of [A-Z]"
    ),
    "a street or a postcode": re.compile(
        NAME + r"(?:Street|Road|Lane|Avenue|Close|Drive|Crescent|Grove|Terrace)\b"
        r"|\b[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}\b"
    ),
    "a rare diagnosis": re.compile(
        r"\b(?!Down)" + NAME.removeprefix(r"\b") + r"(?:[Ss]yndrome|[Dd]isease)\b"
        r"|(?i:\b\w*(?:dystrophy|trisomy)\b|\b(?:chromosome|gene)\b)"
    ),
}
BEGIN_NO_NAME = frozenset(["A", "An", "The", "This", "Our", "My", "Your", "Each", "Every", "No"])
SAID_IN = {
    "said": "what was said",
    "who_said": "who said it",
    "heard_where": "where you heard it",
    "we_did": "what you did",
    "could_not": "what you could not do",
    "title": "the title",
}


# What staff write for a name that they take out of a message.
MARK = re.compile(
    r"\[\s*(?:child|condition|name|person|place|school|street|teacher)s?\s*\](?!\()", re.I
)


def problems(card: YouSaidWeDid) -> Iterator[Problem]:
    """Each field with a mark for a name, and each that says too much beside a number."""
    for name, where in SAID_IN.items():
        if mark := MARK.search(getattr(card, name)):
            yield Problem(
                name,
                f"“{mark[0]}” stands in {where}. Write what families can read, such as “my "
                "child” or “the school”.",
            )
    if not card.how_many:
        return
    for name, where in SAID_IN.items():
        for what, found in telling(plain(getattr(card, name))):
            yield Problem(
                name,
                f"“{found}” in {where} looks like {what}. With a number, people could guess who "
                "said it. Take out the name, or the number of families.",
            )


def telling(words: str) -> Iterator[tuple[str, str]]:
    """What of each sort is named first, if anything: “a school”, “Otterfern School”."""
    for what, pattern in TELLING.items():
        for match in pattern.finditer(words):
            found = match[0].split()
            while found and found[0] in BEGIN_NO_NAME:
                found.pop(0)
            if len(found) > 1 or match[0] == match[0].lower() or match[0][-1].isupper():
                yield what, " ".join(found)
                break
