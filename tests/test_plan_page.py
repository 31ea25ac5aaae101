"""The plan's own page: filters, order, pages, shapes that can be counted, and what is empty."""

import datetime as dt
import re
from collections import Counter

import pytest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from programme import figures
from programme.models import Milestone
from programme.promises import RULES, Tally
from programme.statuses import OF_DUE, Status
from publishing import plain_words
from tests.factories import (
    correct_update,
    make_area,
    make_body,
    make_page,
    make_plan,
    make_promise,
    make_public_promise,
    publish_update,
    reload,
)
from tests.test_public_pages import words_of

pytestmark = pytest.mark.django_db

PROOF = {"proof": "[The letter](https://example.org/letter)"}
WHY = {
    "why_changed": "We could not hire enough people in time, and had to begin again.",
    "cause": Milestone.Cause.RECRUITMENT,
    "change_agreed_by": "The Improvement Board",
}


def listed(page: str) -> list[str]:
    """The titles in the list of promises, in their order."""
    return re.findall(r'<h3><a href="/plan/p/[^"]*">([^<]*)</a></h3>', page)


@pytest.fixture(scope="module")
def told_once(one_transaction):
    """One done, one late, one to come, for two bodies and two problems."""
    areas = [publish_update(make_area(n, title=f"Trouble {n}")) for n in (1, 2)]
    plan, other = publish_update(make_plan(title="New plan")), publish_update(make_plan())
    nhs = make_body("NHS Fernshire", short_name="NHS", must_sign=False)
    make_public_promise(
        title="Early", due_words="May 2022", areas=areas[:1], done_on=dt.date(2022, 5, 1), **PROOF
    )
    make_public_promise(title="Behind", due_words="June 2022", areas=areas, body=nhs)
    make_public_promise(
        title="Ahead", due_words="2099", areas=areas[1:], of_plan=plan.document, body=nhs
    )
    return areas, plan, other


@pytest.fixture
def three(told_once, db):
    areas, plan, other = told_once
    return [reload(area) for area in areas], reload(plan), reload(other)


CHIPS = {
    "": ["Behind", "Early", "Ahead"],  # what is late comes first
    "?status=late": ["Behind"],
    "?status=on-time": ["Early"],
    "?body=nhs": ["Behind", "Ahead"],
    "?body=nhs&status=not-started": ["Ahead"],
    "?problem=1": ["Behind", "Early"],
    "?plan=new-plan": ["Ahead"],
    "?status=could-not": [],
    "?sort=new": ["Ahead", "Behind", "Early"],
}


def test_chips_filter_by_the_address_alone(client, three):
    pages = {query: client.get(f"/plan/{query}").text for query in CHIPS}

    assert {query: listed(page) for query, page in pages.items()} == CHIPS
    assert not any("We could not read the end of that address" in page for page in pages.values())


def test_a_bad_filter_is_ignored_and_the_page_says_so(client, three):
    for query in (
        "?status=nonsense",
        "?problem=nowhere",
        "?body=%00",
        "?plan=%F0%9F%98%80",
        "?sort=price",
        "?after=nothing",
        "?after=%00",
        "?status=LATE&status=",
    ):
        response = client.get(f"/plan/{query}")

        assert response.status_code == 200, query
        if query != "?status=LATE&status=":  # the last one counts, and it is empty
            assert "We could not read the end of that address" in response.text, query
        assert listed(response.text) == ["Behind", "Early", "Ahead"], query


def test_chips_keep_what_else_was_chosen(client, three):
    page = client.get("/plan/?status=late&body=nhs&sort=moved").text

    assert 'href="?status=late&amp;problem=1&amp;body=nhs&amp;sort=moved#promises"' in page
    assert '<details class="filters" open>' in page
    assert page.count('aria-current="true"') == 5  # status, problem, body, plan, order


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "3 promises, late first, then the oldest date."),
        ("?status=late", "1 late promise."),
        ("?body=nhs&sort=new", "2 promises (NHS), newest report first."),
        ("?status=on-time&problem=1", "1 promise done on time (Problem 1)."),
    ],
)
def test_a_line_says_what_the_list_shows_and_every_choice_leads_to_it(client, three, query, words):
    page = client.get(f"/plan/{query}").text

    assert words in page
    links = re.findall(r'<li><a href="(\?[^"]*)"', page)
    assert len(links) > 10
    assert all(link.endswith("#promises") for link in links)


def test_other_filters_are_folded_away_until_one_is_chosen(client, three):
    assert '<details class="filters">' in client.get("/plan/?status=late").text
    assert '<details class="filters" open>' in client.get("/plan/?sort=new").text


def test_a_long_list_comes_a_page_at_a_time_and_misses_nothing(client, monkeypatch):
    monkeypatch.setattr("programme.listing.PROMISES_A_PAGE", 2)
    titles = [make_public_promise(due_words=words).title for words in ("May 2022", "", "2023", "")]

    found, url = [], "/plan/"
    while url:
        page = client.get(url).text
        found += listed(page)
        more = re.search(r'href="(\?[^"#]*after=[^"#]*)#promises">More', page)
        url = f"/plan/{more[1].replace('&amp;', '&')}" if more else ""

    assert found == [titles[0], titles[2], titles[1], titles[3]]


def test_moved_most_often_comes_first_when_asked(client):
    make_public_promise(title="Stays", due_words="May 2021")
    moved = make_public_promise(title="Moves", due_words="May 2022")
    correct_update(moved, by=moved.created_by, due_words="July 2022", **WHY)

    assert listed(client.get("/plan/?sort=moved").text) == ["Moves", "Stays"]


def test_a_late_promise_says_why_it_moved_last_also_after_another_report(client):
    area = publish_update(make_area())
    promise = make_public_promise(due_words="May 2022", areas=[area])
    for words, reason in (("July 2022", "It was too early. " * 4), ("2098", WHY["why_changed"])):
        because = WHY | {"why_changed": reason}
        promise = correct_update(promise, by=promise.created_by, due_words=words, **because)
    correct_update(promise, by=promise.created_by, started_note="We wrote to all schools.")

    page = client.get(area.get_absolute_url()).text

    assert f"Why it moved: {WHY['why_changed']}" in page
    assert "too early" not in page
    assert "New date" not in page
    # In the long list there is no room for it: twenty lines fit a phone's first round trip.
    assert "Why it moved" not in client.get("/plan/").text


def test_the_page_prints_the_rules_it_counts_by(client):
    make_public_promise()

    page = client.get("/plan/").text

    assert len(RULES) == 10
    for rule in RULES:
        assert rule.replace("“", "“") in page


def test_before_the_plan_is_agreed_the_page_says_what_it_will_hold(client):
    make_promise()

    page = client.get("/plan/").text

    assert "No promises yet" in page
    assert "Before the plan is agreed" in page
    assert "How we count" not in page


def test_a_problem_without_promises_and_without_official_words_says_so(client):
    area = publish_update(make_area(1))

    page = client.get(area.get_absolute_url()).text

    assert "No promises yet." in page
    assert "Their exact words are not published here." in page


def test_home_shows_the_number_once_there_is_one(client):
    assert "Did we do what we said?" not in client.get("/").text

    make_public_promise(due_words="May 2022")

    page = " ".join(client.get("/").text.split())
    assert "Since the start: none of 1" in page
    assert "No promise was due so far this term" in page


def test_the_plan_stands_in_the_main_navigation(client):
    publish_update(make_page("help"))

    assert '<a href="/plan/" aria-current="page">Our plan</a>' in client.get("/plan/").text


@pytest.mark.once  # both databases are asked the same
@pytest.mark.parametrize("number", [2, 9])
def test_the_plan_costs_the_same_queries_for_any_number(client, django_assert_num_queries, number):
    area, plan = publish_update(make_area()), publish_update(make_plan())
    for _ in range(number):
        make_public_promise(areas=[area], of_plan=plan.document)
    client.get("/plan/")

    with django_assert_num_queries(18):
        page = client.get("/plan/?status=late&problem=1")
    assert "We could not read the end of that address" not in page.text


# Figures


def tally(**counts) -> Tally:
    found = Tally()
    for name, number in counts.items():
        found.counts[Status[name]] = number
    return found


@pytest.mark.parametrize(
    ("on_time", "late", "share"),
    [
        (23, 27, "about 4 in every 10"),  # 46 of 100
        (19, 1, "about 9 in every 10"),
        (5, 5, "5 in every 10"),
        (20, 0, "10 in every 10"),
        (1, 19, "fewer than 1 in every 10"),
        (0, 20, ""),
        (9, 0, ""),  # too few for a share
    ],
)
def test_a_share_is_never_rounded_up_in_our_favour(on_time, late, share):
    assert tally(ON_TIME=on_time, LATE=late).share == share


def test_every_promise_is_a_shape_until_there_are_too_many_to_count():
    few = figures.shapes(tally(ON_TIME=3, LATE=40), OF_DUE)
    many = figures.shapes(tally(ON_TIME=3, LATE=6001), OF_DUE)

    assert [(row.count, len(row.shapes)) for row in few.rows] == [(3, 3), (40, 40)]
    # One promise is still one shape: nothing is rounded away.
    assert [(row.count, len(row.shapes)) for row in many.rows] == [(3, 1), (6001, 7)]
    assert (few.each, many.each) == (1, 1000)
    assert few.in_words == "3 done on time, 40 late"
    order = (Status.REPLACED, Status.LATE, Status.ON_TRACK)
    mixed = figures.shapes(tally(LATE=1, ON_TRACK=3, REPLACED=1), order)
    assert mixed.in_words == "1 replaced, 1 late, 3 on track"
    every = figures.shapes(Tally(Counter(dict.fromkeys(Status, 1))), Status)
    assert [line for line in every.lines if plain_words.long_sentences(line)] == []


def test_no_two_statuses_have_the_same_shape():
    """They stand beside each other, and on grey paper there is no colour."""
    drawn = render_to_string("sprite.html", {"shown": {status.icon for status in Status}})

    paths = dict(re.findall(r'<symbol id="s-([a-z]+)"[^>]*>(.*?)</symbol>', drawn))
    assert len({paths[status.icon] for status in Status}) == len(Status)


@pytest.mark.parametrize(
    ("first", "now", "words"),
    [
        ("2022-05-31", "2022-06-01", "1 day"),
        ("2022-05-31", "2022-06-30", "4 weeks"),
        ("2021-11-30", "2022-02-28", "3 months"),
        ("2021-12-31", "2022-12-31", "12 months"),
        ("2021-12-31", "2024-06-30", "30 months"),
        ("2021-12-31", "2026-12-31", "5 years"),
        ("2022-05-31", "2022-03-31", "2 months earlier"),
    ],
)
def test_how_far_a_date_moved_is_said_in_words(first, now, words):
    assert figures.distance(dt.date.fromisoformat(first), dt.date.fromisoformat(now)) == words


def test_the_figure_and_its_table_say_the_same(client):
    promise = make_public_promise(title="Answer the phone", due_words="May 2022")
    correct_update(promise, by=promise.created_by, due_words="July 2022", **WHY)

    page = client.get("/plan/").text

    figure = page.partition("<figure")[2].partition("</figure>")[0]
    assert 'role="img" aria-labelledby="slips-t slips-d"' in figure
    assert "The facts are in the table below." in figure
    cells = re.findall(r"<td>([^<]*)</td>", figure)
    assert cells == ["May 2022", "July 2022", "1", "2 months"]
    assert re.search(r'<circle class="ring" cx="3\.0%"', figure)


def test_the_figure_says_of_how_many_late_promises_it_shows_some(client):
    for title in ("Answer the phone", "Hire two people"):
        promise = make_public_promise(title=title, due_words="May 2022")
        correct_update(promise, by=promise.created_by, due_words="July 2022", **WHY)
    whole = client.get("/plan/").text
    for _ in range(2):
        make_public_promise(due_words="May 2022")

    page = client.get("/plan/").text

    assert "<strong>How far late promises have moved</strong>" in whole
    assert "See all" not in whole
    assert "<strong>The 2 late promises that moved furthest (of 4 late)</strong>" in page
    assert '<a class="go" href="/plan/?status=late&amp;sort=moved#promises">See all 4 late' in page


def test_a_figure_shows_today_only_where_it_lies_between_the_dates():
    promise = make_public_promise(due_words="May 2022")
    promise = correct_update(promise, by=promise.created_by, due_words="2099", **WHY)
    today = timezone.now().date()

    assert figures.slips([promise], today).today_x
    assert figures.slips([promise], dt.date(2020, 1, 1)).today_x is None
    assert figures.slips([make_promise()], today) is None


def test_another_noun_for_promise_reaches_every_page(client, monkeypatch):
    """As a catalogue of another language, or of a council that says it otherwise, would."""
    said = {"promise": "pledge", "promises": "pledges"}
    monkeypatch.setattr(translation._trans, "gettext", lambda words: said.get(words, words))
    promise = make_public_promise()

    plan, page, changes = (
        words_of(client.get(address))
        for address in ("/plan/", promise.get_absolute_url(), "/changes/?kind=milestone")
    )

    assert "Every pledge" in plan
    assert "1 pledge" in plan
    assert page.startswith(f"Pledge {promise.ref}") or f"Pledge {promise.ref}" in page
    assert "What kind of pledge" in page
    assert "Pledge" in changes
