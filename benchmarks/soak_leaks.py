"""The long walk for leaks: every address after each change of stage, until 100,000 were asked.

`LEAK_REQUESTS=5000` asks fewer. Each round makes pages of every kind secret in one more way, and
asks for every public address, what it leads to, and the same on today's page of the time machine.
"""

import logging
import os
from itertools import cycle

import pytest

from publishing import ledger, moments
from publishing.models.editions import kinds
from tests.house_rules import filling
from tests.house_rules.secrecy import SECRETS
from tests.house_rules.walking import Answer, crawl, public_addresses, visit, where

pytestmark = pytest.mark.django_db

REQUESTS = int(os.environ.get("LEAK_REQUESTS", "100000"))


@pytest.fixture
def quiet_refusals():
    """Most addresses of secrets are refused; to write that down takes longer than to do it."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def everything_told() -> list[Answer]:
    """What every public address tells, today's page of the time machine included."""
    day = moments.now().day
    paths = [path for path in public_addresses() if not path.startswith("/files/")]
    return [*crawl(), *(visit(f"/on/{day}{path}") for path in paths)]


def test_no_secret_is_told_however_often_somebody_asks(quiet_refusals, figures):
    for kind in kinds():
        filling.make_public(kind, "publicq1words")
    secrets: dict[str, str] = {}
    asked = rounds = 0

    for way in cycle(SECRETS):
        words = {kind: filling.word("secret") for kind in kinds()}
        secrets |= {words[kind]: way.__name__ for kind in way(words)}
        answers = everything_told()
        told = "\n".join(answer.told for answer in answers)
        leaks = {secrets[text]: where(text, answers) for text in secrets if text in told}
        assert {way: seen for way, seen in leaks.items() if seen} == {}
        assert [str(answer) for answer in answers if answer.status >= 500] == []
        assert where("publicq1words", answers), "The walk does not even see public pages."
        asked, rounds = asked + len(answers), rounds + 1
        if asked >= REQUESTS:
            break

    assert ledger.verify() == []
    found = f"{len(secrets)} secrets of {len(kinds())} kinds, asked in {rounds} rounds"
    figures("Every address after each change of stage", asked, found, wrong=0)
