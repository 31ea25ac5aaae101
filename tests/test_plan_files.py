"""The plan comes in from Excel row by row, and goes out so that it comes back the same."""

import datetime as dt

import pytest
from django.urls import reverse

from participation.retention import erase_expired
from programme import spreadsheets
from programme.models import Area, Milestone, PlanFile, RememberedHeading
from programme.workbook import columns, export
from programme.workbook.checking import Check, Verdict
from programme.workbook.drafting import agree, check_of, draft_rows, to_agree
from programme.workbook.known import Known
from publishing import actions
from tests import factories

pytestmark = pytest.mark.django_db

THEIRS = ["Ref", "Action", "Type", "Organisation", "Lead", "Deadline", "Success criteria", "Area"]
ROW = ["1.1", "Answer every call", "Action", "Council", "Head of team", "May 2099", "Logs", "1"]


@pytest.fixture
def area(council):
    area = Area(area_number=1, title="Waiting", explanation="Families wait.")
    return actions.start_document(area, slug="1-waiting", by=factories.make_user("author"))


def csv_file(*rows, headings=THEIRS) -> bytes:
    return "".join(spreadsheets.as_csv(headings, rows)).encode()


def table(*rows, headings=THEIRS):
    return spreadsheets.read(csv_file(*rows, headings=headings), known=columns.HEADINGS)


def checked(*rows, headings=THEIRS, **answers):
    read = table(*rows, headings=headings)
    return Check(columns.match(read.headings, {}), Known(), **answers).rows(read.rows)


def changed(row, **cells):
    return [cells.get(heading, value) for heading, value in zip(THEIRS, row, strict=True)]


def file_of(*rows, by, headings=THEIRS):
    read = table(*rows, headings=headings)
    file = PlanFile.holding(read, name="plan.csv", by=by)
    file.columns = columns.match(file.headings, {})
    file.save()
    return file


def take_over(file, *, by, **limits):
    """Says yes to what the check screen shows, and drafts it."""
    agree(file, to_agree(file, check_of(file).rows(file.table_rows())))
    return draft_rows(file, by=by, **limits)


def test_what_other_plans_call_a_column_is_known():
    assert columns.match(THEIRS, {}) == {
        "Ref": "ref",
        "Action": "title",
        "Type": "kind",
        "Organisation": "body_id",
        "Lead": "who",
        "Deadline": "due_words",
        "Success criteria": "how_we_will_know",
        "Area": "areas",
    }


def test_a_new_row_becomes_a_draft_with_all_it_says(author, area):
    file = file_of(ROW, by=author)

    assert take_over(file, by=author) == 0

    promise = Milestone.objects.get()
    assert (promise.ref, promise.title, promise.kind) == ("1.1", "Answer every call", "step")
    assert promise.due_on == dt.date(2099, 5, 31)
    assert [part.area for part in promise.areas.all()] == [area.document]
    assert promise.published_at is None
    assert file.drafted == [2]


@pytest.mark.parametrize(
    ("cells", "where", "words"),
    [
        ({"Deadline": "31/11/2022"}, "F2", "November"),
        ({"Deadline": "44561"}, "F2", "44561"),
        ({"Deadline": "soonish"}, "F2", "soonish"),
        ({"Area": "9"}, "H2", "no problem 9"),
        ({"Organisation": "The moon"}, "D2", "no body"),
        ({"Type": "Wish"}, "C2", "none of our words"),
        ({"Ref": "a/b"}, "A2", "cannot be a reference"),
        ({"Action": ""}, "B2", "does not say what is promised"),
        ({"Action": "x" * 300}, "B2", "at most 200"),
    ],
)
@pytest.mark.usefixtures("area")
def test_a_bad_cell_is_named_with_its_place_and_the_others_go_on(author, cells, where, words):
    rows = [changed(ROW, **cells), changed(ROW, Ref="1.2", Action="Something else entirely")]

    bad, good = checked(*rows)
    file = file_of(*rows, by=author)
    take_over(file, by=author)

    assert bad.verdict == Verdict.UNREADABLE
    assert any(fault.where == where and words in fault.why for fault in bad.faults)
    assert good.verdict == Verdict.NEW
    assert [promise.ref for promise in Milestone.objects.all()] == ["1.2"]


@pytest.mark.usefixtures("area")
def test_the_same_reference_twice_is_a_fault_of_the_second(author):
    first, second = checked(ROW, changed(ROW, Action="Another thing"))

    assert first.verdict == Verdict.NEW
    assert "Row 2 has the same reference" in second.faults[0].why


@pytest.mark.usefixtures("area")
def test_what_is_exported_comes_back_as_all_the_same(author):
    take_over(file_of(ROW, changed(ROW, Ref="1.2", Action="=SUM(A1)"), by=author), by=author)
    rows = list(export.rows())

    for content in (
        "".join(spreadsheets.as_csv(columns.HEADINGS, rows)).encode(),
        spreadsheets.as_workbook("Plan", columns.HEADINGS, rows),
    ):
        read = spreadsheets.read(content, known=columns.HEADINGS)
        found = Check(columns.match(read.headings, {}), Known()).rows(read.rows)

        assert [row.verdict for row in found] == [Verdict.SAME, Verdict.SAME]
        assert [row.ref for row in found] == ["1.1", "1.2"]


def test_what_was_typed_in_a_browser_comes_back_as_the_same(author):
    typed = "Line one.\r\nLine\xa0two.\u2028Line three. "
    factories.make_promise(by=author, how_we_will_know=typed)
    # Published before texts had one spelling: it stays as it is.
    old = factories.make_promise(by=author)
    Milestone.objects.filter(pk=old.pk).update(how_we_will_know=typed)
    actions.seal_draft(old)
    old = factories.publish_update(old)

    content = spreadsheets.as_workbook("Plan", columns.HEADINGS, list(export.rows()))
    read = spreadsheets.read(content, known=columns.HEADINGS)
    found = Check(columns.match(read.headings, {}), Known()).rows(read.rows)

    assert [row.verdict for row in found] == [Verdict.SAME, Verdict.SAME]
    copy = actions.start_edition(old.document, by=author).concrete
    assert copy.how_we_will_know == "Line one.\nLine two.\nLine three."
    assert not copy.is_reworded(copy.before)


@pytest.mark.usefixtures("council")
def test_a_reference_that_excel_made_a_number_is_explained_not_guessed():
    def refs(*numbers):
        rows = [[number, f"{number} other words", *ROW[2:7]] for number in numbers]
        content = spreadsheets.as_workbook("Plan", THEIRS[:7], rows)
        read = spreadsheets.read(content, known=columns.HEADINGS)
        return Check(columns.match(read.headings, {}), Known()).rows(read.rows)

    for numbers in ((1.8, 1.9, 1.1), (2.19, 2.2), (1.1, 1.1)):
        *_, last = refs(*numbers)
        assert "Excel turns 1.10 into 1.1. Make this column text" in last.faults[0].why
    assert not any(row.faults for row in refs("1.9", "1.10", 1.2, 2.1))


@pytest.mark.usefixtures("area")
def test_a_changed_row_shows_old_and_new_and_an_empty_cell_changes_nothing(author):
    take_over(file_of(ROW, by=author), by=author)

    (row,) = checked(changed(ROW, Deadline="June 2099", Lead=""))

    assert row.verdict == Verdict.CHANGED
    assert [(c.column.heading, c.old, c.new) for c in row.changes] == [
        ("By when", "May 2099", "June 2099")
    ]


@pytest.mark.usefixtures("council")
def test_a_first_date_that_is_the_date_now_corrects_nothing(author):
    headings = [*THEIRS[:7], "Original date", "Where first published"]
    row = [*ROW[:7], "by the end of May 2099", "The plan"]
    take_over(file_of(row, by=author, headings=headings), by=author)

    assert Milestone.objects.get().first_promised_words == ""
    (again,) = checked(row, headings=headings)
    assert again.verdict == Verdict.SAME


@pytest.mark.usefixtures("area")
def test_another_way_to_write_the_same_date_is_no_change(author):
    take_over(file_of(ROW, by=author), by=author)

    (row,) = checked(changed(ROW, Deadline="by the end of May 2099"))

    assert row.verdict == Verdict.SAME


@pytest.mark.usefixtures("area")
def test_a_public_promise_is_only_drafted_anew_and_says_what_changed(author, publisher):
    take_over(file_of(ROW, by=author), by=author)
    public = factories.publish_update(Milestone.objects.get(), publisher=publisher)

    take_over(file_of(changed(ROW, Deadline="June 2099"), by=author), by=author)

    draft = Milestone.objects.get(number=2)
    assert factories.reload(public).due_words == "May 2099"
    assert (draft.due_words, draft.published_at) == ("June 2099", None)
    assert draft.change_note == "From our plan’s workbook. New: by when."
    assert {problem.field for problem in draft.problems()} == {
        "why_changed",
        "cause",
        "change_agreed_by",
    }


@pytest.mark.usefixtures("area")
def test_all_drafts_of_one_file_go_out_together(author):
    rows = [changed(ROW, Ref=f"1.{n}", Action=f"Promise of kind {n} {n}") for n in range(1, 4)]
    file = file_of(*rows, by=author)

    take_over(file, by=author)

    assert set(Milestone.objects.values_list("release", flat=True)) == {file.release_id}


@pytest.mark.usefixtures("area")
def test_a_promise_like_an_open_one_is_asked_about(author):
    take_over(file_of(ROW, by=author), by=author)
    like = changed(ROW, Ref="7", Action="We will answer every call")

    (asked,) = checked(like)
    (same,) = checked(like, decisions={2: "1.1"})
    (own,) = checked(like, decisions={2: ""})

    assert asked.verdict == Verdict.ALIKE
    assert asked.like.edition.ref == "1.1"
    assert (same.verdict, same.ref) == (Verdict.CHANGED, "1.1")
    assert own.verdict == Verdict.NEW


@pytest.mark.usefixtures("area")
def test_a_plan_without_references_is_matched_by_its_words_and_numbered(author):
    headings = THEIRS[1:]
    take_over(file_of(ROW[1:], by=author, headings=headings), by=author)

    (same,) = checked(ROW[1:], headings=headings)

    assert Milestone.objects.get().ref == "1"
    assert same.verdict == Verdict.SAME


@pytest.mark.usefixtures("area")
def test_drafting_ends_with_the_time_and_goes_on_later(author):
    rows = [changed(ROW, Ref=f"1.{n}", Action=f"Promise {n} of row {n}") for n in range(1, 4)]
    file = file_of(*rows, by=author)

    left = take_over(file, by=author, seconds=0)
    assert left == 3
    assert take_over(file, by=author) == 0
    assert Milestone.objects.count() == 3


def test_from_upload_to_drafts_by_the_forms(client, author, area):
    client.force_login(author)
    upload = {"file": upload_of(csv_file(ROW, changed(ROW, Ref="1.2", Deadline="31/11/2022")))}

    page = client.post(reverse("admin:programme_planfile_add"), upload, follow=True)
    file = PlanFile.objects.get()
    answers = {field.html_name: field.value() or "" for field in page.context["form"]}
    check = client.post(page.request["PATH_INFO"], answers, follow=True)
    press = {"seen": check.context["seal"]}
    drafts = reverse("admin:programme_planfile_drafts", args=[file.pk])
    done = client.post(drafts, press, follow=True)

    assert "F3" in check.text
    assert "make 1 draft" in check.text
    assert "1 row is a draft now" in done.text
    assert RememberedHeading.objects.get(heading="deadline").column == "due_words"


def upload_of(content: bytes, name="plan.csv"):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content)


def test_a_file_that_cannot_be_read_is_refused_beside_the_field(client, author):
    client.force_login(author)

    page = client.post(
        reverse("admin:programme_planfile_add"), {"file": upload_of(b"%PDF-1.7", "plan.xlsx")}
    )

    assert "plan.xlsx cannot be read. It is a PDF." in page.text
    assert not PlanFile.objects.exists()


def test_a_reference_longer_than_an_address_is_refused_in_its_row(author, area):
    [row] = checked(["1" * 200, *ROW[1:]])

    assert row.faults[0].why == "It has 200 letters; a reference has 20 at most."


def test_the_page_of_columns_says_how_cells_must_be_written(client, author):
    client.force_login(author)
    file = file_of(ROW, by=author)

    page = client.get(reverse("admin:programme_planfile_columns", args=[file.pk]))

    assert "Problems (their numbers, with ; between them)" in page.text


def test_one_column_cannot_be_two(client, author, area):
    client.force_login(author)
    file = file_of(ROW, by=author)
    answers = {f"heading-{number}": "title" for number in range(2)}

    page = client.post(reverse("admin:programme_planfile_columns", args=[file.pk]), answers)

    assert "“Ref” is already “Promise”" in page.text


def columns_page(client, file, **answers):
    here = reverse("admin:programme_planfile_columns", args=[file.pk])
    return client.post(here, answers) if answers else client.get(here)


SHORT = ["Ref", "Action", "Deadline"]
MEANT = {"heading-0": "ref", "heading-1": "title", "heading-2": "due_words"}


def test_what_no_column_says_is_asked_before_the_rows_are_checked(client, author, council):
    client.force_login(author)
    file = file_of(["20.1", "Answer every call", "May 2099"], by=author, headings=SHORT)

    asked = columns_page(client, file)
    refused = columns_page(client, file, **MEANT, body=council.pk)
    taken = columns_page(client, file, **MEANT, body=council.pk, kind="step")

    assert "No column of your file says this." in asked.text
    assert "The file says it" not in asked.text
    assert "No column says what kind of promise the new ones are." in refused.text
    assert "whose promise the new ones are" not in refused.text
    assert f'<option value="{council.pk}" selected>' in refused.text
    assert taken.status_code == 302


def test_a_file_of_known_promises_need_not_say_their_kind(client, author):
    factories.make_public_promise(ref="20.1", title="Answer every call")
    client.force_login(author)
    file = file_of(["20.1", "Answer every call", "May 2099"], by=author, headings=SHORT)

    page = columns_page(client, file, **MEANT)

    assert page.status_code == 302


@pytest.mark.parametrize("form", ["workbook", "csv", "json"])
def test_staff_alone_take_the_plan_out(client, author, area, form):
    take_over(file_of(ROW, by=author), by=author)
    address = reverse(f"admin:programme_planfile_{form}")

    assert client.get(address).status_code == 302
    client.force_login(author)
    answer = client.get(address)

    assert answer.status_code == 200
    assert "attachment; filename=" in answer["Content-Disposition"]
    assert len(answer.getvalue()) > 100


def test_old_files_are_forgotten(author):
    file = file_of(ROW, by=author)

    erase_expired(file.uploaded_at + dt.timedelta(days=29))
    assert PlanFile.objects.exists()
    erase_expired(file.uploaded_at + dt.timedelta(days=31))
    assert not PlanFile.objects.exists()
