"""Who may do what at which stage: the table, and that nothing outside of it changes anything."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.utils import timezone

from config import urls
from publishing import actions
from publishing.admin import beside_the_form
from publishing.admin.acts import ACTS
from publishing.models import Edition
from publishing.models.editions import kinds
from tests import factories
from tests.forms import filled_in
from tests.house_rules import filling
from tests.house_rules.record import facts
from tests.house_rules.secrecy import PARTS
from tests.house_rules.walking import visitor

# What is answered, and to whom, is decided before a database is asked.
pytestmark = [pytest.mark.django_db, pytest.mark.once]

# People. “Editing” ones have edited the very draft; signers sign for the one body that must sign.
WRITERS = {"author", "editing author", "publisher", "editing publisher", "boss", "editing boss"}
REVIEWERS = {"reviewer", "publisher", "editing publisher", "boss", "editing boss"}
PUBLISHERS = {"publisher", "editing publisher", "boss", "editing boss"}
UNINVOLVED = {"reviewer", "publisher", "boss"}
UNINVOLVED_PUBLISHERS = {"publisher", "boss"}
NOBODY = {"visitor", "nobody"}
EVERYBODY = WRITERS | REVIEWERS | NOBODY

WAS_PUBLIC = [
    "public",
    "correction",
    "small fix ready",
    "small fix to confirm",
    "correction scheduled",
    "correction waiting",
    "details removed",
]
NEVER_PUBLIC = ["draft", "in review", "signed off", "scheduled", "signed off from elsewhere"]
TAKEN_DOWN = ["down", "down for good"]

# act → stage → who. Whatever is not here is refused, and changes nothing.
MAY = {
    # A small fix writes its own note; sent for sign-off instead, it would lack one.
    "submit": dict.fromkeys(["draft", "correction", "correction waiting"], WRITERS),
    "together": dict.fromkeys(
        ["draft", "correction", "small fix ready", "correction waiting"], WRITERS
    ),
    "sign-off": {"in review": UNINVOLVED},
    "send-back": dict.fromkeys(["in review", "signed off", "signed off from elsewhere"], REVIEWERS),
    "publish": {"signed off": UNINVOLVED_PUBLISHERS},
    "schedule": {"signed off": UNINVOLVED_PUBLISHERS},
    "import": {"signed off from elsewhere": UNINVOLVED_PUBLISHERS},
    "unschedule": dict.fromkeys(["scheduled", "correction scheduled"], PUBLISHERS),
    "correct": dict.fromkeys(
        ["public", "small fix to confirm", "details removed", *TAKEN_DOWN], WRITERS
    ),
    "slip-in": {"correction scheduled": WRITERS},
    "small-fix": {"small fix ready": {"editing publisher"}},
    "confirm-small-fix": {"small fix to confirm": REVIEWERS - {"editing publisher"}},
    "take-down": dict.fromkeys(WAS_PUBLIC, PUBLISHERS),
    # The publisher took it down.
    "confirm-take-down": dict.fromkeys(TAKEN_DOWN, REVIEWERS - {"publisher"}),
    # What reached the past can be put back until a second person has confirmed it.
    "put-back": dict.fromkeys(TAKEN_DOWN, PUBLISHERS - {"publisher"}),
    "remove-details": dict.fromkeys(
        [*NEVER_PUBLIC, *(s for s in WAS_PUBLIC if s != "details removed"), *TAKEN_DOWN], PUBLISHERS
    ),
    # The publisher removed them.
    "confirm-removal": {"details removed": REVIEWERS - {"publisher"}},
    "throw-away": dict.fromkeys(
        [
            *(stage for stage in NEVER_PUBLIC if stage != "scheduled"),
            "correction",
            "small fix ready",
            "correction waiting",
        ],
        WRITERS,
    ),
}


class Cast:
    """The people, and `someone` who is none of them and has done what was done before."""

    def __init__(self, council):
        def signer(role, name, **fields):
            return factories.make_user(role, signs_for=council, username=name, **fields)

        self.council = council
        self.someone = signer("publisher", "someone")
        self.starter = factories.make_user("author", username="starter")
        self.people = {
            "visitor": None,
            "nobody": factories.make_user(None, username="nobody"),
            "author": factories.make_user("author", username="author"),
            "editing author": factories.make_user("author", username="editing author"),
            "reviewer": signer("reviewer", "reviewer"),
            "publisher": signer("publisher", "publisher"),
            "editing publisher": signer("publisher", "editing publisher"),
            "boss": signer(None, "boss", is_superuser=True),
            "editing boss": signer(None, "editing boss", is_superuser=True),
        }
        self.clients = {}
        for name, user in self.people.items():
            self.clients[name] = visitor()
            if user:
                self.clients[name].force_login(user)

    def edited(self, draft):
        """By all who are called editing; afterwards it says what it is expected to say."""
        for name, user in self.people.items():
            if name.startswith("editing"):
                draft = factories.change_draft(factories.reload(draft), by=user)
        return factories.reload(draft)

    def draft(self, **fields):
        text = filling.word("page")
        return self.edited(filling.make(kinds()[0], text, by=self.starter, **fields))

    def signed(self, draft):
        actions.submit(draft.release, by=self.starter)
        actions.sign_off(draft.release, by=self.someone)
        return factories.reload(draft)

    def scheduled(self, draft):
        at = timezone.now() + dt.timedelta(days=2)
        actions.schedule(self.signed(draft).release, by=self.someone, at=at)
        return factories.reload(draft)

    def public(self):
        edition = self.signed(self.draft())
        actions.publish(edition.release, by=self.someone)
        return factories.reload(edition)

    def correction(self):
        draft = actions.start_edition(self.public().document, by=self.starter)
        return self.edited(filling.rewrite(draft, filling.word("next"), by=self.starter))

    def small_fix(self):
        by = self.people["editing publisher"]
        draft = actions.start_edition(self.public().document, by=by)
        return factories.change_draft(draft, by=by, title=f"{draft.title} the")

    def at(self, stage):  # noqa: PLR0911 - a list of answers
        """The working edition of a page at this stage."""
        match stage:
            case "draft":
                return self.draft()
            case "in review":
                draft = self.draft()
                actions.submit(draft.release, by=self.starter)
                return draft
            case "signed off":
                return self.signed(self.draft())
            case "signed off from elsewhere":
                then = dt.datetime(2019, 5, 1, 12, tzinfo=dt.UTC)
                return self.signed(self.draft(source="The old site", originally_at=then))
            case "scheduled":
                return self.scheduled(self.draft())
            case "public":
                return self.public()
            case "correction":
                return self.correction()
            case "small fix ready":
                return self.small_fix()
            case "small fix to confirm":
                edition = self.small_fix()
                actions.small_fix(edition.release, by=self.people["editing publisher"])
                return edition
            case "correction scheduled":
                return self.scheduled(self.correction())
            case "correction waiting":
                edition = self.scheduled(self.correction())
                draft = actions.slip_in_correction(edition.document, by=self.starter)
                return self.edited(filling.rewrite(draft, filling.word("slip"), by=self.starter))
            case "details removed":
                edition, by = self.public(), self.people["publisher"]
                words = [edition.title.split()[0]]
                actions.redact(edition.document, by=by, words=words, reason="A name.")
                return factories.reload(edition)
            case _:
                edition = self.public()
                actions.withdraw(
                    edition.document,
                    by=self.people["publisher"],
                    reason="Wrong.",
                    reaches_past=stage == "down for good",
                )
                return edition


def answers(edition, cast):
    """Whatever any act may ask, answered well."""
    future = timezone.now() + dt.timedelta(days=9)
    return {
        "reason": "It was wrong.",
        "words": edition.title.split()[0],
        "other": cast.other.pk,
        "digest": edition.release.digest(),
        "body": cast.council.pk,
        "at_0": f"{future:%Y-%m-%d}",
        "at_1": "12:00",
    }


def test_the_table_names_every_act_and_only_people_and_stages_that_there_are():
    assert MAY.keys() == ACTS.keys()
    stages = {*NEVER_PUBLIC, *WAS_PUBLIC, *TAKEN_DOWN}
    assert {stage for row in MAY.values() for stage in row} == stages
    assert all(who <= EVERYBODY for row in MAY.values() for who in row.values())


@contextmanager
def writes() -> Iterator[list[str]]:
    """The tables that are written to meanwhile, but for sessions."""
    found = []

    def look(execute, sql, *args):
        if match := re.match(r"(?:INSERT INTO|UPDATE|DELETE FROM) \W?(\w+)", sql):
            found.extend({match[1]} - {"django_session"})
        return execute(sql, *args)

    with connection.execute_wrapper(look):
        yield found


@pytest.fixture
def refusals_without_words(monkeypatch):
    """Most posts here are refused; what the page then says is drawn by other tests."""

    def answer(*args, **kwargs):
        return HttpResponse("Refused.")

    monkeypatch.setattr(beside_the_form, "TemplateResponse", answer)
    pages = beside_the_form.PagesBesideTheForm
    monkeypatch.setattr(pages, "page_context", lambda *args: {})
    monkeypatch.setattr(urls, "handler403", lambda *args, **kwargs: HttpResponse(status=403), False)


@pytest.mark.usefixtures("refusals_without_words")
@pytest.mark.parametrize("stage", [*NEVER_PUBLIC, *WAS_PUBLIC, *TAKEN_DOWN])
def test_each_may_do_what_the_table_says_and_nothing_else(council, stage, publisher):
    cast = Cast(council)
    cast.other = cast.draft()
    edition = cast.at(stage)
    posted, before = answers(edition, cast), facts()
    base = f"/admin/{edition._meta.app_label}/{edition._meta.model_name}/{edition.pk}/do"

    wrong = []
    turns = count([*NEVER_PUBLIC, *WAS_PUBLIC, *TAKEN_DOWN].index(stage))
    for name in ACTS:
        for who, client in cast.clients.items():
            # `make test` tries all that is allowed, and a third of what is not, in turn.
            if next(turns) % PARTS and who not in MAY[name].get(stage, ()):
                continue
            with transaction.atomic(), writes() as written:
                answer = client.post(f"{base}/{name}/", posted)
                after = facts(set(written))
                has_changed = any(after[table] != before[table] for table in after)
                transaction.set_rollback(True)
            may = who in MAY[name].get(stage, ())
            is_broken = answer.status_code >= 500
            if has_changed != may or is_broken:
                wrong.append(f"{who}: {name} at {stage} → {has_changed}, {answer.status_code}")

    assert wrong == []
    assert facts() == before


@pytest.mark.parametrize("stage", NEVER_PUBLIC)
def test_personal_details_can_be_removed_before_anything_is_public(council, stage):
    cast = Cast(council)
    edition = cast.at(stage)
    words = [edition.title.split()[0]]

    with transaction.atomic():
        actions.redact(edition.document, by=cast.someone, words=words, reason="A name.")

    assert words[0] not in factories.reload(edition).title


def test_the_stages_of_the_table_are_the_stages_there_are(council):
    cast = Cast(council)

    seen = {cast.at(stage).stage() for stage in [*NEVER_PUBLIC, *WAS_PUBLIC, *TAKEN_DOWN]}
    seen |= {edition.stage() for edition in Edition.objects.all()}

    assert seen >= set(ACTS["submit"].stages | ACTS["slip-in"].stages | ACTS["correct"].stages)
    assert {stage for act in ACTS.values() for stage in act.stages} - seen <= {"superseded"}


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_no_saved_form_changes_what_is_public(council, who):
    """The form of a draft, as its page draws it, saves the draft; once that is public, nothing."""
    cast = Cast(council)
    edition, drawn_by = cast.draft(), cast.clients["author"]
    base = f"/admin/{edition._meta.app_label}/{edition._meta.model_name}"
    page = f"{base}/{edition.pk}/change/"
    cast.clients[who].post(page, {**filled_in(drawn_by.get(page)), "title": "Saved"})
    assert (factories.reload(edition).title == "Saved") == (who in WRITERS)
    form = {**filled_in(drawn_by.get(page)), "title": "Forged"}
    actions.publish(cast.signed(factories.reload(edition)).release, by=cast.someone)
    before = facts()

    for path in (page, f"{base}/{edition.pk}/delete/", f"{base}/"):
        cast.clients[who].post(path, {**form, "post": "yes"})

    assert facts() == before
    assert form["read_version"] == str(factories.reload(edition).version)
