"""Could this be somebody's own number or address? A page is read by everybody, and for ever.

Only what is nearly always private: a mobile telephone, an NHS number, an e-mail address at a
provider for homes. A council's own numbers are landlines, and its addresses are its own.
"""

import re
from collections.abc import Iterator

LOOKS_LIKE = {
    "a person’s mobile number": re.compile(
        r"(?<![\d+])(?:\+44 ?\(?0?\)? ?|0)7\d{3}[ -]?\d{3}[ -]?\d{3}\b"
    ),
    "an NHS number": re.compile(r"(?<!\d)\d{3}[ -]\d{3}[ -]\d{4}(?!\d)"),
    "a person’s e-mail address": re.compile(
        r"\b[\w.+-]+@(?:gmail|googlemail|hotmail|outlook|live|msn|yahoo|icloud|me|aol|btinternet"
        r"|sky|talktalk|virginmedia|proton|protonmail)\.(?:com|net|co\.uk|me)\b",
        re.IGNORECASE,
    ),
}


def advice(words: str) -> Iterator[str]:
    for what, pattern in LOOKS_LIKE.items():
        if found := pattern.search(words):
            yield (
                f"“{found[0]}” looks like {what}. Everybody will be able to read it. Take it out, "
                "unless that is what it is for."
            )
