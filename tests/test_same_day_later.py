"""A past day tells the same, to the byte: after more publications, a restart, and an import."""

import datetime as dt
import json
import re
import subprocess
import sys

import pytest
from django.conf import settings

from publishing import actions
from tests.factories import (
    correct_update,
    make_body,
    make_public_card,
    make_public_page,
    make_public_promise,
    make_public_update,
)
from tests.past import MOVED, NOON, day_pages, imported, imported_promise, on
from tests.record_factories import make_public_event, make_public_measure, make_public_role

DAYS = (1, 8, 14)
NAMED = re.compile("middle|1 July 2021")


def world(clock, people):
    """Pages of many kinds, over three weeks."""
    make_public_page(**people)
    update = make_public_update(**people)
    promise = make_public_promise(ref="1.1", due_words="April 2026", **people)
    imported_promise(people["by"], dt.datetime(2021, 5, 1, 12, tzinfo=dt.UTC), "old", ref="2.1")
    make_public_event(**people)
    clock(7)
    card = make_public_card(slug="card", **people)
    make_public_measure(**people)
    correct_update(update, **people, in_short="The new words.")
    clock(14)
    make_public_role(**people)
    correct_update(promise, **people, **MOVED)
    return update, card


def publish_ten_more(update, card, people):
    for number in range(4):
        make_public_card(slug=f"later-{number}", **people)
        make_public_event(**people)
    correct_update(update, **people, in_short="Words of another month.")
    correct_update(card, **people, we_did="We did more.")
    actions.withdraw(card.document, by=people["publisher"], reason="It was wrong.")


# Outside a transaction, as in production: there the site keeps what it has counted.
@pytest.mark.once  # it reads hundreds of pages; `make soak` does so on both databases
def test_three_days_tell_the_same_after_ten_more_publications_and_a_restart(
    process_environment, clock, author, publisher
):
    people = {"by": author, "publisher": publisher}
    update, card = world(clock, people)
    clock(15)
    before = {on(day): day_pages(on(day)) for day in DAYS}

    clock(40)
    publish_ten_more(update, card, people)

    assert all(len(pages) > 15 for pages in before.values())
    one = on(DAYS[1])
    assert day_pages(one) == before[one]
    assert after_a_restart(process_environment, [*before]) == before


def after_a_restart(environment, days: list[str]) -> dict[str, dict[str, str]]:
    """What a process that has just started tells of the days, two months later."""
    later = NOON + dt.timedelta(days=80)
    answer = subprocess.run(
        [sys.executable, "-c", A_PROCESS, later.isoformat(), *days],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


A_PROCESS = """
import json, sys
import django
from django.conf import settings
settings.STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
django.setup()
import time_machine
from tests.past import day_pages
_, later, *days = sys.argv
with time_machine.travel(later):
    print(json.dumps({day: day_pages(day) for day in days}))
"""


@pytest.mark.once
@pytest.mark.django_db
def test_an_import_changes_only_the_days_that_it_says_it_changes(clock, author):
    make_body()
    imported(author, dt.datetime(2021, 5, 1, 12, tzinfo=dt.UTC), "first")
    imported(author, dt.datetime(2021, 11, 3, 12, tzinfo=dt.UTC), "second")
    imported_promise(author, dt.datetime(2021, 5, 1, 12, tzinfo=dt.UTC), "first")
    days = [dt.date(2021, 6, 1), dt.date(2021, 8, 1), dt.date(2021, 12, 1)]
    before = {day: day_pages(f"/on/{day}/") for day in days}

    imported(author, dt.datetime(2021, 7, 1, 12, tzinfo=dt.UTC), "middle")
    imported_promise(author, dt.datetime(2021, 7, 1, 12, tzinfo=dt.UTC), "middle", ref="9.9")

    after = {day: day_pages(f"/on/{day}/") for day in days}
    assert after[days[0]] == before[days[0]]
    for day in days[1:]:
        changed = {path for path, text in after[day].items() if before[day].get(path) != text}
        assert changed
        says_so = {path for path in changed if NAMED.search(after[day][path])}
        assert changed == says_so
        assert f"/on/{day}/you-said/first/" in before[day]
        assert f"/on/{day}/plan/p/9_9-promise-called-middle/" in changed
