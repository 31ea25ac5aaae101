"""Whatever is typed into any form: a clear answer beside the field, nothing lost, never a 500."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlencode

import pytest
from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.html import escape

from participation.models import Feedback, Mail, Subscriber
from programme import spreadsheets
from programme.models import ForumCheck, ForumLink, PlanFile, Term
from publishing import actions
from publishing.admin.acts import ACTS
from publishing.models import Edition
from tests import factories, hostile_files
from tests.factories import make_update, sign_off_update
from tests.forms import (
    errors_beside,
    errors_of,
    filled_in,
    names_of_hidden_fields,
    names_of_text_fields,
    typed_into,
)
from tests.house_rules import filling
from tests.languages import LANGUAGES
from tests.size import is_large

pytestmark = pytest.mark.django_db

AWKWARD = {
    "empty": "",
    "spaces": " \n\t ",
    "long": "x" * 60_000,
    "control": "before\x01\x08\x0b\x1f\x7fafter",
    "emoji": "👩🏽‍🦽 family 👨‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "right to left": "مرحبا بكم \u202eevil\u202c שלום",
    "languages": " · ".join(LANGUAGES.values()),
    "combining": "Z̸̢͎a̵̛l̷̺g̸̈o" * 20,
    "script": "</textarea><script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
    "template": "{{ settings.SECRET_KEY }}{% debug %}${7*7}",
    "number": "99999999999999999999999999",
    "negative": "-1",
    "surrogate": "%ED%A0%80\ufffe\uffff",
    "no address": "http://[",
    "formula": "=cmd|' /C calc'!A0",
}
STRANGE = ("empty", "emoji", "script", "number", "negative", "NUL")  # as a date or a number
SAVED = ("emoji", "right to left", "combining", "script", "template")
CHOSEN = ("empty", "script")  # where there is nothing to type
# Nothing takes these; whether each field has a wall of its own is seen by the word beside it.
REFUSED = {"NUL": "before\x00after", "huge": "x" * 200_000}
EVERYTHING = {**AWKWARD, **REFUSED}
# How often every field is typed into, and how many hidden ones are forged.
ROUNDS, FORGED = (3, None) if is_large() else (1, 3)


@dataclass
class Sheet:
    """A page's form, read once: what a browser would send, and the names of its fields by sort."""

    values: dict[str, str]
    texts: set[str]
    words: set[str]
    hidden: set[str]

    @classmethod
    def of(cls, page) -> Sheet:
        fields = names_of_text_fields(page), fields_for_words(page), names_of_hidden_fields(page)
        return cls(filled_in(page), *fields)

    def sort(self, is_of_sort) -> list[str]:
        return sorted(name for name in self.values if is_tried(name) and is_of_sort(name))


def try_everything(client, address: str) -> int:
    """Sends the page's form a few times, with another awkward text in each field.

    Each field meets some texts, each form all that its fields can. Returns how many were typed.
    """
    page = client.get(address)
    assert page.status_code == 200, address
    sheet, typed = Sheet.of(page), 0
    for wanted in list(rounds(sheet)):
        texts = {name: kind for name, kind in wanted.items() if name in sheet.values}
        sent = {name: EVERYTHING[kind] for name, kind in texts.items()}
        answer = client.post(address, sheet.values | sent)
        judge(answer, texts, sheet, address)
        typed += len(texts)
        if answer.status_code != 200:
            page = client.get(address)
            if page.status_code == 404:  # the deed is done, and the page is gone with it
                break
            sheet = Sheet.of(page)
    return typed


def rounds(sheet: Sheet) -> Iterator[dict[str, str]]:
    """For each time that the form is sent: which text goes into which field."""
    # Words are awkward together; what must be a date or a number would stop them from being seen.
    words = sheet.sort(lambda name: name in sheet.texts & sheet.words)
    dates = sheet.sort(lambda name: name in sheet.texts - sheet.words)
    passwords = sheet.sort(lambda name: "password" in name)
    hidden = sheet.sort(lambda name: name in sheet.hidden)
    chosen = sheet.sort(lambda name: name not in {*words, *dates, *passwords, *hidden})
    yield from in_turn(words, list(EVERYTHING))
    yield from islice(in_turn(words, SAVED), 1)  # all together, so that they are kept
    yield from in_turn(dates, STRANGE)
    yield from (dict.fromkeys(passwords, kind) for kind in EVERYTHING if passwords)
    yield from (dict.fromkeys(chosen, kind) for kind in CHOSEN if chosen)
    # One at a time: the first that is wrong ends it all.
    yield from ({name: "script"} for name in hidden[:FORGED])


def in_turn(names: list[str], kinds: Sequence[str]) -> Iterator[dict[str, str]]:
    """Each time every field has another text than its neighbour, until all texts were there."""
    step = max(1, min(len(names), len(kinds) // ROUNDS))
    for start in range(0, len(kinds) if names else 0, step):
        yield {name: kinds[(start + n) % len(kinds)] for n, name in enumerate(names)}


def judge(answer, texts: dict[str, str], sheet: Sheet, address: str) -> None:
    assert answer.status_code in {200, 302, 404, 409}, (address, texts, answer.status_code)
    if answer.status_code != 200:
        return
    # Read as text: a parser would take minutes for so many pages.
    shown = unseen(answer.text)
    assert '<ul class="errorlist' in answer.text or "errornote" in answer.text, (address, texts)
    for kind in set(texts.values()):
        names = [name for name in texts if texts[name] == kind and name in sheet.texts]
        kept = str(escape(unseen(EVERYTHING[kind])))
        assert not names or shown.count(kept) >= len(names), (address, names, kind, "is lost")
        for name in sheet.words & set(names) if kind in REFUSED else ():
            said = f'id="id_{name}_error"' in answer.text
            assert said, (address, name, kind, "no word beside the field")


def is_tried(name: str) -> bool:
    """Of rows that are all alike, the first is enough."""
    return name != "csrfmiddlewaretoken" and not re.search(r"_FORMS$|__prefix__|-[1-9]\d*-", name)


def fields_for_words(page) -> set[str]:
    """The names of the fields that take any words."""
    shown = page.context or {}
    found = [shown["adminform"].form] if "adminform" in shown else []
    found += [shown["form"]] if "form" in shown and not found else []
    for inline in shown.get("inline_admin_formsets", ()):
        found += inline.formset.forms
    return {
        form.add_prefix(name)
        for form in found
        for name, field in form.fields.items()
        if type(field) is forms.CharField and not field.widget.is_hidden
    }


def unseen(text: str) -> str:
    """HTML cannot hold every character, and a browser strips the ends of some fields."""
    return re.sub(r"[\x00-\x1f\x7f\ufffd\ufffe\uffff]", "", text).strip()


# Every form of the staff


@pytest.fixture
def administrator(client, council):
    person = factories.make_user("publisher", signs_for=council, username="root", is_superuser=True)
    client.force_login(person)
    return person


# The forms of a plan file take a file, and choices among what it says: see below.
# Of our readers and their mails staff see what is there, and type nothing.
# What the forum says comes through its own link: see below.
TAKE_NO_WORDS = {PlanFile, Subscriber, Mail, ForumLink, ForumCheck}
# Only families write one: tests/test_feedback.py types everything into their forms.
NOT_ADDED_BY_STAFF = {Feedback}
MODELS = [model for model in admin.site._registry if model not in TAKE_NO_WORDS]


def row_of(model):
    """Something of each model that the staff's site keeps, still open to be changed."""
    if issubclass(model, Edition):
        return filling.make(model, filling.word("draft"))
    if model is Term:
        factories.make_term()
    if model is Feedback:
        filling.new_message("message")
    row = model._default_manager.first()
    assert row, f"Say here how to make a {model._meta.verbose_name}."
    return row


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_every_form_that_changes_something_takes_awkward_texts(model, client, administrator):
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"

    assert try_everything(client, reverse(name, args=[row_of(model).pk])) >= 5


@pytest.mark.parametrize(
    "model",
    [model for model in MODELS if model not in NOT_ADDED_BY_STAFF],
    ids=lambda model: model._meta.model_name,
)
def test_every_form_that_adds_something_takes_awkward_texts(model, client, administrator):
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_add"

    assert try_everything(client, reverse(name)) >= 10


@pytest.mark.parametrize("state", ["draft", "signed off", "correction"])
def test_every_question_of_every_verb_takes_awkward_texts(state, client, author, administrator):
    edition = make_update(by=author)
    if state == "signed off":
        edition = sign_off_update(edition, publisher=administrator)
    if state == "correction":
        factories.publish_update(edition, publisher=administrator)
        edition = actions.start_edition(edition.document, by=author)
    asked = 0

    for verb in ACTS:
        address = reverse("admin:updates_termlyupdate_act", args=[edition.pk, verb])
        page = client.get(address)
        if page.status_code == 200 and names_of_text_fields(page):
            asked += try_everything(client, address)

    assert asked >= 40


def test_logging_in_takes_awkward_texts(client):
    assert try_everything(client, "/admin/login/") >= 20


def test_changing_a_password_takes_awkward_texts(client, administrator):
    assert try_everything(client, "/admin/password_change/") >= 15


@pytest.mark.parametrize("kind", EVERYTHING)
def test_the_preview_answers_every_text_in_words(kind, client, author):
    client.force_login(author)
    text = EVERYTHING[kind]

    answer = client.post("/admin/editor/preview/", {"content": text})

    assert answer.status_code in {200, 400}
    assert answer.status_code == 200 or "<p>" in answer.text
    assert "<script" not in answer.text


@pytest.mark.parametrize("kind", EVERYTHING)
def test_the_upload_answers_whatever_is_no_picture_in_words(kind, client, author):
    client.force_login(author)
    body = io.BytesIO(EVERYTHING[kind].encode())
    body.name = "x.png"

    answer = client.post("/admin/editor/upload/", {"image": body})

    assert answer.status_code == 400
    assert answer.json()["error"].endswith((".", "?"))


@pytest.mark.parametrize("text", ["\x00", "مرحبا", "👩🏽‍🦽", "x" * 10_000])
def test_searching_takes_awkward_texts(text, client, administrator):
    assert client.get("/admin/auth/user/", {"q": text}).status_code in {200, 302}


# A plan from Excel

HEADINGS = ("Ref", "Action", "Type", "Organisation", "Lead", "Deadline", "Success criteria", "Area")
ROW = ("1.1", "Answer every call", "Action", "Council", "Head of team", "May 2099", "Logs", "1")


REFUSALS = (["Choose one of the list."], ["Null characters are not allowed."])


def plan_file(*rows: Sequence[str], headings: Sequence[str] = HEADINGS) -> io.BytesIO:
    body = io.BytesIO("".join(spreadsheets.as_csv(headings, rows)).encode())
    body.name = "plan.csv"
    return body


@pytest.mark.parametrize("kind", EVERYTHING)
def test_the_columns_of_a_plan_file_take_awkward_answers(kind, client, administrator):
    page = client.post("/admin/programme/planfile/add/", {"file": plan_file(ROW)}, follow=True)
    address, answers = page.request["PATH_INFO"], Sheet.of(page).values

    for name, kept in (("kind", "heading-1"), ("body", "heading-1"), ("heading-4", "heading-1")):
        answer = client.post(address, answers | {name: EVERYTHING[kind]})

        assert answer.status_code in {200, 302}, name
        if answer.status_code == 200:
            beside = errors_beside(answer, answer.context["form"][name].label)
            assert beside in REFUSALS, (name, beside)
            assert Sheet.of(answer).values[kept] == answers[kept]


@pytest.mark.parametrize("kind", EVERYTHING)
def test_the_rows_of_a_plan_file_take_awkward_cells_and_answers(kind, client, administrator):
    """One awkward cell in each row; each row comes back in words, and the good one is drafted."""
    factories.make_area(1)
    text = EVERYTHING[kind]
    rows = [
        [f"2.{n}" if at == 0 else f"{n} things more" if at == 1 else cell
         for at, cell in enumerate(ROW)]
        for n, _ in enumerate(ROW)
    ]  # fmt: skip
    for n, row in enumerate(rows):
        row[n] = text
    upload = {"file": plan_file(ROW, *rows)}

    columns = client.post("/admin/programme/planfile/add/", upload, follow=True)
    if "plan.csv cannot be read." in columns.text:
        return
    address = columns.request["PATH_INFO"]
    check = client.post(address, Sheet.of(columns).values, follow=True)
    chosen = client.post(check.request["PATH_INFO"], {"row-2": text, "row-x": text}, follow=True)
    forged = client.post(address.replace("columns", "drafts"), {"seen": text}, follow=True)
    seen = {"seen": chosen.context["seal"]}
    done = client.post(address.replace("columns", "drafts"), seen, follow=True)

    assert {each.status_code for each in (check, chosen, forged, done)} == {200}
    assert "<script>alert" not in check.text + chosen.text + done.text
    assert re.search(r"[1-9]\d* rows? (is a|are) drafts?", done.text)


# What the forum answers


@pytest.mark.parametrize("kind", EVERYTHING)
@pytest.mark.parametrize("field", ["answer", "words", "is_checked"])
def test_the_form_of_the_forum_takes_awkward_texts(kind, field, client, administrator):
    done = {"done_on": dt.date(2022, 5, 3), "proof": "The register."}
    promise = factories.make_public_promise(publisher=administrator, **done)
    _, token = actions.give_link(ForumLink, by=administrator)
    address, text = f"/forum/{token}/{promise.document.slug}/", EVERYTHING[kind]

    # As a browser sends it.
    sent = urlencode({"answer": "no", "words": "Three are left.", field: text})
    answer = client.post(address, sent, content_type="application/x-www-form-urlencoded")

    assert answer.status_code in {200, 302}
    kept = unseen(text) if field == "words" else "Three are left."
    if answer.status_code == 200:
        assert f'{"whole" if field == "answer" else "field"} wrong"' in answer.text
        assert str(escape(kept)) in unseen(answer.text)
        assert len(answer.text) < 300_000  # it stands there once
    else:
        assert unseen(ForumCheck.objects.get().words) == kept


# The form of the families


@pytest.mark.parametrize("kind", EVERYTHING)
@pytest.mark.parametrize("field", ["words", "page", "website"])
def test_the_private_form_takes_awkward_texts(kind, field, client):
    text = EVERYTHING[kind]

    # As a browser sends it.
    sent = urlencode({"words": "A name.", "page": "/", field: text})
    answer = client.post("/private/", sent, content_type="application/x-www-form-urlencoded")

    assert answer.status_code in {200, 302}
    if answer.status_code == 200:
        assert 'id="error-words"' in answer.text
        assert field == "page" or str(escape(unseen(text))) in unseen(answer.text)


@pytest.mark.parametrize("kind", EVERYTHING)
@pytest.mark.parametrize("field", ["email", "what"])
def test_the_form_for_our_e_mails_takes_awkward_texts(kind, field, client):
    text = EVERYTHING[kind]

    sent = urlencode({"email": "parent@example.org", "what": "updates", field: text})
    answer = client.post("/updates/email/", sent, content_type="application/x-www-form-urlencoded")

    assert answer.status_code in {200, 302, 413}
    if answer.status_code == 200:
        assert f'{"card whole" if field == "what" else "field"} wrong"' in answer.text
        assert field == "what" or str(escape(unseen(text.strip()))) in unseen(answer.text)


# Twenty languages

SHORT_FIELDS = ("title", "who_said", "heard_where", "heard_when", "taken_from")


def test_each_language_is_kept_in_every_short_field_of_a_card(client, author):
    client.force_login(author)
    card = factories.make_card(by=author)
    address = reverse("admin:updates_yousaidwedid_change", args=[card.pk])
    words = list(LANGUAGES.values())

    for turn in range(0, len(words), len(SHORT_FIELDS)):
        said = dict(zip(SHORT_FIELDS, words[turn:], strict=False))
        answer = client.post(address, filled_in(client.get(address)) | said)
        assert answer.status_code == 302, errors_of(answer)
        card.refresh_from_db()
        assert {name: getattr(card, name) for name in SHORT_FIELDS} == said


@pytest.mark.parametrize(
    ("address", "field"), [("/updates/email/", "email"), ("/have-your-say/receipt/", "code")]
)
def test_what_is_no_address_or_code_stays_in_the_box_in_each_language(client, address, field):
    for text in LANGUAGES.values():
        answer = client.post(address, {field: text, "what": "updates"})

        assert answer.status_code == 200
        assert f'id="error-{field}"' in answer.text
        assert str(escape(text)) in answer.text


# Rich text


@pytest.mark.parametrize(
    ("text", "why"),
    [("x" * 60_000, "longer than 50,000 characters"), ("a\x00b", "Null characters")],
)
def test_a_rich_text_that_is_refused_says_why_and_stays(text, why, client, author):
    client.force_login(author)
    draft = make_update(by=author)
    address = reverse("admin:updates_termlyupdate_change", args=[draft.pk])
    form = filled_in(client.get(address))

    page = client.post(address, form | {"sorry_for": text})

    assert any(why in message for message in errors_of(page))
    assert unseen(typed_into(page, "sorry_for") or "") == unseen(text)


def test_control_characters_that_word_leaves_behind_are_cleaned(client, author):
    client.force_login(author)
    draft = make_update(by=author)
    address = reverse("admin:updates_termlyupdate_change", args=[draft.pk])
    form = filled_in(client.get(address))

    client.post(address, form | {"sorry_for": "One\x0btwo\x01three\r\nfour"})

    draft.refresh_from_db()
    assert draft.sorry_for == "One\ntwothree\nfour"


@pytest.mark.parametrize("name", ["\x00.png", "x" * 300 + ".png", "../../x.png", "\u202egnp.x"])
def test_an_awkward_file_name_is_never_used(name, client, author):
    client.force_login(author)
    body = io.BytesIO(hostile_files.picture("PNG"))
    body.name = name

    answer = client.post("/admin/editor/upload/", {"image": body})

    assert answer.status_code in {200, 400}
