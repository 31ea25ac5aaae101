"""Nothing is kept longer than participation/retention.py says, and every model stands in it."""

import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import models
from django.utils import timezone

from participation import retention
from participation.models import Deed, Feedback
from publishing.models import Edition, Part
from tests.factories import (
    make_listener,
    make_message,
    make_public_card,
    make_public_page,
    make_term,
    make_user,
)
from tests.forms import filled_in
from tests.test_public_pages import words_of
from website.models import PrivacyReport

pytestmark = pytest.mark.django_db

CANARY = "canaryq1"


def after(days: int):
    return time_machine.travel(timezone.now() + dt.timedelta(days=days))


def erase() -> str:
    out = StringIO()
    call_command("erase_expired", stdout=out)
    return out.getvalue()


def places_of(text: str) -> list[str]:
    """Every column of every table that holds the text."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        names = [
            field.attname
            for field in model._meta.local_concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        for row in model._base_manager.values(*names) if names else ():
            found += [f"{model._meta.label}.{n}" for n, v in row.items() if text in str(v)]
    return found


def models_kept() -> dict[str, type[models.Model]]:
    """All that there are, by name, but pages and their parts: those are public."""
    return {
        model._meta.label: model
        for model in apps.get_models(include_auto_created=True)
        if model is Edition or not issubclass(model, Edition | Part)
    }


def erased() -> set[str]:
    return {rule.model for rule in retention.RULES}


def staying() -> set[str]:
    return {name for each in retention.STAYS for name in each.models}


def test_every_model_says_how_long_it_is_kept_or_why_it_names_nobody():
    named = erased() | staying() | retention.NOT_PERSONAL.keys()

    assert models_kept().keys() - named == set(), "Say in participation/retention.py how long."
    assert named - models_kept().keys() == set(), "There is no such model any more."
    assert not (erased() & staying() | (erased() | staying()) & retention.NOT_PERSONAL.keys())


def test_what_names_one_of_staff_is_not_called_impersonal():
    user = get_user_model()

    naming = {
        name
        for name, model in models_kept().items()
        if any(field.related_model is user for field in model._meta.local_fields)
    }

    assert naming - erased() - staying() == set()


def test_every_rule_names_columns_that_there_are():
    for rule in retention.RULES:
        columns = {field.name for field in apps.get_model(rule.model)._meta.get_fields()}
        assert {rule.since, *rule.empties, *filter(None, [rule.notes])} <= columns


@pytest.mark.parametrize("rule", retention.RULES, ids=lambda rule: f"{rule.model} {rule.kept}")
def test_every_line_finds_what_is_older_and_says_so_in_plain_words(rule):
    assert rule.what[0].isupper()
    assert rule.kept[0].isdigit()
    assert rule.after > dt.timedelta(0)
    assert not rule.expired(timezone.now()).exists()


def test_words_go_90_days_after_the_answer_and_the_stage_stays(client):
    card = make_public_card()
    make_message(CANARY, became=card.document, original=f"{CANARY} of Asha")

    with after(89):
        erase()
        assert Feedback.objects.get().words == CANARY
    with after(91):
        assert "What you write to us: 90 days" in erase()

    feedback = Feedback.objects.get()
    assert (feedback.words, feedback.original) == ("", "")
    assert feedback.words_erased_at
    assert places_of(CANARY) == []


def test_an_older_card_answers_a_new_message_from_the_day_it_is_attached(client):
    with after(-100):
        card = make_public_card()
    message = make_message(CANARY)

    with after(20):
        client.force_login(make_listener())
        page = f"/admin/participation/feedback/{message.pk}/change/"
        form = filled_in(client.get(page))
        client.post(page, {**form, "became": card.document_id})
        erase()
        assert Feedback.objects.get().words == CANARY
    with after(109):
        erase()
        assert Feedback.objects.get().words == CANARY
    with after(111):
        erase()

    assert Feedback.objects.get().words == ""


def test_words_that_nobody_answered_go_after_a_year_and_the_row_after_two():
    make_message(CANARY).note(Deed.What.READ, make_user())

    with after(366):
        erase()
        assert places_of(CANARY) == []
        assert Feedback.objects.exists()
    with after(731):
        erase()
        assert not Feedback.objects.exists()
        assert not Deed.objects.exists()


def test_what_came_goes_30_days_after_names_were_taken_out():
    make_message("[name] waits", original=f"{CANARY} waits", names_removed_at=timezone.now())

    with after(31):
        erase()

    assert Feedback.objects.get().words == "[name] waits"
    assert places_of(CANARY) == []


def test_a_hold_stops_every_line_until_it_is_let_go():
    feedback, user = make_message(CANARY), make_user()
    feedback.hold("A court asks.", user)

    with after(800):
        erase()
        assert Feedback.objects.get().words == CANARY
        assert Deed.objects.exists()
        feedback.let_go(user)
        erase()

    assert places_of(CANARY) == []


def test_a_draft_that_nobody_published_forgets_the_words_too(client):
    make_term()
    client.force_login(make_listener())
    feedback = make_message(CANARY)
    page = f"/admin/participation/feedback/{feedback.pk}/change/"
    form = filled_in(client.get(page))
    client.post(page, {**form, "card_title": "The phone", "_make_card": "1"})
    assert {"updates.YouSaidWeDid.said", "publishing.Edition.text"} <= set(places_of(CANARY))

    with after(366):
        erase()

    assert places_of(CANARY) == []


def test_what_is_public_stays(client):
    card = make_public_card(said=CANARY)
    make_message(CANARY, became=card.document)

    with after(366):
        erase()

    assert CANARY in client.get(card.get_absolute_url()).text
    assert set(places_of(CANARY)) <= {
        "updates.YouSaidWeDid.said",
        "updates.YouSaidWeDid.said_html",
        "publishing.Edition.text",
        "publishing.LedgerText.text",
    }


def test_reports_of_something_private_go_30_days_after_they_were_dealt_with():
    PrivacyReport.objects.create(words=CANARY).deal_with(make_user())
    PrivacyReport.objects.create(words="Still open.")

    with after(31):
        erase()

    assert PrivacyReport.objects.get().words == "Still open."


def test_reports_that_nobody_dealt_with_go_after_a_year():
    PrivacyReport.objects.create(words=CANARY)

    with after(364):
        erase()
        assert PrivacyReport.objects.exists()
    with after(366):
        erase()

    assert places_of(CANARY) == []


def test_a_log_in_and_the_log_of_staff_go_in_their_time(client):
    user = make_user("author")
    client.force_login(user)
    kind = ContentType.objects.get_for_model(Feedback)
    LogEntry.objects.create(user=user, content_type=kind, object_repr=CANARY, action_flag=CHANGE)

    with after(1):
        erase()
        assert Session.objects.exists()
    with after(2):
        erase()
        assert not Session.objects.exists()
        assert LogEntry.objects.exists()
    with after(731):
        erase()

    assert places_of(CANARY) == []


def test_erasing_twice_is_erasing_once():
    make_message(CANARY)

    with after(366):
        erase()
        assert erase() == ""


def test_the_privacy_page_shows_every_line(client):
    page = make_public_page("privacy")

    text = words_of(client.get(page.get_absolute_url()))

    for rule in [*retention.RULES, retention.TYPED_BY_STAFF]:
        assert rule.what in text
        assert rule.kept in text
    for each in retention.STAYS:
        assert each.what in text


def test_a_browser_of_staff_keeps_what_they_typed_as_long_as_that_page_says():
    script = (settings.BASE_DIR / "static/js/staff-kept.js").read_text("utf-8")

    assert retention.TYPED_BY_STAFF.kept.startswith("7 days")
    assert "const DAYS_KEPT = 7;" in script


def test_other_pages_do_not(client):
    page = make_public_page("about")

    assert retention.RULES[0].what not in words_of(client.get(page.get_absolute_url()))
