"""Anybody can check the record from public data alone, with the short program in docs/."""

import importlib.util
import io
import json

import pytest
from django.conf import settings
from django.db import connection, models
from django.test import Client
from django.utils import timezone

from publishing import actions, guards, ledger, public_record, verification
from publishing.models import Document, Edition, LedgerEntry, LedgerText, Withdrawal
from publishing.models.editions import kinds
from publishing.record import newest_in_words
from publishing.whole_editions import with_parts
from tests.factories import (
    correct_update,
    make_card,
    make_public_card,
    make_public_update,
    make_staff,
    reload,
    sign_off_update,
)
from tests.house_rules import filling
from updates.models import ProgressItem, TermlyUpdate

pytestmark = pytest.mark.django_db

SCRIPT = settings.BASE_DIR / "docs" / "check_the_record.py"


@pytest.fixture(scope="module")
def program():
    """The program as anybody runs it, without Django."""
    spec = importlib.util.spec_from_file_location("check_the_record", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def run(program, monkeypatch, capsys):
    """Runs it against the site: its exit code and what it printed."""

    def answer(url, timeout):
        assert url.startswith("http://testserver/changes/record.json?after=")
        return io.BytesIO(Client().get(url.removeprefix("http://testserver")).content)

    def run(*arguments):
        monkeypatch.setattr(program.urllib.request, "urlopen", answer)
        code = program.main(["http://testserver", *arguments])
        return code, capsys.readouterr().out

    return run


@pytest.fixture(scope="module")
def recorded_once(one_transaction):
    """Two pages, one of them corrected: three lines."""
    staff = make_staff()
    make_public_card(**staff, title="Asha Khan called us", slug="card")
    first = make_public_update(**staff)
    return correct_update(first, **staff, in_short="Better words.")


@pytest.fixture
def record(recorded_once, db):
    return reload(recorded_once)


def alter(row, **columns):
    """What somebody with the database's password could do."""
    guards.drop_all(connection)
    models.QuerySet(type(row)).filter(pk=row.pk).update(**columns)


def test_a_record_that_nobody_touched_verifies(record, run):
    code, printed = run()

    assert code == 0
    assert "Nothing was altered. Lines: 3" in printed
    assert f"Keep this: 3:{ledger.newest().digest}" in printed


@pytest.mark.parametrize(
    ("find", "columns", "line"),
    [
        (lambda: LedgerEntry.objects.get(pk=2), {"role": "nobody"}, 2),
        (lambda: LedgerEntry.objects.get(pk=1), {"event": "imported"}, 1),
        (lambda: LedgerText.objects.get(entry=1, name="text"), {"text": "All is well."}, 1),
        (lambda: LedgerText.objects.get(entry=3, name="note"), {"text": "Nothing."}, 3),
        (lambda: Edition.objects.get(number=2), {"title": "All is well"}, 3),
        (lambda: Edition.objects.get(number=2), {"change_note": "Nothing."}, 3),
        (lambda: TermlyUpdate.objects.get(number=1), {"in_short": "All is well."}, 2),
        (lambda: ProgressItem.objects.filter(edition__number=1).first(), {"body": "Well."}, 2),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_an_altered_row_is_found_by_both_and_named(record, run, find, columns, line):
    alter(find(), **columns)

    code, printed = run()

    assert code == 1
    assert f"Line {line}: " in printed
    assert line in {fault.line for fault in verification.faults()}


def test_a_deleted_line_is_found_and_named(record, run):
    guards.drop_all(connection)
    LedgerText.objects.filter(entry=2)._raw_delete("default")
    LedgerEntry.objects.filter(pk=2)._raw_delete("default")

    code, printed = run()

    assert code == 1
    assert "Line 2: this line is missing." in printed


def test_words_that_are_missing_without_a_reason_are_found(record, run):
    guards.drop_all(connection)
    LedgerText.objects.filter(entry=1, name="title")._raw_delete("default")

    assert "Line 1: its title is missing, and no later line says why." in run()[1]


def test_a_redacted_line_reads_redacted_and_verifies(record, run, publisher):
    card = Document.objects.get(slug="card")
    actions.redact(card, by=publisher, words=["Asha Khan"], reason="A child was named.")

    code, printed = run()

    assert code == 0
    assert "Line 1 reads: redacted. A later line says why." in printed
    assert "Asha" not in json.dumps(public_record_of())
    assert verification.faults() == []


def test_a_line_removed_from_the_past_reads_removed_and_verifies(record, run, publisher):
    actions.withdraw(
        Document.objects.get(slug="card"), by=publisher, reason="It named one.", reaches_past=True
    )

    code, printed = run()

    assert code == 0
    assert "Line 1 reads: removed. A later line says why." in printed
    assert "Asha" not in json.dumps(public_record_of())


def test_a_rewritten_past_does_not_hold_what_a_reader_kept(record, run):
    kept = LedgerEntry.objects.get(pk=2).digest[:12]
    assert run("--kept", f"2:{kept}")[0] == 0

    rewrite_from(2)

    assert run()[0] == 0, "Without a kept line a rewritten chain fits: that is why one is kept."
    code, printed = run("--kept", f"2:{kept}")
    assert code == 1
    assert "Line 2: it is not the line that you kept" in printed


def rewrite_from(number):
    """Somebody who has everything makes each line anew from one on."""
    guards.drop_all(connection)
    previous = LedgerEntry.objects.get(pk=number - 1).digest
    for entry in LedgerEntry.objects.filter(pk__gte=number).order_by("id"):
        entry.role, entry.previous_digest = "somebody else", previous
        entry.digest = previous = entry.compute_digest()
        alter(entry, role=entry.role, previous_digest=entry.previous_digest, digest=entry.digest)
    from publishing.models import SiteVersion

    models.QuerySet(SiteVersion).update(newest_digest=previous)


def test_lines_cut_off_the_end_are_missed_by_who_kept_one(record, run):
    kept = ledger.newest().digest
    guards.drop_all(connection)
    LedgerText.objects.filter(entry=3)._raw_delete("default")
    LedgerEntry.objects.filter(pk=3)._raw_delete("default")

    code, printed = run("--kept", f"3:{kept}")

    assert code == 1
    assert "Line 3: the line that you kept is not there any more." in printed


def test_lines_cut_off_the_end_are_missed_by_anybody(record, run):
    guards.drop_all(connection)
    LedgerText.objects.filter(entry=3)._raw_delete("default")
    LedgerEntry.objects.filter(pk=3)._raw_delete("default")

    assert "Line 3: the record does not end with the newest line." in run()[1]


def test_a_withdrawal_and_a_page_that_nobody_wrote_down_are_found(record, run, publisher):
    card = Document.objects.get(slug="card")
    Withdrawal.objects.create(document=card, from_at=timezone.now(), reason="x", by=publisher)
    assert "Line 1: the withdrawal of the page is not what was published." in run()[1]

    draft = sign_off_update(make_card(slug="never"), publisher=publisher)
    alter(
        Edition.objects.get(pk=draft.pk),
        published_at=card.editions.get().published_at,
        published_by=publisher.pk,
    )
    assert "/you-said/never/ has no line." in run()[1]


def test_a_publication_between_two_questions_is_no_fault(record, run, monkeypatch, publisher):
    ask = public_record.faults_of_editions

    def publish_meanwhile(stands):
        monkeypatch.setattr(public_record, "faults_of_editions", ask)
        correct_update(record, by=record.created_by, publisher=publisher, in_short="Newer words.")
        return ask(stands)

    monkeypatch.setattr(public_record, "faults_of_editions", publish_meanwhile)

    assert "Nothing was altered. Lines: 4" in run()[1]


@pytest.mark.parametrize("kept", ["3", "9f86d081884c", "3:", "3:9f86", "x:9f86d081884c"])
def test_what_is_no_seal_is_refused_in_words(record, run, kept, capsys):
    with pytest.raises(SystemExit) as ended:
        run("--kept", kept)

    assert ended.value.code == 2
    assert "the first 8 letters of its seal" in capsys.readouterr().err


def test_a_seal_may_be_given_as_our_mails_print_it(record, run):
    assert run("--kept", newest_in_words())[0] == 0
    assert run("--kept", f"Line 2 of the record: {'0' * 64}")[0] == 1


def test_it_reads_page_after_page(record, run, monkeypatch):
    monkeypatch.setattr(public_record, "LINES_A_PAGE", 2)

    assert "Nothing was altered. Lines: 3" in run()[1]


def test_a_page_of_the_record_that_cannot_be_is_refused_in_words(record, client):
    answer = client.get("/changes/record.json?after=x")

    assert (answer.status_code, answer.json()) == (
        400,
        {"error": "after: give the number of a line."},
    )


def test_the_words_of_every_kind_are_those_that_stand(db):
    """What is read for many editions at once says what each of them says alone."""
    pages = filling.make_public_together({kind: filling.word("words") for kind in kinds()})

    assert [
        line["page_differs"] for line in public_record_of()["lines"] if line["page_differs"]
    ] == []
    for kind, page in pages.items():
        [found] = with_parts(kind, [page.pk])
        assert found.plain_text() == page.text == kind.objects.get(pk=page.pk).plain_text()


def public_record_of():
    return Client().get("/changes/record.json").json()


def test_the_page_gives_the_program_and_the_newest_seal(record, client):
    page = client.get("/changes/check/").text

    assert ledger.newest().digest in page
    assert 'href="/changes/check_the_record.py"' in page
    assert client.get("/changes/check_the_record.py").content == SCRIPT.read_bytes()
