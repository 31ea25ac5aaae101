"""What happened: who said so, what was expected and never heard of, and exact words."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programme import timeline
from programme.models import Quote
from programme.voices import voices
from publishing import actions, moments
from publishing.models import LedgerText, SiteVersion
from tests.factories import correct_update, make_signer
from tests.record_factories import make_event, make_finding, make_public_event
from tests.test_public_pages import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NEWEST, OLDEST = "/history/", "/history/oldest/"
SILENCE = "We have not been told that this happened"


def order_on(client, path, *titles):
    """The titles in the order in which the list names them."""
    text = words_of(client.get(path)).partition("Everything,")[2]
    return sorted((title for title in titles if title in text), key=text.index)


# The list


def test_the_list_is_newest_first_and_at_another_address_oldest_first(client):
    make_public_event(title="Revisit", happened_words="May 2021")
    make_public_event(title="First visit", happened_words="June 2018")
    make_public_event(title="Review", happened_words="8 June 2022")
    titles = ("Revisit", "First visit", "Review")

    assert order_on(client, NEWEST, *titles) == ["Review", "Revisit", "First visit"]
    assert order_on(client, OLDEST, *titles) == ["First visit", "Revisit", "Review"]
    assert OLDEST in client.get(NEWEST).text


def test_the_list_shows_only_one_voice_when_asked(client):
    make_public_event(title="Revisit", voice="inspectors")
    make_public_event(title="Coffee morning", voice="families")

    page = client.get(f"{NEWEST}?by=families").text

    assert "Coffee morning" in page
    assert "Revisit" not in page
    assert "?by=inspectors" in page
    assert "?by=press" not in page, "Nobody of the press said anything."


def test_what_cannot_be_read_in_the_address_is_said_and_shows_everything(client):
    make_public_event(title="Revisit")

    for address in (f"{NEWEST}?by=nobody", f"{NEWEST}?after=no-such", f"{OLDEST}?after=%00"):
        text = words_of(client.get(address))
        assert "could not read the end of that address" in text
        assert "Revisit" in text


def test_the_list_goes_on_from_a_key_in_both_orders(client, monkeypatch):
    monkeypatch.setattr(timeline, "EVENTS_A_PAGE", 1)
    titles = ("Old", "Also old", "New")
    make_public_event(title="Old", happened_words="May 2021")
    make_public_event(title="Also old", happened_words="May 2021")
    make_public_event(title="New", happened_words="May 2022")

    for start, expected in (
        (NEWEST, ["New", "Also old", "Old"]),
        (OLDEST, ["Old", "Also old", "New"]),
    ):
        address, found = start, []
        for _ in titles:
            page = client.get(address)
            found += [event.title for event in page.context["page"].events]
            after = page.context["page"].after
            address = f"{start}?after={after}"
        assert (found, after) == (expected, "")


def test_an_empty_list_says_so(client):
    assert "Nothing is published here yet." in words_of(client.get(NEWEST))


# One event


def test_its_page_gives_the_plain_words_first_then_the_text_then_the_file(client):
    event = make_public_event(
        title="Review",
        summary="They looked at 6 months.",
        body="The **evidence** supports it.",
        parts=[
            make_finding("government", words="Good aims."),
            Quote(words="We are grateful.", who="Katie Moore", post="Lead", taken_from="Update"),
        ],
    )

    page = client.get("/history/review/")
    text = words_of(page)

    assert event.get_absolute_url() == "/history/review/"
    assert "<strong>evidence</strong>" in page.text
    places = [
        text.index(words)
        for words in ("They looked at 6 months.", "Good aims.", "“We are grateful.”", "evidence")
    ]
    assert places == sorted(places)
    assert "Katie Moore, Lead" in text


def test_a_date_is_as_exact_as_the_source_and_no_more(client):
    event = make_public_event(happened_words="early 2024")

    text = words_of(client.get(event.get_absolute_url()))

    assert "2024 (“early 2024”)" in text
    assert "December" not in text


def test_a_term_that_opens_an_entry_is_written_as_at_the_start_of_a_sentence(client):
    make_public_event(happened_words="spring 2025", is_turning_point=True)

    for address in ("/history/", "/"):
        assert '<p class="when">Spring term 2025</p>' in client.get(address).text


def test_what_was_expected_and_never_heard_of_is_said_from_the_day_after(client):
    with time_machine.travel(dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC), tick=False):
        event = make_public_event(happened_words="", expected_words="31 December 2026")
        early = words_of(client.get(event.get_absolute_url()))

        # Midnight in London ends the day by which it was expected.
        at = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
        assert SiteVersion.objects.get().next_change_at == at
    with time_machine.travel(dt.datetime(2027, 1, 1, 0, 1, tzinfo=dt.UTC), tick=False):
        late = words_of(client.get(event.get_absolute_url()))
        listed = words_of(client.get(NEWEST))

    assert "Expected by 31 December 2026" in early
    assert SILENCE not in early
    assert SILENCE in late
    assert SILENCE in listed


def test_what_happened_in_the_end_says_that_it_came_late(client):
    event = make_public_event(happened_words="", expected_words="31 December 2021")
    correct_update(event, by=event.created_by, happened_words="March 2022")

    text = words_of(client.get(event.get_absolute_url()))

    assert SILENCE not in text
    assert "It was expected by 31 December 2021." in text
    assert SILENCE in words_of(client.get(event.own_history_url))


def test_what_came_in_the_month_it_was_due_is_not_called_late():
    assert not make_event(
        happened_words="December 2021", expected_words="1 December 2021"
    ).came_late


def test_a_date_that_was_expected_is_missed_by_the_editor_when_it_goes():
    event = make_public_event(happened_words="", expected_words="31 December 2021")
    draft = actions.start_edition(event.document, by=event.created_by)
    draft.happened_words, draft.expected_words = "March 2022", ""
    draft.save()

    assert "expected_words" in {each.field for each in draft.advice()}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, set()),
        ({"happened_words": ""}, {"happened_words"}),
        ({"happened_words": "some day"}, {"happened_words"}),
        ({"summary": " "}, {"summary"}),
        ({"taken_from": " "}, {"taken_from"}),
        ({"parts": [("words", "who", " ")]}, {"taken_from"}),
        ({"parts": [("words", "who", "Update")]}, set()),
    ],
)
def test_what_keeps_one_from_being_published(fields, wrong):
    if "parts" in fields:
        fields = {"parts": [Quote(words=w, who=b, taken_from=s) for w, b, s in fields["parts"]]}

    assert {problem.field for problem in make_event(**fields).problems()} == wrong


@pytest.mark.parametrize(
    ("how_many", "shown"),
    [(None, "We do not know how many"), (1, "a few families"), (4, "a few"), (120, "120 families")],
)
def test_a_number_so_small_that_it_names_somebody_is_never_public(client, how_many, shown):
    event = make_public_event(parts=[make_finding("families", "worse", how_many=how_many)])

    text = words_of(client.get(event.get_absolute_url()))

    assert shown in text
    recorded = LedgerText.objects.filter(name="text").get().text
    assert f"{how_many} families" not in recorded or how_many == 120


# Three voices


def test_each_voice_is_heard_apart_and_the_newest_first():
    make_public_event(happened_words="May 2021", parts=[make_finding(words="Old.")])
    make_public_event(happened_words="June 2025", parts=[make_finding("government", words="New.")])
    make_public_event(happened_words="May 2019", parts=[make_finding(words="Ancient.")])
    make_public_event(parts=[make_finding("families", "same", words="No change.")])

    heard = voices(moments.now())

    assert [finding.words for finding in heard.inspectors] == ["New.", "Old."]
    assert [finding.words for finding in heard.families] == ["No change."]


def test_what_is_not_public_or_was_taken_down_is_no_voice():
    make_event(parts=[make_finding(words="Draft.")])
    down = make_public_event(parts=[make_finding(words="Down.")])
    body = down.release.sign_offs.get().body
    actions.withdraw(down.document, by=make_signer(body), reason="Wrong.")

    assert not voices(moments.now())


def test_a_voice_about_one_problem_is_not_heard_about_all_of_it(client):
    area = make_public_event(title="Stands for a problem").document
    make_public_event(parts=[make_finding(words="On one problem.", area=area)])

    assert not voices(moments.now())
    assert [each.words for each in voices(moments.now(), area).inspectors] == ["On one problem."]


def test_silence_of_a_voice_is_said(client):
    make_public_event(parts=[make_finding()])

    text = words_of(client.get(NEWEST))

    assert "We mark our own work here. So we also show what others say." in text
    assert "We do not know. We have not asked in a fair way." in text


def test_many_events_cost_as_many_questions_as_few(client):
    def questions():
        found = []
        for path in (NEWEST, OLDEST, "/"):
            with CaptureQueriesContext(connection) as queries:
                client.get(path)
            found.append(len(queries))
        return found

    make_public_event(is_turning_point=True, parts=[make_finding(), make_finding("families")])
    few = questions()
    for _ in range(4):
        make_public_event(is_turning_point=True, parts=[make_finding(), make_finding("families")])

    assert questions() == few


def test_the_first_page_shows_how_we_got_here_oldest_first(client):
    for year in range(2018, 2026):
        make_public_event(
            title=f"Turn of {year}", happened_words=f"May {year}", is_turning_point=True
        )
    make_public_event(title="A detail", happened_words="June 2025")

    text = words_of(client.get("/")).partition("How we got here")[2]

    shown = [year for year in range(2018, 2026) if f"Turn of {year}" in text]
    assert shown == list(range(2020, 2026))
    assert text.index("Turn of 2020") < text.index("Turn of 2025")
    assert "A detail" not in text
