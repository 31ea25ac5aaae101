"""What search and the open data cost as editions grow in number: `make bench` prints the tables.

An invented site in a database of its own, on both databases. Texts are made of invented words, the
frequent ones far more often than the rare ones, as in a language. Rows are inserted in bulk, past
the actions but not past the guards; times are the best of some rounds, on this machine.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import subprocess
import sys
import tempfile
import time
import tracemalloc

from benchmarks import promises

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
    said[3:3] = ["families"] if number // 2 % 2 else []
    said[60:60] = ["waiting"] if number % 5 == 0 else []
    said[90:90] = ["zebra"] if number % 2_000 == 7 else []
    return "\n".join(" ".join(said[at : at + 30]) for at in range(0, len(said), 30))


def took(do) -> tuple[float, float]:
    """Milliseconds that pass, and those that this process works: the best of some rounds."""
    passed, worked = [], []
    for _ in range(ROUNDS):
        began, at_work = time.perf_counter(), time.process_time()
        do()
        passed.append(1000 * (time.perf_counter() - began))
        worked.append(1000 * (time.process_time() - at_work))
    return min(passed), min(worked)


def made(size: int, signed: tuple) -> dict[str, tuple[float, float]]:
    """Milliseconds of each search, with its whole page, over so many editions."""
    from django.db import connection
    from django.test import Client

    fill(size, signed)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client(headers={"host": "127.0.0.1"})
    return {
        name: took(lambda asked=asked: client.get(f"/search/?q={asked}").content)
        for name, asked in SEARCHES.items()
    }


def streams(size: int) -> list[str]:
    """What it takes to write all pages, as one row each, and how much memory beside the rest."""
    from django.test import Client

    client = Client(headers={"host": "127.0.0.1"})
    found = []
    for path in ("/data/pages.csv", "/data/pages.json"):
        client.get("/data/plans.csv").getvalue()  # what is loaded once, is loaded
        tracemalloc.start()
        began, length = time.perf_counter(), 0
        for piece in client.get(path).streaming_content:
            length += len(piece)
        seconds = time.perf_counter() - began
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        found.append(
            f"| {path} | {size:,} | {length / 1e6:.0f} MB | {seconds:.0f} s | {most / 1e6:.1f} MB |"
        )
    return found


def times(found: dict, search: str) -> list[tuple[float, float]]:
    return [found[size][search] for size in found]


def on_one_database() -> None:
    """Prints both tables for the database that the environment names."""
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    random.seed(6)
    with tempfile.TemporaryDirectory() as folder:
        promises.set_up(folder)
        _, signed = promises.make_site()
        found, files = {}, []
        for size in sizes:
            found[size] = made(size, signed)
            files += streams(size)
        print("| Search | " + " | ".join(f"{size:,} editions" for size in sizes) + " |")
        print("|---|" + "---:|" * len(sizes))
        for name in SEARCHES:
            cells = (f"{passed:.0f} ms ({worked:.0f})" for passed, worked in times(found, name))
            print(f"| {name} | " + " | ".join(cells) + " |")
        print("\n| File | Rows | Length | Time | Memory at most |\n|---|---:|---:|---:|---:|")
        print("\n".join(files), flush=True)


def main() -> None:
    """Both databases, each in a process of its own: Django knows one."""
    from tests import postgresql

    socket = postgresql.start().replace("/", "%2F")
    for name, database in (
        ("SQLite", {}),
        ("PostgreSQL", {"BENCH_DATABASE": f"postgresql://{postgresql.USER}@{socket}/postgres"}),
    ):
        print(f"\n{name}\n", flush=True)
        code = "from benchmarks import search; search.on_one_database()"
        command = [sys.executable, "-c", code, *sys.argv[1:]]
        subprocess.run(command, env=os.environ | database, check=True)


if __name__ == "__main__":
    main()
