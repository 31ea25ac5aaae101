"""A parent follows a promise by e-mail, hears that its date moved, and stops with one button."""

import re

import pytest
from django.core import mail
from django.core.management import call_command
from playwright.sync_api import expect

from participation.models import Follow, Subscriber
from tests import factories
from tests.journeys.conftest import PHONE
from tests.mail_helpers import link_in, news


def move(promise, due_words):
    """As staff do it: drafted by one, signed and published by another."""
    return factories.correct_update(
        promise,
        by=promise.created_by,
        change_note="We could not hire enough people.",
        due_words=due_words,
        why_changed="Nobody answered the advertisement that we put out in three papers in March.",
        cause="recruitment",
        change_agreed_by="The SEND board",
    )


@pytest.mark.browser
def test_a_parent_follows_a_promise_and_stops_with_one_button(staff, open_page):
    promise = factories.make_public_promise(title="A named worker", due_words="May 2022")
    parent = open_page(PHONE)
    parent.goto(promise.get_absolute_url())
    parent.get_by_role("link", name="Email me about this").click()
    expect(parent.get_by_label(re.compile("This: .*A named worker"))).to_be_checked()
    parent.get_by_label("Your e-mail address").fill("parent@example")
    parent.get_by_role("button", name="Send me the first e-mail").click()
    expect(parent.get_by_role("alert")).to_contain_text("This is not an e-mail address.")
    expect(parent.get_by_label("Your e-mail address")).to_have_value("parent@example")
    parent.get_by_label("Your e-mail address").fill("parent@example.org")
    parent.get_by_role("button", name="Send me the first e-mail").click()
    expect(parent.get_by_role("heading", level=1)).to_have_text("Now look at your e-mails")

    parent.goto(link_in(mail.outbox[0], "confirm"))
    assert Follow.objects.get().confirmed_at is None
    parent.get_by_role("button", name="Yes, send me these e-mails").click()
    expect(parent.get_by_role("status")).to_contain_text("You get our e-mails now.")

    moved = move(promise, "May 2023")
    call_command("send_alerts")
    call_command("send_alerts")

    [message] = news()
    parent.goto("about:blank")
    parent.set_content(message.alternatives[0].content)
    expect(parent.get_by_text("The date moved from May 2022 to May 2023.")).to_be_visible()
    expect(parent.get_by_text("We could not hire enough people.")).to_be_visible()
    parent.goto(link_in(message, "stop"))
    parent.get_by_role("button", name="Stop all e-mails").click()
    expect(parent.get_by_role("heading", level=1)).to_have_text("You get no more e-mails")
    assert Subscriber.objects.get().is_stopped
    assert parent.context.cookies() == []

    move(moved, "May 2024")
    call_command("send_alerts")
    assert len(news()) == 1
