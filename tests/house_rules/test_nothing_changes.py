"""Rule 4: what is public, and what is in the ledger, is neither updated nor deleted."""

import datetime as dt
import uuid
from itertools import chain

import pytest
from django.apps import apps
from django.core import serializers
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models, transaction

from publishing import guards, verification
from publishing import models as kernel
from publishing.models import Edition
from publishing.models.editions import kinds
from publishing.richtext import DerivedField
from tests.house_rules import filling
from tests.house_rules.record import facts

pytestmark = pytest.mark.django_db

REFUSALS = (DatabaseError, PermissionDenied)

# Tables of the kernel whose rows may change, each with its reason. Every other is frozen.
FREE = {
    kernel.Body: "names are insert-only, see below; who must sign is a setting",
    kernel.Release: "only groups editions; what it stands for is in their digests",
    kernel.SentBack: "a private note to the author",
    kernel.Signer: "who may sign from now on",
}
# Columns of a row in a frozen table that may still change, each with its reason.
EXCEPTIONS = {
    (Edition, "superseded_at"): "set once, when the next edition begins",
    (kernel.SiteVersion, "id"): "a check constraint says that there is one",
    (kernel.SiteVersion, "number"): "rises with every act",
    (kernel.SiteVersion, "next_change_at"): "derived from the schedule",
    (
        kernel.SiteVersion,
        "redacting",
    ): "the door through which redaction goes, and it leaves a line",
    (kernel.Redaction, "confirmed_at"): "set once, when a second person confirms",
    (kernel.Redaction, "confirmed_by"): "set once, when a second person confirms",
    (kernel.Withdrawal, "reaches_past"): "widened once, while it is in force",
    (kernel.Withdrawal, "until_at"): "set once, when the page comes back",
    (kernel.Withdrawal, "ended_by"): "set once, when the page comes back",
    (kernel.Withdrawal, "confirmed_at"): "set once, when a second person confirms",
    (kernel.Withdrawal, "confirmed_by"): "set once, when a second person confirms",
}
# The exceptions are for empty columns: once filled in, these stay.
SET_ONCE = {key for key in EXCEPTIONS if key[0] is not kernel.SiteVersion}


def frozen_models() -> list[type[models.Model]]:
    parts = chain.from_iterable(kind.part_models() for kind in kinds())
    own = [model for model in apps.get_app_config("publishing").get_models() if model not in FREE]
    return list(dict.fromkeys([*kinds(), *parts, *own]))


def rows(model) -> list[models.Model]:
    """Two that stand under something public: the oldest, with all its facts, and the newest."""
    found = model._base_manager.order_by("pk")
    if model is Edition or model in kinds():
        found = found.exclude(published_at=None)
    assert found, f"The world above has no {model._meta.label}."
    return list(dict.fromkeys([found.first(), found.last()]))


def refusal(change) -> str:
    """The database's or the model's sentence, or nothing if it let the change through."""
    try:
        with transaction.atomic():
            change()
            transaction.set_rollback(True)
    except REFUSALS as error:
        return str(error) or type(error).__name__
    return ""


def is_by_guard(sentence: str) -> bool:
    return any(guard.message in sentence for guard in guards.all_guards(connection.vendor))


def run(sql: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def table(model) -> str:
    return f'"{model._meta.db_table}"'


def another(field: models.Field, row: models.Model):
    """A value that the column could hold and does not."""
    value = getattr(row, field.attname)
    while field.remote_field:
        field = field.target_field
    match field:
        case models.BooleanField():
            return not value
        case models.DateTimeField():
            return (value or dt.datetime(2030, 1, 1, tzinfo=dt.UTC)) + dt.timedelta(hours=1)
        case models.DateField():
            return (value or dt.date(2030, 1, 1)) + dt.timedelta(days=1)
        case models.UUIDField():
            return uuid.uuid4()
        case models.IntegerField() | models.AutoField() | models.DecimalField():
            return (value or 0) + 1000
        case _:
            return f"{value or ''}x"[-(field.max_length or 99) :]


def change_column(model, field, row, value) -> str:
    stored = field.get_db_prep_save(value, connection)
    pk = model._meta.pk
    sql = f'UPDATE {table(model)} SET "{field.column}" = %s WHERE "{pk.column}" = %s'
    return refusal(lambda: run(sql, stored, pk.get_db_prep_value(row.pk, connection)))


def test_no_column_can_be_changed_by_sql(settled_world):
    faults = [
        f"{model._meta.label}.{field.name}: {getattr(row, field.attname)} → {value}"
        for model in frozen_models()
        for row in rows(model)
        for field in model._meta.local_concrete_fields
        if not isinstance(field, DerivedField)  # HTML may be remade from the words beside it
        for value in values_to_try(model, field, row)
        if not is_by_guard(change_column(model, field, row, value))
    ]

    assert faults == []


def values_to_try(model, field, row) -> list:
    old = getattr(row, field.attname)
    may = (model, field.name) in EXCEPTIONS
    if may and (old in (None, False) or (model, field.name) not in SET_ONCE):
        return []
    return [another(field, row), *([None] if field.null and old is not None else [])]


def test_no_row_can_be_deleted_by_sql(settled_world):
    faults = []
    for model in frozen_models():
        if model is kernel.Attachment:
            continue  # one that no page uses may go: see the next test
        for row in rows(model):
            key = model._meta.pk.get_db_prep_value(row.pk, connection)
            sql = f'DELETE FROM {table(model)} WHERE "{model._meta.pk.column}" = %s'
            if not is_by_guard(refusal(lambda sql=sql, key=key: run(sql, key))):
                faults.append(f"{model._meta.label} {row.pk}")

    assert faults == []


def test_no_row_can_be_changed_or_deleted_by_the_orm(settled_world):
    before = facts()
    allowed = [
        f"{model._meta.label} {row.pk}: {name}"
        for model in frozen_models()
        for row in rows(model)
        for name, deed in deeds(model, row).items()
        if not refusal(deed)
    ]

    assert allowed == []
    assert facts() == before


def deeds(model, row) -> dict:
    mine = model._base_manager.filter(pk=row.pk)
    deletions = {"delete": row.delete, "delete many": mine.delete}
    field = next(filter(filling.is_words, model._meta.local_concrete_fields), None)
    if field is None:
        return deletions
    new, changed = another(field, row), model._base_manager.get(pk=row.pk)
    setattr(changed, field.attname, new)
    return {
        **deletions,
        "update": lambda: mine.update(**{field.attname: new}),
        "save": changed.save,
        "bulk_update": lambda: model._base_manager.bulk_update([changed], [field.name]),
        "loaddata": lambda: load(changed),
    }


def load(row):
    for each in serializers.deserialize("json", serializers.serialize("json", [row])):
        each.save()


@pytest.mark.parametrize("kind", filling.staff_kinds(), ids=lambda kind: kind._meta.label)
def test_no_part_can_be_added_to_a_public_edition_or_moved_off_it(settled_world, kind):
    public = kind._base_manager.exclude(published_at=None).order_by("pk").first()
    draft = filling.make(kind, filling.word("draft"))

    for part in filling.parts_for(kind, "new"):
        part.edition = public
        assert is_by_guard(refusal(part.save))
    for part in draft.parts():
        part.edition = public
        assert is_by_guard(refusal(part.save))
    for part in public.parts():
        part.edition = draft
        assert is_by_guard(refusal(part.save))


def test_no_line_can_be_slipped_into_the_ledger(settled_world):
    lines = kernel.LedgerEntry.objects
    for line in (lines.first(), lines.last()):
        line._state.adding = True
        for number in (line.pk, line.pk + 1, lines.last().pk + 2, 0):
            line.pk, line.digest = number, uuid.uuid4().hex
            if number != lines.last().pk + 1:
                assert refusal(lambda line=line: line.save(force_insert=True))
    early = kernel.LedgerText(entry_id=1, name="note", text="forged")
    kernel.LedgerText.objects.filter(entry_id=1, name="note").exists()
    assert is_by_guard(refusal(early.save))


if connection.vendor == "sqlite":  # the only one that knows REPLACE

    def test_no_row_can_be_replaced(settled_world):
        """SQLite deletes the row that a REPLACE collides with, and asks no trigger for DELETE."""
        faults = [
            f"{model._meta.label} {row.pk}"
            for model in frozen_models()
            if model is not kernel.Attachment
            for row in rows(model)
            if not refusal(lambda model=model, row=row: replace(model, row))
        ]

        assert faults == []


def test_no_file_can_be_replaced_or_deleted(settled_world):
    used = kernel.Attachment.objects.filter(uses__edition__published_at__isnull=False)
    rows = models.QuerySet(kernel.Attachment).filter(pk=used.first().pk)

    assert is_by_guard(refusal(lambda: rows._raw_delete("default")))
    if connection.vendor == "sqlite":  # the only one that knows REPLACE
        assert refusal(lambda: replace(kernel.Attachment, used.first()))


def replace(model, row) -> None:
    fields = model._meta.local_concrete_fields
    word = next((field for field in fields if filling.is_words(field)), None)
    if word:
        setattr(row, word.attname, another(word, row))
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = [f.get_db_prep_save(getattr(row, f.attname), connection) for f in fields]
    marks = ", ".join(["%s"] * len(fields))
    run(f"REPLACE INTO {table(model)} ({columns}) VALUES ({marks})", *values)


def test_no_table_can_be_emptied(settled_world):
    empty = "DELETE FROM {}"  # SQLite's only way
    if connection.vendor == "postgresql":
        empty = "TRUNCATE {} CASCADE"
        run("SET CONSTRAINTS ALL IMMEDIATE")
    connection.check_constraints()
    faults = [
        model._meta.label
        for model in frozen_models()
        if not is_by_guard(refusal(lambda model=model: run(empty.format(table(model)))))
    ]

    assert faults == []


def test_flush_cannot_empty_the_record(settled_world):
    before = facts()

    with pytest.raises((CommandError, *REFUSALS)), transaction.atomic():
        call_command("flush", interactive=False, verbosity=0)

    assert facts() == before


def test_reference_data_that_the_public_has_seen_stays(settled_world):
    insert_only = [model for model in apps.get_models() if hasattr(model, "insert_only_fields")]
    for model in insert_only:
        row = model.objects.first()
        for name in model.insert_only_fields:
            field = model._meta.get_field(name)
            if getattr(row, name) is not None:
                assert is_by_guard(change_column(model, field, row, another(field, row))), name

    assert insert_only


def test_nothing_of_all_this_left_a_mark(settled_world):
    assert verification.faults() == []
    assert {model for model, _ in EXCEPTIONS} <= set(frozen_models())
