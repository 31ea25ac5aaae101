"""axe finds nothing on any page, in every size and theme; and what axe does not measure."""

import io
import random
from collections.abc import Iterator
from itertools import islice, product

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client
from playwright.sync_api import Page
from pypdf import PdfReader

from participation.models import YearlyReport
from programme import forum
from programme.models import ForumCheck, ForumLink
from publishing import actions
from publishing.attachments import store_pdf
from publishing.models import EditionFile
from publishing.models.editions import kinds
from tests import hostile_files, weight
from tests.factories import (
    change_draft,
    correct_update,
    make_card,
    make_item,
    make_message,
    make_public_card,
    make_public_page,
    make_public_promise,
    make_public_update,
    make_section,
    make_term,
    make_update,
    reload,
    sign_off_update,
)
from tests.house_rules import filling, valid_html, walking
from tests.journeys import measures, record_pages
from tests.size import in_turn, is_large
from updates.models import PromiseAnswer
from website.models import InformationPage, PrivacyReport

pytestmark = pytest.mark.once

WIDTHS = (320, 390, 1280)
ALL_RULES: dict = {}
# In the dark the colours alone are others. (All of `cat.color` would hold staff to 7:1 too.)
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
THEMES = {"light": ALL_RULES, "dark": COLOURS}
LEAST_CONTRAST = 7
SMALLEST_TARGET = 24

DICE = random.Random(1)
WORDS = (settings.BASE_DIR / "docs/deploying.md").read_text("utf-8").lower().split()

EVERYTHING = """Words, **bold** ones, [a link](/updates/).

- a list
- of two

| Year | Families |
|---|---|
| 2021 | a rather long cell with a_very_long_word_that_cannot_be_broken_anywhere |

> A quote.
"""

LONG_EMAIL = "send-information-advice-and-support@childrens-services.fernshire.example.org"
LONG_WORD = "Neurodevelopmental-Assessment-Pathway-Coordinators"

PURPOSES = InformationPage.Purpose.values


@pytest.fixture
def people(staff) -> dict:
    return {"by": staff["author"], "publisher": staff["publisher"]}


def one_of_each_sort() -> list[str]:
    """A page for every pattern of the URLconf that shows one, so that no new sort is forgotten."""
    for kind in kinds():
        if not kind._base_manager.exists():
            filling.make_public(kind, filling.word("public"))
    found = []
    for route in walking.public_routes():
        answers = (walking.visit(path) for path in walking.filled(route))
        pages = (each.path for each in answers if each.is_page and each.status in {200, 410})
        found += islice(pages, 1)
    return found


def public_addresses(people: dict) -> list[str]:
    down = make_public_update(**people, term=make_term(2021, "autumn"))
    actions.withdraw(down.document, by=people["publisher"], reason="A number was wrong.")
    make_term(2020, "autumn", update_due_on=make_term(2020, "autumn").ends_on)
    items = [make_item("better", source="Letter, July 2021"), make_item("doing")]
    answers = make_answers(people, down)
    letter = store_pdf(hostile_files.pdf(), by=people["by"])
    file = EditionFile(attachment=letter, title="The letter", summary="They said: go on.")
    update = make_public_update(
        **people,
        parts=[*items, make_item("not good enough", body=EVERYTHING), *answers, file],
        sorry_for="We are sorry.",
        forum_view="We see no change.",
    )
    make_public_promise(**people, origin=update.document)
    correct_update(update, by=people["by"], in_short="New words.")
    cards = make_cards(people, update.term)
    for purpose in PURPOSES:
        make_page_of_everything(purpose, people)
    page = InformationPage.objects.get(purpose="about")
    correct_update(page, by=people["by"], intro="New words.")
    return [
        "/",
        "/updates/",
        "/updates/2022-spring/",
        "/updates/2022-spring/history/",
        "/updates/2022-spring/history/1/",
        "/updates/2021-autumn/",
        "/updates/2019-autumn/",
        "/plan/board/?since=soon&until=2099-01-01",
        "/you-said/",
        *(card.get_absolute_url() for card in cards),
        f"{cards[0].get_absolute_url()}history/",
        f"{cards[0].get_absolute_url()}history/1/",
        *(f"/{purpose}/" for purpose in PURPOSES),
        "/about/history/",
        "/about/history/1/",
        "/private/?page=/updates/2022-spring/",
        "/private/sent/",
        "/search/?q=hired",
        "/search/?q=qqqqq",
        "/updates/email/",
        "/updates/email/sent/",
        f"/have-your-say/?page={update.get_absolute_url()}",
        "/have-your-say/easy-read/",
        "/have-your-say/receipt/",
        f"/have-your-say/reports/{make_yearly_report(people).year}/",
        *record_pages.public_addresses(people),
        *forum_pages(people),
    ]


def forum_pages(people: dict) -> list[str]:
    """What the Parent Carer Forum sees behind its link, and what families see of its answers."""
    done = {"done_on": "2022-05-03", "proof": EVERYTHING}
    refused, asked = (make_public_promise(**people, **done) for _ in "12")
    home = f"/forum/{filling.new_forum_link()}/"
    link = ForumLink.objects.get()
    for said in (ForumCheck.Answer.YES, ForumCheck.Answer.NO):
        check = forum.answer(refused.document, said, "Not *one*.\nSee our list.", link=link)
    return [
        home,
        f"{home}?done={refused.document.slug}",
        *(f"{home}{each.document.slug}/" for each in (refused, asked)),
        "/forum/no-such-link/",
        refused.get_absolute_url(),
        asked.get_absolute_url(),
        check.get_absolute_url(),
        check.whole_history_url,
        f"{check.whole_history_url}1/",
    ]


def make_answers(people: dict, before) -> list[PromiseAnswer]:
    """An answer, a reason for none, and silence, about promises of the update before."""
    words = [{"said": EVERYTHING}, {"no_answer_because": "We count in May."}, {}]
    return [
        PromiseAnswer(
            milestone=make_public_promise(**people, origin=before.document).document, **each
        )
        for each in words
    ]


def make_yearly_report(people: dict) -> YearlyReport:
    rows = [["A parent or carer", "about 20"], ["A young person", "fewer than 5"]]
    tables = [{"title": "Who wrote", "rows": rows}]
    return YearlyReport.objects.create(year=2021, tables=tables, by=people["publisher"])


def make_cards(people: dict, term) -> list:
    every = {"heard_where": "at a meeting", "heard_when": "May 2022", "how_many": 3}
    return [
        make_public_card(**people, term=term, said="The phone.", is_quote=True, taken_from="Notes"),
        make_public_card(**people, term=term, outcome="doing", could_not="Not yet.", **every),
        make_public_card(
            **people, term=term, outcome="deciding", answer_by="2099-01-01", we_did=""
        ),
        make_public_card(**people, term=term, outcome="cannot", could_not="The law."),
    ]


def make_page_of_everything(purpose: str, people: dict) -> None:
    contact = {"email": LONG_EMAIL, "hours": "Monday to Friday"}
    link = {"link": "https://example.org/", "link_text": "Ask for free advice"}
    make_public_page(
        purpose,
        **people,
        reviewed_on="2022-07-01",
        tested_on="2022-07-01",
        parts=[
            make_section("Is a child in danger?", is_urgent=True, phone="999"),
            make_section("EHC plan team (SENAR)", phone="0121 496 0000", **contact, **link),
            make_section(f"A complaint about {LONG_WORD}", body=EVERYTHING),
        ],
    )


def staff_addresses(people: dict) -> list[str]:
    author, publisher = people["by"], people["publisher"]
    update = "/admin/updates/termlyupdate"
    card, page = "/admin/updates/yousaidwedid", "/admin/website/informationpage"
    public = make_public_update(**people, term=make_term(2019, "spring"))
    draft = actions.start_edition(public.document, by=author)
    change_draft(draft, by=author, in_short="Newer words.", change_note="Better.")
    signed = sign_off_update(
        make_update(by=author, term=make_term(2022, "summer")), publisher=publisher
    )
    together = make_card(by=author, term=signed.term)
    help_page = InformationPage.objects.get(purpose="help")
    PrivacyReport.objects.create(page="/updates/2022-spring/", words="A name in line 3.")
    publisher.groups.add(Group.objects.get(name="duty officer"))
    inbox = "/admin/participation/feedback"
    danger = make_message("He hits me.", page="/plan/", original="Asha: he hits me.")
    danger.hold("The police ask.", publisher)
    return [
        "/admin/",
        f"{inbox}/",
        f"{inbox}/report/",
        f"{inbox}/{make_message(who='parent').pk}/change/",
        f"{inbox}/{danger.pk}/change/",
        f"{update}/",
        f"{update}/add/",
        f"{update}/{draft.pk}/change/",
        f"{update}/{draft.pk}/changes/",
        f"{update}/{draft.pk}/preview/",
        f"{update}/{public.pk}/change/",
        *(f"{update}/{reload(draft).pk}/do/{name}/" for name in ("submit", "take-down")),
        *(f"{update}/{signed.pk}/do/{name}/" for name in ("publish", "schedule", "import")),
        f"{card}/",
        f"{card}/add/",
        f"{card}/{together.pk}/change/",
        f"{card}/{together.pk}/do/together/",
        f"{page}/",
        f"{page}/add/",
        f"{page}/{help_page.pk}/change/",
        *(f"/admin/programme/{page}/" for page in ("forumlink", "forumlink/add", "forumcheck")),
        f"/admin/programme/forumlink/{ForumLink.objects.get().pk}/change/",
        f"/admin/programme/forumcheck/{ForumCheck.objects.latest('pk').pk}/change/",
        "/admin/programme/term/",
        "/admin/programme/term/add/",
        *record_pages.staff_addresses(people),
    ]


def sizes_for(turn: int) -> list[tuple[int, str]]:
    """In `make soak` every width in both themes. In `make test` each page has its turn: one width
    in the light, where axe tries all its rules, and for every third page another in the dark.
    """
    if is_large():
        return list(product(WIDTHS, THEMES))
    dark = [(WIDTHS[turn // 3 % 3], "dark")] if turn % 3 == 0 else []
    return [(WIDTHS[turn % 3], "light"), *dark]


def faults_in_sizes(page: Page, address: str, turn: int, measure) -> Iterator[str]:
    """What axe finds, what sticks out, and what `measure` finds, in the sizes whose turn it is.

    The page is loaded once. Themes differ in colours alone: in the dark, axe looks at those.
    """
    for width, theme in sizes_for(turn):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.evaluate(measures.SETTLE_COLOURS)
        found = [*page.evaluate(measures.AXE_FAULTS, THEMES[theme]), *measure(page)]
        if page.evaluate(measures.SCROLLS_SIDEWAYS):
            found.append("scrolls sideways")
        yield from (f"{address} {theme} {width}: {fault}" for fault in found)


def weak_text_and_small_targets(page: Page) -> list[str]:
    return [
        *page.evaluate(measures.WEAK_CONTRAST, LEAST_CONTRAST),
        *page.evaluate(measures.SMALL_TARGETS, SMALLEST_TARGET),
    ]


def faults_when_read_otherwise(page: Page, address: str, turn: int) -> Iterator[str]:
    """With more space, larger text, colours of one's own, and from the right: one of them in turn.

    A page of 1280 px at 400% is one of 320 px: that is measured above.
    """
    ways = (faults_with_larger_text, faults_in_forced_colours, faults_from_the_right)
    for faults in in_turn(ways, turn, parts=len(ways)):
        yield from faults(page, address)


def crowded_figures(page: Page, address: str) -> Iterator[str]:
    """On the narrowest phone every word of a figure is whole, and none is over another."""
    if page.locator("svg.chart").count():
        page.set_viewport_size({"width": 320, "height": 800})
        yield from (f"{address} at 320: {each}" for each in page.evaluate(measures.CROWDED_FIGURES))


def faults_with_larger_text(page: Page, address: str) -> Iterator[str]:
    for width, style in measures.LARGER_TEXT:
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(measures.ADD_STYLE, style)
        if page.evaluate(measures.SCROLLS_SIDEWAYS):
            yield f"{address} with {style}: scrolls sideways"
    page.evaluate(measures.ADD_STYLE, "")


def faults_in_forced_colours(page: Page, address: str) -> Iterator[str]:
    page.set_viewport_size({"width": 320, "height": 800})
    page.emulate_media(color_scheme="light", forced_colors="active")
    for fault in page.evaluate(measures.WEAK_CONTRAST, LEAST_CONTRAST):
        yield f"{address} in forced colours: {fault}"
    page.emulate_media(forced_colors="none")


def faults_from_the_right(page: Page, address: str) -> Iterator[str]:
    page.evaluate(measures.FROM_THE_RIGHT)
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate(measures.SCROLLS_SIDEWAYS):
            yield f"{address} from the right at {width}: scrolls sideways"
    if page.locator(".brand").bounding_box()["x"] < 640:
        yield f"{address}: is not mirrored"


def invalid_or_heavy(address: str) -> Iterator[str]:
    content = Client().get(address).content
    yield from (f"{address}: {fault}" for fault in valid_html.faults(content))
    size = weight.of_page(content) + weight.of_styles()
    if size > weight.LARGEST_PAGE:
        yield f"{address}: {size} bytes"


@pytest.mark.browser
def test_no_public_page_has_a_fault_however_it_is_read(people, open_page):
    """A site with something of everything is made once: that takes longer than to look at it."""
    page, found = open_page(), []
    every = dict.fromkeys([*public_addresses(people), *one_of_each_sort()])
    for turn, address in enumerate(every):
        load(page, address)
        found += faults_in_sizes(page, address, turn, weak_text_and_small_targets)
        found += crowded_figures(page, address)
        found += faults_when_read_otherwise(page, address, turn)
        found += invalid_or_heavy(address)

    assert "\n".join(found) == ""
    assert weight.of_styles() <= weight.LARGEST_STYLES


@pytest.mark.browser
def test_no_staff_page_has_a_fault(people, staff, sign_in):
    public_addresses(people)
    page, found = sign_in(staff["publisher"]), []
    for turn, address in enumerate(staff_addresses(people)):
        sent = load(page, address)
        found += (f"{address}: {fault}" for fault in valid_html.faults(sent))
        found += faults_in_sizes(page, address, turn, lambda page: [])

    assert "\n".join(found) == ""


def load(page: Page, address: str) -> bytes:
    """What the server sent, and axe beside it."""
    answer = page.goto(address)
    page.evaluate(AXE_SCRIPT)
    return answer.body()


@pytest.mark.browser
def test_the_plan_prints_every_line_of_its_list_with_its_words(people, open_page):
    promises = [make_public_promise(**people, due_words=when) for when in ("May 2022", "2099", "")]
    correct_update(promises[0], by=people["by"], due_words="May 2023", **record_pages.WHY)
    page = open_page({"width": 718, "height": 1000})
    page.goto("/plan/")
    page.emulate_media(media="print", color_scheme="dark")

    assert not page.evaluate(measures.SCROLLS_SIDEWAYS)
    assert page.evaluate(measures.WEAK_CONTRAST, LEAST_CONTRAST) == []
    for promise, word in zip(promises, ("Late", "Not started", "No date given"), strict=True):
        line = page.locator(".ms", has_text=promise.title)
        assert line.is_visible()
        assert line.get_by_text(word).first.is_visible()
    assert not page.locator(".chips").first.is_visible()
    assert page.locator("table.data").is_visible()  # the facts of the figure, unfolded
    assert len(PdfReader(io.BytesIO(page.pdf(format="A4"))).pages) <= 4


@pytest.mark.browser
def test_a_full_update_prints_on_a_few_sheets_of_black_on_white(people, open_page):
    update = make_public_update(**people, parts=full_items(), forum_view="No change.")
    page = open_page({"width": 718, "height": 1000})
    page.goto(update.get_absolute_url())
    page.emulate_media(media="print", color_scheme="dark")

    assert not page.evaluate(measures.SCROLLS_SIDEWAYS)
    assert page.evaluate(measures.WEAK_CONTRAST, LEAST_CONTRAST) == []
    assert not page.locator(".nav").is_visible()
    assert page.locator(".printed").is_visible()
    assert len(PdfReader(io.BytesIO(page.pdf(format="A4"))).pages) <= 6


@pytest.mark.browser
def test_the_paper_for_boards_prints_in_black_on_white_without_its_form(people, open_page):
    for _ in range(8):
        make_public_promise(**people)
    page = open_page({"width": 718, "height": 1000})
    page.goto("/plan/board/")
    page.emulate_media(media="print", color_scheme="dark")

    assert not page.evaluate(measures.SCROLLS_SIDEWAYS)
    assert page.evaluate(measures.WEAK_CONTRAST, LEAST_CONTRAST) == []
    assert not page.get_by_role("button", name="Show these days").is_visible()
    assert len(PdfReader(io.BytesIO(page.pdf(format="A4"))).pages) <= 3


@pytest.mark.django_db
def test_a_full_update_and_its_styles_come_in_the_first_round_trip(people):
    update = make_public_update(**people, parts=full_items(), forum_view=prose(80))
    for _ in range(4):
        make_public_card(**people, term=update.term, said=prose(12), we_did=prose(25))

    for address in ("/", update.get_absolute_url(), "/you-said/"):
        size = weight.of_page(Client().get(address).content) + weight.of_styles()
        assert size <= weight.LARGEST_PAGE, address


def full_items() -> list:
    sections = ("better", "doing", "not good enough")
    return [
        make_item(section, title=prose(7), body=prose(60), difference=prose(15), source=prose(5))
        for section in sections
        for _ in range(4)
    ]


def prose(length: int) -> str:
    """Words that compress no better than real ones."""
    return " ".join(DICE.choices(WORDS, k=length)).capitalize() + "."


@pytest.mark.browser
def test_the_form_says_what_is_wrong_without_a_fault_and_sends_by_keyboard(open_page):
    page = open_page(reduced_motion="reduce")
    page.goto("/private/?page=/updates/")
    page.get_by_role("button", name="Tell staff now").click()
    found = faults_here(page)

    page.get_by_role("link", name="Say what is wrong.").click()
    page.keyboard.type("A name in line 3.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.get_by_role("heading", name="Thank you.").wait_for()
    assert "\n".join(found) == ""
    assert PrivacyReport.objects.get().words == "A name in line 3."


def faults_here(page: Page) -> list[str]:
    page.wait_for_load_state()
    page.evaluate(AXE_SCRIPT)
    return page.evaluate(measures.AXE_FAULTS, ALL_RULES) + page.evaluate(
        measures.WEAK_CONTRAST, LEAST_CONTRAST
    )
