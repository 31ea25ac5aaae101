"""No text that staff type runs a script, reaches elsewhere, or trips the browser's own guard."""

import datetime as dt
from collections.abc import Iterator
from itertools import cycle

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from programme.loose_date_fields import LooseDateField
from programme.models import Area, Milestone
from publishing import actions, attachments
from publishing.actions.lock import publishing_lock
from publishing.models import Edition, EditionFile
from publishing.models.editions import kinds
from publishing.own_words import text_fields
from publishing.whole_editions import as_their_kinds
from tests import hostile_files
from tests.factories import (
    correct_update,
    make_item,
    make_public_update,
    make_term,
    make_update,
    publish_update,
    reload,
    sign_off_update,
)
from tests.house_rules import filling
from tests.scripts import payloads
from tests.size import is_large

pytestmark = pytest.mark.once

# What our own pages never contain, and what a payload needs.
ALIVE = """() => {
  const found = [];
  for (const each of document.querySelectorAll("*")) {
    const name = each.localName;
    if (name === "script" && !new URL(each.src, location).pathname.startsWith("/static/")
        && !each.src.endsWith("/jsi18n/")
        && !["application/json", "application/ld+json"].includes(each.type)) found.push(name);
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


def without_looking(editions, verb) -> list[Edition]:
    """What the checks before publishing would refuse is not refused here: it may be old."""
    return as_their_kinds(editions)


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
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("publishing.actions.signing.refuse_unready", without_looking)
        patch.setattr("publishing.actions.going_public.refuse_unready", without_looking)
        first = publish_update(update, publisher=publisher)
        return correct_update(
            first, by=author, publisher=publisher, title=texts[1], change_note=joined
        )


def visit(page: Page, addresses: list[str], *, until="networkidle") -> list[str]:
    found = []
    for address in addresses:
        answer = page.goto(address, wait_until=until)
        assert answer, address
        assert answer.status in {200, 410}, address
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


# Every kind


def poison(row, texts: Iterator[str], joined: str) -> None:
    """Puts a payload into each short text of a row, and many into each long one."""
    for field in text_fields(row):
        text = joined if field.max_length is None else next(texts)[: field.max_length]
        if isinstance(field, LooseDateField):  # words beside a date that can be read
            text = f"3 November 2021 ({text})"[: field.max_length]
        setattr(row, field.attname, text)


def poisoned_draft(kind: type[Edition], texts: Iterator[str], joined: str) -> Edition:
    """A draft of any kind with payloads in every text, as if it had stood elsewhere before."""
    draft = filling.make(kind, filling.word("page"))
    draft.originally_at = dt.datetime(2021, 11, 3, 12, tzinfo=dt.UTC)
    for row in (draft, *draft.parts()):
        poison(row, texts, joined)
        row.save()
    actions.seal_draft(draft)
    return sign_off_update(draft)


def poisoned_answer(kind: type[Edition], texts: Iterator[str], joined: str) -> Edition:
    """What somebody outside said through a link, twice, with payloads in every text."""
    first = filling.unsaid(kind, filling.word("page"))
    poison(first, texts, joined)
    second = filling.correct(filling.say(first, slug=filling.word("page")), filling.word("next"))
    poison(second, texts, joined)
    return filling.publish(second)


@pytest.fixture
def poisoned_kinds(staff, texts) -> list[Edition]:
    """Of each kind a public page that was corrected once: a new kind is among them by itself."""
    one_after_another = cycle(texts)
    some = texts if is_large() else texts[::10]
    joined = "\n\n".join(sorted(some, key=lambda text: "```" in text or "~~~" in text))
    with pytest.MonkeyPatch.context() as patch, publishing_lock():
        patch.setattr("publishing.actions.signing.refuse_unready", without_looking)
        patch.setattr("publishing.actions.going_public.refuse_unready", without_looking)
        drafts = [poisoned_draft(kind, one_after_another, joined) for kind in filling.staff_kinds()]
        for draft in drafts:
            actions.import_from_elsewhere(draft.release, by=staff["publisher"])
        ours = [
            correct_update(
                draft,
                by=draft.created_by,
                change_note=joined,
                source="",
                source_date="",
                originally_at=None,
            )
            for draft in map(reload, drafts)
        ]
        others = [kind for kind in kinds() if kind.SPEAKS_THROUGH]
        return [*ours, *(poisoned_answer(kind, one_after_another, joined) for kind in others)]


@pytest.mark.browser
def test_no_text_of_any_kind_runs_a_script(poisoned_kinds, open_page):
    lists = {page.list_page()[1] for page in poisoned_kinds if page.list_page()}
    addresses = ["/", *sorted(lists)]
    for page in poisoned_kinds:
        first = page.history_url(page.document.slug, 1)
        addresses += [page.get_absolute_url(), page.whole_history_url, first]

    # Half a second of silence on each page would be most of the time that this takes.
    assert visit(open_page(), addresses, until="networkidle" if is_large() else "load") == []


@pytest.mark.browser
def test_no_text_of_any_kind_runs_a_script_in_a_feed_or_a_preview(
    poisoned_kinds, staff, open_page, sign_in
):
    """The next edition of each, with the same texts, as staff look at it before it goes out."""
    ours = [page for page in poisoned_kinds if not page.spoken_by]
    with publishing_lock():
        drafts = [actions.start_edition(page.document, by=page.created_by) for page in ours]
    feeds = {"area": Area, "promise": Milestone}
    feeds_of = [
        reverse(f"feeds:{name}", args=[page.document.slug])
        for name, kind in feeds.items()
        for page in ours
        if isinstance(page, kind)
    ]
    previews = [
        reverse(f"admin:{draft._meta.app_label}_{draft._meta.model_name}_preview", args=[draft.pk])
        for draft in drafts
    ]

    found = visit(open_page(), ["/feeds/all.atom", *feeds_of], until="load")
    found += visit(sign_in(staff["author"]), previews, until="load")

    assert len(feeds_of) >= 2
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
    some = texts if is_large() else texts[::5]
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
