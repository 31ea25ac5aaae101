"""Pages of the record with something of everything on them, for whoever walks all pages."""

from decimal import Decimal

from programme.models import Holder, Measure, Quote, Role, TimelineEvent
from tests.factories import correct_update, make_public_promise
from tests.record_factories import (
    make_finding,
    make_measure,
    make_public_event,
    make_public_measure,
    make_public_role,
    make_reading,
)

WIDE = "Write 34 more letters again, in plain words, to families whom Wembley’s clinic wrote to"
WHY = {
    "why_changed": "We could not hire enough people in time, and had to begin again.",
    "cause": "recruitment",
    "change_agreed_by": "The Improvement Board",
}


def public_addresses(people: dict) -> list[str]:
    measure = make_public_measure(
        **people,
        is_featured=True,
        baseline_value=Decimal("3.8"),
        baseline_period="April 2021",
        target_value=90,
        target_by_words="September 2024",
        compared="England: 60 of 100.",
        parts=[
            make_reading("January 2022", 53, planned=60, note="Sources disagree."),
            make_reading("January 2023", 66, planned=80, is_provisional=True, taken_from="Letter"),
        ],
    )
    small = make_public_measure(**people, unit="weeks", parts=[make_reading(actual=7)])
    correct_update(measure, by=people["by"], counted="plans on time")
    weeks = make_public_measure(
        **people,
        unit="weeks",
        good_direction="down",
        target_value=8,
        parts=[make_reading("May 2022", 19), make_reading("June 2023", 10)],
    )
    moved = make_public_promise(**people, title=WIDE, due_words="May 2022")
    moved = correct_update(moved, by=people["by"], due_words="September 2099", **WHY)
    event = make_public_event(
        **people,
        is_turning_point=True,
        body="The **text** itself.",
        parts=[
            *(make_finding(verdict=verdict) for verdict in ("enough", "not enough", "not said")),
            make_finding("families", "same", asked="The forum", how_many=120),
            Quote(words="We are grateful.", who="Katie Moore", post="Lead", taken_from="Update"),
        ],
    )
    silent = make_public_event(
        **people, voice="us", happened_words="", expected_words="31 December 2021"
    )
    role = make_public_role(**people, parts=[Holder(name="Asha Khan", began_words="May 2021")])
    board = make_public_role(
        **people, kind="checks", form="board", parts=[Holder(began_words="October 2021")]
    )
    return [
        "/plan/measures/",
        measure.get_absolute_url(),
        small.get_absolute_url(),
        weeks.get_absolute_url(),
        moved.get_absolute_url(),
        f"{measure.get_absolute_url()}history/",
        f"{measure.get_absolute_url()}history/1/",
        "/history/",
        "/history/oldest/?by=us",
        event.get_absolute_url(),
        silent.get_absolute_url(),
        f"{event.get_absolute_url()}history/",
        "/who/",
        role.get_absolute_url(),
        board.get_absolute_url(),
    ]


def staff_addresses(people: dict) -> list[str]:
    draft = make_measure(by=people["by"], baseline_value=70, target_value=60)
    event, role = TimelineEvent.objects.first(), Role.objects.first()
    kinds = [kind._meta.model_name for kind in (Measure, TimelineEvent, Role)]
    return [
        *(f"/admin/programme/{name}/{page}" for name in kinds for page in ("", "add/")),
        f"/admin/programme/measure/{draft.pk}/change/",
        f"/admin/programme/timelineevent/{event.pk}/change/",
        f"/admin/programme/role/{role.pk}/change/",
    ]
