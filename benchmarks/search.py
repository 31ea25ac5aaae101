"""What search and the open data cost as editions grow in number: `make bench` prints the tables.

An invented site in a database of its own, on both databases. Texts are made of invented words, the
frequent ones far more often than the rare ones, as in a language. Rows are inserted in bulk, past
the actions but not past the guards; times are medians, in milliseconds of this machine.
"""

from __future__ import annotations

import datetime as dt
import random
import statistics
import time

SIZES = [10_000, 100_000]
ROUNDS = 7
WORDS_A_TEXT = 150
VOCABULARY = 8_000
SEARCHES = {
    "a rare word": "zebra",
    "a word on every second page": "families",
    "two words of them": "families waiting",
    "one kind of page": "families&kind=programme.timelineevent",
    "page 10": "families&page=10",
    "a word that is misspelt": "famlies",
    "words that are nowhere": "qqqqqq",
}


def vocabulary() -> tuple[list[str], list[float]]:
    sounds = "ba be bi bo bu da de di do du ka ke ki ko ku la le li lo lu ma me mi mo mu".split()
    made = {"".join(random.choices(sounds, k=random.choice([2, 3, 4]))) for _ in range(40_000)}
    words = sorted(made)[:VOCABULARY]
    random.shuffle(words)
    return words, [1 / (rank + 10) for rank in range(len(words))]


def fill(size: int, signed: tuple) -> None:
    """So many public editions in all, half of them cards and half events."""
    from publishing.models import Document, Edition

    author, release, _ = signed
    words, weights = vocabulary()
    begin = Edition.objects.count()
    for first in range(begin, size, 5_000):
        numbers = range(first, min(first + 5_000, size))
        documents = Document.objects.bulk_create(
            Document(
                kind="updates.yousaidwedid" if n % 2 else "programme.timelineevent", slug=f"{n}-x"
            )
            for n in numbers
        )
        Edition.objects.bulk_create(
            Edition(
                document=document, number=1, release=release, created_by=author, digest="x",
                title=" ".join(random.choices(words, weights, k=6)), text=text(n, words, weights),
            )
            for n, document in zip(numbers, documents, strict=True)
        )  # fmt: skip
    at = dt.datetime.now(dt.UTC)
    Edition.objects.filter(release=release, published_at=None).update(
        published_at=at, published_by=author
    )


def text(number: int, words: list[str], weights: list[float]) -> str:
    said = random.choices(words, weights, k=WORDS_A_TEXT)
    said[3:3] = ["families"] if number % 2 else []
    said[60:60] = ["waiting"] if number % 5 == 0 else []
    said[90:90] = ["zebra"] if number % 2_000 == 7 else []
    return "\n".join(" ".join(said[at : at + 30]) for at in range(0, len(said), 30))


def took(do) -> float:
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        do()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)
