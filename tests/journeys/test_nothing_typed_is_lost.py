"""Words that staff typed and did not save: whoever would leave them behind is told first."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.factories import make_item, make_update
from tests.journeys.conftest import PHONE

pytestmark = [pytest.mark.once, pytest.mark.browser]

NOT_SAVED = "You have not saved. Save the draft first."


@pytest.fixture
def draft(staff):
    return make_update(by=staff["author"], parts=[make_item("not good enough")])


@pytest.fixture
def author(staff, sign_in):
    return sign_in(staff["author"])


def open_form(page: Page, draft) -> None:
    page.goto(f"/admin/updates/termlyupdate/{draft.pk}/change/")


def asked_before_leaving(page: Page) -> list[str]:
    """What the browser asks when she presses Home; she stays."""
    asked = []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.get_by_role("link", name="Home").click(no_wait_after=True)
    return asked


def type_into_text(page: Page) -> None:
    page.get_by_label("In short:").press_sequentially("More.")


def type_into_editor(page: Page) -> None:
    page.get_by_label("What we are sorry for:").press_sequentially("**More.**")


def type_into_new_row(page: Page) -> None:
    page.get_by_role("button", name="Add another Item").click()
    page.get_by_label("In one line:").nth(1).press_sequentially("More")


@pytest.mark.parametrize("types", [type_into_text, type_into_editor, type_into_new_row])
def test_no_link_leaves_typed_words_behind(author, draft, types):
    open_form(author, draft)
    address = author.url
    types(author)

    assert asked_before_leaving(author) == ["beforeunload"]

    for link in ("Send for sign-off", "See it as families will"):
        author.get_by_role("link", name=link).press("Enter")
        expect(author.get_by_role("alert")).to_contain_text(NOT_SAVED)
        expect(author.get_by_role("button", name="Save now")).to_be_focused()
    assert author.url == address


def test_saving_from_beside_the_links_lets_them_go_on(staff, sign_in, draft):
    page = sign_in(staff["author"], PHONE)
    open_form(page, draft)
    type_into_text(page)
    page.get_by_role("link", name="Send for sign-off").click()

    page.get_by_role("button", name="Save now").press("Enter")

    expect(page.get_by_text("Your draft is saved.")).to_be_visible()
    draft.refresh_from_db()
    assert "More." in draft.in_short
    page.get_by_role("link", name="Send for sign-off").click()
    expect(page.get_by_role("button", name="Send for sign-off")).to_be_visible()


def test_who_typed_nothing_or_took_it_back_is_not_held_up(author, draft):
    open_form(author, draft)
    type_into_text(author)
    author.get_by_role("link", name="Send for sign-off").click()
    for _ in "More.":
        author.get_by_label("In short:").press("Backspace")
    expect(author.get_by_text(NOT_SAVED)).to_be_hidden()

    author.get_by_role("link", name="Home").click()

    expect(author).to_have_url(re.compile("/admin/$"))


def test_what_was_refused_is_not_saved_either(author, draft):
    open_form(author, draft)
    author.get_by_label("Title:").fill("")
    author.get_by_role("button", name="Save draft").click()
    expect(author.get_by_text("This field is required.")).to_be_visible()

    author.get_by_role("link", name="See it as families will").click()

    expect(author.get_by_role("alert")).to_contain_text(NOT_SAVED)
