"""Help, duties and words: published like every page, linked only while they stand."""

import datetime as dt
import re

import pytest

from publishing import actions, moments
from tests.factories import (
    correct_update,
    make_item,
    make_page,
    make_public_page,
    make_public_update,
    make_section,
    make_update,
    publish_update,
)
from tests.test_public_pages import words_of
from website.information import Navigation
from website.models import InformationPage

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PURPOSES = InformationPage.Purpose.values


@pytest.mark.parametrize("purpose", PURPOSES)
def test_each_page_has_its_address_once_it_is_published(client, purpose):
    draft = make_page(purpose)
    before = client.get(f"/{purpose}/")

    publish_update(draft)

    page = client.get(f"/{purpose}/")
    assert before.status_code == 404
    assert page.status_code == 200
    assert draft.intro in words_of(page)
    assert page.content.decode().count("<h1") == 1


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_page_is_linked_from_every_page_only_while_it_stands(client, purpose, publisher):
    link = f'href="/{purpose}/"'
    without = client.get("/").content.decode()
    page = make_public_page(purpose, by=None)
    with_it = client.get("/").content.decode()
    elsewhere = client.get("/updates/").content.decode()
    missing = client.get("/nothing-here/").content.decode()

    actions.withdraw(page.document, by=publisher, reason="A number was wrong.")

    assert link not in without
    for text in (with_it, elsewhere, missing):
        assert link in text
    assert link not in client.get("/").content.decode()
    down = client.get(f"/{purpose}/")
    assert down.status_code == 410
    assert "A number was wrong." in words_of(down)


def test_get_help_is_last_in_the_navigation(client):
    make_public_page("help")

    text = client.get("/updates/").content.decode()

    navigation = re.search(r'<nav class="nav".*?</nav>', text, re.DOTALL)[0]
    assert re.findall(r">([^<]+)</a>", navigation) == [
        "This term",
        "Our plan",
        "You said, we did",
        "Have your say",
        "What happened",
        "Get help",
    ]


def test_the_footer_begins_with_a_person_to_talk_to(client):
    make_public_page("help")

    footer = words_of(client.get("/")).partition("Talk to a person")[2]

    assert footer.startswith(" Is a child in danger? Call 999. A complaint: 0121 496 0000")


def test_danger_stands_first_and_an_unknown_number_is_not_published(client):
    make_public_page(
        "help",
        parts=[
            make_section("Your child’s EHC plan"),
            make_section("Is a child in danger?", is_urgent=True, phone="999"),
        ],
    )

    text = words_of(client.get("/help/"))

    assert text.index("Is a child in danger?") < text.index("Your child’s EHC plan")
    assert "Your child’s EHC plan Free and private. Phone number: not published" in text


def test_a_number_can_be_tapped(client):
    make_public_page("help", parts=[make_section(phone="(0121) 496 0000")])

    assert 'href="tel:01214960000">(0121) 496 0000</a>' in client.get("/help/").content.decode()


def test_words_stand_from_a_to_z_with_an_address_each(client):
    make_public_page("words", parts=[make_section(word) for word in ("SEND", "can", "EHC")])

    page = client.get("/words/").content.decode()

    assert re.findall(r'<div id="([^"]+)"><dt>', page) == ["can", "ehc", "send"]
    assert 'href="#ehc"' in page


def test_the_statement_says_when_it_was_prepared_checked_and_tested(client):
    make_public_page(
        "accessibility",
        prepared_on=dt.date(2022, 7, 1),
        reviewed_on=dt.date(2022, 8, 2),
        tested_on=dt.date(2022, 6, 3),
    )

    text = words_of(client.get("/accessibility/"))

    assert "Prepared on 1 July 2022. Last checked on 2 August 2022." in text
    assert "This website was last tested on 3 June 2022." in text


def test_a_statement_without_its_date_is_not_ready():
    fields = {problem.field for problem in make_page("accessibility", prepared_on=None).problems()}

    assert fields == {"prepared_on"}


def test_an_empty_page_is_not_ready():
    assert {p.field for p in make_page("about", parts=[]).problems()} == {"title"}


def test_a_correction_keeps_the_old_number_readable(client, author):
    page = make_public_page("help", intro="Call before noon.")

    correct_update(page, by=author, intro="Call all day.", change_note="The hours were wrong.")

    assert "Call all day." in words_of(client.get("/help/"))
    assert "The hours were wrong." in words_of(client.get("/help/history/"))
    assert "Call before noon." in words_of(client.get("/help/history/1/"))


def test_there_is_one_page_of_each(client, author):
    make_page("help", by=author)
    client.force_login(author)

    page = client.post(
        "/admin/website/informationpage/add/",
        {
            "purpose": "help",
            "title": "Help again",
            "intro": "x",
            **{f"sections-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL")},
        },
    )

    assert "This page is here already." in words_of(page)


def test_a_link_needs_its_words(client, author):
    client.force_login(author)

    page = client.post(
        "/admin/website/informationpage/add/",
        {
            "purpose": "help",
            "title": "Help",
            "intro": "x",
            "sections-TOTAL_FORMS": 1,
            "sections-INITIAL_FORMS": 0,
            "sections-0-heading": "Advice",
            "sections-0-position": 1,
            "sections-0-link": "https://example.org/",
        },
    )

    assert "A link needs both an address and its words." in words_of(page)


def test_pages_cost_the_same_queries_however_many_there_are(
    client, django_assert_max_num_queries, publisher
):
    make_public_update(publisher=publisher)
    make_public_page("help", publisher=publisher)
    addresses = ["/", "/help/", "/help/history/", "/help/history/1/", "/nothing-here/"]

    def cost(address):
        with django_assert_max_num_queries(30) as queries:
            client.get(address)
        return len(queries)

    before = [cost(address) for address in addresses]
    for purpose in ("about", "words", "privacy"):
        make_public_page(purpose, publisher=publisher)

    assert [cost(address) for address in addresses] == before


def test_the_navigation_costs_one_query(client, django_assert_num_queries, rf):
    make_public_page("help")
    nav = Navigation(moments.now())

    with django_assert_num_queries(1):
        assert nav.help
        assert nav.footer == []


def test_every_page_says_what_it_is_when_it_is_shared(client):
    make_public_page("help")
    make_public_update(title="Our spring update")

    for address, title, picture in (
        ("/", "Together We CAN: help for children", "share-site.png"),
        ("/updates/2022-spring/", "Our spring update", "share-update.png"),
        ("/you-said/", "You said, we did", "share-you-said.png"),
        ("/help/", "Get help", "share-help.png"),
    ):
        page = client.get(address).content.decode()
        assert f'property="og:title" content="{title}' in page
        assert f'content="http://testserver/static/img/{picture}"' in page
        assert re.search(r'property="og:description" content="[^"]{20,400}"', page)


def test_home_asks_whether_it_is_better_how_long_the_wait_is_and_whom_to_call(client):
    make_public_page("help")
    make_public_update(
        verdict="Not good enough yet. Inspectors, May 2021: enough progress on 1 of 13 problems.",
        forum_view="We see no change.",
    )

    text = words_of(client.get("/"))

    places = [
        text.index(words)
        for words in (
            "getting better? Not good enough yet.",
            "Inspectors, May 2021: enough progress on 1 of 13 problems.",
            "Need help for your child now?",
            "How long do families wait?",
            "We do not publish this yet.",
            "What got better",
            "In short",
            "We see no change.",
        )
    ]
    assert places == sorted(places)


def test_a_forum_that_sent_nothing_is_said_to_have_sent_nothing(client):
    update = make_public_update()

    for address in ("/", update.get_absolute_url()):
        assert "The Parent Carer Forum has not sent a view." in words_of(client.get(address))


def test_where_a_fact_comes_from_is_printed(client):
    update = make_public_update(
        parts=[
            make_item("better", source="Letter of July 2021"),
            make_item("not good enough", difference=""),
        ]
    )

    assert "Where this comes from: Letter of July 2021" in words_of(
        client.get(update.get_absolute_url())
    )


def test_an_update_without_a_verdict_is_not_ready():
    assert {p.field for p in make_update(verdict=" ").problems()} == {"verdict"}


def test_staff_are_advised_and_not_stopped_when_nothing_is_different_for_families(client, author):
    item = make_item("better", title="More staff", difference="")
    draft = make_update(
        by=author, parts=[item, make_item("not good enough")], forum_view="We see no change."
    )
    client.force_login(author)

    page = client.get(f"/admin/updates/termlyupdate/{draft.pk}/change/")

    assert draft.problems() == []
    assert "“More staff” does not say what is different for a family." in words_of(page)
