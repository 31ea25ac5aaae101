"""Chances to take part: their pages, calendars and data for machines, and what came of them."""

import datetime as dt
import json
import re
import warnings

import icalendar
import ics
import pytest
import time_machine
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command
from django.utils.text import slugify

from publishing import actions
from publishing.models import SiteVersion
from publishing.moments import LONDON
from tests.factories import (
    correct_update,
    make_public_card,
    make_signer,
    make_user,
    publish_update,
)
from tests.forms import errors_of, filled_in
from tests.test_public_pages import words_of
from updates import opportunities
from updates.models import Opportunity
from updates.models.opportunities import clock
from updates.opportunities import A_WEEK

pytestmark = [pytest.mark.django_db, pytest.mark.once]

Timing = Opportunity.Timing
LIST, PAST, CALENDAR = "/opportunities/", "/opportunities/past/", "/opportunities/calendar.ics"
TODAY = dt.datetime(2026, 6, 1, 12, tzinfo=LONDON)


def london(month, day, hour=0, minute=0, year=2026):
    return dt.datetime(year, month, day, hour, minute, tzinfo=LONDON)


def make_opportunity(*, by=None, **fields) -> Opportunity:
    """A draft of a chance to take part, ready to be sent for sign-off."""
    values = {
        "title": "Coffee morning",
        "about": "Talk to us.",
        "timing": Timing.TIMES,
        "starts_at": london(6, 18, 10),
        "ends_at": london(6, 18, 11, 30),
        "place": "Village Hall, 2 Fern Lane",
        "for_whom": "Parents and carers",
        "run_by": "The forum",
        "step_free": "yes",
        "interpreter": "on request",
        "quiet_room": "no",
        "how_to_join": "Come along.",
        **fields,
    }
    return actions.start_document(
        Opportunity(**values), slug=slugify(values["title"]), by=by or make_user("author")
    )


def make_public(**fields) -> Opportunity:
    return publish_update(make_opportunity(**fields))


@pytest.fixture(autouse=True)
def in_june():
    with time_machine.travel(TODAY):
        yield


def on(month, day, hour=12):
    return time_machine.travel(london(month, day, hour))


def problems(**fields) -> set[str]:
    return {problem.field for problem in make_opportunity(**fields).problems()}


# The pages


def test_its_page_says_what_families_ask_first(client):
    make_public(online="By video", cost_help="We pay your bus.", join_by=dt.date(2026, 6, 15))

    text = words_of(client.get("/opportunities/coffee-morning/"))

    for words in (
        "Coming up",
        "Thursday 18 June 2026, 10am to 11:30am",
        "Village Hall, 2 Fern Lane",
        "By video",
        "Parents and carers",
        "We pay your bus.",
        "A way in without stepsYes",
        "An interpreterIf you ask us",
        "A quiet roomNo",
        "15 June 2026",
        "Come along.",
    ):
        assert words in text


def test_one_that_is_called_off_stays_and_says_so(client):
    public = make_public()
    reason = "The hall is flooded."
    correct_update(
        public,
        by=public.created_by,
        change_note="It is called off.",
        is_cancelled=True,
        cancelled_because=reason,
    )

    for address in (LIST, public.get_absolute_url()):
        text = words_of(client.get(address))
        assert "Called off" in text
        assert reason in text
    assert "It is called off." in words_of(client.get(public.whole_history_url))
    assert "Coffee morning" not in words_of(client.get("/"))


def test_one_that_is_over_moves_to_what_came_of_it(client):
    make_public()
    with on(6, 18, 11):
        assert "Going on now" in words_of(client.get(LIST))
    with on(6, 18, 12):
        assert "Coffee morning" not in words_of(client.get(LIST))
        assert "We say what came of it by 10 September 2026." in words_of(client.get(PAST))


def test_twelve_weeks_of_silence_are_seen(client):
    public = make_public()
    with on(9, 25):
        for address in (PAST, public.get_absolute_url()):
            text = words_of(client.get(address))
            assert "We have not said what came of it. We are 2 weeks late" in text


def test_what_came_of_it_leads_to_what_we_did(client):
    card = make_public_card(title="More coffee")
    public = make_public(came_of_it="You want more coffee.", led_to=card.document)
    with on(6, 20):
        page = client.get(public.get_absolute_url())

    assert "You want more coffee." in words_of(page)
    assert f'href="{card.get_absolute_url()}"' in page.text


def test_home_names_the_next_one(client):
    assert "Nothing is planned at the moment." in words_of(client.get(LIST))
    make_public(title="Later", starts_at=london(7, 1, 9), ends_at=None)
    make_public(title="Sooner")

    text = words_of(client.get("/"))

    assert "Sooner" in text
    assert "Later" not in text


def test_the_lists_go_on_from_the_last_one_shown(client, monkeypatch):
    monkeypatch.setattr(opportunities, "A_PAGE", 2)
    for number in range(4):
        make_public(title=f"Day {number}", starts_at=london(7, 1 + number, 9), ends_at=None)

    page = client.get(LIST).text
    then = client.get(LIST, {"after": "day-1"}).text

    assert re.findall(r"/opportunities/(day-\d+)/", page) == ["day-0", "day-1"]
    assert 'href="?after=day-1"' in page
    assert re.findall(r"/opportunities/(day-\d+)/", then) == ["day-2", "day-3"]
    with on(8, 1):
        assert 'href="?after=day-2"' in client.get(PAST).text
        past = client.get(PAST, {"after": "day-2"}).text
        assert re.findall(r"/opportunities/(day-\d+)/", past) == ["day-1", "day-0"]
    for wrong in ("nothing", "a\0b"):
        assert "We could not read the end" in words_of(client.get(LIST, {"after": wrong}))


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, set()),
        ({"place": ""}, {"place"}),
        ({"place": "", "online": "By video"}, set()),
        ({"timing": Timing.OPEN, "ends_at": None}, {"ends_at"}),
        ({"join_by": dt.date(2026, 6, 19)}, {"join_by"}),
        ({"is_cancelled": True}, {"cancelled_because"}),
        ({"how_to_join": " "}, {"how_to_join"}),
    ],
)
def test_what_keeps_one_from_being_published(fields, wrong):
    assert problems(**fields) == wrong


@pytest.mark.parametrize(
    ("fields", "when"),
    [
        ({"ends_at": None}, "Thursday 18 June 2026, 10am"),
        ({"timing": Timing.DAYS}, "Thursday 18 June 2026"),
        (
            {"timing": Timing.DAYS, "ends_at": london(6, 19)},
            "Thursday 18 June 2026 to Friday 19 June 2026",
        ),
        (
            {"timing": Timing.OPEN, "ends_at": london(6, 30)},
            "Open from Thursday 18 June 2026 to Tuesday 30 June 2026",
        ),
    ],
)
def test_times_are_said_as_people_say_them(fields, when):
    assert make_opportunity(**fields).when == when


def test_noon_and_midnight_have_names():
    assert [clock(london(6, 1, hour)) for hour in (0, 9, 12, 13)] == [
        "midnight",
        "9am",
        "noon",
        "1pm",
    ]


def test_the_site_knows_when_one_starts_ends_and_closes():
    public = make_public(join_by=dt.date(2026, 6, 10))
    whole_days = make_public(
        title="A day", timing=Timing.DAYS, starts_at=london(6, 25), ends_at=None
    )
    for at, then in (
        (london(6, 2), london(6, 11)),  # the last day to join has passed
        (london(6, 12), public.starts_at),
        (london(6, 18, 10), public.ends_at),
        (london(6, 24), whole_days.starts_at),
        (london(6, 25, 9), london(6, 26)),
        (london(7, 1), london(9, 11)),  # the day after 12 weeks
        (london(9, 12), london(9, 18)),
    ):
        with time_machine.travel(at, tick=False):
            actions.renew_pages(by=public.published_by)
            assert SiteVersion.objects.get().next_change_at == then


# Calendars


def events_in(response) -> tuple[list, list]:
    """As two independent readers understand them."""
    ours = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    with warnings.catch_warnings():
        # The other reader still calls `re.split` the old way.
        warnings.simplefilter("ignore", DeprecationWarning)
        theirs = ics.Calendar(response.text).events
    assert len(ours) == len(theirs)
    return ours, sorted(theirs, key=lambda event: event.begin)


def test_both_readers_find_the_same_time_in_summer_and_winter(client):
    make_public()
    make_public(title="Winter", starts_at=london(12, 3, 19), ends_at=london(12, 3, 20, 30))

    response = client.get(CALENDAR)
    ours, theirs = events_in(response)

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert not response.cookies
    assert {event.decoded("dtstart") for event in ours} == {london(6, 18, 10), london(12, 3, 19)}
    assert [event.begin.datetime for event in theirs] == [london(6, 18, 10), london(12, 3, 19)]
    assert [event.end.datetime for event in theirs] == [
        london(6, 18, 11, 30),
        london(12, 3, 20, 30),
    ]
    assert b"DTSTART;TZID=Europe/London:20260618T100000\r\n" in response.content
    zone = icalendar.Calendar.from_ical(response.content).walk("VTIMEZONE")[0].to_tz()
    assert london(6, 18).replace(tzinfo=zone).utcoffset() == dt.timedelta(hours=1)
    assert london(12, 3).replace(tzinfo=zone).utcoffset() == dt.timedelta(0)


def test_whole_days_end_with_the_day_after_the_last(client):
    make_public(timing=Timing.DAYS, ends_at=london(6, 19))

    (ours,), (theirs,) = events_in(client.get("/opportunities/coffee-morning.ics"))

    assert ours.decoded("dtstart") == dt.date(2026, 6, 18)
    assert ours.decoded("dtend") == dt.date(2026, 6, 20)
    assert theirs.all_day
    assert theirs.duration == dt.timedelta(days=2)


def test_a_change_keeps_the_uid_and_calling_off_reaches_the_calendar(client):
    public = make_public()
    (before,), _ = events_in(client.get("/opportunities/coffee-morning.ics"))
    correct_update(
        public, by=public.created_by, is_cancelled=True, cancelled_because="Nobody can come."
    )

    (after,), (theirs,) = events_in(client.get(CALENDAR))

    assert before["uid"] == after["uid"] == f"{public.document.key}@testserver"
    assert (before["sequence"], after["sequence"]) == (1, 2)
    assert (before["status"], after["status"]) == ("CONFIRMED", "CANCELLED")
    assert theirs.status == "CANCELLED"
    assert theirs.name == "Called off: Coffee morning"
    assert "Nobody can come." in theirs.description


def test_a_calendar_is_the_same_for_the_same_editions_and_long_words_are_folded(client):
    title = "Fête, “tea”; cake \\ ☕ " + "é" * 90
    make_public(title=title, about="One.\n\nTwo.")

    copy = client.get(CALENDAR)
    (ours,), (theirs,) = events_in(copy)

    assert ours["summary"] == theirs.name == title
    assert max(map(len, copy.content.split(b"\r\n"))) <= 75
    with on(6, 2):
        again = client.get(CALENDAR, headers={"if-none-match": copy["ETag"]})
    assert again.status_code == 304


def test_what_was_taken_down_leaves_the_calendar(client):
    public = make_public()
    actions.withdraw(public.document, by=make_signer_of(public), reason="Wrong hall.")

    assert events_in(client.get(CALENDAR))[0] == []
    assert client.get("/opportunities/coffee-morning.ics").status_code == 410
    assert client.get("/opportunities/nothing.ics").status_code == 404


def make_signer_of(edition):
    return make_signer(edition.release.sign_offs.get().body)


# Data for machines


def data_of(response) -> dict:
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.text)
    return json.loads(block)


def test_machines_read_it_as_an_event_of_schema_org(client):
    public = make_public(online="By video")

    facts = data_of(client.get(public.get_absolute_url()))

    assert facts["@type"] == "Event"
    assert facts["startDate"] == "2026-06-18T10:00:00+01:00"
    assert facts["endDate"] == "2026-06-18T11:30:00+01:00"
    assert facts["eventAttendanceMode"].endswith("/MixedEventAttendanceMode")
    assert facts["eventStatus"].endswith("/EventScheduled")
    assert facts["location"][0]["name"] == "Village Hall"
    assert facts["url"] == "http://testserver/opportunities/coffee-morning/"


def test_no_word_can_leave_the_block_of_data(client):
    hostile = "</script><script>alert(1)</script><!-- & \u2028"
    public = make_public(run_by=hostile)

    page = client.get(public.get_absolute_url())

    assert data_of(page)["organizer"]["name"] == public.run_by
    assert public.run_by.startswith("</script><script>alert(1)</script><!-- &")
    assert "<script>alert" not in page.text


def test_an_old_version_is_no_event(client):
    public = make_public()
    correct_update(public, by=public.created_by, is_cancelled=True, cancelled_because="Rain.")

    old = client.get(public.own_history_url).text

    assert "application/ld+json" not in old
    assert data_of(client.get(public.get_absolute_url()))["eventStatus"].endswith("EventCancelled")


# How staff write it


def test_staff_need_no_time_for_whole_days_and_a_word_is_kept_where_one_is_wrong(client, author):
    client.force_login(author)
    form = filled_in(client.get("/admin/updates/opportunity/add/"))
    form |= {
        "title": "Games day",
        "about": "Games.",
        "timing": "days",
        "starts_at_0": "2026-07-04",
        "ends_at_0": "2026-07-03",
        "place": "The park",
        "for_whom": "Everybody",
        "run_by": "The forum",
        "step_free": "yes",
        "interpreter": "no",
        "quiet_room": "no",
        "how_to_join": "Come.",
    }

    refused = client.post("/admin/updates/opportunity/add/", form)
    saved = client.post(
        "/admin/updates/opportunity/add/", form | {"ends_at_0": "2026-07-05", "title": "Calendar"}
    )
    taken = client.post("/admin/updates/opportunity/add/", form | {"ends_at_0": "2026-07-05"})

    assert errors_of(refused) == ["It ends before it starts."]
    assert "Games." in refused.text
    assert errors_of(saved) == ["There already is one with this title. Choose another."]
    assert taken.status_code == 302
    draft = Opportunity.objects.get()
    assert draft.when == "Saturday 4 July 2026 to Sunday 5 July 2026"


# What staff are reminded of


def reminders(client, author) -> list[str]:
    client.force_login(author)
    return [f"{task.says}. {task.more}" for task in client.get("/admin/").context["tasks"]]


def test_staff_are_reminded_after_4_weeks_in_the_last_week_and_when_it_is_late(client, author):
    public = make_public()
    asks = "Say what came of “Coffee morning”. "

    with on(7, 15):
        assert reminders(client, author) == []
    with on(7, 17):
        assert reminders(client, author) == [f"{asks}It is due by 10 September 2026."]
    with on(9, 4):
        said = reminders(client, author)
        assert said == [f"{asks}6 days are left: it is due by 10 September 2026."]
    with on(9, 9):
        said = reminders(client, author)
        assert said == [f"{asks}1 day is left: it is due by 10 September 2026."]
    with on(9, 10):
        assert reminders(client, author) == [f"{asks}It is due today."]
    with on(9, 11):
        assert reminders(client, author)[0].startswith(f"{asks}It was due by 10 September 2026.")
        correct_update(public, by=public.created_by, came_of_it="We hold more of them.")
        assert reminders(client, author) == []


def test_each_that_waits_is_named_and_of_many_that_there_are_more(client, author):
    for number in range(6):
        make_public(title=f"Morning {number}")

    with on(9, 11):
        said = reminders(client, author)

    assert all(f"“Morning {number}”" in said[number] for number in range(5))
    assert said[5].startswith("More chances to take part are over")


def test_staff_are_written_to_three_times_and_not_each_week(author):
    """Over on 18 June: 4 weeks later, before the last week, and after the last day."""
    make_public()
    User.objects.filter(pk=author.pk).update(email="author@example.org")
    written = []

    for week in range(16):
        with time_machine.travel(dt.datetime(2026, 6, 22, 9, tzinfo=LONDON) + week * A_WEEK):
            call_command("send_alerts")
            written.append(len(mail.outbox))

    assert [week for week in range(1, 16) if written[week] > written[week - 1]] == [4, 10, 12]
    assert [message.subject for message in mail.outbox] == ["Say what came of it"] * 3
    first, last_week, late = [message.body for message in mail.outbox]
    assert "Coffee morning\nIt was on 18 June 2026. It is due by 10 September 2026." in first
    assert "10 days are left" not in last_week
    assert "It was due by 10 September 2026." in late


def test_nobody_is_reminded_of_what_was_called_off(client, author):
    make_public(is_cancelled=True, cancelled_because="Rain.")

    with on(9, 11):
        assert reminders(client, author) == []
