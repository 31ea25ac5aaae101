"""Pasted text, a picture and a PDF, from the author's desk to a parent's phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests import hostile_files
from tests.journeys.conftest import PHONE
from tests.journeys.test_from_draft_to_public import act, open_update

pytestmark = pytest.mark.once

PASTED = "We hired **4 people**.\n\n- Two in May\n- Two in June\n\nSee [all updates](/updates/)."
DESCRIPTION = "A ramp at a school door"
DESCRIPTION_TO_COME = "A ramp"


@pytest.fixture
def author(staff, sign_in):
    return sign_in(staff["author"])


@pytest.fixture
def parent(open_page):
    return open_page(PHONE)


def faults(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{f['id']} {[node['html'][:200] for node in f['nodes']]}" for f in found]


def fill_in(page: Page) -> None:
    page.goto("/admin/updates/termlyupdate/add/")
    page.get_by_label("Term:").select_option(label="Spring term 2022")
    page.get_by_label("Title:").fill("Our spring update")
    page.get_by_label("Is it better?").fill("Not good enough yet.")
    page.get_by_label("In short:").fill("We hired 4 people.")
    page.get_by_role("button", name="Add another Item").click()
    page.get_by_label("Section:").first.select_option(label="Not good enough yet")
    page.get_by_label("In one line:").first.fill("You still wait too long")


def choose(page: Page, what, name: str, mime: str, data: bytes) -> None:
    with page.expect_file_chooser() as chooser:
        what.click()
    chooser.value.set_files({"name": name, "mimeType": mime, "buffer": data})


def leave_by_keyboard_and_come_back(page: Page, editor) -> None:
    editor.focus()
    page.keyboard.press("Tab")
    expect(editor).not_to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(editor).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(editor).not_to_be_focused()
    expect(editor).to_have_value(PASTED)


def add_pictures(page: Page, editor) -> None:
    """One that is refused in words, then one that is taken."""
    box = editor.locator("xpath=ancestor::div[@class='markdownx']")
    button, preview = box.get_by_role("button", name="Add a picture"), box.get_by_role("region")
    choose(page, button, "x.png", "image/png", b"<html>")
    expect(box.get_by_role("status")).to_contain_text("There is something else inside")
    expect(editor).to_have_value(PASTED)
    editor.press("Control+End")
    choose(page, button, "ramp.jpg", "image/jpeg", hostile_files.picture_with_place())
    expect(box.get_by_role("status")).to_contain_text("Now type what it shows")
    page.keyboard.type(DESCRIPTION_TO_COME)
    expect(preview.get_by_role("img", name=DESCRIPTION_TO_COME)).to_be_visible()
    editor.fill(editor.input_value().replace(DESCRIPTION_TO_COME, "Describe this picture"))


def add_pdf(page: Page) -> None:
    page.get_by_role("button", name="Add another File").click()
    page.get_by_label("PDF:").first.set_input_files(
        {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": hostile_files.pdf(2)}
    )
    page.get_by_label("What it is called:").first.fill("The letter")
    page.get_by_label("What it says, in plain words:").first.fill("They said: go on.")


def sees_picture(page: Page) -> bool:
    image = page.get_by_role("img", name=DESCRIPTION)
    image.scroll_into_view_if_needed()
    return image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


@pytest.mark.browser
def test_text_a_picture_and_a_pdf_reach_a_parent(author, staff, sign_in, parent):
    fill_in(author)
    editor = author.get_by_label("What happened:").first
    editor.fill(PASTED)
    preview = author.get_by_role("region", name="Preview: What happened 1")
    expect(preview.get_by_role("listitem")).to_have_count(2)
    leave_by_keyboard_and_come_back(author, editor)
    add_pictures(author, editor)
    add_pdf(author)
    assert faults(author) == []
    author.get_by_role("button", name="Save draft").click()
    expect(author.get_by_text("Your draft is saved. Nobody outside can see it.")).to_be_visible()
    assert faults(author) == []

    act(author, "Send for sign-off")
    expect(author.get_by_text("needs a description")).to_be_visible()
    author.get_by_role("link", name="Back to the draft").click()
    editor = author.get_by_label("What happened:").first
    editor.fill(editor.input_value().replace("Describe this picture", DESCRIPTION))
    author.get_by_role("button", name="Save draft").click()
    act(author, "Send for sign-off")

    publisher = sign_in(staff["publisher"], PHONE)
    open_update(publisher)
    publisher.get_by_role("link", name="See it as families will").click()
    assert sees_picture(publisher)
    publisher.go_back()
    act(publisher, "Sign off")
    act(publisher, "Publish now")

    parent.goto("/updates/2022-spring/")
    assert sees_picture(parent)
    expect(parent.get_by_text("They said: go on.")).to_be_visible()
    expect(parent.get_by_text("PDF, 2 pages, ")).to_be_visible()
    assert faults(parent) == []
    link = parent.get_by_role("link", name="The letter").get_attribute("href")
    assert parent.request.get(link).headers["content-type"] == "application/pdf"
    parent.get_by_role("link", name="all updates", exact=True).click()
    expect(parent.get_by_role("heading", level=1)).to_contain_text("All updates")


@pytest.mark.browser
def test_without_javascript_the_editor_is_a_plain_text_box(staff, sign_in):
    page = sign_in(staff["author"], java_script_enabled=False)
    page.goto("/admin/updates/termlyupdate/add/")

    expect(page.get_by_label("What we are sorry for:")).to_be_editable()
    expect(page.get_by_role("button", name="Add a picture")).to_have_count(0)
    expect(page.get_by_role("region", name="Preview")).to_have_count(0)
