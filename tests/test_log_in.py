"""Logging in: whoever only guesses has to wait, and keeps nobody else out."""

import datetime as dt

import pytest
import time_machine

from tests.factories import PASSWORD, make_user
from tests.test_public_pages import words_of
from website import log_in

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PAGE = "/admin/login/"
NOON = dt.datetime(2026, 6, 1, 12, 10, tzinfo=dt.UTC)


def log(client, name, password=PASSWORD, *, of="192.0.2.1"):
    return client.post(PAGE, {"username": name, "password": password}, REMOTE_ADDR=of)


@pytest.fixture
def guessed(client, author):
    """As many wrong tries as one connection has, for one account."""
    with time_machine.travel(NOON, tick=False):
        for _ in range(log_in.EACH.most):
            assert log(client, author.username, "wrong").status_code == 200
        yield


def test_a_right_password_is_enough(client, author):
    assert log(client, author.username).status_code == 302


def test_who_guesses_must_wait_and_is_told_until_when(client, author, guessed):
    refused = log(client, author.username)

    assert "Wait until 14:00, then try again." in words_of(refused)
    assert "_auth_user_id" not in client.session
    with time_machine.travel(NOON + dt.timedelta(hours=1)):
        assert log(client, author.username).status_code == 302


def test_nobody_is_kept_out_by_who_guesses_from_elsewhere(client, author, guessed):
    assert log(client, author.username, of="198.51.100.7").status_code == 302


def test_a_colleague_behind_the_same_front_is_not_kept_out(client, author, guessed):
    assert log(client, make_user("author", username="colleague").username).status_code == 302


def test_from_one_connection_not_all_accounts_can_be_tried(client, author, monkeypatch):
    monkeypatch.setattr(log_in, "TOGETHER", log_in.Limit(3, log_in.AN_HOUR))
    for number in range(3):
        log(client, f"nobody{number}", "wrong")

    assert "too many tries" in words_of(log(client, author.username))
