"""An officer brings 60 promises in from Excel, moves a date, and checks them all a month later."""

import datetime as dt
import io
import sys
import time
from collections import Counter

import pytest
from django.utils import timezone
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from programme import promises
from programme.models import Milestone
from publishing import moments, verification
from tests import factories
from tests.journeys.conftest import PHONE

pytestmark = pytest.mark.once

THEIRS = ["Ref", "Action", "Type", "Organisation", "Lead", "Deadline", "Success criteria", "Area"]
DOINGS = "Hire Train Check Open Answer Write Send Visit Ask Measure".split()
THINGS = "case workers,school nurses,bus routes,therapy slots,phone lines,short breaks".split(",")
# Row, column and cell of the five mistakes, and what the right cell says.
MISTAKES = [
    (5, 6, "31/11/2021", "30/11/2021"),
    (12, 6, 44561, "31 December 2021"),
    (23, 8, "14", "1"),
    (37, 4, "Birmigham Council", "Council"),
    (48, 2, None, "Send 8 families a letter"),
]


def workbook(*, mended: bool) -> bytes:
    book = Workbook()
    book.active.append(["Accelerated Progress Plan, June 2021"])
    book.active.append(THEIRS)
    for number in range(60):
        what = f"{DOINGS[number // 6]} {number % 6 + 2} {THINGS[number % 6]}"
        due = "March 2021" if number < 20 else "May 2099"
        row = [f"1.{number + 1}", what, "Action", "Council", "Head of service", due, "A list", "1"]
        book.active.append(row)
    for row, column, wrong, right in MISTAKES:
        book.active.cell(row, column).value = right if mended else wrong
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def act(page: Page, label: str) -> None:
    page.locator(".acts").get_by_role("link", name=label, exact=True).click()
    page.get_by_role("button", name=label, exact=True).click()


def upload(page: Page, content: bytes) -> None:
    page.goto("/admin/programme/planfile/add/")
    file = {"name": "plan.xlsx", "mimeType": "application/vnd.ms-excel", "buffer": content}
    page.get_by_label("Your file").set_input_files(files=[file])
    page.get_by_role("button", name="Read this file").click()
    page.get_by_role("button", name="Check the rows").click()


def bring_in(author: Page) -> None:
    """Five rows cannot be read; she takes the others, mends the five in Excel and comes again."""
    upload(author, workbook(mended=False))
    expect(author.get_by_role("link", name="5 Cannot be read")).to_be_visible()
    for cell in ("F5", "F12", "H23", "D37", "row 48"):
        expect(author.get_by_text(f"{cell}, “").first).to_be_visible()
    author.get_by_role("button", name="make 55 drafts").click()
    expect(author.get_by_text("55 rows are drafts now.")).to_be_visible(timeout=60_000)
    upload(author, workbook(mended=True))
    expect(author.get_by_role("link", name="55 The same")).to_be_visible()
    author.get_by_role("button", name="make 5 drafts").click()
    expect(author.get_by_text("5 rows are drafts now.")).to_be_visible(timeout=60_000)


def sign_off_all(author: Page, publisher: Page) -> None:
    """The first 55 go out together, and so do the five that were mended."""
    for title in ("Hire 2 case workers", "Send 8 families a letter"):
        open_promise(author, title)
        act(author, "Send for sign-off")
        open_promise(publisher, title)
        act(publisher, "Sign off")
        act(publisher, "Publish now")


def open_promise(page: Page, title: str) -> None:
    newest = Milestone.objects.filter(title=title).latest("number")
    page.goto(f"/admin/programme/milestone/{newest.pk}/change/")


def move_a_date(author: Page, publisher: Page, title: str) -> None:
    """Without a reason it is refused."""
    open_promise(author, title)
    act(author, "Correct this page")
    author.get_by_label("By when:").fill("June 2099")
    author.get_by_label("What changed, for the public:").fill("The date moved.")
    author.get_by_role("button", name="Save draft").click()
    act(author, "Send for sign-off")
    expect(author.get_by_text("Say why its date changed")).to_be_visible()
    author.get_by_role("link", name="Back to the draft").click()
    author.get_by_label("Why its date or its words change:").fill(
        "Nobody applied for two of the posts, so we advertise them again in May."
    )
    author.get_by_label("The cause:").select_option(label="We could not hire enough people")
    author.get_by_label("Who agreed to the change:").fill("SEND Improvement Board")
    author.get_by_role("button", name="Save draft").click()
    act(author, "Send for sign-off")
    open_promise(publisher, title)
    act(publisher, "Sign off")
    act(publisher, "Publish now")


# Runs in her browser before any script of the page, and sends on what she does with her hand.
COUNTS_DEEDS = """
addEventListener('click', event => event.isTrusted && counted('press'), true);
addEventListener('change', event => {
  const field = event.target;
  if (field.matches('select')) counted('choose');
  else if (field.matches('textarea, input:not([type=checkbox], [type=radio])')) counted('write');
}, true);
"""


class Deeds:
    """What an officer does with her hands, as her own browser saw it, and how long it takes."""

    def __init__(self, page: Page):
        self.done: Counter[str] = Counter()
        self.began = time.monotonic()
        page.context.expose_binding("counted", lambda source, deed: self.done.update([deed]))
        page.context.add_init_script(COUNTS_DEEDS)

    def __str__(self):
        seconds = time.monotonic() - self.began
        deeds = ", ".join(f"{number} times {deed}" for deed, number in sorted(self.done.items()))
        return f"{deeds}, in {seconds:.0f} seconds of a script that does not think"


def check_all(author: Page) -> None:
    """Nine have changed."""
    author.goto("/admin/programme/progressround/add/")
    author.get_by_role("button", name="Save draft").click()
    rows = author.locator("table.grid tbody tr")
    for row in range(9):
        is_done = bool(row % 3)
        happened = rows.nth(row).get_by_label("What happened")
        happened.select_option(label="Done" if is_done else "Work has begun")
        if is_done:
            rows.nth(row).get_by_label("On which day").fill("2021-03-20")
        rows.nth(row).get_by_label("Note for families").fill("The list is on our page.")
    author.get_by_role("button", name="Keep what I wrote").click()


def check_the_others(author: Page) -> None:
    """And 51 have not."""
    author.get_by_label("All 51 on this page that are not checked yet").check()
    author.get_by_role("button", name="Checked, no change").click()
    expect(author.get_by_text("60 promises checked, 51 no change.").first).to_be_visible()


@pytest.mark.browser
def test_sixty_promises_come_in_from_excel_one_moves_and_all_are_checked(
    staff, sign_in, open_page, time_machine, capsys
):
    area = factories.make_area(1, by=staff["author"])
    factories.publish_update(area, publisher=staff["publisher"])
    author, publisher, parent = (
        sign_in(staff["author"]),
        sign_in(staff["publisher"]),
        open_page(PHONE),
    )
    then = timezone.now()

    bring_in(author)
    sign_off_all(author, publisher)
    assert Milestone.objects.as_of(moments.now()).count() == 60

    before = promises.number(moments.now())
    move_a_date(author, publisher, "Hire 2 case workers")
    parent.goto(Milestone.objects.filter(title="Hire 2 case workers")[0].get_absolute_url())
    for words in ("March 2021", "June 2099", "Nobody applied", "SEND Improvement Board"):
        expect(parent.get_by_text(words).first).to_be_visible()
    assert promises.number(moments.now()).since_start.counts == before.since_start.counts

    time_machine.move_to(then + dt.timedelta(days=30))
    author, publisher = sign_in(staff["author"]), sign_in(staff["publisher"])
    deeds = Deeds(author)
    check_all(author)
    changed = deeds.done.copy()
    check_the_others(author)
    unchanged = deeds.done - changed
    author.get_by_role("link", name="To the whole check").click()
    act(author, "Send for sign-off")
    expect(author.get_by_role("heading", name="Waiting for sign-off")).to_be_visible()
    with capsys.disabled():
        sys.stdout.write(f"\nA check of 60 promises, 9 of them changed: {deeds}.\n")
    # docs/keeping-the-plan.md says these.
    assert unchanged == {"press": 2}
    assert deeds.done == {"press": 7, "choose": 9, "write": 15}
    publisher.goto(author.url)
    act(publisher, "Sign off")
    act(publisher, "Publish now")
    parent.goto("/plan/")
    parent.get_by_role("link", name=f"{timezone.localdate():%-d %B %Y}").first.click()
    expect(parent.get_by_text("60 promises checked, 51 no change.").first).to_be_visible()
    assert verification.faults() == []
