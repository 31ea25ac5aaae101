"""What the pages of the plan cost as promises grow in number: `make bench` prints the table.

An invented plan in a database of its own. Rows are inserted in bulk, past the actions but not past
the guards; times are medians of interleaved rounds, in milliseconds of this machine: on SQLite, of
its processor, so that whatever else it does counts as little as can be. What a page weighs, gzipped
and with its styles, is said too: the budget is `tests.weight.LARGEST_PAGE`.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

# 720 are a full plan: 12 problems with 60 promises each.
SIZES = [10, 720, 1_000, 10_000, 100_000]
WORDS = sorted(
    {*re.findall(r"[a-z]{2,12}", Path("docs/deploying.md").read_text("utf-8").casefold())}
)
ROUNDS = 5
AFTER_A_CHANGE = "/plan/, the first after a change"
PAGES = {
    "/plan/": "/plan/",
    AFTER_A_CHANGE: "/plan/",
    "/plan/, late only": "/plan/?status=late",
    "/plan/, 2 filters": "/plan/?status=late&problem=1",
    "one problem": "/plan/area/1-problem-1/",
    "one promise": "/plan/p/1-promise/",
    "home": "/",
}
# A page that ignores what was asked for costs less, or more, than the one that is to be measured.
NOTHING_WAS_READ = "We could not read the end of that address"


def set_up(folder: str) -> None:
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings",
        SECRET_KEY="only-for-the-benchmark-" + "x" * 50,
        SITE_URL="http://127.0.0.1",
        DATABASE_URL=os.environ.get("BENCH_DATABASE", f"sqlite:///{folder}/bench.sqlite3"),
        DATA_DIR=folder,
    )
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def fill(size: int, areas: list, signed: tuple) -> None:
    """So many promises in all, each public in one edition."""
    from django.db import connection, transaction
    from django.db.models import F

    from programme.models import Milestone, MilestoneArea
    from publishing.models import Document, Edition, SiteVersion

    author, release, body = signed
    begin = Document.objects.filter(kind="programme.milestone").count()
    documents = Document.objects.bulk_create(
        Document(kind="programme.milestone", slug=f"{n}-promise")
        for n in range(begin + 1, size + 1)
    )
    editions = Edition.objects.bulk_create(
        Edition(
            document=document, number=1, release=release, title=some_words(8),
            created_by=author, text="words", digest="x",
        )
        for document in documents
    )  # fmt: skip
    if not editions:
        return
    columns = Milestone._meta.local_concrete_fields
    names = ", ".join(f'"{field.column}"' for field in columns)
    marks = ", ".join(["%s"] * len(columns))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO programme_milestone ({names}) VALUES ({marks})",
            [row(columns, edition, body) for edition in editions],
        )
    MilestoneArea.objects.bulk_create(
        MilestoneArea(edition_id=edition.pk, area=random.choice(areas)) for edition in editions
    )
    Edition.objects.filter(release=release, published_at=None).update(
        published_at=dt.datetime.now(dt.UTC), published_by=author
    )
    SiteVersion.objects.update(number=F("number") + 1)  # as every action does


def row(columns, edition, body) -> list:
    """The columns of one promise: due on any day of eight years, done or not."""
    from django.db import connection

    from programme.models import Milestone

    day = dt.date(2021, 1, 1) + dt.timedelta(days=random.randrange(8 * 365))
    promise = Milestone(
        pk=edition.pk, kind=random.choice(["felt", "step"]), body=body, who="A post",
        due_words=f"{day:%-d %B %Y}", how_we_will_know="You will see.",
    )  # fmt: skip
    promise.carry_on()
    promise.times_moved = random.choice([0, 0, 1, 3])
    promise.due_on = day + dt.timedelta(days=100 * promise.times_moved)
    if random.random() < 0.5:
        promise.done_on, promise.proof = day + dt.timedelta(days=random.choice([-5, 50])), "See."
    promise.edition_ptr_id = edition.pk
    values = [(field, getattr(promise, field.attname)) for field in columns]
    return [field.get_db_prep_save(value, connection) for field, value in values]


def some_words(number: int) -> str:
    """As hard to press together as the titles of a real plan: no two are alike."""
    return " ".join(random.choices(WORDS, k=number)).capitalize()


def make_site() -> tuple[list, tuple]:
    """Problems, and a signed release into which all promises go."""
    from publishing.models import Document, Release, SignOff
    from tests import factories

    author, body = factories.make_user("author"), factories.make_body()
    publisher = factories.make_signer(body)
    areas = [
        factories.publish_update(
            factories.make_area(n, by=author, title=some_words(6) if n > 1 else "Problem 1"),
            publisher=publisher,
        ).document
        for n in range(1, 13)
    ]
    release = Release.objects.create()
    SignOff.objects.create(
        release=release, body=body, by=publisher, post="Post", at=dt.datetime.now(dt.UTC),
        digest="x",
    )  # fmt: skip
    assert Document.objects.count() == len(areas)
    return areas, (author, release, body)


class Cost(NamedTuple):
    """Of one page: median milliseconds, queries, its bytes, and those with its styles, gzipped."""

    ms: float
    queries: int
    length: int
    weight: int

    def __str__(self) -> str:
        kilobytes = f"{self.length / 1000:.0f} kB, gzipped {self.weight / 1000:.1f}"
        return f"{self.ms:.0f} ms, {self.queries} queries, {kilobytes}"


def measure() -> dict[str, Cost]:
    from django.core.cache import caches
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests import weight

    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    client = Client(headers={"host": "127.0.0.1"})
    times: dict[str, list[float]] = {name: [] for name in PAGES}
    facts = {}
    for path in PAGES.values():
        client.get(path)
    for _ in range(ROUNDS):
        for name, path in PAGES.items():
            if name == AFTER_A_CHANGE:
                caches["counted"].clear()
            began = clock()
            response = client.get(path)
            times[name].append(1000 * (clock() - began))
            assert response.status_code == 200, f"{path}: {response.status_code}"
            assert NOTHING_WAS_READ not in response.text, path
    for name, path in PAGES.items():
        if name == AFTER_A_CHANGE:
            caches["counted"].clear()
        with CaptureQueriesContext(connection) as queries:
            content = client.get(path).content
        heavy = weight.of_page(content) + weight.of_styles()
        facts[name] = Cost(statistics.median(times[name]), len(queries), len(content), heavy)
    return facts


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    random.seed(4)
    with tempfile.TemporaryDirectory() as folder:
        set_up(folder)
        areas, signed = make_site()
        found = {}
        for size in sizes:
            fill(size, areas, signed)
            found[size] = measure()
        print("| Page | " + " | ".join(f"{size:,} promises" for size in sizes) + " | Ratio |")
        print("|---|" + "---:|" * (len(sizes) + 1))
        for name in PAGES:
            cells = [str(found[size][name]) for size in sizes]
            ratio = found[sizes[-1]][name].ms / found[sizes[0]][name].ms
            print(f"| {name} | {' | '.join(cells)} | {ratio:.2f} |")


if __name__ == "__main__":
    main()
