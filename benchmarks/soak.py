"""The large counts behind tests/test_races.py: `make soak`, written up in docs/soak.md."""

import datetime as dt
import random
import time
from collections import Counter
from itertools import count

import pytest
from django.utils import timezone

from publishing import actions
from publishing.models import Edition, LedgerEntry
from tests import factories
from tests.factories import reload
from tests.races import deeds, processes, stage
from tests.races.processes import (
    Broke,
    Killed,
    Refused,
    Worker,
    all_at_once,
    held_at,
    killed_after,
    killed_at,
    nobody_is_left,
    open_house,
)

EIGHT = 8


@pytest.fixture(autouse=True)
def house(process_environment, monkeypatch):
    monkeypatch.setattr(processes, "LONGEST", 600)
    open_house(process_environment)
    with nobody_is_left():
        yield


# All at once


def test_publishes(figures):
    people = (stage.author(), stage.publisher())
    term = factories.make_term()

    answers = all_at_once(deeds.publish_often, [(one, 100, term, *people) for one in range(EIGHT)])

    assert [answer for answer in answers if isinstance(answer, Broke)] == []
    done = [edition for answer in answers for edition in answer]
    lines = stage.lines()
    wrong = EIGHT * 100 - len(done) + (lines != list(range(1, len(done) + 1)))
    figures("drafts written, signed and published by 8 processes", len(done), "one chain", wrong)


def test_publishes_of_the_same_page(figures):
    wrong, rounds = 0, 50
    for number in range(1, rounds + 1):
        edition = stage.make_signed()
        answers = all_at_once(deeds.publish, [(edition.release, stage.publisher())] * EIGHT)
        refused = sum(isinstance(answer, Refused) for answer in answers)
        wrong += (answers.count("publish"), refused, len(stage.lines())) != (1, 7, number)

    figures("8 publishes of the same page", rounds, "each 1 done, 7 refused, 1 line", wrong)


def test_saves(figures):
    draft, editors = stage.make_draft(), stage.authors(EIGHT)

    answers = all_at_once(deeds.save_often, [(draft, editor, 125) for editor in editors])

    saved = [save for answer in answers for save in answer]
    accepted = [save for save in saved if save.is_accepted]
    refused = [save for save in saved if not save.is_accepted]
    text = reload(draft).plain_text()
    lost = sum(save.token not in text for save in accepted)
    untold = sum(not save.tells_its_editor or save.token in text for save in refused)
    found = f"{len(accepted)} saved, {len(refused)} told who saved and kept their words"
    figures("load, change, save of one draft", len(saved), found, lost + untold)


# Killed


def deed(verb: str, target, **facts) -> tuple:
    return (deeds.act, verb, [target], facts)


def correction(**fields):
    """A signed next edition of a public page."""
    public = stage.make_public()
    draft = actions.start_edition(public.document, by=stage.author())
    draft = factories.change_draft(draft, by=stage.author(), change_note="A word.", **fields)
    return factories.sign_off_update(draft, publisher=stage.publisher())


def scheduled_correction():
    draft = correction()
    at = timezone.now() + dt.timedelta(days=1)
    actions.schedule(draft.release, by=stage.publisher(), at=at)
    return reload(draft)


def small_correction():
    public, by = stage.make_public(in_short="We hird people."), stage.second_publisher()
    draft = actions.start_edition(public.document, by=by)
    return factories.change_draft(draft, by=by, in_short="We hired people.")


def taken_down():
    public = stage.make_public()
    actions.withdraw(public.document, by=stage.publisher(), reason="It named a child.")
    return public.document


def found_elsewhere():
    origin = {
        "source": "The council’s old site",
        "originally_at": dt.datetime(2021, 10, 1, tzinfo=dt.UTC),
    }
    return stage.make_signed(**origin)


def due_page():
    at = timezone.now() + dt.timedelta(seconds=1)
    stage.make_scheduled(at)
    return (deeds.notice_what_is_due, at)


DEEDS = {
    "start_document": lambda: (deeds.start_one, stage.author(), factories.make_term()),
    "submit": lambda: deed("submit", stage.make_draft().release, by=stage.author()),
    "return_to_author": lambda: deed(
        "return_to_author", stage.make_signed().release, by=stage.publisher(), reason="More."
    ),
    "sign_off": lambda: deed("sign_off", stage.make_submitted().release, by=stage.publisher()),
    "publish": lambda: deed("publish", stage.make_signed().release, by=stage.publisher()),
    "publish a correction": lambda: deed("publish", correction().release, by=stage.publisher()),
    "schedule": lambda: deed(
        "schedule",
        correction().release,
        by=stage.publisher(),
        at=timezone.now() + dt.timedelta(days=1),
    ),
    "unschedule": lambda: deed("unschedule", scheduled_correction().release, by=stage.publisher()),
    "release_due": due_page,
    "start_edition": lambda: deed("start_edition", stage.make_public().document, by=stage.author()),
    "slip_in_correction": lambda: deed(
        "slip_in_correction", scheduled_correction().document, by=stage.author()
    ),
    "small_fix": lambda: deed("small_fix", small_correction().release, by=stage.second_publisher()),
    "discard_draft": lambda: deed("discard_draft", stage.make_draft(), by=stage.author()),
    "import_from_elsewhere": lambda: deed(
        "import_from_elsewhere", found_elsewhere().release, by=stage.publisher()
    ),
    "withdraw": lambda: deed(
        "withdraw", stage.make_public().document, by=stage.publisher(), reason="It named a child."
    ),
    "reinstate": lambda: deed("reinstate", taken_down(), by=stage.second_publisher()),
    "redact": lambda: deed(
        "redact",
        stage.make_public(sorry_for="We are sorry, Jane Doe.").document,
        by=stage.publisher(),
        words=["Jane Doe"],
        reason="A private person was named.",
    ),
    "save a draft by the form": lambda: (deeds.save, stage.make_draft(), stage.author(), "TOKEN"),
}


@pytest.mark.parametrize("name", DEEDS)
def test_killed_at_every_statement(figures, name):
    work = DEEDS[name]()
    before, version, half_done = stage.everything(), stage.version(), 0

    for step in count(1):
        answer = killed_at(step, *work)
        stage.lines()
        now = stage.everything()
        if answer != Killed() or now != before:
            break

    # The only kill that leaves a trace is the one right after the commit, and it leaves all.
    raised = stage.version() - version
    half_done += answer != Killed() or raised != (name != "save a draft by the form")
    half_done += all_at_once(deeds.publish, [again()]) != ["publish"]
    stage.lines()
    figures(f"{name}, killed at every statement", step, "whole or not begun", half_done)


def again() -> tuple:
    return (stage.make_signed().release, stage.publisher())


def test_killed_at_random_instants(figures):
    chance = random.Random(1)
    kills = done = wrong = 0
    edition, by = stage.make_signed(), stage.publisher()
    longest = seconds_of(deeds.publish, stage.make_signed().release, by)
    while kills < 300:
        version = stage.version()
        answer = killed_after(chance.uniform(0, longest), deeds.publish, edition.release, by)
        is_public = reload(edition).published_at is not None
        facts = (stage.version() - version, stage.lines_about(edition))
        wrong += facts != (is_public, is_public)
        kills += answer == Killed()
        done += answer == Killed() and is_public
        if is_public:
            edition = stage.make_signed()

    stage.lines()
    found = f"{done} had committed, all others had not begun"
    figures("publish, killed from outside at a random instant", kills, found, wrong)


def seconds_of(work, *arguments) -> float:
    worker = Worker(work, *arguments)
    worker.wait_until_ready()
    began = time.monotonic()
    worker.go()
    worker.end()
    return time.monotonic() - began


# Due pages


def test_due_pages(figures):
    pages = 100
    editions = [stage.make_signed() for _ in range(pages)]
    first = timezone.now() + dt.timedelta(seconds=30)
    for number, edition in enumerate(editions):
        at = first + dt.timedelta(milliseconds=200 * number)
        actions.schedule(edition.release, by=stage.publisher(), at=at)
    last = first + dt.timedelta(milliseconds=200 * pages + 2000)
    chance = random.Random(1)

    pollers = [Worker(deeds.poll_what_is_due, first, last) for _ in range(EIGHT)]
    for poller in pollers:
        poller.wait_until_ready()
        poller.go()
    deeds.wait_until(first)
    kills = 0
    while timezone.now() < last:
        kills += killed_at(chance.randint(1, 30), deeds.read_home, timezone.now()) == Killed()
    noticed = [pk for poller in pollers for pk in poller.end()]

    doubled = sum(times - 1 for times in Counter(noticed).values())
    written = LedgerEntry.objects.filter(edition__in=editions).count()
    missed = pages - written + (stage.lines() != list(range(1, pages + 1)))
    found = f"one line each, while {kills} readers were killed as they noticed"
    figures("due pages, 8 schedulers polling", pages, found, doubled + missed)


# Held: one comes in between every two statements of the other


def save_of(draft):
    return (deeds.save, draft, stage.author(), "TOKEN")


def sign_of(draft):
    return (deeds.sign, draft, stage.publisher())


def publish_of(draft):
    return deed("publish", draft.release, by=stage.publisher())


def schedule_of(draft):
    at = timezone.now() + dt.timedelta(days=1)
    return deed("schedule", draft.release, by=stage.publisher(), at=at)


def small_fix_of(draft):
    return deed("small_fix", draft.release, by=stage.second_publisher())


def send_back_of(draft):
    return deed("return_to_author", draft.release, by=stage.publisher(), reason="More.")


def discard_of(draft):
    return deed("discard_draft", draft, by=stage.author())


def redact_of(draft):
    facts = {"words": ["Jane Doe"], "reason": "A private person was named."}
    return deed("redact", draft.document, by=stage.publisher(), **facts)


def named_correction():
    """A draft of a public page, with a name in the field that is saved and in an item."""
    items = [factories.make_item("not good enough", body="Jane Doe waited.", difference="")]
    public = stage.make_public(in_short="We are sorry, Jane Doe.", parts=items)
    draft = actions.start_edition(public.document, by=stage.author())
    return factories.change_draft(draft, by=stage.author(), change_note="A word.")


# By what is done beside the save: the draft it needs, and how it is done.
BESIDE_A_SAVE = {
    "a publish": (stage.make_signed, publish_of),
    "a scheduling": (stage.make_signed, schedule_of),
    "a signature": (stage.make_submitted, sign_of),
    "a small fix": (small_correction, small_fix_of),
    "a sending back": (stage.make_signed, send_back_of),
    "a throwing away": (stage.make_draft, discard_of),
    "a redaction": (named_correction, redact_of),
}


@pytest.mark.parametrize("is_save_held", [False, True], ids=["save inside", "save held"])
@pytest.mark.parametrize("name", BESIDE_A_SAVE)
def test_held_at_every_statement(figures, name, is_save_held):
    make, beside = BESIDE_A_SAVE[name]
    wrong = []
    for step in count(1):
        draft = make()
        deeds_in_order = [save_of(draft), beside(draft)]
        if not is_save_held:
            deeds_in_order.reverse()
        *answers, was_held = held_at(step, *deeds_in_order)
        wrong += [(step, why) for why in faults_of(draft, answers)]
        if not was_held:
            break

    stage.lines()
    what = f"{name} inside a save" if is_save_held else f"a save inside {name}"
    found = f"{len(wrong)}: {wrong[:3]}" if wrong else "nothing unsigned, lost or broken"
    figures(f"{what}, at every statement", step, found, len(wrong))


def faults_of(draft: Edition, answers: list) -> list[str]:
    """What must not be: an error, words that nobody signed, an accepted save that is not there."""
    faults = [answer.error for answer in answers if isinstance(answer, Broke)]
    if faults:
        return faults
    saved = next(answer for answer in answers if isinstance(answer, deeds.Saved))
    if not (saved.is_accepted or saved.still_shows):
        faults.append("refused without the typed words")
    edition = type(draft).objects.filter(pk=draft.pk).first()
    if edition is None:
        return faults  # it was thrown away
    is_saved = "TOKEN" in edition.in_short
    if is_saved != saved.is_accepted:
        faults.append("accepted and lost, or refused and stored")
    if is_saved and (edition.published_at or edition.release.valid_sign_offs().exists()):
        faults.append("unsigned words under a signature")
    if "Jane Doe" in edition.plain_text():
        faults.append("the removed name is back")
    if edition.digest != edition.compute_digest():
        faults.append("a digest of other words")
    return faults
