"""A parent tells us something on her phone, is answered in public, hears of it, and stops that."""

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.auth.models import Group
from django.core.management import call_command
from playwright.sync_api import expect

from participation.models import Feedback, Follow, Subscriber
from tests.factories import correct_update, make_public_promise
from tests.journeys import measures
from tests.journeys.conftest import PHONE
from tests.journeys.test_from_draft_to_public import act
from tests.mail_helpers import ADDRESS, link_among, words_in

pytestmark = pytest.mark.once

SMALLEST = {"width": 320, "height": 640}


def no_fault(page) -> None:
    page.wait_for_load_state()
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(measures.AXE_FAULTS, {}) == []
    page.set_viewport_size(SMALLEST)
    assert not page.evaluate(measures.SCROLLS_SIDEWAYS)
    page.set_viewport_size(PHONE)


@pytest.fixture
def arrived(mails_leave):
    """What a mail server has got once the worker has done all there was to do."""

    def mails_now() -> list[bytes]:
        call_command("db_worker", batch=True, startup_delay=False, verbosity=0)
        return mails_leave.bodies

    return mails_now


def tell(parent, promise) -> str:
    """Gives feedback about the promise, and returns the receipt code."""
    parent.goto(promise.get_absolute_url())
    parent.get_by_role("link", name="Tell us about this page").click()
    expect(parent.get_by_text(f"You write about this page: {promise.title}")).to_be_visible()
    parent.get_by_role("button", name="Send").click()
    expect(parent).to_have_title(re.compile("^Error: "))
    no_fault(parent)
    parent.get_by_role("link", name="Write what you want to tell us.").click()
    parent.keyboard.type("Nobody at the school knows of this promise.")
    parent.get_by_label("A parent or carer").check()
    parent.get_by_role("button", name="Send").click()
    expect(parent.get_by_role("heading", level=1)).to_have_text("Thank you. We have your message")
    no_fault(parent)
    return parent.locator(".newest strong").inner_text()


def follow(parent, arrived) -> None:
    """From the thank-you page, by the button in the first mail."""
    parent.get_by_role("link", name="Email me about this").click()
    expect(parent.get_by_label(re.compile("This: .*A named worker"))).to_be_checked()
    parent.get_by_label("Your e-mail address").fill("parent@example")
    parent.get_by_role("button", name="Send me the first e-mail").click()
    expect(parent.get_by_role("alert")).to_contain_text("This is not an e-mail address.")
    expect(parent.get_by_label("Your e-mail address")).to_have_value("parent@example")
    parent.get_by_label("Your e-mail address").fill(ADDRESS)
    parent.get_by_role("button", name="Send me the first e-mail").click()
    expect(parent.get_by_role("heading", level=1)).to_have_text("Now look at your e-mails")

    [question] = arrived()
    parent.goto(link_among(words_in(question), "confirm"))
    assert Follow.objects.get().confirmed_at is None
    parent.get_by_role("button", name="Yes, send me these e-mails").click()
    expect(parent.get_by_role("status")).to_contain_text("You get our e-mails now.")
    no_fault(parent)


def answer(officer) -> None:
    """“We will”, with its promise in the same form."""
    officer.get_by_role("link", name="A message from a family is new").click()
    officer.get_by_label("what was said, in a few words").fill("Schools do not know")
    officer.get_by_role("button", name="Save and make a you-said from this").click()
    expect(officer.get_by_text("This is the draft.")).to_be_visible()
    officer.get_by_label("How it stands:").select_option(label="We will")
    officer.get_by_role("button", name="Save draft").click()
    expect(officer.get_by_text("“We will” is a promise: fill this in.").first).to_be_visible()
    officer.get_by_label("We will …").fill("Tell every school")
    officer.get_by_label("Who is responsible").fill("Head of the EHC plan team")
    officer.get_by_label("By when").fill("May 2099")
    officer.get_by_label("How we will know").fill("Each school says that it was told.")
    officer.get_by_role("button", name="Save draft").click()
    act(officer, "Send for sign-off")


def show_stage(parent, code: str) -> None:
    parent.goto("/have-your-say/receipt/")
    parent.get_by_label("Your code").fill(code)
    parent.get_by_role("button", name="Show how far it has got").click()


@pytest.mark.browser
def test_what_a_parent_says_becomes_a_promise_and_she_hears_of_it_once(
    staff, sign_in, open_page, arrived
):
    staff["author"].groups.add(Group.objects.get(name="listener"))
    promise = make_public_promise(
        title="A named worker", by=staff["author"], publisher=staff["publisher"]
    )
    parent = open_page(PHONE, reduced_motion="reduce")
    code = tell(parent, promise)
    follow(parent, arrived)

    answer(sign_in(staff["author"]))
    show_stage(parent, code.lower())
    expect(parent.locator(".st")).to_have_text("We have read it")
    no_fault(parent)
    publisher = sign_in(staff["publisher"], PHONE)
    publisher.get_by_role("link", name="waits for your signature").click()
    publisher.get_by_role("button", name="Sign off").click()
    act(publisher, "Publish now")
    call_command("send_alerts")

    _, news = arrived()
    parent.goto("about:blank")
    parent.set_content(words_in(news, "html"))
    expect(parent.get_by_text("You said, we did: Schools do not know").first).to_be_visible()
    expect(parent.get_by_text("We will: Tell every school. By when: May 2099.")).to_be_visible()
    show_stage(parent, code)
    expect(parent.locator(".st")).to_have_text("We answered it")
    parent.get_by_role("link", name="Schools do not know").click()
    expect(parent.get_by_role("link", name="Tell every school")).to_be_visible()
    assert Feedback.objects.get().document == promise.document

    parent.goto(link_among(words_in(news), "stop"))
    parent.get_by_role("button", name="Stop all e-mails").click()
    expect(parent.get_by_role("heading", level=1)).to_have_text("You get no more e-mails")
    assert Subscriber.objects.get().is_stopped
    correct_update(promise, by=staff["author"])
    call_command("send_alerts")
    assert len(arrived()) == 2
    assert {cookie["name"] for cookie in parent.context.cookies()} == {"csrf"}
