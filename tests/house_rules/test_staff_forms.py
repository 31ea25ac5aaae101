"""Every form of staff, walked: what is asked is asked once, and however much is typed is kept."""

from collections import Counter

import html5lib
import pytest
from django.conf import settings
from django.contrib import admin
from django.http import HttpResponse
from django.urls import reverse

from programme.models import Measure, Plan, Term
from publishing.admin.parts import PartInline
from publishing.models import Body
from publishing.models.editions import kinds
from tests import factories
from tests.forms import HTML, errors_of, filled_in, names_of_text_fields, typed_into
from tests.house_rules import filling

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SEVERAL_OF_A_NAME = {"radio", "checkbox", "submit"}


@pytest.fixture(scope="module")
def drafts(one_transaction):
    """A draft of every kind that has not been public, and whoever may open all forms."""
    boss = factories.make_user(None, username="boss", is_superuser=True)
    factories.make_term()
    return boss, [filling.make(kind, filling.word("form"), by=boss) for kind in kinds()]


@pytest.fixture
def boss(drafts, client):
    client.force_login(drafts[0])
    return client


def page_of(model, name, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def asked_more_than_once(response) -> list[str]:
    tree = html5lib.parse(response.text)
    form = max(tree.iter(f"{HTML}form"), key=lambda each: len(list(each.iter())))
    names = Counter(
        field.get("name")
        for field in form.iter()
        if field.get("name") and field.get("type") not in SEVERAL_OF_A_NAME
    )
    return [name for name, times in names.items() if times > 1]


def forms(drafts) -> dict[str, str]:
    """Address by name: to add, for each model that staff see; to change, where that is another."""
    found = {}
    for model in admin.site._registry:
        found[f"add {model._meta.label}"] = page_of(model, "add")
        if model not in kinds() and (first := model._base_manager.order_by("pk").first()):
            found[f"change {model._meta.label}"] = page_of(model, "change", first.pk)
    for draft in drafts:
        found[f"change {draft._meta.label}"] = page_of(draft, "change", draft.pk)
    return found


def test_no_form_asks_anything_twice(drafts, boss):
    twice, shown = {}, set()
    for name, address in forms(drafts[1]).items():
        response = boss.get(address)
        if response.status_code == 200:
            shown.add(name)
            if names := asked_more_than_once(response):
                twice[name] = names

    assert twice == {}
    labels = {kind._meta.label for kind in [*kinds(), Body, Term]}
    assert shown >= {f"{verb} {label}" for verb in ("add", "change") for label in labels}


def test_a_question_that_stands_twice_would_be_seen():
    page = HttpResponse("<form><input name='source'><p><input name='source'><input name='title'>")

    assert asked_more_than_once(page) == ["source"]


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


def with_rows(form: dict, prefix: str, rows: int, **values) -> dict:
    typed = {f"{prefix}-{row}-{name}": v for row in range(rows) for name, v in values.items()}
    return {**form, **typed, f"{prefix}-TOTAL_FORMS": str(rows)}


def test_a_measure_with_a_hundred_numbers_is_saved(drafts, boss):
    add = page_of(Measure, "add")
    empty = dict.fromkeys(["id", "edition", "ends_on", "limit", "planned", "note", "taken_from"], "")
    form = filled_in(boss.get(add)) | {
        "title": "How long it takes",
        "explanation": "Weeks.",
        "unit": "weeks",
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


def test_of_more_rows_than_there_is_room_for_no_word_is_lost(drafts, boss, monkeypatch):
    monkeypatch.setattr(PartInline, "max_num", 2)
    add = page_of(Plan, "add")
    form = filled_in(boss.get(add)) | {"title": "Many", "kind": "accelerated", "summary": "Much."}
    typed = {"old_reference": "1.1", "new_reference": "", "position": "0"}

    refused = boss.post(add, with_rows(form, "references", 4, **typed))

    assert "There is room for 2 rows. Take some out, then save again." in refused.text
    fields = names_of_text_fields(refused)
    assert {f"references-{row}-old_reference" for row in range(4)} <= fields
    assert typed_into(refused, "references-3-old_reference") == "1.1"
