"""The ledger verifies, and turns red, naming the line, when any byte is altered with SQL."""

import datetime as dt
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models, transaction

from programme.models import Milestone
from publishing import actions, guards, ledger, verification
from publishing.models import Body, Document, Edition, LedgerEntry, LedgerText, SignOff
from tests.factories import (
    correct_update,
    make_body,
    make_public_promise,
    make_public_update,
    make_signer,
    make_term,
    make_update,
    make_user,
    reload,
    sign_off_update,
)
from tests.past import MOVED
from updates.models import ProgressItem, TermlyUpdate

# Columns that no reader of the public record depends on: who did it, and how a draft was made.
PRIVATE = {
    "id",
    "edition_ptr",
    "release",
    "version",
    "is_waiting",
    "created_at",
    "created_by",
    "submitted_at",
    "submitted_by",
    "published_by",
    "imported_at",
    "source",
    "source_date",
}
PUBLIC_COLUMNS = [
    (model, field.name)
    for model in (LedgerEntry, LedgerText, Edition, TermlyUpdate, ProgressItem, Document)
    for field in model._meta.local_concrete_fields
    if field.name not in PRIVATE
]


def by_hand(sql: str, *values) -> None:
    """What somebody with the database's password could do."""
    guards.drop_all(connection)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def another(field: models.Field, row: models.Model):
    """A value that differs from the row's as little as it can."""
    value = getattr(row, field.attname)
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.DateTimeField):
        return field.to_python("2099-05-05 12:00+00:00")
    if isinstance(field, models.UUIDField):
        return uuid.UUID(int=value.int ^ 1)
    if isinstance(field, models.CharField | models.TextField):
        return f"{value[:-1]}{'a' if value[-1:] != 'a' else 'b'}"
    if isinstance(field, models.ForeignKey):
        return field.related_model.objects.exclude(pk=value).first()
    return (value or 0) + 7


def alter(row: models.Model, **columns) -> bool:
    """Writes past model and triggers; False when the table itself refuses."""
    guards.drop_all(connection)
    try:
        with transaction.atomic():
            models.QuerySet(type(row)).filter(pk=row.pk).update(**columns)
    except IntegrityError:
        return False
    return True


@pytest.fixture(scope="module")
def recorded_once(one_transaction):
    """Two public updates, one of them corrected."""
    author = make_user("author")
    make_public_update(by=author, term=make_term(2022, "summer"))
    first = make_public_update(by=author, sorry_for="We are sorry.", nothing_wrong_because="So.")
    return correct_update(first, by=author, in_short="Better words.")


@pytest.fixture
def record(recorded_once, db):
    return reload(recorded_once)


def test_it_verifies(record):
    assert verification.faults() == []


def test_it_turns_red_when_any_column_is_altered(record):
    """One record for all columns: each is altered, looked at, and put back."""
    unseen = []
    for model, name in PUBLIC_COLUMNS:
        row = model._base_manager.order_by(model._meta.pk.name).last()
        value = another(model._meta.get_field(name), row)
        with transaction.atomic():
            altered = alter(row, **{name: value})
            if altered and not any(fault.line for fault in verification.faults()):
                unseen.append((model, name))
            transaction.set_rollback(True)

    assert len(PUBLIC_COLUMNS) > 30
    assert unseen == []


@pytest.mark.parametrize(
    "columns",
    [
        {"source": "Nowhere"},
        {"source_date": "May 2019"},
        {"imported_at": None},
    ],
)
def test_it_turns_red_when_the_origin_of_an_import_is_altered(record, author, columns):
    draft = sign_off_update(
        make_update(
            by=author,
            term=make_term(2019, "autumn"),
            source="Local Offer",
            source_date="October 2019",
            originally_at=dt.datetime(2019, 10, 31, tzinfo=dt.UTC),
        )
    )
    actions.import_from_elsewhere(draft.release, by=make_signer(Body.objects.get()))
    assert verification.faults() == []

    assert alter(Edition.objects.get(pk=draft.pk), **columns)

    assert {fault.line for fault in verification.faults()} == {4}


@pytest.mark.parametrize(
    "columns",
    [
        {"first_due_on": dt.date(2030, 1, 1)},
        {"first_due_words": "January 2030"},
        {"times_moved": 0},
        {"based_on": None},
    ],
)
def test_it_turns_red_when_what_a_promise_carries_on_is_altered(record, author, columns):
    promise = correct_update(
        make_public_promise(by=author, due_words="April 2026"), by=author, **MOVED
    )
    assert verification.faults() == []

    assert alter(Milestone.objects.get(pk=promise.pk), **columns)

    assert [fault.line for fault in verification.faults()] == [5]


@pytest.mark.parametrize("name", ["post", "at", "digest", "body"])
def test_it_turns_red_when_a_signature_is_altered(record, name):
    make_body("NHS Birmingham and Solihull", must_sign=False)
    row = record.release.sign_offs.get()

    assert alter(row, **{name: another(SignOff._meta.get_field(name), row)})

    assert [fault.line for fault in verification.faults()] == [3]


@pytest.mark.parametrize("model", [LedgerText, ProgressItem])
def test_it_turns_red_when_a_row_is_deleted(record, model):
    row = model._base_manager.order_by("pk").last()

    by_hand(f'DELETE FROM "{model._meta.db_table}" WHERE id = %s', row.pk)

    assert any(fault.line for fault in verification.faults())


def test_it_turns_red_when_a_line_is_deleted(record):
    by_hand(f'DELETE FROM "{LedgerText._meta.db_table}" WHERE entry_id = 2')
    by_hand(f'DELETE FROM "{LedgerEntry._meta.db_table}" WHERE id = 2')

    assert "Line 3: line 2 is missing before it." in map(str, verification.faults())


def test_it_turns_red_when_an_item_is_slipped_into_a_public_page(record):
    item = record.items.first()
    guards.drop_all(connection)
    ProgressItem.objects.create(edition=record, section="better", title="Done!", body="All done.")

    assert [fault.line for fault in verification.faults() if fault.line] != []
    assert item.title != "Done!"


def test_it_turns_red_when_a_page_is_published_with_sql(record, author):
    draft = make_update(by=author, term=make_term(2021, "autumn"))

    by_hand(
        f'UPDATE "{Edition._meta.db_table}" SET published_at = %s, published_by_id = %s '
        "WHERE id = %s",
        connection.ops.adapt_datetimefield_value(record.created_at),
        author.pk,
        draft.pk,
    )

    assert "has no line" in " ".join(map(str, verification.faults()))


def test_the_command_names_the_line_and_fails(record, capsys):
    call_command("verify_ledger")
    green = capsys.readouterr().out

    by_hand(f'UPDATE "{LedgerEntry._meta.db_table}" SET role = %s WHERE id = 2', "nobody")
    with pytest.raises(CommandError, match="faults"):
        call_command("verify_ledger")

    assert "All 3 lines verify" in green
    assert "Line 2: a column was altered." in capsys.readouterr().err


def test_a_line_is_refused_that_does_not_follow_the_last(record):
    last = ledger.newest()
    copy = LedgerEntry.objects.get(pk=last.pk)
    copy.id, copy.digest, copy.edition = last.id + 2, "x" * 64, None
    copy._state.adding = True

    with pytest.raises(IntegrityError, match="follows the line before"), transaction.atomic():
        copy.save(force_insert=True)


def test_words_enter_the_ledger_only_with_their_line(record):
    with pytest.raises(IntegrityError, match="only with their line"), transaction.atomic():
        LedgerText.objects.create(entry_id=1, name="note", text="We never said that.")


def test_it_turns_red_when_the_end_is_cut_off(record):
    guards.drop_all(connection)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {LedgerText._meta.db_table} WHERE entry_id = 3")
        cursor.execute(f"DELETE FROM {LedgerEntry._meta.db_table} WHERE id = 3")

    assert "Line 3: it was the newest line, and the record ends elsewhere." in map(
        str, verification.faults()
    )


def test_it_turns_red_when_a_term_becomes_another(record):
    guards.drop_all(connection)
    type(record.term).objects.filter(pk=record.term_id).update(year=2031)

    assert any(fault.line for fault in verification.faults())


def test_it_turns_red_when_a_signature_is_slipped_in(record, author):
    guards.drop_all(connection)
    SignOff.objects.create(
        release=record.release,
        body=make_body("The government", must_sign=False),
        by=author,
        post="Prime Minister",
        at=record.published_at,
        digest="x",
    )

    assert [fault.line for fault in verification.faults()] == [3]


def test_nothing_is_published_with_sql_without_a_signature(record, author):
    draft = make_update(by=author, term=make_term(2021, "autumn"))

    with pytest.raises(IntegrityError, match="without a signature"), transaction.atomic():
        Edition.objects.filter(pk=draft.pk).update(
            published_at=record.created_at, published_by=author
        )
