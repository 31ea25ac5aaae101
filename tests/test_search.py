"""Search finds what stands, by its words, whoever wrote it down and however."""

import datetime as dt
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from publishing import actions, moments, search
from publishing.models import Edition
from tests import factories
from tests.house_rules.filling import word
from tests.house_rules.secrecy import SECRETS
from updates.models import YouSaidWeDid
from website.models import InformationPage, PageSection

pytestmark = pytest.mark.django_db


def titles(typed, **extra) -> list[str]:
    """The titles that are found, in their order."""
    asked = search.asked(typed)
    found = search.search(moments.now(), asked.words, **extra)
    rows = Edition.objects.in_bulk(found.keys)
    return [rows[key].title for key in found.keys]


def ask(client, typed, **more):
    return client.get("/search/", {"q": typed, **more})


# What is found


def test_a_page_is_found_by_words_of_its_title_and_of_its_text(publisher):
    factories.make_public_card(title="Waiting for a therapist", said="It takes too long.")
    factories.make_public_card(title="Another", said="We waited for the speech therapists.")

    assert titles("therapist waiting") == ["Waiting for a therapist", "Another"]
    assert titles("SPEECH,  (Therapists)!") == ["Another"]
    assert titles("zebra") == []


def test_little_words_around_a_question_do_not_matter_but_can_does(publisher):
    factories.make_public_card(title="School buses", said="Buses come late.")
    factories.make_public_card(title="Words", said="We say CAN now.")

    assert titles("Where do I find the bus?") == []
    assert titles("why are the buses so late?") == ["School buses"]
    assert titles("CAN") == ["Words"]


STRANGE = [
    '"', "\x00", "a AND (", "NEAR(", "title:", "*", "-", "' OR 1=1 --", "^", "{", "\\", "%_",
    "é́", "²", "👩‍👧", "٣", "বাংলা", "a" * 5_000, "word " * 500, "&|!:*<->", "AND OR NOT",
]  # fmt: skip


def test_signs_never_reach_the_engine(client, council):
    for typed in STRANGE:
        assert ask(client, typed).status_code == 200, typed
        assert titles(typed) == []


def test_results_have_kind_date_and_the_words_marked_and_escaped(client, publisher):
    factories.make_public_card(title="A <b>bus</b>", said="One <script> & the **buses** stop.")

    page = ask(client, "bus").text

    assert "A &lt;b&gt;<mark>bus</mark>&lt;/b&gt;" in page
    assert "One &lt;script&gt; &amp; the <mark>buses</mark> stop." in page
    assert "You said, we did ·" in page
    assert "1 page</h2>" in page


def test_results_can_be_of_one_kind(client, publisher):
    factories.make_public_card(title="Buses")
    factories.make_public_update(title="Buses this term")

    everything, cards = ask(client, "buses"), ask(client, "buses", kind="updates.yousaidwedid")

    assert "2 pages</h2>" in everything.text
    assert "kind=updates.termlyupdate" in everything.text
    assert "1 page</h2>" in cards.text
    assert "Buses this term" not in cards.text


def test_a_page_shows_20_results_and_leads_to_the_next(client, author, publisher):
    for number in range(21):
        factories.make_public_card(title=f"Bus number {number}", by=author, publisher=publisher)

    first, second = ask(client, "bus"), ask(client, "bus", page=2)

    assert first.text.count("<mark>Bus</mark>") == 20
    assert 'href="/search/?q=bus&amp;page=2">More pages' in first.text
    assert second.text.count("<mark>Bus</mark>") == 1
    assert "Bus</mark> number 0" in second.text


def test_what_cannot_be_read_in_the_address_is_said(client, council):
    for more in ({"page": "x"}, {"page": "99"}, {"page": "²"}, {"kind": "no.such"}):
        page = ask(client, "bus", **more)

        assert page.status_code == 200
        assert "We could not read the end of that address" in page.text


# At which moment


def test_a_draft_is_not_found_and_a_withdrawn_page_no_longer(publisher):
    factories.make_card(title="A drafted bus")
    card = factories.make_public_card(title="A public bus")
    assert titles("bus") == ["A public bus"]

    actions.withdraw(card.document, by=publisher, reason="Wrong.")

    assert titles("bus") == []


def test_a_corrected_page_is_found_by_its_new_words_only(author, publisher):
    card = factories.make_public_card(title="A green bus", by=author, publisher=publisher)
    factories.correct_update(card, by=author, publisher=publisher, title="A yellow bus")

    assert titles("bus") == ["A yellow bus"]
    assert titles("green") == []


def test_a_redacted_name_is_gone_with_the_transaction_that_removes_it(publisher):
    card = factories.make_public_card(said="Ann Smithers waits for the bus.")
    assert titles("Smithers") == [card.title]

    actions.redact(card.document, by=publisher, words=["Ann Smithers"], reason="A name.")

    assert titles("Smithers") == []
    assert titles("bus") == [card.title]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # where else a trace of the word could stay
            cursor.execute("SELECT block FROM publishing_search_data")
            assert not [row for (row,) in cursor.fetchall() if b"smither" in bytes(row)]


def test_a_scheduled_page_is_found_when_it_is_due_without_any_write(time_machine, publisher):
    now = dt.datetime(2026, 3, 28, 12, tzinfo=dt.UTC)
    time_machine.move_to(now, tick=False)
    card = factories.sign_off_update(factories.make_card(title="A bus"), publisher=publisher)
    actions.schedule(card.release, by=publisher, at=now + dt.timedelta(hours=1))
    assert titles("bus") == []

    time_machine.move_to(now + dt.timedelta(hours=1), tick=False)

    assert titles("bus") == ["A bus"]


def test_the_past_is_searched_as_it_was(time_machine, author, publisher):
    time_machine.move_to(dt.datetime(2026, 3, 1, tzinfo=dt.UTC), tick=False)
    card = factories.make_public_card(title="A green bus", by=author, publisher=publisher)
    time_machine.move_to(dt.datetime(2026, 4, 1, tzinfo=dt.UTC), tick=False)
    factories.correct_update(card, by=author, publisher=publisher, title="A yellow bus")

    march = moments.end_of(dt.date(2026, 3, 2))

    assert search.search(march, ["green"])
    assert not search.search(march, ["yellow"])


def test_no_secret_is_found_or_suggested_whatever_made_it_secret(client, council):
    kinds = (YouSaidWeDid, InformationPage)
    for way in SECRETS:
        words = {kind: word("secret") for kind in kinds}
        way(words)
        for secret in words.values():
            page = ask(client, secret)
            assert "We found nothing" in page.text, way.__name__
            misspelt = ask(client, f"{secret[:-1]}0" if secret[-1] != "0" else f"{secret[:-1]}1")
            assert secret not in misspelt.text, way.__name__


# The next best thing


@pytest.fixture
def glossary(publisher):
    sections = [
        PageSection(heading="EHC plan", body="A legal paper. It says what help a child gets."),
        factories.make_section("Parent Carer Forum"),
    ]
    return factories.make_public_page("words", parts=sections, publisher=publisher)


def test_a_misspelt_word_is_put_right(client, publisher):
    factories.make_public_card(title="Therapy", said="Speech therapy takes a year.")

    page = ask(client, "speach therapy").text

    assert "Nothing says “speach therapy”. We looked for “<strong>speech therapy</strong>”." in page
    assert "<mark>Speech</mark> <mark>therapy</mark> takes a year." in page


def test_what_others_call_it_leads_to_our_word_for_it(client, glossary, publisher):
    factories.make_public_card(title="Late", said="The EHC plan came late.")

    page = ask(client, "EHCP").text

    assert '<a href="/words/#ehc-plan">EHC plan</a></h2>\n<p>A legal paper.</p>' in page
    assert "We looked for “<strong>EHC plan</strong>”." in page
    assert ">Late</a>" in page


def test_our_word_is_offered_also_where_a_page_says_it_as_others_do(client, glossary, publisher):
    factories.make_public_card(title="Late", said="The EHC plan came late.")
    factories.make_public_card(title="Sooner", said="We want the EHCP sooner.")

    page = ask(client, "EHCP").text

    assert ">Sooner</a>" in page
    assert 'Our pages say “EHC plan”. <a href="/search/?q=EHC+plan">Search for that</a>' in page


def test_of_several_words_a_misspelt_one_is_put_right_before_some_of_them_are_looked_for(
    client, publisher
):
    factories.make_public_card(title="Therapy", said="Speech therapy takes a year.")

    page = ask(client, "zebra therepy").text

    assert "These pages have some of them." in page
    assert "<mark>Therapy</mark>" in page


def test_pages_with_some_of_the_words_are_better_than_none(client, publisher):
    factories.make_public_card(title="A bus", said="It is late.")

    page = ask(client, "bus zebra").text

    assert "These pages have some of them." in page
    assert "A <mark>bus</mark>" in page


def test_nothing_offers_ways_on(client, glossary):
    page = ask(client, "qqqqq").text

    assert "We found nothing for “qqqqq”" in page
    for path in ("/plan/", "/updates/", "/words/"):
        assert f'<li><a href="{path}">' in page


# The page


def test_the_search_page_is_kept_by_caches_sets_no_cookie_and_is_not_indexed(client, council):
    page = ask(client, "bus")

    assert not page.cookies
    assert "public" in page.headers["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in page.text
    assert client.post("/search/").status_code == 405


def test_a_page_that_is_not_there_offers_search(client, council):
    assert '<form class="row find" role="search" action="/search/">' in client.get("/no/").text


def test_search_costs_the_same_however_much_it_finds(client, author, publisher):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            ask(client, "bus")
        return len(asked)

    factories.make_public_card(title="Bus 0", by=author, publisher=publisher)
    few = queries()
    for number in range(1, 6):
        factories.make_public_card(title=f"Bus {number}", by=author, publisher=publisher)

    assert queries() == few <= 9


def test_the_index_is_remade_when_it_is_missing(publisher):
    factories.make_public_card(title="A bus")
    connection.check_constraints()  # PostgreSQL makes no index while a check is due
    with connection.cursor() as cursor:
        piece = "TRIGGER publishing_search_added"
        cursor.execute(
            f"DROP {piece if connection.vendor == 'sqlite' else 'INDEX publishing_search_words'}"
        )
    assert search.missing(connection)

    search.remake(using="default")

    assert search.missing(connection) == []
    assert titles("bus") == ["A bus"]


@pytest.mark.parametrize("text", ["[" * 50_000, "[](" * 20_000, f"a{'_' * 50_000}a", "*" * 50_000])
def test_a_hostile_text_is_found_at_once(text):
    began = time.process_time()

    found = search.snippet(f"{text} bus", ["bus"])

    assert time.process_time() - began < 1
    assert "<mark>bus</mark>" in found
