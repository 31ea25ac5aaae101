"""Rule 1: what was never public, or was redacted, appears nowhere, at no stage, for any kind."""

import datetime as dt

import pytest

from publishing import actions, ledger
from publishing.models import Attachment, Document, Edition
from publishing.models.editions import kinds
from tests import factories
from tests.house_rules import filling
from tests.house_rules.record import facts
from tests.house_rules.secrecy import SECRETS, council, draft, schedule, scheduled, take_down
from tests.house_rules.walking import crawl, filled, public_routes, visit

pytestmark = pytest.mark.django_db

every_kind = pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind._meta.label)


def test_there_are_kinds_to_look_at():
    assert kinds()


def where(text, answers):
    """Where the words appear: in a body (but for the address itself, echoed), or in a header."""
    return [
        str(answer)
        for answer in answers
        if text in answer.text.lower().replace(answer.path.lower(), "")
        or text in str(answer.headers).lower().replace(answer.path.lower(), "")
    ]


@every_kind
def test_what_was_never_public_appears_nowhere(kind):
    names = [filling.word("name") for _ in range(2)]
    author = factories.make_user("author", username=names[0], first_name=names[1])
    public = filling.make_public(kind, filling.word("public"), by=author)
    secrets = {way.__name__: filling.word(way.__name__.replace("_", "")) for way in SECRETS}
    for way in SECRETS:
        way(kind, secrets[way.__name__])

    answers = crawl()

    assert {way: seen for way, text in secrets.items() if (seen := where(text, answers))} == {}
    assert [where(name, answers) for name in names] == [[], []]
    assert where(public.title.split()[0], answers), "The walk does not even see public pages."
    assert [str(answer) for answer in answers if answer.status >= 500] == []


def oracle(path, secret, stand_in):
    """What an address tells, with the secret part of it replaced by as many other letters."""
    for method in ("get", "head", "post", "options"):
        answer = visit(path, method)
        yield answer.status, answer.headers, answer.text.replace(secret, stand_in)


@every_kind
@pytest.mark.parametrize("way", SECRETS, ids=lambda way: way.__name__)
def test_the_address_of_a_secret_and_its_files_answer_like_ones_that_do_not_exist(kind, way):
    text = filling.word("secret")
    stand_in = "z" * len(text)
    before = set(public_paths())
    edition = way(kind, text)

    paths = [path for path in public_paths() if path not in before and text in path]
    if edition.number == 1 and not edition.document.withdrawals.exists():
        for path in paths:
            told = list(oracle(path, text, stand_in))
            assert told == list(oracle(path.replace(text, stand_in), text, stand_in)), path
            assert told[0][0] == 404, path
    else:
        own = kind.history_url(edition.document.slug, edition.number)
        missing = kind.history_url(edition.document.slug, 9)
        assert list(oracle(own, f"/{edition.number}/", "/9/")) == list(oracle(missing, "", ""))
    assert_files_are_missing(text)


def public_paths():
    return [path for route in public_routes() for path in filled(route)] if has_rows() else []


def has_rows():
    return Edition.objects.exists() and Attachment.objects.exists()


# Warm pages: what staff do in private moves not one byte in public


@every_kind
def test_private_work_changes_no_byte_of_the_public_site(kind):
    standing = filling.make_public(kind, filling.word("stands"))
    author, signer = standing.created_by, factories.make_signer(council())
    warm = {path: told(path) for path in sorted({a.path for a in crawl(methods=["get"])})}
    fresh = draft(kind, filling.word("fresh"))
    nxt = filling.correct(standing, filling.word("next"))

    def slip_in():
        actions.unschedule(fresh.release, by=signer)
        return actions.slip_in_correction(standing.document, by=author)

    steps = [
        lambda: filling.rewrite(fresh, filling.word("again"), by=author),
        lambda: actions.submit(fresh.release, by=author),
        lambda: actions.return_to_author(fresh.release, by=signer, reason="No."),
        lambda: schedule(factories.sign_off_update(factories.reload(fresh))),
        lambda: factories.sign_off_update(factories.reload(nxt)),
        lambda: schedule(factories.reload(nxt)),
        slip_in,
        lambda: actions.discard_draft(
            standing.document.editions.get(number=2, is_waiting=False), by=author
        ),
        lambda: actions.discard_draft(factories.reload(fresh), by=author),
    ]

    for number, step in enumerate([lambda: None, *steps]):
        step()
        moved = [path for path, before in warm.items() if told(path) != before]
        assert moved == [], f"Step {number} moved them."


def told(path):
    answers = visit(path), visit(path, "head")
    return [(a.status, {**a.headers, "Expires": "the clock"}, a.body) for a in answers]


# A page's life: where its words may be read after each stage change


def places(kind, slug, text, answers):
    """On which sorts of addresses the words are read: its history (with files), or others."""
    past = kind.history_url(slug), "/files/"
    found = {seen.removeprefix("GET ").split(" ")[0] for seen in where(text, answers)}
    is_on_its_page = found & {kind.document_url(slug)}
    others = {path for path in found if not path.startswith(past)}
    return {
        *(["history"] if found - others else []),
        *(["page"] if is_on_its_page else ["elsewhere"] if others else []),
    }


@every_kind
def test_words_are_read_only_where_they_stand_after_each_stage_change(kind):
    old, new, third = (filling.word(name) for name in ("old", "new", "third"))
    document = filling.make(kind, old, slug=filling.word("page")).document
    boss, other = (factories.make_user("publisher", signs_for=council()) for _ in "12")

    def read():
        answers = crawl(methods=["get"])
        return [places(kind, document.slug, text, answers) for text in (old, new, third)]

    def publish(edition):
        factories.publish_update(factories.reload(edition), publisher=boss)

    assert read() == [set(), set(), set()]

    publish(working(document))
    assert {"page", "history"} == read()[0]

    publish(filling.correct(working(document), new))
    assert read()[0] == {"history"}
    assert {"page", "history"} == read()[1]

    filling.correct(working(document), third)
    take_down(document)
    assert visit(document.get_absolute_url()).status == 410
    assert read() == [{"history"}, {"history"}, set()]

    actions.reinstate(document, by=other)
    assert read()[0] == {"history"}
    assert {"page", "history"} == read()[1]

    take_down(document, reaches_past=True)
    assert read() == [set(), set(), set()]
    assert visit(kind.history_url(document.slug)).status == 410

    publish(working(document))
    assert read()[:2] == [set(), set()]
    assert {"page", "history"} == read()[2]
    assert ledger.verify() == []


def working(document):
    return Edition.objects.working().get(document=document).concrete


@every_kind
def test_a_scheduled_page_appears_when_it_is_due_and_not_before(kind, time_machine):
    time_machine.move_to(dt.datetime(2026, 3, 28, 12, tzinfo=dt.UTC), tick=False)
    text = filling.word("due")
    edition = scheduled(kind, text)

    time_machine.move_to(edition.published_at - dt.timedelta(microseconds=1), tick=False)
    early = where(text, crawl())
    time_machine.move_to(edition.published_at, tick=False)
    in_time = where(text, crawl(methods=["get"]))

    assert early == []
    assert f"GET {edition.get_absolute_url()} → 200" in in_time
    assert ledger.verify() == []


# Redaction


@every_kind
def test_a_redacted_name_is_nowhere_in_public_or_in_the_database(kind):
    kept, name = filling.word("kept"), filling.word("name")
    text = f"{kept} {name}"
    slug = f"{kept}-{name}"
    first = filling.make_public(kind, text, slug=slug)
    second = factories.publish_update(filling.correct(first, text))
    document = second.document
    take_down(document, reason=f"{name} asked us to.")
    actions.reinstate(document, by=factories.make_user("publisher", signs_for=council()))
    filling.correct(second, f"draft {name}")
    assert where(name, crawl(methods=["get"]))

    by = factories.make_signer(council())
    actions.redact(document, by=by, words=[name], reason="A child was named.")

    files = {path for path in public_paths() if path.startswith("/files/")}
    pages = [answer for answer in crawl() if answer.path not in files]
    assert where(name, pages) == []
    assert where(kept, pages)
    assert [t for t, rows in facts().items() if any(name in str(row).lower() for row in rows)] == []
    assert visit(kind.document_url(slug)).status == 404
    assert ledger.verify() == []


# Files


def assert_files_are_missing(text):
    """For every stored file in which the words stand."""
    secret = [file for file in Attachment.objects.all() if text.encode() in content(file)]
    nobody_s = list(oracle(f"/files/{'0' * 64}.pdf", "", ""))

    assert secret
    assert nobody_s[0][0] == 404
    for file in secret:
        assert list(oracle(file.get_absolute_url(), file.digest, "0" * 64)) == nobody_s


def content(file):
    with file.file.open() as opened:
        return opened.read()


@every_kind
def test_a_public_file_is_served_as_what_it_is_and_can_do_nothing(kind):
    edition = filling.make_public(kind, filling.word("stands"))
    file = edition.files.get().attachment

    answer = visit(file.get_absolute_url())

    assert answer.status == 200
    assert answer.body.startswith(b"%PDF-")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Content-Length"] == str(file.size)
    assert "public" in answer.headers["Cache-Control"]
    assert visit(file.get_absolute_url(), "head").headers == answer.headers


@every_kind
def test_a_file_that_another_public_page_offers_too_stays_readable(kind):
    secret = filling.make_public(kind, filling.word("first"))
    file = secret.files.get().attachment
    other = filling.make(kind, filling.word("second"))
    row = other.files.get()
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
