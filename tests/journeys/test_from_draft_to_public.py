"""The whole way of one update: written, signed by another, read, corrected, on record."""

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from publishing import moments, verification
from publishing.models import LedgerEntry
from tests.journeys.conftest import PHONE


def act(page: Page, label: str) -> None:
    """Chooses one of the verbs and says yes."""
    page.locator(".acts").get_by_role("link", name=label, exact=True).click()
    page.get_by_role("button", name=label, exact=True).click()


def open_update(page: Page) -> None:
    page.goto("/admin/updates/termlyupdate/")
    page.get_by_role("link", name="Our spring update").click()


def write_update(page: Page) -> None:
    page.goto("/admin/updates/termlyupdate/add/")
    page.get_by_label("Term:").select_option(label="Spring term 2022")
    page.get_by_label("Title:").fill("Our spring update")
    page.get_by_label("Is it better?").fill("Not good enough yet.")
    page.get_by_label("In short:").fill("We hired 4 people.\nYou still wait too long.")
    page.get_by_role("button", name="Add another Item").click()
    page.get_by_label("Section:").first.select_option(label="Not good enough yet")
    page.get_by_label("In one line:").first.fill("You still wait too long")
    page.get_by_label("What happened:").first.fill("Some families wait 7 months.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Your draft is saved. Nobody outside can see it.")).to_be_visible()


@pytest.fixture
def author(staff, sign_in):
    return sign_in(staff["author"])


@pytest.fixture
def publisher(staff, sign_in):
    return sign_in(staff["publisher"], PHONE)


@pytest.fixture
def parent(open_page):
    return open_page(PHONE)


@pytest.mark.browser
def test_an_update_goes_from_draft_to_public_and_its_correction_stays_on_record(
    author, publisher, parent
):
    write_update(author)
    parent.goto("/updates/2022-spring/")
    expect(parent.get_by_role("heading", level=1)).to_have_text("Page not found")
    act(author, "Send for sign-off")
    expect(author.get_by_role("heading", name="Waiting for sign-off")).to_be_visible()
    expect(author.get_by_role("link", name="Sign off", exact=True)).to_have_count(0)

    open_update(publisher)
    publisher.get_by_role("link", name="See it as families will").click()
    expect(publisher.get_by_text("Some families wait 7 months.")).to_be_visible()
    publisher.go_back()
    act(publisher, "Sign off")
    act(publisher, "Publish now")
    expect(publisher.get_by_text("It is public.")).to_be_visible()

    parent.goto("/")
    expect(parent.get_by_text("You still wait too long").first).to_be_visible()
    parent.goto("/updates/2022-spring/")
    expect(parent.get_by_text("Some families wait 7 months.")).to_be_visible()

    open_update(author)
    act(author, "Correct this page")
    author.get_by_label("What happened:").first.fill("Some families wait 9 months.")
    author.get_by_role("button", name="Save draft").click()
    act(author, "Send for sign-off")
    author.get_by_role("link", name="Say what changed: families see every correction.").click()
    expect(author.get_by_label("What changed, for the public:")).to_be_in_viewport()
    author.get_by_label("What changed, for the public:").fill("It was 9 months, not 7.")
    author.get_by_role("button", name="Save draft").click()
    act(author, "Send for sign-off")
    open_update(publisher)
    act(publisher, "Sign off")
    act(publisher, "Publish now")

    parent.reload()
    expect(parent.get_by_text("Some families wait 9 months.")).to_be_visible()
    expect(parent.get_by_text("It was 9 months, not 7.").first).to_be_visible()
    parent.goto("/updates/2022-spring/history/")
    expect(parent.get_by_text("It was 9 months, not 7.").first).to_be_visible()
    parent.goto("/updates/2022-spring/history/1/")
    expect(parent.get_by_text("Some families wait 7 months.")).to_be_visible()
    assert list(LedgerEntry.objects.values_list("event", flat=True)) == ["published", "corrected"]
    assert verification.faults() == []


@pytest.mark.once
@pytest.mark.browser
def test_who_wrote_it_cannot_sign_it_even_with_the_address_of_the_button(author, staff):
    from publishing.models import Body, Signer

    staff["author"].groups.add(staff["publisher"].groups.get())
    Signer.objects.create(body=Body.objects.get(), user=staff["author"], post="Director")
    write_update(author)
    act(author, "Send for sign-off")

    author.goto(author.url.replace("/change/", "/do/sign-off/"))
    author.get_by_role("button", name="Sign off").click()

    expect(
        author.get_by_text("you edited it. Somebody who did not edit it must sign.")
    ).to_be_visible()


@pytest.mark.once
@pytest.mark.browser
def test_a_scheduled_update_appears_on_time_without_any_job(author, publisher, parent):
    write_update(author)
    act(author, "Send for sign-off")
    open_update(publisher)
    act(publisher, "Sign off")
    at = timezone.now() + dt.timedelta(seconds=6)
    in_london = at.astimezone(moments.LONDON)
    publisher.locator(".acts").get_by_role("link", name="Publish at a time").click()
    publisher.get_by_label("Date:").fill(f"{in_london:%Y-%m-%d}")
    publisher.get_by_label("Time:").fill(f"{in_london:%H:%M:%S}")
    publisher.get_by_role("button", name="Publish at a time").click()
    expect(publisher.get_by_role("heading", name=re.compile("^Scheduled for"))).to_be_visible()

    parent.goto("/updates/2022-spring/")
    expect(parent.get_by_role("heading", level=1)).to_have_text("Page not found")
    parent.wait_for_timeout(max(0, (at - timezone.now()).total_seconds() * 1000) + 200)
    parent.reload()

    expect(parent.get_by_role("heading", level=1)).to_contain_text("Our spring update")
    assert LedgerEntry.objects.get().effective_at == at.replace(microsecond=0)
    assert verification.faults() == []


@pytest.mark.browser
def test_two_editors_of_one_draft_both_keep_their_words(author, staff, sign_in):
    write_update(author)
    other = sign_in(staff["publisher"])
    open_update(other)
    other.get_by_label("In short:").fill("Their words.")
    other.get_by_role("button", name="Save draft").click()

    author.get_by_label("In short:").fill("My words.")
    author.get_by_role("button", name="Save draft").click()

    expect(author.get_by_text("saved this draft while you were writing")).to_be_visible()
    expect(author.get_by_text("They saved: “Their words.”")).to_be_visible()
    expect(author.get_by_label("In short:")).to_have_value("My words.")
    author.get_by_role("button", name="Save draft").click()
    expect(author.get_by_text("Your draft is saved.")).to_be_visible()


@pytest.mark.once
@pytest.mark.browser
def test_a_page_is_taken_down_in_three_presses_on_a_phone(author, publisher, parent):
    write_update(author)
    act(author, "Send for sign-off")
    open_update(publisher)
    act(publisher, "Sign off")
    act(publisher, "Publish now")

    publisher.locator(".acts").get_by_role("link", name="Take down now").click()
    publisher.get_by_label("Why does it have to come down?").fill("A number was wrong.")
    publisher.get_by_role("button", name="Take down now").click()

    parent.goto("/updates/2022-spring/")
    expect(parent.get_by_text("A number was wrong.")).to_be_visible()
    assert verification.faults() == []
