"""Measures: every number with its source, no verdict without a target, and advice."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programme import measure_figure, measures, numbers
from programme.figure_labels import box_of
from programme.models import Measure, Reading
from publishing import actions, moments
from tests.factories import correct_update, make_signer, publish_update, reload
from tests.record_factories import make_measure, make_public_measure, make_reading
from tests.test_public_pages import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LIST = "/plan/measures/"


def advised(**fields) -> list[str]:
    """What the checks say about a measure, without advice on plain words."""
    measure = make_measure(**fields)
    known = (
        "easier",
        "worse than",
        "parts of 1",
        "more than 100",
        "far from",
        "compared",
        "still change",
        "counted in",
    )
    return [
        each.message for each in measure.advice() if any(words in each.message for words in known)
    ]


# Numbers in words


@pytest.mark.parametrize(
    ("value", "unit", "limit", "words"),
    [
        ("66", "percent", "", "66 of 100"),
        ("59.9", "percent", "", "about 60 of 100 (59.9%)"),
        ("0.4", "percent", "", "fewer than 1 of 100 (0.4%)"),
        ("0", "percent", "", "0 of 100"),
        ("95", "percent", "at least", "at least 95 of 100"),
        ("120", "percent", "", "120%"),
        ("7", "weeks", "", "7 weeks"),
        ("1", "weeks", "", "1 week"),
        ("7.50", "weeks", "about", "about 7.5 weeks"),
        ("12", "per 1,000", "", "12 of 1,000"),
        ("1234", "number", "", "1,234"),
        ("1", "children", "", "1 child or young person"),
    ],
)
def test_numbers_are_said_as_people_say_them(value, unit, limit, words):
    assert numbers.in_words(Decimal(value), unit, limit) == words


@pytest.mark.parametrize(
    ("value", "limit", "direction", "met"),
    [
        (90, "", "up", True),
        (89, "", "up", False),
        (95, "at least", "up", True),
        (50, "at least", "up", None),
        (95, "less than", "up", None),
        (50, "less than", "up", False),
        (90, "", "down", True),
        (91, "", "down", False),
        (90, "", "target", True),
        (91, "", "target", False),
        (91, "", "none", None),
    ],
)
def test_a_target_is_met_missed_or_nobody_can_tell(value, limit, direction, met):
    parts = [make_reading(actual=value, limit=limit)]
    measure = make_measure(parts=parts, target_value=90, good_direction=direction)

    assert reload(measure).meets_target is met


# Its page


def test_its_page_says_every_number_and_where_it_comes_from(client):
    measure = make_public_measure(
        title="Plans on time",
        baseline_value=Decimal("3.8"),
        baseline_period="April 2020",
        compared="England: 60 of 100.",
        parts=[
            make_reading("January 2021", 53, taken_from="Release 12"),
            make_reading("January 2023", 66, note="Another release says 65%.", is_provisional=True),
        ],
    )

    text = words_of(client.get("/plan/measures/plans-on-time/"))

    assert measure.get_absolute_url() == "/plan/measures/plans-on-time/"
    for words in (
        "66 of 100",
        "Before: 53 of 100, January 2021",
        "About 4 of 100 (3.8%)",
        "Release 12",
        "Another release says 65%.",
        "May still change",
        "England: 60 of 100.",
        "Dashboard, January 2023",
        "Higher is better",
    ):
        assert words in text


def test_there_is_no_verdict_without_a_target(client):
    text = words_of(client.get(make_public_measure().get_absolute_url()))

    assert "There is no target, so we give no verdict." in text
    assert "Target met" not in text
    assert "Target not met" not in text


@pytest.mark.parametrize(("target", "verdict"), [(60, "Target met"), (90, "Target not met")])
def test_with_a_target_the_page_says_if_it_is_met_and_by_when(client, target, verdict):
    measure = make_public_measure(target_value=target, target_by_words="September 2024")

    text = words_of(client.get(measure.get_absolute_url()))

    assert verdict in text
    assert f"Target: {target} of 100, by September 2024" in text


@pytest.mark.parametrize(("target", "words"), [(60, "There now."), (90, "Not there yet.")])
def test_nobody_judges_a_target_before_its_day_has_passed(client, target, words):
    day = timezone.localdate() + dt.timedelta(days=40)
    by_when = f"{day:%-d %B %Y}"
    measure = make_public_measure(target_value=target, target_by_words=by_when)

    text = words_of(client.get(measure.get_absolute_url()))

    assert f"{words} Due {by_when}." in text
    assert "Target met" not in text
    assert "Target not met" not in text
    assert Measure.next_change_after(moments.now()) == moments.midnight_after(day)


def test_a_nought_is_a_number_and_a_missing_number_is_said(client):
    parts = [make_reading("2021", 0), make_reading("2022", None)]
    measure = make_public_measure(parts=parts)

    text = words_of(client.get(measure.get_absolute_url()))

    assert "0 of 100" in text
    assert "No number published" in text
    assert measure.latest.actual == 0


def test_a_nought_and_no_number_are_signed_as_different_things():
    nought = make_measure(baseline_value=0, baseline_period="2020", slug="one", title="One")
    none = make_measure(baseline_period="2020", slug="two", title="Two")

    assert "baseline_value" in nought.content()
    assert "baseline_value" not in none.content()


def test_a_corrected_number_leaves_the_old_one_readable(client):
    measure = make_public_measure()
    correct_update(measure, by=measure.created_by, target_value=90)

    old = words_of(client.get(measure.own_history_url))

    assert "There is no target, so we give no verdict." in old
    assert "Target not met" in words_of(client.get(measure.get_absolute_url()))


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, set()),
        ({"taken_from": " "}, {"taken_from"}),
        ({"explanation": " "}, {"explanation"}),
        ({"parts": []}, {"title"}),
        ({"target_by_words": "soon"}, {"target_by_words"}),
    ],
)
def test_what_keeps_one_from_being_published(fields, wrong):
    assert {problem.field for problem in make_measure(**fields).problems()} == wrong


# The figure


def drawn(**fields):
    measure = make_measure(**fields)
    return measure_figure.draw(Measure.objects.prefetch_related("readings").get(pk=measure.pk))


def test_the_figure_stands_by_its_days_in_percent_and_pixels():
    figure = drawn(
        parts=[
            make_reading("2021", 0, ends_on=dt.date(2021, 1, 1)),
            make_reading("2022", 50, ends_on=dt.date(2022, 1, 1)),
            make_reading("2025", 100, ends_on=dt.date(2025, 1, 1)),
        ]
    )

    assert [dot.x for dot in figure.actual] == ["14.0%", "34.5%", "96.0%"]
    assert [dot.y for dot in figure.actual] == ["230", "137", "44"]
    assert figure.is_to_scale
    assert [dot.label for dot in figure.actual] == ["0%", "50%", "100%"]
    assert [mark.label for mark in figure.axis] == ["100%", "0%"]
    assert figure.in_short == "0% → 100%"


def test_without_every_date_the_steps_are_even_and_the_figure_says_so(client):
    measure = make_public_measure(baseline_value=10, baseline_period="before")

    figure = measure_figure.draw(Measure.objects.get(pk=measure.pk))

    assert [figure.start.x, *(dot.x for dot in figure.actual)] == ["14.0%", "55.0%", "96.0%"]
    assert "not to scale" in words_of(client.get(measure.get_absolute_url()))


def test_one_number_alone_is_no_line(client):
    measure = make_public_measure(parts=[make_reading()])

    assert measure_figure.draw(measure) is None
    assert '<svg class="chart"' not in client.get(measure.get_absolute_url()).text


def test_the_figure_says_in_words_what_it_shows(client):
    measure = make_public_measure(
        target_value=90, parts=[make_reading("2021", 53), make_reading("2022", 66, planned=70)]
    )

    page = client.get(measure.get_absolute_url()).text

    assert "From 53 of 100 (2021) to 66 of 100 (2022). The target is 90 of 100." in page
    assert 'role="img"' in page
    assert "What we planned" in page


def test_a_number_stands_below_its_dot_where_a_triangle_is_above():
    figure = drawn(
        parts=[make_reading("2021", 53, planned=60), make_reading("2022", 66, planned=100)]
    )

    assert [dot.is_label_below for dot in figure.actual] == [True, False]


def test_a_long_number_covers_no_triangle_beside_it():
    """On the narrowest phone “22 months” reached over what was planned nine months later."""
    pairs = ((23, 20), (24, 16), (25, 12), (27, 20))
    parts = [
        make_reading(f"{2023 + place}", actual, planned=planned)
        for place, (actual, planned) in enumerate(pairs)
    ]

    figure = drawn(unit="months", baseline_value=22, parts=parts)

    dots = [figure.start, *figure.actual]
    boxes = [box_of(dot) for dot in dots if dot.label]
    assert not any(box.is_on_mark(mark) for box in boxes for mark in figure.planned)


def test_what_is_said_of_the_line_in_short_names_its_unit_once():
    parts = [make_reading("2021", 29), make_reading("2022", 19)]

    assert drawn(unit="weeks", parts=parts).in_short == "29 → 19 weeks"


def test_the_number_of_a_line_that_falls_stands_below_it_and_clear_of_the_target():
    parts = [make_reading("2021", 60), make_reading("2022", 30)]

    newest = drawn(target_value=25, good_direction="down", parts=parts).actual[-1]
    alone = drawn(parts=parts).actual[-1]

    assert newest.is_label_below
    assert alone.is_label_below
    assert newest.label_drop > alone.label_drop


def test_many_dots_name_only_the_first_and_the_last():
    figure = drawn(parts=[make_reading(str(year), year - 2000) for year in range(2010, 2020)])

    assert [bool(dot.label) for dot in figure.actual] == [True, *[False] * 8, True]


# Checks for the editor: they advise, and stop nothing


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"baseline_value": 53, "target_value": 50}, "easier than where it started"),
        ({"baseline_value": 53, "target_value": 60}, ""),
        ({"baseline_value": 9, "target_value": 10, "good_direction": "down"}, "easier"),
        (
            {"baseline_value": 53, "parts": [make_reading(actual=None, planned=40)]},
            "worse than where it started",
        ),
        (
            {"parts": [make_reading("2021", Decimal("0.53")), make_reading("2022", 66)]},
            "parts of 1",
        ),
        ({"parts": [make_reading("2021", 53), make_reading("2022", 660)]}, "more than 100"),
        (
            {
                "unit": "weeks",
                "parts": [
                    make_reading("2021", 9),
                    make_reading("2022", 70),
                    make_reading("2023", 7),
                ],
            },
            "point in the wrong place",
        ),
        (
            {"unit": "weeks", "parts": [make_reading("2021", 9, note="About 9% wait.")]},
            "Do all numbers count the same",
        ),
        ({"parts": [make_reading("2021", 53, note="Ready in 20 weeks.")]}, ""),
        (
            {"parts": [make_reading("April 2021", 53), make_reading("school year 2022/23", 66)]},
            "cannot be compared",
        ),
        ({"parts": [make_reading("2022 (projected)", 66)]}, "may still change"),
    ],
)
def test_the_checks_name_what_to_look_at_again(fields, says):
    fields = {**fields, "parts": copies(fields.get("parts"))}

    found = advised(**fields)

    assert (says in " ".join(found)) if says else found == []


def copies(parts):
    """Parametrised rows are shared by two databases' runs: each test saves its own."""
    if parts is None:
        return None
    names = ("period", "actual", "planned", "note")
    return [Reading(**{name: getattr(part, name) for name in names}) for part in parts]


def test_advice_stops_nothing(client):
    measure = make_public_measure(baseline_value=53, target_value=50)

    assert client.get(measure.get_absolute_url()).status_code == 200


# The list, the first page, and what goes the wrong way


def test_the_list_is_by_name_and_goes_on_from_a_key(client, monkeypatch):
    monkeypatch.setattr(measures, "MEASURES_A_PAGE", 1)
    make_public_measure(title="Zebra crossings")
    first = make_public_measure(title="Autism checks")

    page = client.get(LIST)

    assert "Autism checks" in page.text
    assert "Zebra crossings" not in page.text
    assert f"?after={first.document.slug}" in page.text
    assert "Zebra crossings" in client.get(f"{LIST}?after={first.document.slug}").text
    assert "could not read the end of that address" in words_of(client.get(f"{LIST}?after=x"))


def test_the_first_page_says_how_long_families_wait(client):
    make_public_measure(counted="plans on time", is_featured=True)

    text = words_of(client.get("/"))

    assert "66 of 100 plans on time" in text
    assert "January 2023. Before: 53 of 100, January 2021." in text
    assert "We do not publish this yet" not in text


def test_the_first_page_says_that_nothing_is_published(client):
    make_public_measure()
    make_measure(is_featured=True)

    assert "We do not publish this yet" in words_of(client.get("/"))


def test_a_measure_that_was_taken_down_leaves_the_first_page(client):
    measure = make_public_measure(counted="plans on time", is_featured=True)

    actions.withdraw(measure.document, by=make_signer(body_of(measure)), reason="Wrong.")

    assert "plans on time" not in words_of(client.get("/"))
    assert client.get(measure.get_absolute_url()).status_code == 410


def body_of(measure):
    return measure.release.sign_offs.get().body


@pytest.mark.parametrize(
    ("fields", "is_wrong"),
    [
        ({"good_direction": "up"}, False),
        ({"good_direction": "down"}, True),
        ({"good_direction": "none"}, False),
        ({"good_direction": "target", "target_value": 60}, False),
        ({"good_direction": "target", "target_value": 50}, True),
        ({"good_direction": "target"}, False),
        ({"good_direction": "up", "parts": [make_reading()], "baseline_value": 70}, True),
        ({"good_direction": "up", "parts": [make_reading()]}, False),
    ],
)
def test_the_record_shows_what_goes_the_wrong_way(fields, is_wrong):
    fields = {**fields, **({"parts": copies(fields["parts"])} if "parts" in fields else {})}
    measure = make_public_measure(**fields)

    assert [each.pk for each in measures.going_wrong(moments.now())] == [measure.pk] * is_wrong


def test_many_measures_cost_as_many_questions_as_few(client):
    publish_update(make_measure(is_featured=True))
    few = questions(client)
    for _ in range(4):
        publish_update(make_measure(is_featured=True))

    assert questions(client) == few


def questions(client):
    found = []
    for path in (LIST, "/"):
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        found.append(len(queries))
    with CaptureQueriesContext(connection) as queries:
        measures.going_wrong(moments.now())
    return [*found, len(queries)]
