"""Every form of staff, walked: what is asked is asked once, and however much is typed is kept."""

from collections import Counter

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.auth import get_user_model
from django.urls import reverse

from programme.models import Measure, Plan
from publishing.admin.parts import PartInline
from publishing.models import Edition
from tests import factories
from tests.forms import errors_of, filled_in, names_of_text_fields, typed_into

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def boss(client, db):
    """Somebody who may open every form."""
    client.force_login(factories.make_user(None, username="boss", is_superuser=True))
    return client


def asked_by(page: admin.ModelAdmin, request, row) -> list[str]:
    """The fields of a form, each as often as it stands there."""
    return flatten_fieldsets(page.get_fieldsets(request, row))


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label)
def test_no_form_asks_anything_twice(model, rf):
    request = rf.get("/admin/")
    request.user = get_user_model()(is_superuser=True, is_active=True, is_staff=True)
    page = admin.site._registry[model]
    later = {"number": 2} if issubclass(model, Edition) else {}

    for row in (None, model(), model(**later)):
        fields = asked_by(page, request, row)
        assert [name for name, times in Counter(fields).items() if times > 1] == []


# Rows


def inlines() -> list[type[PartInline]]:
    found = {
        inline
        for each in admin.site._registry.values()
        for inline in each.inlines
        if issubclass(inline, PartInline)
    }
    return sorted(found, key=lambda inline: inline.__name__)


@pytest.mark.parametrize("inline", inlines(), ids=lambda inline: inline.__name__)
def test_django_takes_as_many_fields_as_a_full_form_has(inline):
    columns = len(inline.fields) + 3  # its number, its page's, and the tick to delete it
    rest_of_the_form = 100

    assert inline.max_num * columns + rest_of_the_form <= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS


def page_of(model, name, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def with_rows(form: dict, prefix: str, rows: int, **values) -> dict:
    typed = {f"{prefix}-{row}-{name}": v for row in range(rows) for name, v in values.items()}
    return {**form, **typed, f"{prefix}-TOTAL_FORMS": str(rows)}


def test_a_measure_with_a_hundred_numbers_is_saved(boss):
    add = page_of(Measure, "add")
    empty = dict.fromkeys(
        ["id", "edition", "ends_on", "limit", "planned", "note", "taken_from"], ""
    )
    form = filled_in(boss.get(add)) | {
        "title": "How long it takes",
        "explanation": "Weeks.",
        "unit": "weeks",
        "period_type": "month",
        "counted": "Plans",
        "good_direction": "down",
        "taken_from": "The council",
    }

    answer = boss.post(
        add, with_rows(form, "readings", 100, period="May", actual="3", position="0", **empty)
    )

    assert errors_of(answer) == []
    measure = Measure.objects.get(title="How long it takes")
    assert measure.readings.count() == 100


def test_of_more_rows_than_there_is_room_for_no_word_is_lost(boss, monkeypatch):
    monkeypatch.setattr(PartInline, "max_num", 2)
    add = page_of(Plan, "add")
    form = filled_in(boss.get(add)) | {"title": "Many", "kind": "accelerated", "summary": "Much."}
    typed = {"old_reference": "1.1", "new_reference": "", "position": "0"}

    refused = boss.post(add, with_rows(form, "references", 4, **typed))

    assert "There is room for 2 rows. Take some out, then save again." in refused.text
    fields = names_of_text_fields(refused)
    assert {f"references-{row}-old_reference" for row in range(4)} <= fields
    assert typed_into(refused, "references-3-old_reference") == "1.1"
