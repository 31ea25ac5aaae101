"""axe finds nothing on any page, at three widths, light and dark; nothing scrolls sideways."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from publishing import actions
from tests.factories import (
    change_draft,
    correct_update,
    make_item,
    make_public_update,
    make_term,
    make_update,
    reload,
    sign_off_update,
)

WIDTHS = (320, 390, 1280)
THEMES = ("light", "dark")
# The admin fades its links from one theme's colour to the other's.
COLOURS_HAVE_SETTLED = "Promise.allSettled(document.getAnimations().map(a => a.finished))"
SCROLLS_SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def addresses(staff) -> dict[str, list[str]]:
    """A site with something of everything, and every address of it."""
    author, publisher = staff["author"], staff["publisher"]
    down = make_public_update(by=author, publisher=publisher, term=make_term(2021, "autumn"))
    actions.withdraw(down.document, by=publisher, reason="A number was wrong.")
    items = [make_item("better"), make_item("doing"), make_item("not good enough")]
    first = make_public_update(
        by=author, publisher=publisher, parts=items, sorry_for="We are sorry."
    )
    second = correct_update(first, by=author, publisher=publisher, in_short="New words.")
    draft = actions.start_edition(second.document, by=author)
    change_draft(draft, by=author, in_short="Newer words.", change_note="Better.")
    signed = sign_off_update(
        make_update(by=author, term=make_term(2022, "summer")), publisher=publisher
    )
    page = "/admin/updates/termlyupdate"
    return {
        "public": [
            "/",
            "/updates/",
            "/updates/2022-spring/",
            "/updates/2022-spring/history/",
            "/updates/2022-spring/history/1/",
            "/updates/2021-autumn/",
            "/updates/2019-autumn/",
        ],
        "staff": [
            "/admin/",
            f"{page}/",
            f"{page}/add/",
            f"{page}/{draft.pk}/change/",
            f"{page}/{draft.pk}/changes/",
            f"{page}/{draft.pk}/preview/",
            f"{page}/{down.pk}/change/",
            *(f"{page}/{reload(draft).pk}/do/{name}/" for name in ("submit", "take-down")),
            *(f"{page}/{signed.pk}/do/{name}/" for name in ("publish", "schedule", "import")),
            "/admin/programme/term/",
            "/admin/programme/term/add/",
        ],
    }


def in_every_size(page: Page, addresses: list[str]) -> Iterator[str]:
    """Goes through all pages in all sizes and themes; yields a name for each."""
    for address in addresses:
        page.goto(address)
        for theme in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                page.evaluate(COLOURS_HAVE_SETTLED)
                yield f"{address} {theme} {width}"


def faults(page: Page, addresses: list[str]) -> list[str]:
    axe = Axe()
    found = []
    for name in in_every_size(page, addresses):
        result = axe.run(page)
        found += [
            f"{name}: {fault['id']} {[node['html'][:120] for node in fault['nodes']]}"
            for fault in result.response["violations"]
        ]
        if page.evaluate(SCROLLS_SIDEWAYS):
            found.append(f"{name}: scrolls sideways")
    return found


@pytest.mark.browser
def test_no_public_page_has_a_fault(addresses, open_page):
    assert faults(open_page(), addresses["public"]) == []


@pytest.mark.browser
def test_no_staff_page_has_a_fault(addresses, staff, sign_in):
    page = sign_in(staff["publisher"])

    assert faults(page, addresses["staff"]) == []
