"""How an officer keeps the plan: begun, corrected, and refused with the name of the field."""

import re

import pytest
from django.urls import reverse

from programme.models import Area, Milestone
from publishing import actions
from tests.factories import (
    PASSWORD,
    change_draft,
    correct_update,
    make_area,
    make_body,
    make_promise,
    make_public_card,
    make_public_promise,
    publish_update,
    reload,
)
from tests.forms import errors_beside, filled_in

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ADD = "/admin/programme/milestone/add/"


@pytest.fixture
def officer(client, author):
    """A browser in which an author is logged in."""
    assert client.login(username=author.username, password=PASSWORD)
    return client


def address(edition, page="change", *args):
    return reverse(f"admin:programme_milestone_{page}", args=[edition.pk, *args])


def new_promise(officer, **values):
    form = filled_in(officer.get(ADD))
    typed = {
        "title": "Answer the phone in two minutes",
        "kind": "felt",
        "body": make_body().pk,
        "who": "Head of the EHC plan team",
        "due_words": "May 25",
        "how_we_will_know": "You speak to a person in two minutes.",
        **values,
    }
    return officer.post(ADD, {**form, **typed})


def test_a_promise_gets_the_next_free_reference(officer):
    make_promise(ref="7")

    new_promise(officer)

    promise = Milestone.objects.latest("pk")
    assert promise.document.slug == "8-answer-the-phone-in-two-minutes"
    assert (promise.ref, promise.due.in_words) == ("8", "May 2025")


def new_problem(officer, **values):
    page = "/admin/programme/area/add/"
    typed = {"area_number": "3", "title": "Long waits", "explanation": "Families wait too long."}
    return officer.post(page, {**filled_in(officer.get(page)), **typed, **values})


def test_where_a_problem_was_first_published_is_kept(officer):
    new_problem(officer, source="The old site", source_date="October 2021")

    problem = Area.objects.get()
    assert (problem.source, problem.source_date) == ("The old site", "October 2021")


@pytest.mark.parametrize("title", ["Long waits", "Other words"])
def test_no_two_problems_have_the_same_number(officer, title):
    new_problem(officer)

    refused = new_problem(officer, title=title)

    assert refused.status_code == 200
    assert "There already is a problem 3: “Long waits”." in errors_beside(refused, "Number")
    assert Area.objects.count() == 1


def test_a_problem_whose_address_is_taken_is_told_so_beside_its_title(officer):
    first = make_area(3, title="Long waits")
    change_draft(first, by=first.created_by, area_number=4)

    refused = new_problem(officer)

    assert errors_beside(refused, "Title") == [
        "There already is one with this title. Choose another."
    ]


def test_a_problem_keeps_its_number_and_its_title_beside_others_with_the_same_title(officer):
    new_problem(officer)
    new_problem(officer, area_number="4")
    one = Area.objects.get(area_number=3)
    page = reverse("admin:programme_area_change", args=[one.pk])

    officer.post(page, {**filled_in(officer.get(page)), "explanation": "They wait a year."})

    assert reload(one).explanation == "They wait a year."


def test_a_reference_from_the_plan_is_kept_with_its_full_stop(officer):
    new_promise(officer, ref="1.1")

    promise = Milestone.objects.latest("pk")
    assert promise.ref == "1.1"
    assert promise.get_absolute_url() == "/plan/p/1_1-answer-the-phone-in-two-minutes/"


@pytest.mark.parametrize(
    ("values", "label", "why"),
    [
        ({"ref": "7"}, "Reference", "There already is a promise 7."),
        ({"ref": "1-1"}, "Reference", "Use letters, digits and full stops only, like “1.1”."),
        ({"due_words": "44561"}, "By when", "how Excel stores a date"),
        ({"due_words": "by the spring term"}, "By when", "does not say which year"),
        ({"origin": "/nowhere/"}, "Where it was made", "There is no such page: “/nowhere/”."),
        ({"replaced_by": "99"}, "Which promise replaces it", "There is no such page: “99”."),
    ],
)
def test_what_cannot_be_read_is_explained_beside_its_field(officer, values, label, why):
    make_promise(ref="7")

    response = new_promise(officer, **values)

    assert any(why in error for error in errors_beside(response, label))
    assert Milestone.objects.count() == 1


def test_other_pages_are_named_by_title_address_or_reference(officer):
    area = publish_update(make_area(title="The phone"))
    card = make_public_card(title="Nobody answers")
    other = make_public_promise(ref="3")

    new_promise(
        officer,
        origin=f"https://example.org{card.get_absolute_url()}",
        replaced_by="3",
        **{
            "areas-TOTAL_FORMS": "1",
            "areas-0-area": area.document_id,
            "areas-0-position": "0",
        },
    )

    promise = Milestone.objects.latest("pk")
    assert promise.origin == card.document
    assert promise.replaced_by == other.document
    assert promise.areas.get().area == area.document


def test_saving_a_draft_again_keeps_the_pages_it_names(officer, author):
    card = make_public_card()
    draft = make_promise(by=author, origin=card.document)
    form = filled_in(officer.get(address(draft)))

    response = officer.post(address(draft), {**form, "who": "Another post"})

    assert response.status_code == 302
    assert form["origin"] == card.get_absolute_url()
    assert (reload(draft).origin, reload(draft).who) == (card.document, "Another post")


def test_a_moved_date_needs_its_reason_and_both_dates_are_kept(officer, author):
    draft = actions.start_edition(
        make_public_promise(by=author, due_words="May 2022").document, by=author
    )
    form = filled_in(officer.get(address(draft)))
    moved = {**form, "due_words": "July 2022", "change_note": "The date moved."}
    officer.post(address(draft), moved)

    refused = officer.post(address(draft, "act", "submit"))

    assert "Say why its date changed: families read this." in refused.text
    draft = reload(draft)
    assert (draft.due.in_words, draft.first_due.in_words) == ("July 2022", "May 2022")
    assert draft.times_moved == 1


def test_a_line_break_as_browsers_send_it_rewords_nothing(officer, author):
    public = make_public_promise(by=author, how_we_will_know="Line one.\nLine two.")
    draft = actions.start_edition(public.document, by=author)
    form = filled_in(officer.get(address(draft)))
    assert form["how_we_will_know"]

    officer.post(
        address(draft),
        {
            **form,
            "how_we_will_know": "Line one.\r\nLine\xa0two.",
            "started_note": "We began.",
            "change_note": "Work has begun.",
        },
    )

    draft = reload(draft)
    assert draft.started_note == "We began."
    assert draft.problems() == []


def test_a_first_edition_asks_for_no_reason_and_a_later_one_for_no_reference(officer, author):
    first = filled_in(officer.get(ADD))
    draft = actions.start_edition(make_public_promise(by=author).document, by=author)
    later = filled_in(officer.get(address(draft)))

    assert "why_changed" not in first
    assert "ref" in first
    assert "why_changed" in later
    assert "ref" not in later
    assert "first_due_on" not in later
    assert "status" not in later


def test_the_preview_counts_the_promise_that_is_not_public_yet(officer, author):
    draft = make_promise(by=author, due_words="May 2022")

    page = officer.get(address(draft, "preview"))

    assert page.status_code == 200
    assert "Preview: only staff can see this." in page.text
    assert "Late" in page.text


def test_a_public_promise_is_read_without_empty_fields_and_with_titles(client, author):
    problem = publish_update(make_area(by=author, title="Long waits"))
    promise = make_public_promise(by=author, areas=[problem])
    client.force_login(author)

    text = client.get(reverse("admin:programme_milestone_change", args=[promise.pk])).text

    assert "Every EHC plan comes in 20 weeks." in text
    assert "The day it was done" not in text
    assert "Long waits" in text
    assert "1-long-waits" not in text


def test_a_promise_says_how_it_ends_and_is_not_offered_to_be_taken_down(client, publisher):
    promise = make_public_promise(publisher=publisher)
    client.force_login(publisher)

    page = client.get(address(promise))

    assert "A promise is never taken down. To end it, correct it" in page.text
    assert "Take down now" not in page.text
    assert "Remove personal details" in page.text


def test_the_list_shows_reference_status_and_both_dates(officer):
    moved = {
        "due_words": "July 2099",
        "why_changed": "We could not hire enough people in time, and had to begin again.",
        "cause": Milestone.Cause.RECRUITMENT,
        "change_agreed_by": "The Improvement Board",
    }
    promise = make_public_promise(ref="4.2", due_words="May 2022")
    correct_update(promise, by=promise.created_by, **moved)
    make_promise(ref="4.3", due_words="")

    page = officer.get("/admin/programme/milestone/").text

    rows = [
        re.findall(r'field-(?:reference|how_it_stands|by_when)">([^<]*)<|facts">([^<]*)<', row)
        for row in page.split("<tr")
    ]
    said = ["".join(cell) for row in rows for cell in row]
    assert said == [
        *("4.2", "Late", "July 2099", "first May 2022, moved 1 time"),
        *("4.3", "Not public yet", "no date given"),
    ]
    assert "edition_number" not in page


def test_the_list_counts_as_a_plan_does(officer):
    plan = ["1.2", "1.10", "2.1", "2.1.2", "10.1"]
    for ref in reversed(plan):
        make_promise(ref=ref)

    page = officer.get("/admin/programme/milestone/").text

    assert re.findall(r'field-reference">([^<]*)<', page) == plan


def test_the_files_from_excel_are_headed_in_plain_words_and_lead_to_the_plan(officer):
    page = officer.get("/admin/programme/planfile/").text

    assert "<h1>The plan in Excel</h1>" in page
    assert "to change" not in page
    assert f'href="{reverse("admin:programme_planfile_workbook")}"' in page
