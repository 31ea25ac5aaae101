"""Words that staff typed and did not save: whoever would leave them behind is told first."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from tests.factories import PASSWORD, change_draft, make_item, make_update, reload
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


# The copy in the browser

OFFER = "that was not saved"


def log_in_again(page: Page) -> None:
    page.get_by_label("Username").fill("author")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def type_everywhere(page: Page) -> None:
    page.get_by_label("In short:").fill("A long text.")
    page.get_by_label("What happened:").first.fill("What the old row says.")
    page.get_by_role("button", name="Add another Item").click()
    page.get_by_label("Section:").nth(1).select_option(label="What got better")
    page.get_by_label("In one line:").nth(1).fill("What the new row says")


def leave(page: Page, address: str) -> None:
    """As whoever is asked by the browser, and leaves all the same."""
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto(address)


def copies(page: Page) -> int:
    return page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('typed:')).length")


def wait_until_kept(page: Page) -> None:
    """A second after the last key; `wait_for_function` is what the site's policy refuses."""
    for _ in range(50):
        if copies(page):
            return
        page.wait_for_timeout(100)
    pytest.fail("No copy was kept.")


def test_a_log_in_that_ran_out_loses_no_word(author, draft):
    open_form(author, draft)
    type_everywhere(author)
    Session.objects.all().delete()
    author.get_by_role("button", name="Save draft").click()
    expect(author.get_by_role("status")).to_contain_text("You were logged out.")
    expect(author.get_by_role("status")).to_contain_text("What you typed is kept in this browser.")
    log_in_again(author)
    expect(author.get_by_text(OFFER)).to_be_visible()
    expect(author.get_by_text("This draft was saved again since then.")).to_be_hidden()
    author.get_by_role("button", name="Read it").press("Enter")
    expect(author.get_by_role("heading", name="In short")).to_be_visible()
    expect(author.get_by_text("What the new row says")).to_be_visible()

    author.get_by_role("button", name="Put it back").press("Enter")

    expect(author.get_by_text("Your words are back in the form.")).to_be_focused()
    expect(author.get_by_label("In short:")).to_have_value("A long text.")
    expect(author.get_by_label("Section:").nth(1)).to_have_value("better")
    author.get_by_label("What happened:").nth(1).fill("Somebody came.")
    author.get_by_role("button", name="Save draft").click()
    expect(author.get_by_text("Your draft is saved.")).to_be_visible()
    expect(author.get_by_text(OFFER)).to_be_hidden()
    saved = reload(draft)
    assert saved.in_short == "A long text."
    assert list(saved.items.values_list("title", "body")) == [
        (draft.items.get(position=0).title, "What the old row says."),
        ("What the new row says", "Somebody came."),
    ]
    assert copies(author) == 0


def test_a_new_page_is_kept_too(author, staff):
    address = "/admin/updates/termlyupdate/add/"
    author.goto(address)
    author.get_by_label("Title:").fill("Our spring update")
    wait_until_kept(author)
    leave(author, "/admin/")

    author.goto(address)
    author.get_by_role("button", name="Put it back").click()

    expect(author.get_by_label("Title:")).to_have_value("Our spring update")


def test_what_was_refused_is_kept_with_what_was_typed_since(author, draft):
    open_form(author, draft)
    author.get_by_label("In short:").fill("Typed before.")
    author.get_by_label("Title:").fill("")
    author.get_by_role("button", name="Save draft").click()
    author.get_by_label("What we are sorry for:").fill("Typed since.")
    author.wait_for_timeout(1200)
    leave(author, "/admin/")
    open_form(author, draft)

    author.get_by_role("button", name="Put it back").click()

    expect(author.get_by_label("In short:")).to_have_value("Typed before.")
    expect(author.get_by_label("What we are sorry for:")).to_have_value("Typed since.")


def test_what_is_thrown_away_is_not_offered_again(author, draft):
    open_form(author, draft)
    author.get_by_label("In short:").fill("Not this.")
    wait_until_kept(author)
    leave(author, author.url)

    author.get_by_role("button", name="Throw it away").press("Enter")

    expect(author.get_by_text("It is thrown away.")).to_be_focused()
    assert copies(author) == 0
    author.reload()
    expect(author.get_by_text(OFFER)).to_be_hidden()


def test_who_puts_old_words_back_is_shown_what_others_saved_meanwhile(author, staff, draft):
    open_form(author, draft)
    author.get_by_label("In short:").fill("My words.")
    wait_until_kept(author)
    leave(author, "/admin/")
    change_draft(draft, by=staff["publisher"], in_short="Their words.")

    open_form(author, draft)
    expect(author.get_by_text("This draft was saved again since then.")).to_be_visible()
    author.get_by_role("button", name="Put it back").click()
    author.get_by_role("button", name="Save draft").click()

    expect(author.get_by_text("They saved: “Their words.”")).to_be_visible()
    expect(author.get_by_label("In short:")).to_have_value("My words.")
    assert reload(draft).in_short == "Their words."


def test_what_has_no_place_any_more_can_be_copied(author, staff, draft):
    open_form(author, draft)
    author.get_by_label("In one line:").first.fill("The row that goes")
    wait_until_kept(author)
    leave(author, "/admin/")
    draft.items.all().delete()
    open_form(author, draft)

    author.get_by_role("button", name="Put it back").click()

    expect(author.get_by_text("Copy what you need.")).to_be_visible()
    expect(author.get_by_text("The row that goes")).to_be_visible()


def test_logging_out_leaves_no_copy_in_the_browser(author, draft):
    open_form(author, draft)
    author.get_by_label("In short:").fill("Not for others.")
    wait_until_kept(author)
    author.once("dialog", lambda dialog: dialog.accept())

    author.get_by_role("button", name="Log out").click()

    expect(author.get_by_role("link", name="Log in again")).to_be_visible()
    assert copies(author) == 0


def test_copies_of_others_are_not_offered_and_old_ones_go(author, draft, staff):
    open_form(author, draft)
    path, day = author.evaluate("location.pathname"), 24 * 60 * 60 * 1000
    typed = [{"place": {"field": "title"}, "label": "Title", "value": "Old", "words": "Old"}]
    for who, days in ((staff["author"].pk, 8), (staff["publisher"].pk, 1)):
        author.evaluate(
            "([key, age, typed]) => localStorage.setItem(key, JSON.stringify("
            "{at: Date.now() - age, version: '', typed}))",
            [f"typed:{who}:{path}:{days}", days * day, typed],
        )

    author.reload()

    expect(author.get_by_text(OFFER)).to_be_hidden()
    assert copies(author) == 1
