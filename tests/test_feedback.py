"""Have your say: the forms, what they refuse and keep, and the receipt."""

import datetime as dt
import logging
import re
from urllib.parse import urlencode

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from participation import feedback_alerts
from participation.feedback_danger import says_danger
from participation.models import DayCount, Feedback, YearlyReport
from participation.models.feedback import LONGEST_FEEDBACK
from tests.factories import make_promise, make_public_card, make_public_page, make_public_promise
from tests.forms import filled_in
from tests.languages import LANGUAGES
from tests.test_public_pages import words_of
from website.models import PrivacyReport

pytestmark = pytest.mark.django_db

FORM, EASY, RECEIPT = "/have-your-say/", "/have-your-say/easy-read/", "/have-your-say/receipt/"
CODE = re.compile(r"\b([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})\b")
AWKWARD = {
    "emoji": "\U0001f469\u200d\U0001f467 \U0001f9d1\U0001f3fd\u200d\U0001f9bd",
    "right to left": "\u202eevil\u202c \u200fשם",
    "script": "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
    "header": "Hello\r\nBcc: victim@example.org\r\n\r\nBody",
    "two addresses": "a@b.example,v@x.example a@[127.0.0.1]",
    "NUL": "a\0b\x1b[31m",
    "formula": "=cmd|' /C calc'!A0",
    "template": "{{ settings.SECRET_KEY }}{% now %}",
    **LANGUAGES,
}


def send(client, words="Nobody answers the phone.", *, to=FORM, **more):
    return client.post(to, {"words": words, **more})


def code_on(page) -> str:
    return CODE.search(words_of(page))[1]


# The form


def test_every_page_leads_to_the_form_and_the_form_names_the_page(client):
    promise = make_public_promise()
    address = promise.get_absolute_url()

    page = client.get(address).text
    form = client.get(f"{FORM}?page={address}")

    assert f'href="/have-your-say/?page={address}"' in page
    assert f"You write about this page: {promise.title}" in words_of(form)
    assert f'name="page" value="{address}"' in form.text


def test_what_was_sent_is_kept_with_the_page_it_is_about(client):
    promise = make_public_promise()

    answer = send(client, page=promise.get_absolute_url(), who="parent")

    feedback = Feedback.objects.get()
    assert answer.status_code == 200
    assert (feedback.words, feedback.who) == ("Nobody answers the phone.", "parent")
    assert feedback.document == promise.document
    assert feedback.answer_by == timezone.localdate() + dt.timedelta(days=28)
    assert not feedback.is_for_duty


def test_after_the_thanks_the_page_it_was_about_can_be_followed(client, author):
    promise = make_public_promise(by=author)
    for address in (FORM, EASY):
        thanks = send(client, to=address, page=promise.get_absolute_url())
        assert f"/updates/email/?about={promise.document.key}" in thanks.text
    assert "about=" not in send(client, page="/").text


def test_the_form_leads_to_the_reports_of_the_years(client, author):
    assert "What others told us" not in client.get(FORM).text

    report = YearlyReport.objects.create(year=2025, tables=[], by=author)

    assert f'href="{report.get_absolute_url()}"' in client.get(FORM).text


def test_a_draft_is_neither_named_nor_linked(client):
    draft = make_promise()

    form = client.get(f"{FORM}?page={draft.get_absolute_url()}")
    send(client, page=draft.get_absolute_url())

    assert draft.title not in form.text
    assert Feedback.objects.get().document is None


@pytest.mark.parametrize("address", [FORM, EASY])
def test_before_the_box_it_says_what_the_form_is_not_for(client, address):
    make_public_page("help")
    text = words_of(client.get(address))

    assert text.index("999") < text.index("Who are you?")
    assert "5 working days" in text
    told = {
        FORM: ("Do not write a child’s name", "a complaint", "your own child"),
        EASY: ("Do not write names", "a complaint", "We cannot talk about you here"),
    }
    for words in told[address]:
        assert text.index(words) < text.index("Who are you?")
    for link in ("See how to complain", "See who can help you" if address == EASY else "call"):
        assert link in text


@pytest.mark.parametrize("to", [FORM, EASY, "/private/"])
def test_a_form_that_is_refused_keeps_her_words_and_one_press_sends_them(to):
    """Her browser lost the cookie, or the page came from another one."""
    client = Client(enforce_csrf_checks=True)
    words = "I waited <b>7</b> months.\r\nNobody answers."

    refused = client.post(to, {"words": words, "page": "/plan/", "who": "parent"})
    kept_then = Feedback.objects.count()
    client.post(to, filled_in(refused))

    assert (refused.status_code, kept_then) == (403, 0)
    assert "no-store" in refused["Cache-Control"]
    message = Feedback.objects.first() or PrivacyReport.objects.get()
    assert message.words == words.replace("\r\n", "\n")
    assert message.page == "/plan/"


def test_what_staff_typed_is_not_shown_again_when_it_is_refused():
    sent = {"username": "author", "password": "canaryq1"}

    refused = Client(enforce_csrf_checks=True).post("/admin/login/", sent)

    assert refused.status_code == 403
    assert "canaryq1" not in refused.text
    assert "Go back to the form" in words_of(refused)


@pytest.mark.parametrize("address", [FORM, EASY, RECEIPT])
def test_no_cache_keeps_a_form_and_none_is_taken_from_elsewhere(client, address):
    assert "no-store" in client.get(address)["Cache-Control"]
    assert Client(enforce_csrf_checks=True).post(address, {"words": "x"}).status_code == 403
    assert not Feedback.objects.exists()


def test_the_easy_read_form_is_kept_as_such(client):
    page = send(client, to=EASY, who="young")

    assert Feedback.objects.get().is_easy_read
    assert "This is your code" in words_of(page)


# Bad input


@pytest.mark.parametrize("to", [FORM, EASY])
@pytest.mark.parametrize("words", ["", "  \n ", "\0", "x" * (LONGEST_FEEDBACK + 1)])
def test_a_refused_message_says_why_and_keeps_what_was_typed(client, to, words):
    page = send(client, words, to=to, who="school")

    assert page.status_code == 200
    assert "<title>Error: " in page.text
    assert 'href="#id_words"' in page.text
    assert words.strip(" \n\0") in page.text
    assert 'value="school" ' in page.text
    assert re.search(r'value="school"[^>]* checked', page.text)
    assert not Feedback.objects.exists()


def test_a_made_up_answer_is_refused_by_name_and_loses_nothing(client):
    page = send(client, who="<b>king</b>")

    assert "Who are you? Choose one of the answers, or none." in words_of(page)
    assert "Nobody answers the phone." in page.text
    assert "<b>king" not in page.text


@pytest.mark.parametrize("kind", AWKWARD)
def test_whatever_people_type_is_kept(client, kind):
    text = AWKWARD[kind]

    page = send(client, text)

    kept = Feedback.objects.get().words
    assert page.status_code == 200
    assert "\0" not in kept
    assert kept[0] == text[0]


@pytest.mark.parametrize("field", ["page", "once", "who", "website"])
@pytest.mark.parametrize("kind", ["NUL", "script", "Arabic", "huge"])
def test_no_other_field_breaks_the_form(client, field, kind):
    text = AWKWARD.get(kind, "x" * 100_000)

    sent = urlencode({"words": "A word.", field: text})
    page = client.post(FORM, sent, content_type="application/x-www-form-urlencoded")

    assert page.status_code == 200
    assert "<script>alert(1)" not in page.text


@pytest.mark.parametrize("to", [FORM, EASY, RECEIPT, "/private/", "/updates/email/"])
@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_a_body_of_100_megabytes_is_refused_before_it_is_read(client, to, kind):
    class Body:
        read_bytes = 0

        def read(self, size=-1):
            Body.read_bytes += 1
            return b""

        readline = read

    answer = client.generic(
        "POST", to, CONTENT_TYPE=kind, CONTENT_LENGTH="100000000", **{"wsgi.input": Body()}
    )

    assert answer.status_code == 413
    assert "too large" in words_of(answer)
    assert Body.read_bytes == 0


@pytest.mark.parametrize("body", [b"\xff\xfe=%", b"&" * 2000, b"words=a&words=b", b"words[]=x"])
def test_a_body_that_is_no_form_is_never_an_error_of_ours(client, body):
    answer = client.generic("POST", FORM, body, content_type="application/x-www-form-urlencoded")

    assert answer.status_code in {200, 400}


def test_a_program_that_fills_in_everything_is_thanked_and_ignored(client):
    page = send(client, website="https://spam.example")

    assert "Thank you" in words_of(page)
    assert not CODE.search(words_of(page))
    assert not Feedback.objects.exists()


# Not too many


def test_one_connection_sends_60_an_hour_and_one_browser_5(client):
    for number in range(5):
        assert send(client, f"Message {number}").status_code == 200
    refused = send(client, "One more.")
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=61)):
        later = send(client, "One more.")

    assert refused.status_code == 429
    assert "One more." in refused.text
    assert later.status_code == 200


def browser() -> tuple[Client, str]:
    client = Client(enforce_csrf_checks=True)
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', client.get(FORM).text)[1]
    return client, token


def test_a_school_s_pupils_send_each_from_their_own_browser(monkeypatch):
    for _ in range(3):
        client, token = browser()
        for number in range(4):
            answer = send(client, f"Message {number}", csrfmiddlewaretoken=token)
            assert answer.status_code == 200

    kept = str(list(DayCount.objects.values()))
    assert "127.0.0.1" not in kept
    assert client.cookies["csrf"].value not in kept
    assert Feedback.objects.count() == 12


# Whatever fails afterwards


def test_a_database_that_fails_is_said_honestly_and_loses_no_word(client, monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise DatabaseError("Failing row contains (Nobody answers the phone.)")

    monkeypatch.setattr(Feedback, "save_base", fail)

    page = send(client)

    assert page.status_code == 503
    assert "We could not keep your message" in words_of(page)
    assert "Nobody answers the phone." in page.text
    assert "Nobody answers" not in caplog.text


def test_the_same_form_sent_twice_is_kept_once_and_has_one_code(client):
    once = re.search(r'name="once" value="([\w-]+)"', client.get(FORM).text)[1]

    codes = [code_on(send(client, once=once)) for _ in range(2)]
    other = code_on(send(client, "Something else.", once=once))

    assert codes[0] == codes[1] != other
    assert Feedback.objects.count() == 2


# A child in danger


@pytest.mark.parametrize(
    ("words", "is_danger"),
    [
        ("My son’s teacher HITS him", True),
        ("I don't feel safe at home", True),
        ("he was re­strained", False),  # a soft hyphen: staff who read it alert the duty role
        ("She talks of suicide.", True),
        ("Ofiara przemocy", True),
        ("وہ خودکشی کی بات کرتی ہے", True),
        ("The taxi was late again.", False),
        ("We waited 7 months for a plan.", False),
    ],
)
def test_words_of_danger_are_noticed(words, is_danger):
    assert says_danger(words) is is_danger


@pytest.fixture
def at_once(settings):
    settings.SAFEGUARDING_EMAIL = "duty@example.org"
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}


def test_the_duty_role_is_mailed_at_once_without_the_words(client, at_once):
    send(client, "Somebody hits her at school.", page="/plan/")

    [sent] = mail.outbox
    assert sent.to == ["duty@example.org"]
    assert "/admin/participation/feedback/" in sent.body
    assert "hits her" not in sent.message().as_string()
    assert Feedback.objects.get().alerted_at


@pytest.mark.parametrize("error", [OSError("refused"), TimeoutError("hangs")])
def test_a_mail_that_fails_costs_nobody_their_message_and_is_sent_later(
    client, at_once, monkeypatch, error
):
    def fail(*args, **kwargs):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(feedback_alerts.EmailMessage, "send", fail)
        page = send(client, "Somebody hits her.")
    assert code_on(page)
    assert Feedback.objects.get().alerted_at is None
    call_command("send_alerts")
    call_command("send_alerts")

    [sent] = mail.outbox
    assert "wait for you: 1" in sent.body


# The receipt


def look(client, code):
    return client.post(RECEIPT, {"code": code})


def test_the_code_is_long_random_and_kept_as_a_digest(client):
    code = code_on(send(client))

    assert len(code.replace("-", "")) * 5 >= 64
    assert code not in str(Feedback.objects.values().get())
    assert code.replace("-", "") not in str(Feedback.objects.values().get())
    assert code != code_on(send(client))


@pytest.mark.parametrize("write", [str, str.lower, lambda code: f" {code.replace('-', ' ')} "])
def test_the_code_is_read_however_it_is_written(client, write):
    code = code_on(send(client))

    assert "Nobody has read it yet." in words_of(look(client, write(code)))


def test_the_receipt_tells_how_far_it_has_got_and_nothing_else(client, author):
    code = code_on(send(client))
    feedback = Feedback.objects.get()

    with time_machine.travel(timezone.now() + dt.timedelta(days=8)):
        unread = look(client, code)
    feedback.open_for(author)
    read = look(client, code)
    with time_machine.travel(timezone.now() + dt.timedelta(days=40)):
        late = look(client, code)
    card = make_public_card()
    Feedback.objects.update(became=card.document)
    answered = look(client, code)

    assert "We are late" in words_of(unread)
    assert "We will answer by" in words_of(read)
    assert "Our answer is late" in words_of(late)
    assert f'href="{card.get_absolute_url()}"' in answered.text
    for page in (read, late, answered):
        assert "Nobody answers" not in page.text
        assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize(
    ("reason", "says"),
    [("personal", "one child or family"), ("elsewhere", "no part in"), ("hostile", "hurt people")],
)
def test_the_receipt_says_why_there_is_no_answer(client, reason, says):
    code = code_on(send(client))
    Feedback.objects.update(why_not=reason, closed_at=timezone.now())

    assert says in words_of(look(client, code))


@pytest.mark.parametrize(
    "code", ["", "   ", "AAAA-AAAA-AAAA-AAAA", "\0", "x" * 10_000, "<script>", "كود", "'; DROP"]
)
def test_a_wrong_code_says_so_and_stays_in_the_box(client, code):
    send(client)

    page = look(client, code)

    assert page.status_code == 200
    assert "<title>Error: " in page.text
    assert 'href="#id_code"' in page.text
    assert "Nobody has read it yet" not in words_of(page)
    assert "<script>" not in page.text.replace("<script src", "")


# The log


def test_no_word_address_or_code_is_ever_logged(client, at_once, monkeypatch):
    lines = []
    handler = logging.Handler(level=0)
    handler.emit = lambda record: lines.append(logging.Formatter().format(record))
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        code = code_on(send(client, "canaryq1 hits me", page="/plan/"))
        look(client, code)
        look(client, "CANARYQ1")
        send(client, "canaryq1" * 2000)
        send(client, "canaryq1", who="canaryq1")
        Client(enforce_csrf_checks=True).post(FORM, {"words": "canaryq1"})
        client.post(FORM, {"words": "canaryq1" * 400_000})
        client.get(f"{FORM}nowhere/")
        monkeypatch.setattr(Feedback, "save_base", lambda *a, **k: 1 / 0)
        client.raise_request_exception = False
        assert send(client, "canaryq1 again").status_code == 500
    finally:
        root.removeHandler(handler)
        root.setLevel(before)

    text = "\n".join(lines)
    assert len(lines) >= 3
    for secret in ("canaryq1", "CANARYQ1", code, code.replace("-", ""), "127.0.0.1"):
        assert secret not in text
