"""The large counts behind tests/test_outbox.py: `make soak`, written up in docs/soak.md."""

import time
from collections import Counter

from participation import outbox
from participation.models import Delivery, Mail
from tests import factories
from tests.mail_server import Ledger, mail_server
from tests.races import processes
from tests.races.processes import all_at_once, nobody_is_left, open_house
from tests.test_outbox import kill_a_worker_among

FOLLOWERS, KILLS, SIGN_UPS = 1000, 5, 1000


def test_alerts_through_two_workers_and_kills(process_environment, through, figures):
    factories.make_body()
    started = time.monotonic()

    server = kill_a_worker_among(process_environment, through, FOLLOWERS, kills=KILLS)

    took = time.monotonic() - started
    copies = len(server.accepted) - len(server.mails)
    marked = Delivery.objects.filter(mail__sent_at__isnull=False).count()
    wrong = 3 * FOLLOWERS - len(server.mails) - len(server.recipients) - marked
    wrong += Mail.objects.unsent().count() + max(copies - KILLS, 0)
    found = f"{len(server.mails)} mails, {copies} of them copied, {KILLS} kills, {took:.0f} s"
    figures("alerts sent by two workers, kill -9 meanwhile", FOLLOWERS, found, wrong)


def test_sign_ups_for_one_address_from_many_senders(process_environment, through, figures):
    with mail_server(server := Ledger()) as port:
        through(port)
        open_house({**process_environment, "MAIL_URL": f"smtp://127.0.0.1:{port}"})
        with nobody_is_left():
            each = SIGN_UPS // 8
            answers = all_at_once(ask_often, [(number, each) for number in range(8)])
        outbox.send_waiting()

    assert [answer for answer in answers if isinstance(answer, processes.Broke)] == []
    statuses = sum((Counter(answer) for answer in answers), Counter())
    wrong = max(len(server.accepted) - 3, 0) + SIGN_UPS - statuses[302]
    found = f"{len(server.accepted)} mails; every answer the same"
    figures("sign-ups for one address, 8 processes, 1,000 senders", SIGN_UPS, found, wrong)


def ask_often(start, number: int, times: int) -> dict[int, int]:
    """As many visitors, each from an address of its own."""
    from django.test import Client

    start()
    statuses: Counter = Counter()
    for each in range(times):
        client = Client(REMOTE_ADDR=f"10.1.{number}.{each}", SERVER_NAME="testserver")
        data = {"email": f"parent+{each}@example.org", "what": "everything"}
        statuses[client.post("/updates/email/", data).status_code] += 1
    return dict(statuses)
