"""Whatever is typed into a form of the staff: a clear answer, nothing lost, never an error 500."""

import io
import re

import pytest
from django.urls import reverse
from django.utils.html import escape

from publishing import actions, attachments
from publishing.models import EditionFile
from tests import hostile_files
from tests.factories import (
    make_card,
    make_item,
    make_page,
    make_public_update,
    make_section,
    make_update,
    sign_off_update,
)
from tests.forms import errors_of, filled_in, names_of_text_fields, typed_into

AWKWARD = {
    "empty": "",
    "spaces": " \n\t ",
    "huge": "x" * 60_000,
    "NUL": "before\x00after",
    "control": "before\x01\x08\x0b\x1f\x7fafter",
    "emoji": "👩🏽‍🦽 family 👨‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "right to left": "مرحبا بكم \u202eevil\u202c שלום",
    "combining": "Z̸̢͎a̵̛l̷̺g̸̈o" * 20,
    "script": "</textarea><script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
    "template": "{{ settings.SECRET_KEY }}{% debug %}${7*7}",
    "number": "99999999999999999999999999",
    "negative": "-1",
    "surrogate": "%ED%A0%80\ufffe\uffff",
    "formula": "=cmd|' /C calc'!A0",
}


def try_everything(client, address: str, *, skip=()) -> int:
    """Sends the page's form once for every field and every awkward text. Returns how many."""
    page = client.get(address)
    form, typed = filled_in(page), names_of_text_fields(page)
    fields = [name for name in form if not name.endswith(("_FORMS", "middlewaretoken", *skip))]
    assert fields
    for name in fields:
        for kind, text in AWKWARD.items():
            answer = client.post(address, form | {name: text})
            assert answer.status_code in {200, 302, 404}, (name, kind, answer.status_code)
            if answer.status_code == 200:
                # Read as text: a parser would take minutes for so many pages.
                assert '<ul class="errorlist' in answer.text, f"{name}, {kind}: without a word"
                if name in typed:
                    kept = str(escape(unseen(text))) in unseen(answer.text)
                    assert kept, f"{name}, {kind}: what was typed is lost"
    return len(fields) * len(AWKWARD)


def unseen(text: str) -> str:
    """HTML cannot hold every character, and a browser strips the ends of some fields."""
    return re.sub(r"[\x00-\x1f\x7f\ufffd\ufffe\uffff]", "", text).strip()


def test_every_field_of_an_update_takes_awkward_texts(client, author):
    client.force_login(author)
    letter = attachments.store_pdf(hostile_files.pdf(), by=author)
    file = EditionFile(attachment=letter, title="The letter", summary="They said: go on.")
    parts = [make_item("better"), make_item("not good enough"), file]
    draft = make_update(by=author, parts=parts)
    address = reverse("admin:updates_termlyupdate_change", args=[draft.pk])

    assert try_everything(client, address) >= 200


def test_every_field_of_what_you_said_takes_awkward_texts(client, author):
    client.force_login(author)
    draft = make_card(by=author)

    assert try_everything(client, reverse("admin:updates_yousaidwedid_change", args=[draft.pk]))


def test_every_field_of_an_information_page_takes_awkward_texts(client, author):
    client.force_login(author)
    draft = make_page(by=author, parts=[make_section()])

    assert try_everything(client, reverse("admin:website_informationpage_change", args=[draft.pk]))


def test_every_question_of_a_verb_takes_awkward_texts(client, author, publisher):
    client.force_login(publisher)
    draft = actions.start_edition(make_public_update(by=author).document, by=author)
    page = reverse("admin:updates_termlyupdate_changelist")

    # Its own successes change the page, so that afterwards it may be refused: also in words.
    sent = sum(
        try_everything(client, f"{page}{draft.pk}/do/{verb}/")
        for verb in ("remove-details", "take-down")
    )

    assert sent >= 40


def test_every_question_before_publishing_takes_awkward_texts(client, author, publisher):
    client.force_login(publisher)
    signed = sign_off_update(make_update(by=author), publisher=publisher)
    page = reverse("admin:updates_termlyupdate_changelist")

    assert try_everything(client, f"{page}{signed.pk}/do/schedule/") >= 20


def test_every_field_of_a_term_takes_awkward_texts(client, publisher):
    client.force_login(publisher)

    assert try_everything(client, reverse("admin:programme_term_add")) >= 50


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
