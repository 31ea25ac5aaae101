"""Sending through a real mail server: refused, hanging, failing midway, and killed halfway."""

import asyncio
import datetime as dt
import logging
import random
import signal
import smtplib
import subprocess
import sys
import time

import pytest
import time_machine
from django.conf import settings as site
from django.core.management import call_command
from django.utils import timezone

from participation import alerts, outbox, tasks
from participation.models import Delivery, Mail, Subscriber
from tests import factories
from tests.mail_helpers import ADDRESS, make_follower
from tests.mail_server import Ledger, mail_server


def make_news(followers: int) -> None:
    """A change that so many people must hear of, written down and gathered."""
    promise = factories.make_public_promise()
    for number in range(followers):
        make_follower(f"parent{number}@example.org")
    factories.correct_update(promise, by=promise.created_by)
    alerts.find()
    alerts.gather()


def test_a_worker_that_is_told_to_end_sends_the_mail_in_hand_and_no_other(
    council, process_environment, through
):
    async def slowly():
        await asyncio.sleep(0.05)

    make_news(40)
    with mail_server(server := Ledger(lambda number: slowly())) as port:
        through(port)
        tasks.send_mails.enqueue()
        worker = start_worker(process_environment, port)
        while len(server.accepted) < 3 and worker.poll() is None:
            time.sleep(0.001)
        worker.send_signal(signal.SIGTERM)
        worker.communicate(timeout=60)
        sent = len(server.accepted)

    assert worker.returncode == 0
    assert 3 <= sent < 10
    assert Mail.objects.exclude(sent_at=None).count() == sent
    assert not Mail.objects.unsent().exclude(claimed_until=None).exists()


def later(**pause):
    return time_machine.travel(timezone.now() + dt.timedelta(**pause))


def test_a_mail_that_left_is_whole(db, council, through):
    with mail_server(server := Ledger()) as port:
        through(port)
        make_news(1)
        assert outbox.send_waiting() == 1

    [body] = server.bodies
    for line in (
        b"List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        b"Auto-Submitted: auto-generated",
        b"multipart/alternative",
        b"From: Together We CAN <updates@testserver>",
    ):
        assert line in body
    assert server.accepted == [f"{Mail.objects.get().key}@testserver"]


def test_while_the_server_refuses_the_form_answers_and_the_mail_waits(client, db, through):
    with mail_server(Ledger()) as port:
        pass  # nobody listens there any more
    through(port)
    started = time.monotonic()

    response = client.post("/updates/email/", {"email": ADDRESS, "what": "everything"})
    assert time.monotonic() - started < 1
    for minutes in range(5):
        with later(minutes=10 * minutes):
            assert outbox.send_waiting() == 0

    assert response.status_code == 302
    mail = Mail.objects.get()
    assert mail.why == "ConnectionRefusedError"
    assert mail.attempts >= 3
    with mail_server(server := Ledger()) as port, later(hours=10):
        through(port)
        assert outbox.send_waiting() == 1
        assert outbox.send_waiting() == 0
    assert len(server.accepted) == 1


def test_a_server_that_does_not_know_us_is_not_asked_again_for_each_mail(db, council, through):
    make_news(3)
    with mail_server(server := Ledger()) as port:
        through(port)
        site.MAILERS["default"]["OPTIONS"] |= {"username": "us", "password": "wrong"}
        assert outbox.send_waiting() == 0

    assert sorted(Mail.objects.values_list("why", flat=True)) == ["", "", "SMTPNotSupportedError"]
    assert server.tried == 0


def test_a_server_that_hangs_holds_nobody_for_long(client, db, council, through):
    async def hang():
        await asyncio.sleep(30)

    make_news(3)
    with mail_server(server := Ledger(lambda number: hang() if number == 1 else None)) as port:
        through(port)
        started = time.monotonic()
        client.post("/updates/email/", {"email": ADDRESS, "what": "everything"})
        assert time.monotonic() - started < 1

        outbox.send_waiting()
        assert time.monotonic() - started < 4
        with later(minutes=2):
            outbox.send_waiting()

    assert len(server.accepted) == len(server.mails) == 4


@pytest.mark.parametrize("answer", ["451 try later", "552 too much", "hang up"])
def test_a_server_that_fails_midway_gets_the_rest_later_and_nothing_twice(
    db, council, through, answer
):
    make_news(9)
    with mail_server(server := Ledger(lambda number: answer if number in {3, 5} else None)) as port:
        through(port)
        outbox.send_waiting()
        for hours in (1, 2, 3):
            with later(hours=hours):
                outbox.send_waiting()

    assert len(server.accepted) == len(server.mails) == 9
    assert set(server.recipients.values()) == {1}
    assert not Mail.objects.unsent().exists()


def test_a_mail_that_nobody_takes_for_days_is_given_up(db, council, through):
    make_news(1)
    with mail_server(server := Ledger(lambda number: "550 nobody here")) as port:
        through(port)
        for hours in range(0, 24 * 6, 7):
            with later(hours=hours):
                outbox.send_waiting()

    mail = Mail.objects.get()
    assert mail.given_up_at
    assert mail.why == "this mail alone: SMTPDataError 550"
    assert 4 < server.tried < 20


@pytest.mark.parametrize("wrong", [{}, {"username": "us", "password": "wrong"}])
def test_an_outage_of_days_throws_no_mail_away(db, council, through, wrong):
    """Nobody listens, or the server does not know us: no mail can help it."""
    make_news(3)
    with mail_server(Ledger()) as port:
        through(port)
        site.MAILERS["default"]["OPTIONS"] |= wrong
        if wrong:
            send_for_days(6)
    if not wrong:
        send_for_days(6)
    assert Mail.objects.unsent().count() == 3

    answers = ["451 not now", "451 not now", "451 not now"]
    with mail_server(server := Ledger(lambda number: answers.pop() if answers else None)) as port:
        through(port)
        for hours in (7, 14):
            with later(days=6, hours=hours):
                outbox.send_waiting()

    assert len(server.accepted) == len(server.mails) == 3
    assert not Mail.objects.unsent().exists()


def send_for_days(days: int) -> None:
    for hours in range(0, 24 * days, 7):
        with later(hours=hours):
            assert outbox.send_waiting() == 0


def test_no_address_and_no_link_is_ever_logged(db, council, through, caplog):
    from config.logs import discreet

    make_news(1)
    with mail_server(Ledger(lambda number: f"550 no {ADDRESS}")) as port:
        through(port)
        with caplog.at_level(logging.DEBUG), caplog.at_level(logging.ERROR, "mail.log"):
            outbox.send_waiting()

    assert "parent0" not in caplog.text
    said = f"{{'{ADDRESS}': (550, b'no')}} at /updates/email/stop/WyJh:1x-Y_z:sig/ (ann@b.c)"
    assert discreet(said) == "{'…@…': (550, b'no')} at /updates/email/stop/…/ (…@…)"


def test_also_a_traceback_is_logged_without_addresses(db):
    from config.logs import Discreet

    try:
        raise smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"no such user")})
    except smtplib.SMTPException:
        record = logging.LogRecord("x", 40, "x", 1, "Failed for %s", (ADDRESS,), sys.exc_info())

    assert ADDRESS not in Discreet().format(record)
    assert "SMTPRecipientsRefused" in Discreet().format(record)


def test_mails_and_counts_are_kept_no_longer_than_said(db, council):
    from participation.retention import erase_expired

    make_news(2)
    outbox.send_waiting()
    now = timezone.now()
    Subscriber.objects.first().stop(now)

    erase_expired(now + dt.timedelta(days=29))
    assert (Mail.objects.count(), Subscriber.objects.count()) == (2, 2)
    erase_expired(now + dt.timedelta(days=31))

    assert not Mail.objects.exists()
    assert not Delivery.objects.exists()
    assert Subscriber.objects.count() == 1


# Workers, each a process of its own


def start_worker(environment, port) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "manage.py", "db_worker", "--batch", "--no-startup-delay", "-v0"],
        cwd=site.BASE_DIR,
        env={**environment, "MAIL_URL": f"smtp://127.0.0.1:{port}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def kill_a_worker_among(environment, through, followers: int, *, kills: int) -> Ledger:
    """Two workers send; one is killed halfway, again and again; then the rest is sent."""

    async def slowly():
        await asyncio.sleep(0.01)

    make_news(followers)
    with mail_server(server := Ledger(lambda number: slowly())) as port:
        through(port)
        for _ in range(1 + kills):
            tasks.send_mails.enqueue()
        other = start_worker(environment, port)
        for kill in range(kills):
            victim = start_worker(environment, port)
            aim = len(server.accepted) + max(followers // (2 * kills + 2), 1) * (kill >= 0)
            while len(server.accepted) < min(aim, followers) and victim.poll() is None:
                time.sleep(0.001)
            # Now it has a “yes” that it could not note yet; or, a little later, anything else.
            time.sleep(random.choice([0, random.uniform(0, 0.05)]))
            victim.send_signal(signal.SIGKILL)
            victim.communicate()
        _, complaints = other.communicate(timeout=300)
        assert other.returncode == 0, complaints
        # The dead left their last mail claimed. A quarter of an hour later it is anybody's.
        assert Mail.objects.unsent().count() <= kills
        Mail.objects.unsent().update(claimed_until=timezone.now())
        tasks.send_mails.enqueue()
        call_command("db_worker", batch=True, startup_delay=False, verbosity=0)
    return server


def test_two_workers_and_a_kill_deliver_each_alert_once(council, process_environment, through):
    server = kill_a_worker_among(process_environment, through, 60, kills=1)

    assert not Mail.objects.unsent().exists()
    assert Delivery.objects.filter(mail__sent_at__isnull=False).count() == 60
    assert len(server.mails) == len(server.recipients) == 60
    # A server that said yes to a worker which died before it could note that gets a copy with the
    # same Message-ID, by which mailboxes know it: docs/decisions/0008.
    assert len(server.accepted) - len(server.mails) <= 1
