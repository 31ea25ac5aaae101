"""Rule 1, second half: what a page says is read only where and while it stands, for any kind."""

import datetime as dt

import pytest

from publishing import actions, verification
from publishing.models import Document
from publishing.models.editions import kinds
from tests import factories
from tests.house_rules import filling
from tests.house_rules.lives import Life, read_elsewhere, stages_of
from tests.house_rules.record import facts
from tests.house_rules.secrecy import (
    council,
    draft,
    one_of,
    schedule,
    scheduled,
    sign_off,
    take_down,
)
from tests.house_rules.walking import crawl, filled, public_routes, visit, where
from tests.size import in_turn

pytestmark = pytest.mark.django_db


def test_there_are_kinds_to_look_at():
    assert kinds()


# Warm pages: what staff do in private moves not one byte in public


def private_work(standing):
    """Does to public pages and to new ones what staff do before anything goes out."""
    author, signer = one_of(standing).created_by, factories.make_signer(council())
    ours = filling.staff_kinds()
    standing = {kind: standing[kind] for kind in ours}
    again = {kind: filling.word("again") for kind in ours}
    new = draft({kind: filling.word("fresh") for kind in ours})
    nxt = filling.correct_together(standing, {kind: filling.word("next") for kind in ours})
    yield "drafts"
    for kind, page in new.items():
        filling.rewrite(page, again[kind], by=author)
    yield "saved"
    actions.submit(one_of(new).release, by=author)
    yield "sent for sign-off"
    actions.return_to_author(one_of(new).release, by=signer, reason="No.")
    yield "sent back"
    schedule(sign_off(filling.fresh(new)))
    yield "scheduled"
    sign_off(filling.fresh(nxt))
    yield "a correction signed off"
    schedule(nxt)
    yield "a correction scheduled"
    actions.unschedule(one_of(new).release, by=signer)
    slipped_in = actions.slip_in_correction(one_of(standing).document, by=author)
    yield "slipped in"
    for page in (slipped_in, *filling.fresh(new).values()):
        actions.discard_draft(page, by=author)
    yield "thrown away"


def test_private_work_changes_no_byte_of_the_public_site():
    standing = filling.make_public_together({kind: filling.word("stands") for kind in kinds()})
    asked = ((path, told(path)) for path in public_paths())
    warm = {path: answer for path, answer in asked if answer[0] == 200}

    steps = 0
    for step in private_work(standing):
        looked = list(warm) if step == "thrown away" else in_turn(list(warm), steps, parts=9)
        moved = [path for path in looked if told(path) != warm[path]]
        assert moved == [], f"They moved when pages were {step}."
        steps += 1

    assert steps == 9
    assert {page.get_absolute_url() for page in standing.values()} <= warm.keys()


def told(path):
    answer = visit(path)
    return answer.status, {**answer.headers, "Expires": "the clock"}, answer.stable_body


# A page's life: where its words may be read after each stage change


def test_words_are_read_only_where_they_stand_after_each_stage_change():
    lives = [Life(kind) for kind in kinds() if filling.can_come_down(kind)]
    asked = 0

    for turn, expected in enumerate(stages_of(lives)):
        paths = public_paths()
        own = [path for path in paths if any(life.slug in path for life in lives)]
        shared = [path for path in paths if path not in own]
        answers = [visit(path) for path in (*own, *in_turn(shared, turn, parts=6))]
        asked += len(answers)
        assert read_elsewhere(lives, answers, expected) == []
        for life in lives if not any(expected) else ():
            was_public = life.document is not None and life.document.withdrawals.exists()
            page = visit(life.kind.history_url(life.slug))
            assert page.status == (410 if was_public else 404), str(page)
    assert asked >= 500
    assert verification.faults() == []


def test_a_scheduled_page_appears_when_it_is_due_and_not_before(time_machine):
    time_machine.move_to(dt.datetime(2026, 3, 28, 12, tzinfo=dt.UTC), tick=False)
    words = {kind: filling.word("due") for kind in filling.staff_kinds()}
    editions = {words[kind]: page for kind, page in scheduled(words).items()}
    due = next(iter(editions.values())).published_at
    assert {edition.published_at for edition in editions.values()} == {due}

    time_machine.move_to(due - dt.timedelta(microseconds=1), tick=False)
    early = crawl()
    time_machine.move_to(due, tick=False)
    in_time = [visit(edition.get_absolute_url()) for edition in editions.values()]
    assert len(early) >= 350  # with test_secrets and what is asked above and below, over 2,000

    for text, edition in editions.items():
        assert where(text, early) == []
        assert f"GET {edition.get_absolute_url()} → 200" in where(text, in_time)
    assert verification.faults() == []


# Redaction


def twice_public(words):
    """Pages with the name in their address, in two public editions, a withdrawal and a draft."""
    texts = {kind: f"{kept}-{name} {kept} {name}" for kind, (kept, name) in words.items()}
    first = filling.make_public_together(texts)
    second = filling.publish_together(filling.correct_together(first, texts))
    boss = factories.make_user("publisher", signs_for=council())
    for kind in filter(filling.can_come_down, kinds()):
        take_down(second[kind].document, reason=f"{words[kind][1]} asked us to.")
        actions.reinstate(second[kind].document, by=boss)
    filling.correct_together(second, {kind: f"draft {name}" for kind, (_, name) in words.items()})
    return {kind: page.document for kind, page in second.items()}


def test_a_redacted_name_is_nowhere_in_public_or_in_the_database():
    words = {kind: (filling.word("kept"), filling.word("name")) for kind in kinds()}
    documents = twice_public(words)
    own = [path for path in public_paths() if any(kept in path for kept, _ in words.values())]
    before = [visit(path) for path in own]

    by = factories.make_signer(council())
    for kind, document in documents.items():
        name = words[kind][1]
        actions.redact(document, by=by, words=[name], reason="A child was named.")

    files = {path for path in public_paths() if path.startswith("/files/")}
    pages = [answer for answer in crawl() if answer.path not in files]
    assert len(pages) >= 350
    rows = {table: str(rows).lower() for table, rows in facts().items()}
    for kind, (kept, name) in words.items():
        assert where(name, before), kind
        assert where(name, pages) == []
        assert where(kept, pages), kind
        assert [table for table, text in rows.items() if name in text] == []
        # What is left of an address may lead on: then any other with the same beginning does.
        gone, other = (visit(kind.document_url(f"{kept}-{end}")) for end in (name, "other"))
        assert gone.status in {302, 404}, str(gone)
        assert (gone.status, gone.headers.get("Location")) == (
            other.status,
            other.headers.get("Location"),
        )
    assert verification.faults() == []


def public_paths():
    return [path for route in public_routes() for path in filled(route)]


# Files and pictures


@pytest.mark.parametrize("kind", filling.staff_kinds(), ids=lambda kind: kind._meta.label)
def test_a_public_file_is_served_as_what_it_is_and_can_do_nothing(kind):
    edition = filling.make_public(kind, filling.word("stands"))
    file = edition.files.first().attachment

    answer = visit(file.get_absolute_url())

    assert answer.status == 200
    assert answer.body.startswith(b"%PDF-")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Content-Length"] == str(file.size)
    assert "public" in answer.headers["Cache-Control"]
    assert visit(file.get_absolute_url(), "head").headers == answer.headers


@pytest.mark.parametrize(
    "kind", [kind for kind in filling.staff_kinds() if filling.can_come_down(kind)][:2]
)
def test_a_file_that_another_public_page_offers_too_stays_readable(kind):
    secret = filling.make_public(kind, filling.word("first"))
    file = secret.files.first().attachment
    other = filling.make(kind, filling.word("second"))
    row = other.files.first()
    row.attachment = file
    row.save()
    actions.seal_draft(other)
    factories.publish_update(other)

    take_down(secret.document, reaches_past=True)

    assert visit(file.get_absolute_url()).status == 200


def test_every_document_of_the_walk_belongs_to_a_kind():
    filling.make(kinds()[0], filling.word("draft"))

    labels = {kind._meta.label_lower for kind in kinds()}
    assert {document.kind for document in Document.objects.all()} <= labels
