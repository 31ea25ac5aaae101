"""A parent finds a page by a misspelt word and reads what it said before: by keys, no script."""

import datetime as dt

import pytest
import time_machine
from playwright.sync_api import Locator, Page, expect

from tests.factories import correct_update, make_public_card, make_public_update
from tests.journeys import measures
from tests.journeys.conftest import PHONE

pytestmark = pytest.mark.once

JUNE, SEPTEMBER = (dt.datetime(2022, month, 8, 12, tzinfo=dt.UTC) for month in (6, 9))
STOPS_AT_MOST = 80


def published_and_corrected(people: dict) -> None:
    """Public since June, corrected in September; another kind of page has its words too."""
    with time_machine.travel(JUNE):
        card = make_public_card(
            title="Too long a wait for speech therapy", we_did="We hired 2 therapists.", **people
        )
        make_public_update(title="More speech therapy", **people)
    with time_machine.travel(SEPTEMBER):
        correct_update(card, we_did="We hired 3 therapists.", change_note="A third came.", **people)


def go_to(page: Page, target: Locator) -> None:
    """By the tab key alone, as somebody goes who has no mouse."""
    expect(target).to_be_visible()
    for _ in range(STOPS_AT_MOST):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"The tab key does not lead to {target} on {page.url}.")


def follow(page: Page, link: Locator) -> None:
    go_to(page, link)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert not page.evaluate(measures.SCROLLS_SIDEWAYS), page.url


@pytest.mark.browser
def test_a_parent_finds_a_page_and_what_it_said_before(staff, open_page):
    published_and_corrected({"by": staff["author"], "publisher": staff["publisher"]})
    parent = open_page(PHONE, java_script_enabled=False)
    parent.goto("/")

    follow(parent, parent.get_by_role("link", name="Search"))
    go_to(parent, parent.get_by_label("Search this site"))
    parent.keyboard.type("speach therapy")
    parent.keyboard.press("Enter")
    expect(parent.get_by_text("We looked for “speech therapy”.")).to_be_visible()
    kinds = parent.get_by_label("Show one kind of page")
    follow(parent, kinds.get_by_role("link", name="You said, we did"))
    expect(parent.get_by_role("heading", name="1 page")).to_be_visible()
    follow(parent, parent.get_by_role("link", name="Too long a wait for speech therapy"))
    expect(parent.get_by_text("We hired 3 therapists.")).to_be_visible()

    follow(parent, parent.get_by_role("link", name="Past days"))
    day = parent.get_by_label("Which day?")
    go_to(parent, day)
    day.fill("2022-06-10")  # not typed: each browser asks for day, month and year in its own order
    parent.keyboard.press("Enter")
    banner = parent.get_by_role("complementary", name="You are looking at another day")
    expect(banner).to_contain_text("This is the site as it was at the end of 10 June 2022.")
    expect(parent.get_by_text("We hired 2 therapists.")).to_be_visible()
    follow(parent, parent.get_by_role("link", name="Back to today"))
    expect(banner).to_have_count(0)
    expect(parent.get_by_text("We hired 3 therapists.")).to_be_visible()

    follow(parent, parent.get_by_role("link", name="See every change to this page"))
    follow(parent, parent.get_by_role("link", name="What is different from version 1"))
    changed = parent.get_by_role("paragraph").filter(has_text="We hired")
    expect(changed.get_by_role("deletion")).to_contain_text("2")
    expect(changed.get_by_role("insertion")).to_contain_text("3")
