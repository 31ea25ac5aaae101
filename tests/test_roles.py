"""Who is responsible, who checks us, and since when nobody was named."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programme import who
from programme.models import Holder
from publishing.models import SiteVersion
from tests.factories import make_page, publish_update, reload
from tests.record_factories import make_public_role, make_role
from tests.test_public_pages import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LIST = "/who/"


def test_the_page_tells_who_is_responsible_from_who_checks(client):
    make_public_role(title="Director", parts=[Holder(name="Asha Khan", began_words="May 2021")])
    make_public_role(title="Commissioner", kind="checks", parts=[Holder(name="Jo Bell")])

    text = words_of(client.get(LIST))

    *_, responsible, checks = text.split("Who checks us")
    assert "Asha Khan, since May 2021" in responsible
    assert "Jo Bell" in checks


def test_a_post_that_nobody_was_named_for_says_since_when(client):
    role = make_public_role(parts=[Holder(began_words="October 2021")])

    for path in (LIST, role.get_absolute_url()):
        assert "Not announced since October 2021" in words_of(client.get(path))


@pytest.mark.parametrize(
    ("holders", "says"),
    [
        ([], "We have not said who this is."),
        ([("Asha Khan", "2020", "May 2021")], "We have not said who this is."),
        ([("Asha Khan", "2020", "May 2021"), ("", "June 2021", "")], "Not announced since June"),
        ([("Asha Khan", "2020", "May 2021"), ("Jo Bell", "June 2021", "")], "Jo Bell, since June"),
    ],
)
def test_who_holds_it_now_is_worked_out_from_the_dates(client, holders, says):
    parts = [Holder(name=n, began_words=b, ended_words=e) for n, b, e in holders]
    role = make_public_role(parts=parts)

    assert says in words_of(client.get(LIST))
    assert says in words_of(client.get(role.get_absolute_url()))


def test_everybody_who_held_it_stays_named(client):
    role = make_public_role(
        parts=[
            Holder(name="Asha Khan", began_words="2020", ended_words="May 2021"),
            Holder(name="Jo Bell", began_words="June 2021", note="Named in our update."),
        ]
    )

    text = words_of(client.get(role.get_absolute_url()))

    assert "Asha Khan, 2020 to May 2021" in text
    assert "Named in our update." in text


def test_an_organisation_needs_nobody_s_name_and_a_board_says_when_it_meets(client):
    make_public_role(title="NHS", form="organisation", parts=[])
    make_public_role(title="Board", form="board", kind="checks", parts=[])
    make_public_role(title="Forum", form="board", kind="checks", meets="Each month", parts=[])

    text = words_of(client.get(LIST))

    assert "We have not said who this is" not in text
    assert "When they meet: we have not said." in text
    assert "When they meet: Each month" in text


def test_a_post_changes_hands_by_itself_at_midnight_in_london(client):
    with time_machine.travel(dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC), tick=False):
        parts = [
            Holder(name="Asha Khan", ended_words="30 June 2026"),
            Holder(name="Jo Bell", began_words="1 July 2026"),
        ]
        role = make_public_role(parts=parts)
        at = dt.datetime(2026, 6, 30, 23, tzinfo=dt.UTC)
        assert SiteVersion.objects.get().next_change_at == at
        before = reload(role).office(dt.date(2026, 6, 30))

    assert before.holder.name == "Asha Khan"
    assert reload(role).office(dt.date(2026, 7, 1)).holder.name == "Jo Bell"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, set()),
        ({"answers_for": " "}, {"answers_for"}),
        ({"taken_from": " "}, {"taken_from"}),
        ({"parts": "soon"}, {"began_words"}),
    ],
)
def test_what_keeps_one_from_being_published(fields, wrong):
    if "parts" in fields:
        fields = {"parts": [Holder(name="Jo Bell", began_words=fields["parts"])]}

    assert {problem.field for problem in make_role(**fields).problems()} == wrong


def test_an_editor_hears_that_the_page_will_say_so(client):
    nobody = {each.field for each in make_role(parts=[]).advice()}
    board = {each.field for each in make_role(form="board").advice()}

    assert "title" in nobody
    assert "meets" in board


def test_the_list_goes_on_from_a_key_and_keeps_the_order_of_staff(client, monkeypatch):
    monkeypatch.setattr(who, "ROLES_A_PAGE", 1)
    titles = ["Second", "First", "Checker"]
    for title, place, kind in zip(
        titles, (2, 1, 1), ("responsible", "responsible", "checks"), strict=True
    ):
        make_public_role(title=title, place=place, kind=kind)

    address, found = LIST, []
    for _ in titles:
        page = client.get(address).context["page"]
        found += [role.title for role in (*page.responsible, *page.checks)]
        address = f"{LIST}?after={page.after}"

    assert (found, page.after) == (["First", "Second", "Checker"], "")
    assert "could not read the end of that address" in words_of(client.get(f"{LIST}?after=x"))


def test_an_empty_page_says_so(client):
    assert "We have not published this yet." in words_of(client.get(LIST))


def test_many_roles_cost_as_many_questions_as_few(client):
    def questions():
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        return len(queries)

    make_public_role()
    few = questions()
    for _ in range(4):
        make_public_role()

    assert questions() == few


def test_every_page_leads_to_what_happened_and_who_is_responsible(client):
    publish_update(make_page("about"))

    for path in ("/", "/about/", "/no-such-page/"):
        page = client.get(path).text
        assert 'href="/history/"' in page
        assert 'href="/who/"' in page
