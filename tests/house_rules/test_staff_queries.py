"""However much there is, a page of staff asks the database as often as for little."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programme.found import Found, record
from programme.models import Finding, PlanReference, ProgressRound
from publishing import actions
from publishing.actions.lock import publishing_lock
from publishing.models.editions import kinds
from tests import factories
from tests.forms import filled_in
from tests.house_rules import filling
from tests.record_factories import make_event
from website.models import PrivacyReport

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MORE = 3


@pytest.fixture(scope="module")
def world(one_transaction):
    """Somebody who may see all, some public promises, and one page of each kind in review."""
    council = factories.make_body()
    boss = factories.make_user(None, username="boss", is_superuser=True, signs_for=council)
    by = factories.make_user("author", username="writer")
    with publishing_lock():
        promises = [factories.make_public_promise(by=by) for _ in range(MORE)]
        in_review(by)
    return boss, by, promises


def in_review(by) -> None:
    """One of each kind of which staff make pages."""
    for kind in filling.staff_kinds():
        actions.submit(filling.make(kind, filling.word("review"), by=by).release, by=by)


@pytest.fixture
def asks(world, client):
    """How many questions it takes to show the page at an address of staff."""
    client.force_login(world[0])

    def questions(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            response = client.get(f"/admin/{path}")
        assert response.status_code == 200
        return len(queries)

    return questions


def test_lists_of_pages_in_review(world, asks):
    lists = [f"{kind._meta.app_label}/{kind._meta.model_name}/" for kind in kinds()]
    few = {path: asks(path) for path in lists}

    with publishing_lock():
        for _ in range(MORE):
            in_review(world[1])

    assert {path: asks(path) for path in lists} == few


def test_the_first_page_with_reports_of_something_private(world, asks):
    report = world[2][0].get_absolute_url()
    PrivacyReport.objects.create(page=report, words="x")
    few = asks("")

    for promise in world[2]:
        PrivacyReport.objects.create(page=promise.get_absolute_url(), words="x")
        PrivacyReport.objects.create(page=promise.whole_history_url, words="x")
    PrivacyReport.objects.create(page="/", words="x")

    assert asks("") == few


def test_a_monthly_check_with_drafts(world, asks):
    _, by, promises = world
    day = timezone.localdate()
    check = actions.start_document(
        ProgressRound(title="We checked", checked_on=day), slug=f"{day:%Y-%m-%d}", by=by
    )
    page = f"programme/progressround/{check.pk}/promises/"
    found = [
        Found(promise.document_id, note="We did begin with it today.", happened="started")
        for promise in promises
    ]
    record(check, found[:1], by=by)
    few = asks(page)

    record(factories.reload(check), found[1:], by=by)

    assert asks(page) == few


def reference(promise):
    return PlanReference(old_reference="1", milestone=promise.document)


def finding(promise):
    return Finding(voice="inspectors", words="Done.", promise=promise.document)


@pytest.mark.parametrize(
    ("make", "part"), [(factories.make_plan, reference), (make_event, finding)]
)
def test_forms_with_rows_that_name_promises(world, asks, make, part):
    _, by, promises = world
    pages = [make(by=by, parts=[part(p) for p in rows]) for rows in (promises[:1], promises)]

    addresses = [f"programme/{p._meta.model_name}/{p.pk}/change/" for p in pages]
    asks(addresses[0])  # what is asked once in the life of a process
    one, many = map(asks, addresses)

    assert one == many


def test_a_plan_names_promises_by_their_reference(world, client):
    boss, by, promises = world
    plan = factories.make_plan(by=by, parts=[reference(promises[0])])
    client.force_login(boss)
    address = f"/admin/programme/plan/{plan.pk}/change/"
    form = filled_in(client.get(address))
    assert form["references-0-milestone"] == promises[0].get_absolute_url()

    client.post(address, {**form, "references-0-milestone": promises[1].ref})

    assert plan.references.get().milestone == promises[1].document
