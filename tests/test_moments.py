"""A moment is never later than now, and a day is a day in London."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from publishing import moments
from publishing.moments import InTheFuture, Moment
from tests.factories import make_public_update, make_term, make_update
from updates.models import TermlyUpdate


def test_the_future_is_refused():
    with pytest.raises(InTheFuture):
        Moment(timezone.now() + dt.timedelta(seconds=1))


def test_tomorrow_is_refused():
    with pytest.raises(InTheFuture):
        moments.end_of(moments.now().day + dt.timedelta(days=1))


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        Moment(dt.datetime(2021, 1, 1))


def test_today_is_now():
    moment = moments.end_of(moments.now().day)

    assert timezone.now() - moment.at < dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (dt.date(2022, 1, 10), "2022-01-10T23:59:59.999999+00:00"),
        (dt.date(2022, 7, 10), "2022-07-10T22:59:59.999999+00:00"),
        # The clocks change on these days.
        (dt.date(2022, 3, 27), "2022-03-27T22:59:59.999999+00:00"),
        (dt.date(2022, 10, 30), "2022-10-30T23:59:59.999999+00:00"),
    ],
)
def test_a_past_day_is_its_end_in_london(day, end):
    assert moments.end_of(day).at == dt.datetime.fromisoformat(end)


def test_just_after_midnight_in_summer_it_is_already_the_next_day():
    with time_machine.travel(dt.datetime(2022, 7, 1, 23, 30, tzinfo=dt.UTC)):
        assert moments.now().day == dt.date(2022, 7, 2)


def test_a_preview_shows_the_release_and_nothing_else_that_is_not_public(author):
    public = make_public_update(by=author)
    draft = make_update(by=author, term=make_term(2022, "summer"))
    make_update(by=author, term=make_term(2021, "autumn"))

    seen = TermlyUpdate.objects.as_of(moments.preview(draft.release))

    assert set(seen) == {public, draft}
