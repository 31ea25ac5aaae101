"""The long walk for leaks: every address after each change of stage, until 100,000 were asked.

`LEAK_REQUESTS=5000` asks fewer. Each round makes pages of every kind secret in one more way, or
takes some through one more stage of their life; then it asks for every public address, what it
leads to, and the same on today's page of the time machine and on a day before.
"""

import datetime as dt
import logging
import os
from collections.abc import Iterator
from itertools import count

import pytest

from publishing import moments, verification
from publishing.models import Attachment
from publishing.models.editions import kinds
from tests.house_rules import filling
from tests.house_rules.lives import Life, read_elsewhere, stages_of
from tests.house_rules.secrecy import SECRETS, STAYS
from tests.house_rules.test_secrets import assert_files_are_hidden
from tests.house_rules.walking import Answer, crawl, public_addresses, visit, where

pytestmark = pytest.mark.django_db

# “3/10”: the third of ten walks, each with a database of its own, and begun with other ways.
PART, PARTS = map(int, os.environ.get("LEAK_PART", "1/1").split("/"))
REQUESTS = int(os.environ.get("LEAK_REQUESTS", "100000")) // PARTS


@pytest.fixture
def quiet_refusals():
    """Most addresses of secrets are refused; to write that down takes longer than to do it."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def everything_told() -> list[Answer]:
    """What every public address tells, today and on a day when redacted pages had their words."""
    today = moments.now().day
    paths = [path for path in public_addresses() if not path.startswith("/files/")]
    days = (today, today - dt.timedelta(days=2))
    return [*crawl(), *(visit(f"/on/{day}{path}") for day in days for path in paths)]


class Walk:
    """All that is secret by now, and how much was asked."""

    def __init__(self):
        self.secrets: dict[str, str] = {}
        self.asked = self.rounds = 0

    def look(self, what: str) -> list[Answer]:
        answers = everything_told()
        told = "\n".join(answer.told for answer in answers)
        leaks = {
            way: seen
            for text, way in self.secrets.items()
            if text in told and (seen := where(text, answers))
        }
        assert leaks == {}, what
        assert [str(answer) for answer in answers if answer.status >= 500] == [], what
        assert where("publicq1words", answers), "The walk does not even see public pages."
        self.asked, self.rounds = self.asked + len(answers), self.rounds + 1
        print(f"{self.asked} asked after {what}", flush=True)
        return answers

    def each_way(self) -> Iterator[None]:
        """Pages of every kind, secret in each way there is."""
        begin = (PART - 1) * len(SECRETS) // PARTS
        for way in (*SECRETS[begin:], *SECRETS[:begin]):
            words = {kind: filling.word("secret") for kind in kinds()}
            pages = way(words)
            self.secrets |= {words[kind]: way.__name__ for kind in pages}
            self.look(way.__name__)
            if way.__name__ not in STAYS:
                self.ask_for_files(
                    {words[kind]: page for kind, page in pages.items()},
                    was_public="removed" in way.__name__,
                )
            yield

    def ask_for_files(self, pages, *, was_public: bool) -> None:
        newest = Attachment.objects.filter(extension="pdf").order_by("-pk")[: 2 * len(pages)]
        files = {}
        for file in newest:
            with file.file.open() as opened:
                files[file] = opened.read()
        for text, page in pages.items():
            assert_files_are_hidden(
                text, files, visit, was_public=was_public, text_of_others=page.spoken_by
            )

    def each_stage(self) -> Iterator[None]:
        """Pages of every kind: drafts, public, replaced, taken down, put back, removed."""
        lives = [Life(kind) for kind in kinds() if filling.can_come_down(kind)]
        for number, expected in enumerate(stages_of(lives)):
            answers = self.look(f"stage {number} of a life")
            assert read_elsewhere(lives, on_no_day(answers), expected) == []
            yield
        self.secrets |= {text: "a life" for life in lives for text in life.words[:2]}


def on_no_day(answers: list[Answer]) -> list[Answer]:
    return [answer for answer in answers if not answer.path.startswith(("/on/", "/search/"))]


def test_no_secret_is_told_however_often_somebody_asks(quiet_refusals, figures):
    for kind in kinds():
        filling.make_public(kind, "publicq1words")
    walk = Walk()

    rounds = (
        each for _ in count() for walks in (walk.each_way, walk.each_stage) for each in walks()
    )
    for _ in rounds:
        if walk.asked >= REQUESTS:
            break

    assert verification.faults() == []
    found = f"{len(walk.secrets)} secrets of {len(kinds())} kinds, asked in {walk.rounds} rounds"
    figures("Every address after each change of stage", walk.asked, found, wrong=0)
