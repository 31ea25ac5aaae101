"""Whatever column of a public page is altered with SQL: we find it, and so does anybody outside."""

import datetime as dt
import importlib.util
from collections.abc import Iterator
from itertools import zip_longest

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, models, transaction

from programme.models import Milestone
from publishing import guards, public_record, verification
from publishing.models import Document, Edition, EditionFile, LedgerEntry, SignOff
from publishing.models.editions import kinds
from tests.house_rules import filling
from tests.size import in_turn, is_large

# Both databases hold the same columns, and Python compares them.
pytestmark = [pytest.mark.django_db, pytest.mark.once]

# Columns that may be altered unseen, each with its reason: no reader sees any of them.
UNSEEN = {
    "id": "a key of the database",
    "edition_ptr": "a key of the database",
    "version": "counts the saves of a draft",
    "is_waiting": "says which draft waits behind another; no public edition does",
    "created_at": "when staff began",
    "created_by": "which of the staff began: no reader is told a name",
    "submitted_at": "when staff sent it for sign-off",
    "submitted_by": "which of the staff sent it",
    "published_by": "which of the staff published it: the line has the role",
    "by": "which of the staff signed: the page has the post",
    "voided_at": "no signature under a public page is void",
}
# On every kind of page alike: tried on one page of its own.
SHARED = (Edition, EditionFile, Document, SignOff)


@pytest.fixture(scope="module")
def program():
    path = settings.BASE_DIR / "docs" / "check_the_record.py"
    spec = importlib.util.spec_from_file_location("check_the_record", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def pages(one_transaction):
    """By kind, the second edition of a page; and one page more for what all kinds share."""
    first = filling.make_public_together({kind: filling.word("first") for kind in kinds()})
    words = {kind: filling.word("second") for kind in kinds()}
    second = filling.publish_together(filling.correct_together(first, words))
    other = filling.make_public(kinds()[0], filling.word("other"))
    return {**second, None: filling.publish(filling.correct(other, filling.word("again")))}


def columns_of(kind) -> list[tuple[type[models.Model], models.Field]]:
    found = SHARED if kind is None else [kind, *(p for p in kind.part_models() if p not in SHARED)]
    return [
        (model, field)
        for model in found
        for field in model._meta.local_concrete_fields
        if field.name not in UNSEEN
    ]


def row_of(model, page: Edition) -> models.Model | None:
    if model is Document:
        return page.document
    if model is SignOff:
        return page.release.sign_offs.first()
    if issubclass(model, Edition):
        return model._base_manager.get(pk=page.pk)
    return model._base_manager.filter(edition=page.pk).first()


def another(field: models.Field, row: models.Model):
    """A value that differs from the row's; None where there is no other."""
    value = getattr(row, field.attname)
    if field.remote_field:
        others = field.related_model._base_manager.exclude(pk=value).order_by("-pk")
        return others.values_list("pk", flat=True).first()
    if field.choices:
        return next((choice for choice, _ in field.flatchoices if choice not in {value, ""}), None)
    others = {
        models.BooleanField: lambda: not value,
        models.DateTimeField: lambda: dt.datetime(2099, 5, 5, tzinfo=dt.UTC),
        models.DateField: lambda: dt.date(2030, 1, 1),
        models.UUIDField: lambda: value.__class__(int=value.int ^ 1),
        models.CharField: lambda: f"{value[:-1]}{'a' if value[-1:] != 'a' else 'b'}",
        models.TextField: lambda: f"{value} altered",
        models.DecimalField: lambda: (value or 0) + 7,
        models.IntegerField: lambda: (value or 0) + 7,
    }
    make = next((make for kind, make in others.items() if isinstance(field, kind)), None)
    return make() if make else pytest.fail(f"Say in {__name__} what another {field} is.")


def alter(row: models.Model, field: models.Field, value) -> bool:
    """False when the table itself refuses."""
    try:
        with transaction.atomic():
            models.QuerySet(type(row)).filter(pk=row.pk).update(**{field.attname: value})
    except DatabaseError:
        return False
    return True


def named_outside(program) -> set[int]:
    """The lines that the public program names."""
    lines, after = [], 0
    while after is not None:
        page = public_record.page(after=after)
        lines += page["lines"]
        after = page["next_after"]
    return {number for number, _ in program.check(lines, page["newest"])}


def rounds() -> Iterator[list[tuple]]:
    """In each one more column of every kind: they stand on different pages."""
    every = [[(kind, *column) for column in columns_of(kind)] for kind in (*kinds(), None)]
    for columns in zip_longest(*every):
        yield list(filter(None, columns))


def test_any_column_of_any_kind_that_is_altered_is_found_by_us_and_by_anybody(pages, program, db):
    guards.drop_all(connection)
    assert verification.faults() == []
    assert named_outside(program) == set()
    unseen, tried = set(), 0

    for columns in in_turn(list(rounds()), turn=0, parts=4):
        with transaction.atomic():
            altered = {}
            for kind, model, field in columns:
                row = row_of(model, pages[kind])
                value = another(field, row) if row else None
                if value is not None and alter(row, field, value):
                    altered[kind, model, field] = pages[kind].document_id
            inside, outside = (
                {fault.line for fault in verification.faults()},
                named_outside(program),
            )
            for (_, model, field), document in altered.items():
                own = set(
                    LedgerEntry.objects.filter(document=document).values_list("id", flat=True)
                )
                for who, found in (("we", inside), ("the program", outside)):
                    if not own & found:
                        unseen.add(f"{model.__name__}.{field.name}: {who}")
            tried += len(altered)
            transaction.set_rollback(True)

    assert unseen == set()
    assert tried > (200 if is_large() else 50)
    assert (Milestone, "first_due_on") in {(m, f.name) for m, f in columns_of(Milestone)}
