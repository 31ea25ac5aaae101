"""Following by e-mail: asking, confirming, choosing and stopping, without a cookie or a name."""

import datetime as dt
import re
from urllib.parse import unquote

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from participation import following
from participation.addresses import one_address
from participation.models import Follow, Mail, Subscriber
from participation.retention import erase_expired
from tests import factories
from tests.mail_helpers import ADDRESS, link_in, look_for_news, make_follower, news

FORM = "/updates/email/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def promise(council):
    return factories.make_public_promise(title="Every family has a named worker")


@pytest.fixture
def asking(client, django_capture_on_commit_callbacks):
    """Sends the form; the mail leaves when the request is done, as in the demonstration."""

    def ask(email=ADDRESS, what="everything", **more):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(FORM, {"email": email, "what": what, **more})

    return ask


def test_nothing_is_sent_until_the_button_in_the_mail_is_pressed(client, asking, promise):
    asking(what="page", about=promise.document.key)
    [question] = mail.outbox
    path = link_in(question, "confirm")
    factories.correct_update(promise, by=promise.created_by, will_notice="You have a name.")
    look_for_news()

    shown = client.get(path)

    assert "Every family has a named worker" in shown.text
    assert Follow.objects.get().confirmed_at is None
    assert news() == []
    answer = client.post(path)
    assert answer.status_code == 302
    assert "You get our e-mails now" in client.get(answer["Location"]).text
    assert Follow.objects.get().confirmed_at is not None


def test_the_form_names_the_page_that_its_link_came_from(client, promise):
    page = client.get(promise.get_absolute_url())
    link = f"{FORM}?about={promise.document.key}"

    assert link in page.text
    assert "This: Promise" in client.get(link).text
    for unknown in ("nobody", "0" * 32, "%00", "💥"):
        assert client.get(f"{FORM}?about={unknown}").status_code == 200


def test_known_and_unknown_addresses_get_the_same_answer(client, asking):
    make_follower("known@example.org")

    answers = [asking(email) for email in ("known@example.org", "unknown@example.org")]

    assert {(a.status_code, a["Location"]) for a in answers} == {(302, "/updates/email/sent/")}
    subjects = {message.to[0]: message.subject for message in mail.outbox}
    assert subjects == {
        "known@example.org": "You get our e-mails already",
        "unknown@example.org": "Press the button to get our e-mails",
    }


def test_many_requests_for_one_address_send_no_more_than_three_mails(settings):
    """200 here; a thousand at once, from several processes, in `make soak`."""
    settings.BEHIND_PROXY = True
    answers = set()
    for number in range(200):
        name = f"Parent+{number}" if number % 2 else "parent"
        address, sender = f"{name}@Example.org", f"192.0.2.{number % 100}"
        if number % 25:
            now = timezone.now()
            following.ask(one_address(address), "everything", None, sender=sender, now=now)
            continue
        client = Client(headers={"X-Forwarded-For": f"spoofed, {sender}"})
        response = client.post(FORM, {"email": address, "what": "everything"})
        answers.add((response.status_code, response["Location"]))
    look_for_news()

    assert answers == {(302, "/updates/email/sent/")}
    assert Mail.objects.count() == len(mail.outbox) == 2


def test_news_and_questions_together_are_no_more_than_three_mails_a_day(asking, promise):
    make_follower()
    for _ in range(5):
        asking()
        promise = factories.correct_update(promise, by=promise.created_by)
        look_for_news()

    assert len(mail.outbox) == 3
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=1)):
        look_for_news()
    # All that waited comes in one mail.
    assert len(mail.outbox) == 4
    assert mail.outbox[-1].subject.endswith("things are new or changed")


def test_one_sender_cannot_write_to_many(client):
    statuses = [
        client.post(FORM, {"email": f"p{n}@example.org", "what": "updates"}).status_code
        for n in range(21)
    ]

    assert statuses == [302] * 20 + [429]
    last = client.post(FORM, {"email": "typed@example.org", "what": "updates"})
    assert "Try again tomorrow" in last.text
    assert 'value="typed@example.org"' in last.text


BAD_ADDRESSES = [
    "",
    "nobody",
    "a@b,v@x",
    "a@example.org, v@example.org",
    "a@example.org\r\nBcc: v@example.org",
    "a@example.org\nBcc:v@example.org",
    "Me <a@example.org>",
    "a@[127.0.0.1]",
    "a@127.0.0.1",
    '"a b"@example.org',
    "a@@example.org",
    "a@example",
    "a@exam ple.org",
    "a\x00b@example.org",
    "\u202eparent@example.org",
    "pål@example.org",
    "😀@example.org",
    "<script>alert(1)</script>@example.org",
    "a" * 300 + "@example.org",
    "a@" + "b" * 70 + ".org",
    "a" * 100_000,
]


@pytest.mark.parametrize("typed", BAD_ADDRESSES)
def test_what_is_no_address_gets_a_clear_message_and_stays_in_the_form(client, typed):
    response = client.post(FORM, {"email": typed[:15_000], "what": "everything"})

    assert response.status_code == 200
    assert "name@example.org" in response.text or "these letters" in response.text
    assert 'href="#id_email"' in response.text
    assert not Subscriber.objects.exists()
    kept = typed.strip()[:200]
    if kept.isprintable() and kept.isascii() and not set("\"<>'&") & set(kept):
        assert kept in response.text


def test_an_address_in_another_script_is_written_to_by_its_host_s_real_name():
    assert one_address(" Ann@Bücher.example ") == "ann@xn--bcher-kva.example"


@pytest.mark.parametrize("path", [FORM, "/updates/email/stop/x/", "/updates/email/settings/x/"])
def test_a_hundred_megabytes_are_refused_before_they_are_read(path):
    class Unread:
        def read(self, *args):
            pytest.fail("The body was read.")

        readline = read

    length = {"CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": 100_000_000}
    response = Client().generic("POST", path, **length, **{"wsgi.input": Unread()})

    # Without a link that works, nothing is read at all.
    assert response.status_code == (413 if path == FORM else 200)


def test_a_program_that_fills_in_everything_is_thanked_and_ignored(client):
    data = {"email": ADDRESS, "what": "everything", "website": "http://spam.example\x00"}

    assert client.post(FORM, data).status_code == 302
    assert not Subscriber.objects.exists()


def test_choosing_needs_its_link_and_nothing_else(client, promise):
    subscriber = make_follower(what="page", document=promise.document)
    make_follower(what="updates")
    path = settings_of(subscriber)

    shown = client.get(path)
    first, second = Follow.objects.order_by("pk")
    client.post(path, {"kept": [second.pk], "pace": "weekly"})

    assert "p…@example.org" in shown.text
    assert ADDRESS not in shown.text
    subscriber.refresh_from_db()
    assert subscriber.pace == "weekly"
    assert list(Follow.objects.all()) == [second]
    wrong = client.post(path, {"kept": [first.pk, "x\x00"], "pace": "hourly"})
    assert wrong.status_code == 200
    assert "not yours any more" in wrong.text


def test_without_a_tick_everything_stops(client):
    subscriber = make_follower()

    client.post(settings_of(subscriber), {"pace": "at once"})

    subscriber.refresh_from_db()
    assert subscriber.is_stopped


def test_who_has_stopped_can_start_again_and_who_is_erased_is_gone(client, promise):
    subscriber = make_follower()
    path = settings_of(subscriber)
    client.post(path, {"stop": "1"})
    factories.correct_update(promise, by=promise.created_by)
    assert "You get no e-mails" in client.get(path).text

    client.post(path, {"again": "1"})
    look_for_news()

    assert news() == []  # what happened while she had stopped is not sent
    assert "is deleted" in client.post(path, {"erase": "1"}, follow=True).text
    assert not Subscriber.objects.exists()
    assert "does not work any more" in client.get(path).text


def test_a_link_works_for_its_own_purpose_alone(client):
    subscriber = make_follower()
    stop = following.link("stop", subscriber)
    token = stop.split("/")[-2]

    for path in (f"/updates/email/settings/{token}/", f"/updates/email/confirm/{token}/"):
        assert "does not work any more" in client.post(path).text
    for altered in (token[:-1], token[1:], token.swapcase(), f"{token}x", "\x00", "😀", "a:b:c"):
        response = client.post(f"/updates/email/stop/{altered}/")
        assert response.status_code == 200
    subscriber.refresh_from_db()
    assert not subscriber.is_stopped


def test_an_old_link_says_how_to_get_a_new_one(client, asking):
    asking()
    path = link_in(mail.outbox[0], "confirm")

    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=4)):
        response = client.post(path)

    assert "Write your address" in response.text
    assert Follow.objects.get().confirmed_at is None


def test_a_mail_program_unsubscribes_with_one_post(promise):
    make_follower()
    factories.correct_update(promise, by=promise.created_by)
    look_for_news()
    [message] = news()
    address = message.extra_headers["List-Unsubscribe"].strip("<>")
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    stranger = Client(enforce_csrf_checks=True)
    path = address.removeprefix("http://testserver")
    shown, is_stopped = stranger.get(path), Subscriber.objects.get().is_stopped
    response = stranger.post(path, {"List-Unsubscribe": "One-Click"})

    assert (shown.status_code, is_stopped, response.status_code) == (200, False, 200)
    assert Subscriber.objects.get().is_stopped


def test_these_pages_set_no_cookie_and_no_cache_keeps_them(client, asking):
    subscriber = make_follower()
    asking("else@example.org")
    paths = [FORM, f"{FORM}sent/", f"{FORM}erased/", settings_of(subscriber)]
    paths.append(link_in(mail.outbox[0], "confirm"))
    for path in paths:
        response = client.get(path)
        assert response.status_code == 200
        assert not response.cookies
        assert "no-store" in response["Cache-Control"]
        assert 'name="robots" content="noindex"' in response.text
        token = path.split("/")[-2]
        assert response.text.count(token) == 0 or len(token) < 20


def test_no_link_on_these_pages_tells_the_next_page_their_address(client):
    subscriber = make_follower()
    path = following.link(following.SETTINGS, subscriber)
    token = path.split("/")[-2]

    page = client.get(path).text

    links = re.findall(r'(?:href|content)="([^"]*)"', page)
    assert [link for link in links if token in unquote(link)] == []
    assert token not in client.get("/have-your-say/", {"page": path}).text


def test_who_never_answered_and_who_stopped_is_forgotten(asking):
    asking()
    stopped = make_follower("stopped@example.org")
    stays = make_follower("stays@example.org")
    now = dt.datetime.now(dt.UTC)
    stopped.stop(now)

    erase_expired(now + dt.timedelta(days=4))
    assert set(Subscriber.objects.all()) == {stopped, stays}
    erase_expired(now + dt.timedelta(days=31))

    assert list(Subscriber.objects.all()) == [stays]


def settings_of(subscriber) -> str:
    return following.link(following.SETTINGS, subscriber)
