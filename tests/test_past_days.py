"""The time machine: every record page as it stood on a day, and every link stays in that day."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from publishing import actions, moments
from publishing.models import Edition
from tests.factories import (
    change_draft,
    correct_update,
    make_body,
    make_public_card,
    make_public_page,
    make_public_update,
    make_signer,
    make_staff,
    make_term,
    make_update,
    reload,
    sign_off_update,
)
from tests.past import NOON, imported, imported_promise, on

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def told_once(one_transaction):
    """Public since the first day, corrected on the tenth."""
    with time_machine.travel(NOON):
        staff = make_staff()
        make_public_page(**staff)
        update = make_public_update(**staff, in_short="The old words.")
    with time_machine.travel(NOON + dt.timedelta(days=10, hours=-1)):
        return correct_update(update, **staff, in_short="The new words.")


@pytest.fixture
def update(told_once, clock, db):
    clock(10)
    return reload(told_once)


def test_a_page_stands_as_it_stood_at_the_end_of_the_day(update, client):
    path = update.get_absolute_url()

    assert "The old words." in client.get(on(9, path)).text
    assert "The new words." in client.get(on(10, path)).text
    assert client.get(on(10, path)).status_code == 200


def test_tomorrow_and_what_is_no_day_are_not_found(update, client):
    for path in (on(11), "/on/2026-13-01/", "/on/0000-00-00/", "/on/9999-12-31/", "/on/x/"):
        assert client.get(path).status_code == 404, path


@pytest.mark.parametrize("day", ["0001-01-01", "2026-03-01"])
def test_before_the_first_publication_there_is_a_friendly_page(update, client, day):
    page = client.get(f"/on/{day}/plan/")

    assert page.status_code == 200
    assert "Nothing was published yet" in page.text
    assert 'href="/on/2026-03-02/"' in page.text


def test_every_link_stays_in_the_day_but_those_that_only_today_has(update, client):
    text = client.get(on(9)).text

    links = set(re.findall(r'<a\b[^>]*href="(/[^"]*)"', text))
    outside = {link.partition("?")[0] for link in links if not link.startswith(on(9))}
    forms = {"/have-your-say/", "/private/", "/updates/email/"}
    assert outside == {"/", "/on/", "/feeds/all.atom", on(-19), "/help/", *forms}
    assert re.search(r'<link rel="stylesheet" href="/static/', text)


def test_a_link_in_stored_text_stays_in_the_day_and_a_file_does_not(clock, client, author):
    make_public_page("about", by=author)
    digest = "0" * 64
    body = f"[The plan](/plan/) and [a file](/files/{digest}.pdf)."
    make_public_card(by=author, we_did=body, slug="card")

    text = client.get(on(0, "/you-said/card/")).text

    assert f'<a href="{on(0, "/plan/")}">The plan</a>' in text
    assert f'href="/files/{digest}.pdf"' in text


def test_it_names_the_real_address_and_is_not_indexed(update, client):
    page = client.get(on(9, update.get_absolute_url()))

    assert (
        f'<link rel="canonical" href="http://testserver{update.get_absolute_url()}">' in page.text
    )
    assert '<meta name="robots" content="noindex">' in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "public" in page.headers["Cache-Control"]
    assert "og:url" not in page.text
    assert "application/atom+xml" not in page.text


def test_the_banner_says_the_day_and_leads_back_and_on(update, client):
    text = client.get(on(9, "/plan/")).text

    assert "as it was at the end of" in text
    assert ">11 March 2026</time>" in text
    assert 'href="/plan/">Back to today' in text
    assert 'href="/on/2026-02-11/plan/">A month earlier' in text
    assert "A month later" not in text


@pytest.mark.parametrize(
    "path", ["/admin/", "/private/", "/private/sent/", "/healthz", "/on/", "/changes/record.json"]
)
def test_a_past_day_has_nothing_but_the_record(update, client, path):
    assert client.get(on(9, path)).status_code == 404


def test_the_banner_keeps_what_the_page_was_asked(update, client):
    text = client.get(on(9, "/search/?q=bus&kind=")).text

    assert 'href="/search/?q=bus&amp;kind=">Back to today' in text
    assert 'href="/on/2026-02-11/search/?q=bus&amp;kind=">A month earlier' in text
    answer = client.get("/on/", {"day": "3 March 2026", "page": "/search/?q=bus"})
    assert answer.headers["Location"] == "/on/2026-03-03/search/?q=bus"


def test_a_past_day_is_printed_and_its_data_offered_under_its_own_name(update, client):
    def words(path):
        return re.sub("<[^>]*>", "", client.get(on(9, path)).text)

    assert f"Printed from http://testserver{on(9)}" in words("/")
    assert "what stands now" not in words("/data/")
    assert "the end of 11 March 2026" in words("/data/")
    assert "Back to the files of 11 March 2026" in words("/data/?on=2026-03-04")


@pytest.mark.parametrize("file", ["/data/promises.csv", "/data/datapackage.json"])
def test_before_the_first_publication_there_is_no_file(update, client, file):
    assert client.get(f"/on/2026-03-01{file}").status_code == 404


def test_a_past_day_takes_nothing(update, client):
    assert client.post(on(9)).status_code == 405


def test_a_missing_slash_leads_on_within_the_day(update, client):
    assert client.get(on(9, "/plan")).headers["Location"] == on(9, "/plan/")
    assert client.get(on(9, "")).headers["Location"] == on(9)


def test_the_day_does_not_stay_behind_for_the_next_reader(update, client):
    client.get(on(9))

    assert 'href="/plan/"' in client.get("/").text


def test_a_redaction_reaches_every_day_at_once(update, client, publisher):
    words = ["The old words"]
    actions.redact(update.document, by=publisher, words=words, reason="It named a child.")

    assert "old words" not in client.get(on(9, update.get_absolute_url())).text


def test_a_far_reaching_withdrawal_reaches_every_day_at_once(update, client, publisher):
    assert "The old words." in client.get(on(9)).text

    actions.withdraw(update.document, by=publisher, reason="It named a child.", reaches_past=True)

    assert client.get(on(9, update.get_absolute_url())).status_code == 410
    assert "The old words." not in client.get(on(9)).text


def test_a_plain_withdrawal_leaves_the_days_before_it(update, client, clock, publisher):
    clock(12)
    actions.withdraw(update.document, by=publisher, reason="It was wrong.")

    assert client.get(on(11, update.get_absolute_url())).status_code == 200
    assert client.get(on(12, update.get_absolute_url())).status_code == 410


def test_a_scheduled_edition_is_on_no_day_before_its_time(update, client, clock, author, publisher):
    draft = actions.start_edition(update.document, by=author)
    change_draft(draft, by=author, in_short="Words of Friday.", change_note="More.")
    sign_off_update(draft, publisher=publisher)
    at = NOON + dt.timedelta(days=12)
    actions.schedule(draft.release, by=publisher, at=at)
    path = update.get_absolute_url()

    for day in (9, 10, 11, 12):
        assert "Words of Friday." not in client.get(on(day, path)).text
    clock(13)
    assert "Words of Friday." not in client.get(on(11, path)).text
    assert "Words of Friday." in client.get(on(12, path)).text


# What was published elsewhere, and who signs later


def test_the_banner_says_that_the_site_had_not_begun(clock, author, publisher, client):
    make_body()
    imported(author, dt.datetime(2021, 5, 1, 12, tzinfo=dt.UTC), "first")
    make_public_update(by=author, publisher=publisher)

    text = client.get("/on/2021-06-01/you-said/first/").text

    assert "added to this site later" in text
    assert "Added to this site on" in text
    assert "added to this site later" not in client.get(on(0)).text


def test_a_day_before_the_count_shows_its_promises_and_says_that_none_were_counted(
    clock, author, client
):
    make_body()
    make_public_card(by=author)
    imported_promise(author, dt.datetime(2021, 5, 1, 12, tzinfo=dt.UTC), "old")

    on_that_day = client.get("/on/2021-06-01/plan/").text
    filtered = client.get("/on/2021-06-01/plan/?status=done-late").text

    assert "Promise called old" in on_that_day
    assert "had not begun to count on that day" in on_that_day
    assert "No promises yet</h2>" not in on_that_day
    assert "no promise was due" not in on_that_day
    assert "No promise fits" in filtered
    assert "had not begun to count" not in client.get("/plan/").text


def test_before_this_site_began_it_does_not_say_that_others_were_silent(clock, author, client):
    make_body()
    imported_promise(author, dt.datetime(2021, 5, 1, 12, tzinfo=dt.UTC), "old")
    make_public_card(by=author)
    silent = "We have found nothing that they published about this."

    then, now = client.get("/on/2021-06-01/plan/").text, client.get("/plan/").text

    assert then.count("so it did not yet show what they said.") == 2
    assert silent not in then
    assert silent in now
    assert "did not yet show" not in now


def test_a_later_signature_leaves_the_day_as_it_was(clock, author, client):
    council, nhs = make_body(), make_body("NHS Birmingham", short_name="NHS")
    draft = make_update(by=author, term=make_term())
    actions.submit(draft.release, by=author)
    signer = make_signer(council)
    actions.sign_off(draft.release, by=signer, body=council)
    actions.publish(draft.release, by=signer, without=[nhs])
    path = on(0, draft.get_absolute_url())
    clock(1)
    before = client.get(path).text

    actions.sign_off(draft.release, by=make_signer(nhs), body=nhs)

    assert "NHS Birmingham has not signed yet." in before
    assert "has not signed yet" not in client.get(draft.get_absolute_url()).text
    assert client.get(path).text == before


# The form


def test_the_form_leads_to_the_same_page_on_that_day(update, client):
    answer = client.get("/on/", {"day": "3 March 2026", "page": "/plan/"})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/on/2026-03-03/plan/")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Which day: choose a day"),
        ("soon", "Which day: this is not a day"),
        ("2026-03-13", "has not come yet"),
        ("<b>", "this is not a day"),
    ],
)
def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(update, client, typed, message):
    text = client.get("/on/", {"day": typed, "page": "/plan/"}).text

    assert message in text
    assert 'name="page" value="/plan/"' in text
    assert "<b>" not in text.replace("<b></b>", "")


@pytest.mark.parametrize("page", ["//evil.example/", "https://evil.example", "/admin/"])
def test_the_form_leads_nowhere_else(update, client, page):
    answer = client.get("/on/", {"day": "2026-03-03", "page": page})

    assert answer.headers["Location"] == "/on/2026-03-03/"


def test_who_reads_a_past_day_finds_help_and_rights_as_they_are_today(update, client):
    for purpose in ("privacy", "about"):
        make_public_page(purpose)

    text = client.get(on(9)).text

    assert '<a href="/help/">Get help</a>' in text
    assert '<a href="/privacy/">' in text
    assert "/about/" not in text  # which is of the record, and stood on no such day


def test_something_private_on_a_past_day_can_be_reported(update, client):
    path = on(9, update.get_absolute_url())
    [link] = re.findall(r'href="(/private/[^"]*)"', client.get(path).text)

    assert path in client.get(link).text


def test_a_past_day_costs_a_fixed_number_of_questions_more(update, client):
    def questions(path):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    assert questions(on(9, "/plan/")) <= questions("/plan/") + 3
    assert Edition.objects.count() == 3
    assert moments.now().day == (NOON + dt.timedelta(days=10)).date()
