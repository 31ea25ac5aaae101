"""People in front of a browser, and what no page may ever do to them."""

import pytest
from playwright.sync_api import Browser, Page

from tests.factories import PASSWORD, make_term, make_user

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


@pytest.fixture
def staff(transactional_db, council):
    """An author at a desk and a publisher on her phone."""
    make_term(2022, "spring")
    return {
        "author": make_user("author", first_name="Asha"),
        "publisher": make_user("publisher", signs_for=council),
    }


@pytest.fixture
def open_page(browser: Browser, live_server):
    """Opens a page for one visitor; fails the test for a script error or a blocked request."""
    complaints: list[str] = []
    contexts = []

    def open_one(viewport=DESK, **options) -> Page:
        context = browser.new_context(
            viewport=viewport, base_url=live_server.url, locale="en-GB", **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        # A test that leaves typed words behind answers the browser's question itself.
        page.on(
            "dialog",
            lambda dialog: (
                complaints.append(f"{page.url}: {dialog.message}")
                if dialog.type != "beforeunload"
                else None
            ),
        )
        page.on(
            "console",
            lambda message: (
                complaints.append(f"{page.url}: {message.text}")
                if "Content Security Policy" in message.text
                else None
            ),
        )
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((live_server.url, "data:", "about:"))
                else complaints.append(f"{page.url} asked {request.url}")
            ),
        )
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def sign_in(open_page):
    """Opens the staff site for a person."""

    def sign_in_as(user, viewport=DESK, **options) -> Page:
        page = open_page(viewport, **options)
        page.goto("/admin/")
        page.get_by_label("Username").fill(user.username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        return page

    return sign_in_as
