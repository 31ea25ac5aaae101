"""An officer asks the Parent Carer Forum; its chair answers on her phone; families read it."""

import datetime as dt
import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.factories import make_public_promise
from tests.journeys import measures
from tests.journeys.conftest import PHONE

pytestmark = [pytest.mark.once, pytest.mark.browser]

DONE = {"done_on": dt.date(2022, 5, 3), "proof": "The register: 40 of 40."}


def faults(page: Page) -> list[str]:
    page.wait_for_load_state()  # a press answers as soon as the next page has begun
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate(measures.AXE_FAULTS, {})
    return [*found, *(["scrolls sideways"] if page.evaluate(measures.SCROLLS_SIDEWAYS) else [])]


def answer(page: Page, promise: str, choice: str, words: str) -> None:
    page.get_by_role("link", name=promise).click()
    page.get_by_label(choice).check()
    page.get_by_label("What do families see?").fill(words)
    page.get_by_role("button", name="Send our answer").click()
    expect(page.get_by_role("status")).to_contain_text("Families can read your answer now")


def test_from_the_officer_s_link_to_what_families_read(staff, sign_in, open_page):
    for title in ("A named worker for each family", "A plan in plain words"):
        make_public_promise(by=staff["author"], publisher=staff["publisher"], title=title, **DONE)
    officer, found = sign_in(staff["publisher"]), []

    officer.get_by_role("link", name="Ask the Parent Carer Forum about 2 promises").click()
    found += faults(officer)
    officer.get_by_role("button", name="Make the link").click()
    found += faults(officer)
    letter = officer.get_by_label("The words of your e-mail").input_value()
    path = re.search(r"/forum/[\w-]{43}/", letter)[0]

    chair = open_page(PHONE)
    chair.goto(path)
    found += faults(chair)
    chair.get_by_role("link", name="A named worker").click()
    chair.get_by_role("button", name="Send our answer").click()
    expect(chair.get_by_role("alert")).to_contain_text("Choose one of the three answers.")
    found += [*faults(chair), *chair.evaluate(measures.SMALL_TARGETS, 24)]
    chair.go_back()
    chair.goto(path)
    answer(chair, "A named worker", "No, it is not done", "31 of 85 families have nobody.")
    answer(chair, "A plan in plain words", "Yes, it is done", "")
    found += faults(chair)
    expect(chair.get_by_text("There is nothing to answer now.")).to_be_visible()

    chair.goto("/plan/")
    counted = chair.locator("dl.facts").filter(has_text="Inspectors agree")
    expect(counted).to_contain_text(re.compile(r"The Parent Carer Forum checked\s*1 promise"))
    chair.get_by_role("link", name="A named worker").first.click()
    expect(chair.locator("blockquote")).to_have_text("31 of 85 families have nobody.")
    found += faults(chair)
    chair.get_by_role("link", name="All answers of the forum on this promise").click()
    found += faults(chair)

    officer.get_by_role("link", name="Take it back").click()
    found += faults(officer)
    officer.get_by_role("button", name="Take this link back").click()
    found += faults(officer)
    chair.goto(path)
    expect(chair.get_by_role("heading", level=1)).to_have_text("This link does not work")
    assert "\n".join(found) == ""
