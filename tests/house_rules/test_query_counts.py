"""A public page asks as many questions of many editions as of 10, and stays about as long.

`make soak` has 1,000 of them.
"""

import datetime as dt
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programme.models import ForumLink
from publishing import ledger
from publishing.models import Document, Edition, LedgerEntry, Release, SignOff
from publishing.models.editions import kinds
from tests import factories
from tests.house_rules import filling
from tests.house_rules.walking import Route, filled, public_routes, visit
from tests.size import in_turn, is_large

# Django asks both databases the same questions, and the pages have the same length.
pytestmark = [pytest.mark.django_db, pytest.mark.once]

SHOWN = 60  # more than any page shows of anything
FEW, MANY = 10, 1000 if is_large() else 2 * SHOWN + 1
LONGEST_PAGE = 250_000  # bytes, uncompressed: 50 entries a page, and no more

every_kind = pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind._meta.label)


def add(kind, documents, numbers, *, by) -> None:
    """Public editions put straight into the tables, as quickly as their guards allow.

    Drafts first, each of a page of its own, with their parts; then their page, number and dates.
    """
    start = timezone.now() - dt.timedelta(days=400)
    shared = {"text": "Words.", "digest": "0" * 64, "created_by": by, "change_note": "A note."}
    release, wanted = Release.objects.create(), list(product(documents, numbers))
    rows = Edition.objects.bulk_create(
        Edition(document=each, number=1, release=release, title="Title", **shared)
        for each in new_documents(kind, len(wanted))
    )
    if kind.SPEAKS_THROUGH:
        open_the_link(rows)
    add_fields_of_kind(kind, rows)
    # No page shows more than 50 of anything: what lies between needs no parts.
    shown = rows if len(rows) <= 2 * SHOWN else [*rows[:SHOWN], *rows[-SHOWN:]]
    for part in kind.part_models():
        values = filling.fill(part, "words")
        part._base_manager.bulk_create(part(edition_id=row.pk, **values) for row in shown)
    for row, (document, number) in zip(rows, wanted, strict=True):
        row.document, row.number, row.published_by = document, number, by
        row.published_at = start + dt.timedelta(minutes=number)
        if number != numbers[-1]:
            row.superseded_at = row.published_at + dt.timedelta(minutes=1)
    body = factories.make_body()
    SignOff.objects.create(
        release=release, body=body, by=by, post="Director", at=start, digest="0" * 64
    )
    publish(rows)
    add_lines(rows)


def open_the_link(rows) -> None:
    """What somebody says through a link enters only at the instant at which it is used."""
    filling.new_forum_link()
    Edition.objects.filter(pk__in=[row.pk for row in rows]).update(created_at=rows[0].created_at)
    ForumLink.objects.update(used_at=rows[0].created_at)


def publish(rows) -> None:
    names = ["document", "number", "published_by", "published_at", "superseded_at"]
    fields = [Edition._meta.get_field(name) for name in names]
    columns = ", ".join(f"{connection.ops.quote_name(field.column)} = %s" for field in fields)
    values = [
        [*(f.get_db_prep_save(getattr(row, f.attname), connection) for f in fields), row.pk]
        for row in rows
    ]
    with connection.cursor() as cursor:
        sql = f"UPDATE {Edition._meta.db_table} SET {columns} WHERE id = %s"
        cursor.executemany(sql, values)


def add_fields_of_kind(kind, rows) -> None:
    fields = kind._meta.local_concrete_fields
    own = [field for field in fields if not field.primary_key]
    words = filling.fill(kind, "words")
    # They lead to many rows: where all lead to one, a query for each would not be seen.
    relations = {
        field.name: [filling.row_for(field, "words") for _ in range(min(len(rows), SHOWN))]
        for field in own
        if field.remote_field and field.name in words
    }
    values = []
    for number, row in enumerate(rows):
        filler = words | {name: found[number % len(found)] for name, found in relations.items()}
        extra = kind(**{name: filler[name] for name in filler.keys() & {f.name for f in own}})
        extra.pk = row.pk
        values.append([f.get_db_prep_save(getattr(extra, f.attname), connection) for f in fields])
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        sql = f"INSERT INTO {kind._meta.db_table} ({columns}) VALUES ({marks})"
        cursor.executemany(sql, values)


def add_lines(rows) -> None:
    """Their lines in the ledger, chained, without words."""
    last = ledger.newest()
    number, previous = (last.pk, last.digest) if last else (0, "")
    lines = []
    for row in rows:
        number += 1
        line = LedgerEntry(
            id=number,
            document=row.document,
            document_key=row.document.key,
            document_kind=row.document.kind,
            edition=row,
            edition_number=row.number,
            event=LedgerEntry.Event.CORRECTED if row.number > 1 else LedgerEntry.Event.PUBLISHED,
            effective_at=row.published_at,
            recorded_at=row.published_at,
            role="publisher",
            edition_digest=row.digest,
            slug_digest="0" * 64,
            title_digest="0" * 64,
            previous_digest=previous,
        )
        previous = line.digest = line.compute_digest()
        lines.append(line)
    LedgerEntry.objects.bulk_create(lines)


def new_documents(kind, how_many) -> list[Document]:
    label = kind._meta.label_lower
    return Document.objects.bulk_create(
        Document(kind=label, slug=filling.word("page")) for _ in range(how_many)
    )


def routes_for(kind) -> list[Route]:
    """Those of its own pages and its list, the first page, and in turn all that kinds share."""
    lists = {"/", *(kind.list_page() or ())}
    routes = [route for route in public_routes() if kind in route.kinds]
    own = [route for route in routes if len(route.kinds) == 1 or f"/{route.text}" in lists]
    shared = [route for route in routes if route not in own]
    return [*own, *in_turn(shared, kinds().index(kind), parts=8)]


def costs(document) -> dict[str, tuple[int, int]]:
    """Queries and bytes of each sort of public address; of this document's where it has one."""
    found = {}
    for route in routes_for(document.kind_model):
        is_file = "digest" in route.parameters  # these pages have none
        is_data = route.name in {"website:data_csv", "website:data_json"}  # as long as it takes
        is_report = "year" in route.parameters  # numbers of what families told us: one row
        is_forum_s = {"token", "slug"} <= route.parameters  # one promise, whichever it is
        if "target" in route.parameters or is_file or is_data or is_report or is_forum_s:
            continue
        paths = filled(route)
        if "slug" in route.parameters:
            own = (f"/{document.slug}/", f"/{document.slug}.")  # its pages, and its calendar
            paths = [path for path in paths if any(each in path for each in own)]
        for path in (paths[0], paths[-1]):
            with CaptureQueriesContext(connection) as queries:
                answer = visit(path)
            assert answer.status == 200, str(answer)
            is_last = path == paths[-1] != paths[0]
            found[f"{route.name}{' (last)' if is_last else ''}"] = len(queries), len(answer.body)
    return found


@pytest.fixture
def author(db):
    return factories.make_user("author")


@every_kind
def test_many_pages_cost_no_more_than_few(kind, author):
    add(kind, new_documents(kind, FEW), [1], by=author)
    document = Edition.objects.last().document
    few = costs(document)

    add(kind, new_documents(kind, MANY - FEW), [1], by=author)
    many = costs(document)

    assert {name: queries for name, (queries, _) in many.items()} == {
        name: queries for name, (queries, _) in few.items()
    }
    assert {name: size for name, (_, size) in many.items() if size > LONGEST_PAGE} == {}


@every_kind
def test_many_editions_of_a_page_cost_no_more_than_few(kind, author):
    one, other = new_documents(kind, 2)
    add(kind, [one], range(1, FEW + 1), by=author)
    few = costs(one)

    # What is behind a history is the same for all kinds: one of them has a really long one.
    many_editions = MANY if kind is kinds()[0] else 2 * SHOWN + 1
    add(kind, [other], range(1, many_editions + 1), by=author)
    many = costs(other)

    assert {name: queries for name, (queries, _) in many.items()} == {
        name: queries for name, (queries, _) in few.items()
    }
    assert {name: size for name, (_, size) in many.items() if size > LONGEST_PAGE} == {}


def test_a_query_too_many_would_be_seen(author):
    add(kinds()[0], new_documents(kinds()[0], FEW), [1], by=author)
    with CaptureQueriesContext(connection) as queries:
        for edition in Edition.objects.all():
            assert edition.document.slug

    assert len(queries) == FEW + 1
