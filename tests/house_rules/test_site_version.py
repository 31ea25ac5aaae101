"""Rule 5: each act raises the site version exactly once; one that fails, not at all."""

import datetime as dt
import inspect
from types import FunctionType

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from programme.models import ForumLink
from publishing import actions
from publishing.actions import lock
from publishing.models import SiteVersion
from publishing.models.editions import kinds
from publishing.richtext import derived_fields
from tests import factories
from tests.house_rules import filling
from tests.house_rules.record import facts

pytestmark = pytest.mark.django_db

VERBS = {
    name: verb
    for name in actions.__all__
    if isinstance(verb := getattr(actions, name), FunctionType)
}
WITHOUT_LOCK = {
    "claim_draft": "saves a draft, which nobody in public can see; its own version decides",
    "seal_draft": "the end of the same saving",
    "give_link": "opens a form; no page changes before something is said through it",
}
NOT_ASKED_WHO = {
    "release_due": "the clock",
    "say_through_link": "who holds the link; the lock looks if it stands",
    "rerender": "who runs commands on the server; no word changes",
    "unschedule_unfit": "an account that was closed, a role that was taken away",
}


class Cast:
    def __init__(self, council):
        self.council = council
        self.author = factories.make_user("author")
        self.publisher = factories.make_user("publisher", signs_for=council)
        self.other = factories.make_user("publisher", signs_for=council)

    def draft(self, **fields):
        return filling.make(kinds()[0], filling.word("draft"), by=self.author, **fields)

    def in_review(self):
        draft = self.draft()
        actions.submit(draft.release, by=self.author)
        return factories.reload(draft)

    def signed(self, **fields):
        return factories.sign_off_update(self.draft(**fields), publisher=self.other)

    def public(self):
        edition = self.signed()
        actions.publish(edition.release, by=self.other)
        return factories.reload(edition)

    def scheduled(self, edition=None):
        edition = edition or self.signed()
        at = timezone.now() + dt.timedelta(days=1)
        actions.schedule(edition.release, by=self.other, at=at)
        return factories.reload(edition)

    def down(self):
        edition = self.public()
        actions.withdraw(edition.document, by=self.other, reason="Wrong.")
        return edition

    def small_fix(self):
        draft = actions.start_edition(self.public().document, by=self.publisher)
        return factories.change_draft(draft, by=self.publisher, title=f"{draft.title} the")


# How each verb succeeds: makes what it needs, and returns the act, which takes `by`.


def start_document(cast):
    kind, text = kinds()[0], filling.word("new")
    edition = kind(**filling.fill(kind, text))
    return cast.author, lambda by: actions.start_document(edition, slug=text, by=by)


def start_documents(cast):
    kind, text = kinds()[0], filling.word("new")
    page = actions.NewPage(kind(**filling.fill(kind, text)), text)
    return cast.author, lambda by: actions.start_documents([page], by=by)


def gather_drafts(cast):
    one, other = cast.draft(), cast.draft()
    return cast.author, lambda by: actions.gather_drafts([one], other.release, by=by)


def start_edition(cast):
    document = cast.public().document
    return cast.author, lambda by: actions.start_edition(document, by=by)


def slip_in_correction(cast):
    draft = filling.correct(cast.public(), filling.word("next"))
    edition = cast.scheduled(factories.sign_off_update(draft, publisher=cast.other))
    return cast.author, lambda by: actions.slip_in_correction(edition.document, by=by)


def join_release(cast):
    one, other = cast.draft(), cast.draft()
    return cast.author, lambda by: actions.join_release(one, other.release, by=by)


def discard_draft(cast):
    draft = cast.draft()
    return cast.author, lambda by: actions.discard_draft(draft, by=by)


def rewrite_draft(cast):
    draft = cast.draft()
    return cast.author, lambda by: actions.rewrite_draft(
        draft, by=by, columns={"title": filling.word("other")}
    )


def leave_release(cast):
    one, other = cast.draft(), cast.draft()
    actions.join_release(one, other.release, by=cast.author)
    return cast.author, lambda by: actions.leave_release(factories.reload(one), by=by)


def submit(cast):
    release = cast.draft().release
    return cast.author, lambda by: actions.submit(release, by=by)


def return_to_author(cast):
    release = cast.in_review().release
    return cast.publisher, lambda by: actions.return_to_author(release, by=by, reason="No.")


def sign_off(cast):
    release = cast.in_review().release
    return cast.publisher, lambda by: actions.sign_off(release, by=by)


def publish(cast):
    release = cast.signed().release
    return cast.publisher, lambda by: actions.publish(release, by=by)


def schedule(cast):
    release, at = cast.signed().release, timezone.now() + dt.timedelta(days=1)
    return cast.publisher, lambda by: actions.schedule(release, by=by, at=at)


def unschedule(cast):
    release = cast.scheduled().release
    return cast.publisher, lambda by: actions.unschedule(release, by=by)


def unschedule_unfit(cast):
    cast.scheduled()
    # Past the model, which would notice by itself.
    get_user_model().objects.filter(pk=cast.other.pk).update(is_active=False)
    return cast.other, lambda by: actions.unschedule_unfit()


def import_from_elsewhere(cast):
    at = timezone.now() - dt.timedelta(days=400)
    release = cast.signed(source="The old site", originally_at=at).release
    return cast.publisher, lambda by: actions.import_from_elsewhere(release, by=by)


def release_due(cast):
    edition = cast.scheduled()
    cast.clock.move_to(edition.published_at, tick=False)
    return cast.publisher, lambda by: actions.release_due()


def small_fix(cast):
    release = cast.small_fix().release
    return cast.publisher, lambda by: actions.small_fix(release, by=by)


def confirm_small_fix(cast):
    edition = cast.small_fix()
    actions.small_fix(edition.release, by=cast.publisher)
    edition = factories.reload(edition)
    return cast.other, lambda by: actions.confirm_small_fix(edition, by=by)


def withdraw(cast):
    document = cast.public().document
    return cast.publisher, lambda by: actions.withdraw(document, by=by, reason="Wrong.")


def confirm_withdrawal(cast):
    document = cast.down().document
    return cast.publisher, lambda by: actions.confirm_withdrawal(document, by=by)


def reinstate(cast):
    document = cast.down().document
    return cast.publisher, lambda by: actions.reinstate(document, by=by)


def redact(cast):
    edition = cast.public()
    words = [edition.title.split()[0]]
    return cast.publisher, lambda by: actions.redact(
        edition.document, by=by, words=words, reason="A name."
    )


def confirm_redaction(cast):
    edition = cast.public()
    words = [edition.title.split()[0]]
    actions.redact(edition.document, by=cast.other, words=words, reason="A name.")
    return cast.publisher, lambda by: actions.confirm_redaction(edition.document, by=by)


def say_through_link(cast):
    kind = next(kind for kind in kinds() if kind.SPEAKS_THROUGH)
    edition, text = filling.unsaid(kind, filling.word("said")), filling.word("said")
    link = ForumLink.objects.holding(filling.new_forum_link()).get()
    return cast.publisher, lambda by: actions.say_through_link(edition, link=link, slug=text)


def take_link_back(cast):
    link = ForumLink.objects.holding(filling.new_forum_link()).get()
    return cast.publisher, lambda by: actions.take_link_back(link, by=by)


def renew_pages(cast):
    return cast.publisher, lambda by: actions.renew_pages(by=by)


def rerender(cast):
    kind, field = next(
        (kind, field)
        for each in kinds()
        for kind in (each, *each.part_models())
        for field in derived_fields(kind)
    )
    filling.make_public(next(k for k in kinds() if kind in (k, *k.part_models())), "texts")
    kind._base_manager.update(**{field.name: "by an older renderer"})
    return cast.publisher, lambda by: actions.rerender()


CASES = {
    case.__name__: case
    for case in [
        start_document,
        start_documents,
        start_edition,
        slip_in_correction,
        join_release,
        gather_drafts,
        leave_release,
        rewrite_draft,
        discard_draft,
        submit,
        return_to_author,
        sign_off,
        publish,
        schedule,
        unschedule,
        unschedule_unfit,
        import_from_elsewhere,
        release_due,
        small_fix,
        confirm_small_fix,
        withdraw,
        confirm_withdrawal,
        reinstate,
        redact,
        confirm_redaction,
        say_through_link,
        take_link_back,
        renew_pages,
        rerender,
    ]
}
every_verb = pytest.mark.parametrize("name", CASES)
# Doing these again is no mistake: nothing is refused, so there is nothing to look at.
REPEATABLE = {
    "renew_pages",
    "rerender",
    "rewrite_draft",
    "join_release",
    "gather_drafts",
    "start_documents",  # each that is refused is named in its answer
    "leave_release",
    "unschedule_unfit",
}
# Says that pages are not what they were; what they show was stored before.
CHANGES_NOTHING_ELSE = {"renew_pages"}


@pytest.fixture
def cast(council, time_machine):
    found = Cast(council)
    found.clock = time_machine
    return found


def version() -> int:
    return SiteVersion.objects.get().number


def test_every_verb_has_its_case():
    assert CASES.keys() | WITHOUT_LOCK.keys() == VERBS.keys()
    assert not CASES.keys() & WITHOUT_LOCK.keys()
    asks = {name for name, verb in VERBS.items() if "by" in inspect.signature(verb).parameters}
    assert asks | NOT_ASKED_WHO.keys() | {"seal_draft"} == VERBS.keys()


@every_verb
def test_an_act_raises_the_version_once_and_if_refused_under_the_lock_not_at_all(cast, name):
    by, act = CASES[name](cast)
    before, was = version(), facts()

    act(by)
    done = facts()

    assert version() == before + 1
    changed = [table for table, rows in done.items() if rows != was[table]]
    assert (len(changed) == 1) == (name in CHANGES_NOTHING_ELSE)
    if name == "release_due":  # nothing is due any more
        assert act(by) == []
    elif name not in REPEATABLE:
        with pytest.raises(actions.NotAllowed):
            act(by)
    assert name in REPEATABLE or facts() == done


@every_verb
def test_an_act_that_fails_changes_nothing(cast, name, monkeypatch):
    strangers = [
        factories.make_user(None),
        factories.make_user("publisher", signs_for=cast.council, is_active=False),
        AnonymousUser(),
    ]
    by, act = CASES[name](cast)
    before = facts()

    for stranger in strangers if name not in NOT_ASKED_WHO else ():
        with pytest.raises(actions.NotAllowed):
            act(stranger)
    monkeypatch.setattr(lock, "note_next_change", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):  # at its very end
        act(by)

    assert facts() == before


def test_saving_a_draft_leaves_the_version_where_it_was(cast):
    draft = cast.draft()
    before = version()

    factories.change_draft(draft, by=cast.author, title="Other words")

    assert version() == before
