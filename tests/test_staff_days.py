"""The admin takes days as families read them, and writes them so."""

import datetime as dt

import pytest
from django.contrib import admin
from django.db import models
from django.template import Context, Template

from publishing.admin.act_forms import LondonTimeField
from publishing.admin.days import NOT_A_DAY
from tests.factories import make_term, make_user
from tests.forms import errors_beside, errors_of, filled_in
from updates.models import YouSaidWeDid

ADD = "/admin/updates/yousaidwedid/add/"
MARCH = dt.date(2027, 3, 1)


@pytest.fixture
def form(client, author) -> dict[str, str]:
    term = make_term()
    client.force_login(author)
    said = {"term": str(term.pk), "title": "The phone", "said": "Nobody answers."}
    known = {"who_said": "Parents and carers", "outcome": "deciding"}
    return filled_in(client.get(ADD)) | said | known


@pytest.mark.parametrize("typed", ["1 March 2027", "1 Mar 2027", "01/03/2027", "2027-03-01"])
def test_a_day_is_taken_as_people_write_it(client, form, typed):
    response = client.post(ADD, form | {"heard_on": typed})

    assert errors_of(response) == []
    assert YouSaidWeDid.objects.get().heard_on == MARCH


def test_what_is_no_day_is_refused_with_an_example(client, form):
    refused = client.post(ADD, form | {"heard_on": "next spring"})

    assert errors_beside(refused, "The day we heard it") == [NOT_A_DAY]
    assert "1 March 2027" in NOT_A_DAY


def test_each_form_that_asks_for_a_day_gives_the_example(rf, db):
    request = rf.get("/")
    request.user = make_user(None, is_superuser=True)
    errors = {
        f"{field}": each.formfield_for_dbfield(field, request).error_messages["invalid"]
        for page in admin.site._registry.values()
        if page.has_change_permission(request)
        for each in (page, *(inline(page.model, admin.site) for inline in page.inlines))
        for field in each.model._meta.fields
        if type(field) is models.DateField and field.editable
    }

    assert "programme.Term.starts_on" in errors
    assert {name for name, says in errors.items() if says != NOT_A_DAY} == set()
    assert LondonTimeField().fields[0].error_messages["invalid"] == NOT_A_DAY


def test_days_and_hours_are_printed_as_families_read_them():
    at = dt.datetime(2027, 3, 1, 9, 30, tzinfo=dt.UTC)

    printed = Template("{{ day }}; {{ at }}").render(Context({"day": MARCH, "at": at}))

    assert printed == "1 March 2027; 1 March 2027, 09:30"
