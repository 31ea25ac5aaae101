"""GOV.UK Notify, tried against a stand-in of its HTTP interface on this machine."""

import datetime as dt
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.conf import settings as site
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from config.settings import mailer
from participation import outbox
from participation.models import Mail
from tests import factories
from tests.mail_helpers import look_for_news, make_follower

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# As Notify's keys look: a name, and two UUIDs.
KEY = "test-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0"


class Stand(BaseHTTPRequestHandler):
    def do_POST(self):
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = self.server.answers.pop(0) if self.server.answers else 201
        if answer in {201, "taken, then silence"}:
            self.server.taken.append(said)
        if answer == "taken, then silence":
            self.connection.close()
            return
        if answer == "a page of a proxy":
            self.say(200, "<h1>Sign in</h1>")
            return
        self.say(answer, {"id": "1"} if answer == 201 else {"errors": [{"message": str(said)}]})

    def do_GET(self):
        wanted = parse_qs(urlsplit(self.path).query)["reference"][0]
        found = [each for each in self.server.taken if each["reference"] == wanted]
        self.say(200, {"notifications": found})

    def say(self, status, body):
        assert self.headers["Authorization"].startswith("Bearer ")
        self.send_response(status)
        self.end_headers()
        self.wfile.write((body if isinstance(body, str) else json.dumps(body)).encode())

    def log_message(self, *args):
        pass


@pytest.fixture
def notify(settings):
    """The stand-in; its `answers` come first, then it takes everything."""

    @contextmanager
    def standing():
        server = ThreadingHTTPServer(("127.0.0.1", 0), Stand)
        server.taken, server.answers = [], []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    with standing() as server:
        url = f"http://127.0.0.1:{server.server_port}"
        settings.SITE_URL = "https://can.example.org"
        options = {"key": KEY, "template": "a-template", "url": url}
        backend = "participation.notify.EmailBackend"
        settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": options}}
        yield server


def make_news():
    promise = factories.make_public_promise()
    make_follower()
    factories.correct_update(promise, by=promise.created_by, change_note="The date was wrong.")
    look_for_news()


def test_a_mail_goes_through_notify_with_one_click_to_stop(council, notify):
    make_news()

    [taken] = notify.taken
    assert taken["email_address"] == "parent@example.org"
    assert taken["template_id"] == "a-template"
    assert "The date was wrong." in taken["personalisation"]["body"]
    assert taken["reference"].startswith(str(Mail.objects.get().key))
    stop = taken["one_click_unsubscribe_url"]
    assert stop.startswith("https://can.example.org/updates/email/stop/")


@pytest.mark.parametrize("answer", [400, 403, 429, 500, 503, "a page of a proxy"])
def test_what_notify_refuses_waits_and_goes_later(council, notify, answer):
    notify.answers = [answer]

    make_news()
    assert notify.taken == []
    assert str(answer) in Mail.objects.get().why or Mail.objects.get().why == "NotifyIsAway"
    with time_machine.travel(timezone.now() + dt.timedelta(hours=1)):
        outbox.send_waiting()

    assert len(notify.taken) == 1


def test_notify_is_asked_before_a_mail_goes_again(council, notify):
    """It took the mail, and we never heard so: unlike a mail server it can say that it has it."""
    notify.answers = ["taken, then silence"]
    make_news()
    assert Mail.objects.unsent().count() == 1

    with time_machine.travel(timezone.now() + dt.timedelta(hours=1)):
        outbox.send_waiting()

    assert not Mail.objects.unsent().exists()
    assert len(notify.taken) == 1


def test_the_library_is_in_what_the_image_installs_or_the_site_says_what_is_missing(monkeypatch):
    locked = (site.BASE_DIR / "requirements.txt").read_text()
    image = (site.BASE_DIR / "Dockerfile").read_text()
    monkeypatch.setenv("NOTIFY_KEY", KEY)
    monkeypatch.setattr("config.settings.find_spec", lambda name: None)

    assert "\nnotifications-python-client==" in locked
    assert "--require-hashes -r requirements.txt" in image
    with pytest.raises(ImproperlyConfigured, match="its library is not installed"):
        mailer("notify://1234")


def test_the_environment_says_how_mails_leave(monkeypatch):
    monkeypatch.setenv("NOTIFY_KEY", KEY)

    smtp = mailer("smtp+tls://site:p%40ss@mail.example.org:2525")["OPTIONS"]
    wanted = {"host": "mail.example.org", "port": 2525, "username": "site", "password": "p@ss"}
    assert wanted.items() <= smtp.items()
    assert (smtp["use_tls"], smtp["use_ssl"]) == (True, False)
    assert mailer("smtps://mail.example.org")["OPTIONS"]["use_ssl"]
    assert mailer("notify://1234")["OPTIONS"] == {"key": KEY, "template": "1234"}
    with pytest.raises(ImproperlyConfigured, match="MAIL_URL begins with “pigeon”"):
        mailer("pigeon://home")
