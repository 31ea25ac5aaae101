"""No text that staff type runs a script, reaches elsewhere, or trips the browser's own guard."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from publishing import actions, attachments
from publishing.models import EditionFile
from tests import hostile_files
from tests.factories import (
    correct_update,
    make_item,
    make_public_update,
    make_term,
    make_update,
    publish_update,
    reload,
)
from tests.scripts import payloads

# What our own pages never contain, and what a payload needs.
ALIVE = """() => {
  const found = [];
  for (const each of document.querySelectorAll("*")) {
    const name = each.localName;
    if (name === "script" && !new URL(each.src, location).pathname.startsWith("/static/")
        && !each.src.endsWith("/jsi18n/") && each.type !== "application/json") found.push(name);
    const active = ["iframe", "object", "embed", "base", "video", "audio", "style", "math"];
    if (active.includes(name)) found.push(name);
    for (const { name: attribute, value } of each.attributes) {
      if (attribute.startsWith("on")) found.push(`${name} ${attribute}`);
      if (["href", "src", "action", "formaction"].includes(attribute)
          && /^\\s*(javascript|data|vbscript|path):/i.test(value)) found.push(value);
    }
  }
  return found;
}"""


@pytest.fixture
def texts() -> list[str]:
    return list(dict.fromkeys(payloads()))


@pytest.fixture
def poisoned(staff, texts):
    """A public update, corrected once, whose every text field holds every payload."""
    author, publisher = staff["author"], staff["publisher"]
    letter = attachments.store_pdf(hostile_files.pdf(), by=author)
    items = [make_item("better", title=text[:150], body=text, difference=text) for text in texts]
    files = [EditionFile(attachment=letter, title=text[:200], summary=text) for text in texts]
    # An open fence would swallow what comes after it.
    joined = "\n\n".join(sorted(texts, key=lambda text: "```" in text or "~~~" in text))
    everywhere = {"in_short": joined, "sorry_for": joined, "nothing_wrong_because": joined}
    update = make_update(by=author, title=texts[0], parts=[*items, *files], **everywhere)
    # What the checks before publishing would refuse is not refused here: it may be old.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("publishing.actions.signing.refuse_unready", lambda *args: None)
        patch.setattr("publishing.actions.going_public.refuse_unready", lambda *args: None)
        first = publish_update(update, publisher=publisher)
        return correct_update(
            first, by=author, publisher=publisher, title=texts[1], change_note=joined
        )


def visit(page: Page, addresses: list[str]) -> list[str]:
    found = []
    for address in addresses:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        found += [f"{address}: {each}" for each in page.evaluate(ALIVE)]
    return found


@pytest.mark.browser
def test_no_text_of_2000_runs_a_script_where_families_read(poisoned, texts, open_page):
    assert len(texts) * 8 >= 2000

    found = visit(
        open_page(),
        [
            "/",
            "/updates/",
            "/updates/2022-spring/",
            "/updates/2022-spring/history/",
            "/updates/2022-spring/history/1/",
            "/updates/feed/",
        ],
    )

    assert found == []


@pytest.mark.browser
def test_no_title_runs_a_script(staff, texts, open_page, sign_in):
    """Titles are short: as many payloads as fit into each."""
    author, publisher = staff["author"], staff["publisher"]
    seasons = [(year, season) for year in range(2012, 2021) for season in ("autumn", "spring")]
    for number, (year, season) in enumerate(seasons):
        fields = {"title": texts[number * 7][:200], "term": make_term(year, season)}
        make_public_update(by=author, publisher=publisher, **fields)

    found = visit(open_page(), ["/updates/", "/", "/updates/feed/"])
    found += visit(sign_in(publisher), ["/admin/updates/termlyupdate/", "/admin/"])

    assert found == []


@pytest.mark.browser
def test_no_text_runs_a_script_where_staff_work(staff, texts, sign_in, open_page):
    author, publisher = staff["author"], staff["publisher"]
    some = texts[::5]
    items = [make_item("not good enough", title=t[:150], body=t, difference=t) for t in some]
    joined = "\n\n".join(texts)
    update = make_public_update(
        by=author, publisher=publisher, title=texts[0], parts=[make_item("not good enough")]
    )
    actions.start_edition(update.document, by=author)
    draft = make_update(
        by=author,
        term=make_term(2022, "summer"),
        title=texts[3],
        parts=items,
        sorry_for=joined,
        nothing_wrong_because=joined,
        in_short=joined,
    )
    page = "/admin/updates/termlyupdate"
    addresses = [
        f"{page}/{draft.pk}/change/",
        f"{page}/{draft.pk}/preview/",
        f"{page}/{draft.pk}/do/submit/",
        f"{page}/{reload(draft).pk}/do/throw-away/",
        f"{page}/",
        reverse("admin:updates_termlyupdate_history", args=[draft.pk]),
    ]

    found = visit(sign_in(author), addresses)
    actions.withdraw(update.document, by=publisher, reason=joined)
    found += visit(open_page(), ["/updates/2022-spring/", "/updates/2022-spring/history/", "/"])

    assert found == []
