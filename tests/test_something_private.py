"""“This page shows something private”: the form, its limits, and what staff see of it."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from participation.models import DayCount
from participation.public_forms import document_at
from publishing import actions
from tests.factories import make_public_promise, make_public_update, make_user
from tests.test_public_pages import words_of
from website.models import PrivacyReport
from website.models.reports import LONGEST_REPORT, REPORTS_AN_HOUR

pytestmark = [pytest.mark.django_db, pytest.mark.once]

FORM, SENT = "/private/", "/private/sent/"


def send(client, words="A child is named in line 3.", page="/updates/2022-spring/", **more):
    return client.post(FORM, {"words": words, "page": page, **more})


@pytest.fixture
def update():
    return make_public_update()


# The form


def test_every_page_leads_to_the_form_and_names_itself(client, update):
    page = client.get(update.get_absolute_url()).content.decode()

    assert 'href="/private/?page=/updates/2022-spring/"' in page
    assert (
        'name="page" value="/updates/2022-spring/"'
        in client.get(f"{FORM}?page=/updates/2022-spring/").content.decode()
    )


def test_a_report_is_kept_and_its_sender_told_what_happens_next(client, update):
    page = send(client)

    report = PrivacyReport.objects.get()
    assert page["Location"] == SENT
    assert (report.page, report.words) == ("/updates/2022-spring/", "A child is named in line 3.")
    assert "What happens next" in words_of(client.get(SENT))


def test_the_form_is_never_kept_by_a_cache(client):
    for address in (FORM, SENT):
        assert "no-store" in client.get(address)["Cache-Control"]


def test_a_form_from_elsewhere_is_refused():
    assert send(Client(enforce_csrf_checks=True)).status_code == 403


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("", "Say what is wrong."),
        ("   ", "Say what is wrong."),
        ("x" * (LONGEST_REPORT + 1), "Your message is too long."),
    ],
)
def test_a_refused_message_says_why_and_keeps_what_was_typed(client, words, complaint):
    page = send(client, words=words)

    text = page.content.decode()
    assert page.status_code == 200
    assert complaint in words_of(page)
    assert "<title>Error: " in text
    assert 'href="#id_words"' in text
    assert words.strip() in text
    assert not PrivacyReport.objects.exists()


@pytest.mark.parametrize(
    "words",
    [
        "a\0b",
        "\U0001f469\u200d\U0001f467 name",  # an emoji of two people, joined
        "\u200f\u05e9\u05dd",  # Hebrew, with its mark of direction
        "<script>alert(1)</script>",
        "x" * LONGEST_REPORT,
        "a\r\nb" * 400,
    ],
)
def test_whatever_people_type_is_kept(client, words):
    assert send(client, words=words)["Location"] == SENT

    kept = PrivacyReport.objects.get().words
    assert "\0" not in kept
    assert kept[0] == words[0]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://evil.example/",
        "//evil.example/",
        "javascript:alert(1)",
        "/nothing/at/all/",
        "/admin/",
        "/" + "x" * 400,
        "/%0a/",
        "/updates/[",
    ],
)
def test_only_a_page_of_ours_is_named(client, address):
    shown = client.get(FORM, {"page": address})
    send(client, page=address)

    assert 'name="page" value=""' in shown.content.decode()
    assert PrivacyReport.objects.get().page == ""


def test_a_program_that_fills_in_everything_is_thanked_and_ignored(client):
    assert send(client, website="https://spam.example")["Location"] == SENT
    assert not PrivacyReport.objects.exists()


# Not too many


def test_one_connection_sends_five_an_hour_and_loses_nothing_typed(client):
    for _ in range(REPORTS_AN_HOUR):
        send(client)

    refused = send(client, words="One more.")
    from_elsewhere = client.post(FORM, {"words": "Other."}, REMOTE_ADDR="192.0.2.9")

    assert refused.status_code == 429
    assert "One more." in refused.content.decode()
    assert from_elsewhere.status_code == 302
    assert PrivacyReport.objects.count() == REPORTS_AN_HOUR + 1


def test_an_hour_later_one_may_send_again_and_a_day_later_nothing_is_known_of_it(client):
    for _ in range(REPORTS_AN_HOUR):
        send(client)

    with time_machine.travel(timezone.now() + dt.timedelta(minutes=61)):
        assert send(client)["Location"] == SENT
    with time_machine.travel(timezone.now() + dt.timedelta(hours=26)):
        send(client)

    assert DayCount.objects.count() == 1


def test_no_address_is_stored(client):
    send(client)

    assert "127.0.0.1" not in str(DayCount.objects.values().get())


def test_behind_our_front_the_last_address_counts_and_a_made_up_one_does_not(client, settings):
    settings.BEHIND_PROXY = True
    for number in range(REPORTS_AN_HOUR):
        client.post(
            FORM, {"words": "x"}, headers={"x-forwarded-for": f"10.0.0.{number}, 192.0.2.1"}
        )

    refused = client.post(FORM, {"words": "x"}, headers={"x-forwarded-for": "10.9.9.9, 192.0.2.1"})

    assert refused.status_code == 429


def test_all_addresses_of_one_home_count_as_one(client):
    for number in range(REPORTS_AN_HOUR):
        client.post(FORM, {"words": "x"}, REMOTE_ADDR=f"2001:db8:0:1::{number}")

    assert client.post(FORM, {"words": "x"}, REMOTE_ADDR="2001:db8:0:1::ffff").status_code == 429
    assert client.post(FORM, {"words": "x"}, REMOTE_ADDR="2001:db8:0:2::1").status_code == 302


# What staff see


def test_staff_see_it_first_with_the_way_to_take_the_page_down(client, update, publisher):
    send(client)
    client.force_login(publisher)

    page = client.get("/admin/")

    text = page.content.decode()
    assert "A child is named in line 3." in words_of(page)
    assert 'href="/updates/2022-spring/"' in text
    assert f'href="/admin/updates/termlyupdate/{update.pk}/do/take-down/"' in text
    assert text.index("Somebody saw something private") < text.index("Updates to families")


def test_a_promise_stays_and_loses_the_private_words(client, publisher):
    promise = make_public_promise(publisher=publisher)
    send(client, page=promise.get_absolute_url())
    client.force_login(publisher)

    page = client.get("/admin/").text

    assert f'href="/admin/programme/milestone/{promise.pk}/do/remove-details/"' in page
    assert "Take down now" not in page


def test_who_may_not_take_down_is_told_whom_to_tell(client, update, author):
    send(client)
    client.force_login(author)

    text = words_of(client.get("/admin/"))

    assert "A child is named in line 3." in text
    assert "A publisher can take a page down. Tell one now." in text
    assert "Take down now" not in text


def test_a_page_that_is_down_is_not_offered_again(client, update, publisher):
    send(client)
    actions.withdraw(update.document, by=publisher, reason="It named a child.")
    client.force_login(publisher)

    assert "do/take-down/" not in client.get("/admin/").content.decode()


def test_what_was_dealt_with_leaves_the_page_and_after_a_month_the_database(client, publisher):
    send(client)
    report = PrivacyReport.objects.get()
    client.force_login(publisher)

    client.post(f"/admin/something-private/{report.pk}/")

    report.refresh_from_db()
    assert report.dealt_with_by == publisher
    assert "A child is named" not in words_of(client.get("/admin/"))
    with time_machine.travel(timezone.now() + dt.timedelta(days=31)):
        send(client)
    assert not PrivacyReport.objects.filter(pk=report.pk).exists()


@pytest.mark.parametrize("role", ["author", "reviewer", None])
def test_who_may_not_take_down_cannot_put_a_report_away(client, role):
    send(client)
    client.force_login(make_user(role))

    client.post(f"/admin/something-private/{PrivacyReport.objects.get().pk}/")

    assert PrivacyReport.objects.open().exists()


def test_nobody_outside_sees_reports(client):
    send(client)

    assert client.get("/admin/").status_code == 302
    assert client.post("/admin/something-private/1/").status_code == 302
    assert PrivacyReport.objects.open().exists()


@pytest.mark.parametrize("address", ["", "/", "/updates/", "/updates/2022-spring/history/1/"])
def test_the_document_behind_an_address_is_found_where_there_is_one(update, address):
    assert document_at(address) == (update.document if "2022" in address else None)
