"""A parent tells us something on her phone; an officer answers it in public; she sees that."""

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from participation.models import Feedback
from tests.factories import make_public_promise
from tests.journeys import measures
from tests.journeys.conftest import PHONE
from tests.journeys.test_from_draft_to_public import act


def no_fault(page) -> None:
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(measures.AXE_FAULTS, {}) == []
    assert not page.evaluate(measures.SCROLLS_SIDEWAYS)


@pytest.mark.browser
def test_what_a_parent_says_about_a_promise_is_answered_and_her_code_shows_it(
    staff, sign_in, open_page
):
    staff["author"].groups.add(Group.objects.get(name="listener"))
    promise = make_public_promise(by=staff["author"], publisher=staff["publisher"])
    parent = open_page({"width": 320, "height": 640}, reduced_motion="reduce")

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
    code = parent.locator(".newest strong").inner_text()

    officer = sign_in(staff["author"])
    officer.get_by_role("link", name="A message from a family is new").click()
    officer.get_by_label("What was said, in a few words").fill("Schools do not know")
    officer.get_by_role("button", name="Make a you-said from this").click()
    expect(officer.get_by_text("This is the draft.")).to_be_visible()
    officer.get_by_label("We did").or_(officer.get_by_label("What we did:")).first.fill(
        "We wrote to all schools."
    )
    officer.get_by_label("How it stands:").select_option(label="Done")
    officer.get_by_role("button", name="Save draft").click()
    act(officer, "Send for sign-off")
    parent.get_by_role("link", name="See how far it has got").click()
    parent.get_by_label("Your code").fill(code.lower())
    parent.get_by_role("button", name="Show how far it has got").click()
    expect(parent.locator(".st")).to_have_text("We have read it")
    no_fault(parent)

    publisher = sign_in(staff["publisher"], PHONE)
    publisher.get_by_role("link", name="waits for your signature").click()
    publisher.get_by_role("button", name="Sign off").click()
    act(publisher, "Publish now")

    parent.get_by_label("Your code").fill(code)
    parent.get_by_role("button", name="Show how far it has got").click()
    parent.get_by_role("link", name="Schools do not know").click()
    expect(parent.get_by_text("We wrote to all schools.")).to_be_visible()
    assert Feedback.objects.get().document == promise.document
