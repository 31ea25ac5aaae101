"""A long file comes in a few rows at a time, and nothing that happens meanwhile is lost."""

import random

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programme.alike import ALIKE, Titles, share, telling_words
from programme.models import Milestone, PlanFile
from programme.workbook.checking import Check, Verdict
from programme.workbook.drafting import agree, check_of, draft_rows, draft_some, to_agree
from publishing.actions import many
from tests.factories import change_draft, make_area, make_promise, reload
from tests.test_plan_files import ROW, changed, checked, file_of, take_over

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("problem")]


@pytest.fixture
def problem(council):
    return make_area(1)


def row(number: int, **cells) -> list[str]:
    return changed(ROW, **{"Ref": f"1.{number}", "Action": f"Step {number} of {number}", **cells})


def agreed_file(*rows, by) -> PlanFile:
    """A file to whose check somebody has said yes."""
    file = file_of(*rows, by=by)
    agree(file, to_agree(file, check_of(file).rows(file.table_rows())))
    return file


def drafts_of(file: PlanFile) -> str:
    return reverse("admin:programme_planfile_drafts", args=[file.pk])


def check_of_page(file: PlanFile) -> str:
    return reverse("admin:programme_planfile_change", args=[file.pk])


def promise(ref: str) -> Milestone:
    return next(one for one in Milestone.objects.all() if one.ref == ref)


@pytest.mark.parametrize("deadline", ["May 2099", "June 2099"])
def test_the_work_for_a_few_rows_grows_neither_with_the_file_nor_with_the_plan(
    author, monkeypatch, deadline
):
    looked_at: list = []
    look = Check.row
    monkeypatch.setattr(Check, "row", lambda self, row: looked_at.append(row) or look(self, row))

    def work(refs: range) -> tuple[int, int]:
        if deadline == "June 2099":  # the promises are here already, with another date
            take_over(file_of(*map(row, refs), by=author), by=author)
        file = agreed_file(*(row(number, Deadline=deadline) for number in refs), by=author)
        draft_some(file, file.left()[:3], author)
        looked_at.clear()
        with CaptureQueriesContext(connection) as queries:
            draft_some(file, file.left()[:3], author)
        return len(queries), len(looked_at)

    few = work(range(100, 106))
    many = work(range(200, 240))

    assert many == few
    assert many[1] == 3


def test_what_somebody_wrote_since_the_check_is_not_written_over(author):
    take_over(file_of(row(1), row(2), by=author), by=author)
    file = agreed_file(*(row(n, Deadline="June 2099") for n in (1, 2, 3)), by=author)
    change_draft(promise("1.1"), by=author, due_words="July 2099")
    make_promise(ref="1.3", title="Another one with this reference")

    draft_rows(file, by=author)

    assert file.drafted == [3]
    assert file.refused.keys() == {"2", "4"}
    assert "changed promise 1.1 since you looked" in file.refused["2"]
    assert promise("1.1").due_words == "July 2099"
    assert promise("1.2").due_words == "June 2099"
    assert promise("1.3").title == "Another one with this reference"


def test_a_request_that_saw_no_check_agrees_to_nothing(client, author):
    take_over(file_of(row(1), by=author), by=author)
    file = agreed_file(row(1, Deadline="June 2099"), by=author)
    change_draft(promise("1.1"), by=author, due_words="July 2099")
    client.force_login(author)

    for _ in range(2):  # and once more, from a page that was left open
        page = client.post(drafts_of(file), follow=True)

    assert "changed promise 1.1 since you looked" in page.text
    assert promise("1.1").due_words == "July 2099"


def test_rows_that_mean_something_else_now_are_agreed_no_more(client, author):
    file = agreed_file(row(1), row(2), by=author)
    client.force_login(author)
    columns = reverse("admin:programme_planfile_columns", args=[file.pk])
    form = client.get(columns).context["form"]

    client.post(columns, {one.html_name: one.value() or "" for one in form})
    client.post(drafts_of(file))

    assert not Milestone.objects.exists()


def test_nothing_is_drafted_if_the_file_would_now_do_something_else(client, author):
    take_over(file_of(row(1), by=author), by=author)
    file = file_of(row(1, Deadline="June 2099"), row(2), by=author)
    client.force_login(author)
    seal = client.get(check_of_page(file)).context["seal"]
    change_draft(promise("1.1"), by=author, due_words="July 2099")

    page = client.post(drafts_of(file), {"seen": seal}, follow=True)

    assert "Somebody has changed the plan since you looked." in page.text
    assert "July 2099" in page.text
    assert Milestone.objects.count() == 1
    again = client.post(drafts_of(file), {"seen": page.context["seal"]}, follow=True)
    assert "2 rows are drafts now" in again.text


def test_two_who_press_at_once_draft_each_row_once(author):
    file = agreed_file(row(1), row(2), by=author)
    hers, his = reload(file), reload(file)
    draft_some(hers, [2], author)

    draft_rows(his, by=author)

    assert Milestone.objects.count() == 2
    assert (his.drafted, his.refused) == ([2, 3], {})


def test_a_row_that_the_database_refuses_stops_no_other(author, monkeypatch):
    begin = many.begin_document

    def fail_once(page, release, by):
        begin(page, release, by)
        if page.slug.startswith("1_2-"):
            raise IntegrityError("as if a rule of the database were broken")

    monkeypatch.setattr(many, "begin_document", fail_once)
    file = agreed_file(row(1), row(2), row(3), by=author)

    assert draft_rows(file, by=author) == 0

    assert file.drafted == [2, 4]
    assert file.refused == {"3": "the site cannot keep what it says."}


def test_rows_of_one_file_are_not_asked_about_once_some_are_drafts(author):
    alike = [row(n, Action=f"Answer every call of the line {n}") for n in range(1, 4)]
    file = agreed_file(*alike, by=author)
    draft_some(file, [2], author)

    left = check_of(file).rows(file.table_rows())[1:]

    assert [row.verdict for row in left] == [Verdict.NEW, Verdict.NEW]


def test_while_drafts_are_made_the_page_says_how_far_it_is_and_checks_nothing(
    client, author, monkeypatch, django_assert_max_num_queries
):
    file = agreed_file(*map(row, range(40)), row(40, Area="1"), by=author)
    draft_some(file, file.left()[:20], author)
    file.refused = {"42": "Somebody has changed it."}
    file.save()
    client.force_login(author)
    monkeypatch.setattr(Check, "rows", lambda *args: pytest.fail("it checked"))

    with django_assert_max_num_queries(12):
        page = client.get(f"{check_of_page(file)}?goes-on")

    assert "20 of 40 rows are drafts" in page.text
    assert 'value="50"' in page.text
    assert "1 row was left out" in page.text


def test_a_row_without_a_reference_gets_one_that_no_other_row_has(author):
    first, second = checked(["7", *ROW[1:]], ["", "Something else entirely", *ROW[2:]])

    assert (first.ref, second.ref) == ("7", "8")


def test_the_most_alike_is_found_without_comparing_all():
    chance = random.Random(4)
    some = [" ".join(chance.choices("abcdefgh", k=chance.randint(1, 7))) for _ in range(300)]
    titles = Titles(dict(enumerate(some)))

    for title in [*some[:100], "", "unheard of"]:
        words = telling_words(title)
        most = max(share(words, telling_words(other)) if words else 0 for other in some)
        found = titles.like(title)
        if most < ALIKE:
            assert found is None
        else:
            assert share(words, telling_words(some[found])) == most
