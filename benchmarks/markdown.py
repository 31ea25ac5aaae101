"""Seconds to render 50 kB of text that was made to be slow: `make bench`.

Twenty families known to bring Markdown renderers to their knees. No family may take a second.
"""

import os
import sys
import time

LARGE = 50_000
MOST = 1.0  # seconds

FAMILIES = {
    "honest text": "We hired **4 people**. See [all updates](/updates/).\n\n- one\n- two\n\n",
    "open brackets": "[",
    "open pictures": "![",
    "closed brackets": "]",
    "brackets inside each other": "[a](",
    "links inside each other": "[a](b ",
    "quotes inside each other": ">",
    "lists inside each other": "- ",
    "ordered lists": "1. a\n",
    "stars": "*",
    "stars and words": "*a **a ",
    "stars and underscores": "*_",
    "backticks": "`",
    "backticks of every length": "".join("a" + "`" * n for n in range(300)),
    "entities": "&amp;",
    "broken entities": "&a",
    "open tags": "<a ",
    "declarations": "<!A ",
    "comments": "<!--",
    "processing instructions": "<?",
    "definitions": "[a]: b\n",
    "definitions without end": "[a]: (\n",
    "table cells": "|a",
    "tables": "a|b\n-|-\nc|d\n",
    "tildes": "~~~a\n",
    "escapes": "\\[",
    "addresses in angles": "<http://a",
    "headings underlined": "a\n-\n",
    "hard breaks": "a  \n",
    "one long word": "a",
}


def text_of(family: str, size: int = LARGE) -> str:
    unit = FAMILIES[family]
    return (unit * (size // len(unit) + 1))[:size]


def seconds(family: str, size: int = LARGE) -> float:
    """The better of two runs: the machine has other work too."""
    from publishing.richtext import render

    text, times = text_of(family, size), []
    for _ in range(2):
        begun = time.perf_counter()
        render(text)
        times.append(time.perf_counter() - begun)
    return min(times)


def main() -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    print("| family | 12.5 kB | 25 kB | 50 kB |\n|---|---|---|---|")
    slow = []
    for family in FAMILIES:
        times = [seconds(family, LARGE // part) for part in (4, 2, 1)]
        print(f"| {family} | {' | '.join(f'{each:.3f} s' for each in times)} |", flush=True)
        if times[-1] > MOST:
            slow.append(family)
    if slow:
        print(f"\nSlower than {MOST} s: {', '.join(slow)}")
    return bool(slow)


if __name__ == "__main__":
    sys.exit(main())
