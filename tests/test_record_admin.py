"""How staff keep the record: what their forms offer, refuse and advise."""

import pytest

from programme.models import Measure, TimelineEvent
from publishing.models import Document
from tests.factories import make_area, publish_update
from tests.forms import errors_of, filled_in
from tests.record_factories import make_event, make_finding, make_measure, make_public_event
from tests.test_public_pages import words_of
from tests.test_staff_pages import sign_in

pytestmark = pytest.mark.django_db

EVENTS, MEASURES = "/admin/programme/timelineevent/", "/admin/programme/measure/"


def save_event(client, **values):
    form = filled_in(client.get(f"{EVENTS}add/"))
    facts = {
        "title": "Inspectors came back",
        "voice": "inspectors",
        "happened_words": "May 2021",
        "summary": "They looked again.",
        "taken_from": "Letter, July 2021",
    }
    return client.post(f"{EVENTS}add/", {**form, **facts, **values})


def test_an_event_is_drafted_with_the_date_in_the_source_s_words(client, author):
    sign_in(client, author)

    save_event(client)

    event = TimelineEvent.objects.get()
    assert event.document.slug == "inspectors-came-back"
    assert (event.happened.in_words, str(event.happened_on)) == ("May 2021", "2021-05-31")


def test_a_date_that_nobody_can_read_is_refused_in_words_and_kept(client, author):
    sign_in(client, author)

    page = save_event(client, happened_words="31/11/2022")

    assert any("30 days" in error for error in errors_of(page))
    assert "31/11/2022" in page.text
    assert not Document.objects.exists()


@pytest.mark.parametrize("title", ["Oldest", "Already there"])
def test_an_event_takes_no_address_that_another_page_has(client, author, title):
    make_event(by=author, title="Already there")
    sign_in(client, author)

    page = save_event(client, title=title)

    assert any("already is one" in error for error in errors_of(page))


def test_a_number_belongs_to_a_problem_that_families_know_by_its_name(client, author):
    known = publish_update(make_area(1, by=author, title="Waiting times"))
    make_area(2, by=author, title="A draft problem")
    sign_in(client, author)

    page = client.get(f"{MEASURES}add/").text

    assert f'<option value="{known.document_id}">Waiting times</option>' in page
    assert "A draft problem" not in page


def test_the_checks_of_numbers_stand_beside_the_form(client, author):
    measure = make_measure(by=author, baseline_value=53, target_value=50)
    sign_in(client, author)

    page = words_of(client.get(f"{MEASURES}{measure.pk}/change/"))

    assert "is easier than where it started" in page
    assert Measure.objects.exists()


def test_the_page_of_a_problem_shows_its_voices_and_what_is_counted(client, author):
    area = publish_update(make_area(1, by=author)).document
    make_public_event(by=author, parts=[make_finding(words="Still too long.", area=area)])
    measure = publish_update(make_measure(by=author, of_area=area))

    page = client.get(area.get_absolute_url())

    assert "Still too long." in words_of(page)
    assert measure.get_absolute_url() in page.text
    assert area.get_absolute_url() in client.get(measure.get_absolute_url()).text
