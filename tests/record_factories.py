"""Measures, events and roles, each made by a plain function, through the real actions."""

from itertools import count

from django.utils.text import slugify

from programme.models import Finding, Holder, Measure, Reading, Role, TimelineEvent
from publishing import actions
from tests.factories import make_user, publish_update, reload

_numbers = count(1)


def make_measure(*, by=None, slug=None, parts=None, **fields) -> Measure:
    """A draft of a measure with two numbers, ready to be sent for sign-off."""
    values = {
        "title": f"Measure {next(_numbers)}",
        "explanation": "The law gives us 20 weeks to write an EHC plan.",
        "unit": "percent",
        "counted": "EHC plans were ready in 20 weeks",
        "good_direction": "up",
        "period_type": "month",
        "taken_from": "Dashboard, January 2023",
        **fields,
    }
    if parts is None:
        parts = [make_reading("January 2021", 53), make_reading("January 2023", 66)]
    measure = actions.start_document(
        Measure(**values),
        slug=slug or slugify(values["title"]),
        by=by or make_user("author"),
        parts=parts,
    )
    return reload(measure)  # numbers as the database keeps them


def make_reading(period="January 2023", actual=66, **fields) -> Reading:
    """A number that is not saved yet, to be given to `make_measure(parts=…)`."""
    return Reading(period=period, actual=actual, **fields)


def make_public_measure(*, by=None, publisher=None, **fields) -> Measure:
    return publish_update(make_measure(by=by, **fields), publisher=publisher)


def make_event(*, by=None, slug=None, parts=(), **fields) -> TimelineEvent:
    """A draft of something that happened, ready to be sent for sign-off."""
    values = {
        "title": f"Event {next(_numbers)}",
        "voice": "inspectors",
        "happened_words": "May 2021",
        "summary": "Inspectors came back.",
        "taken_from": "Letter, July 2021",
        **fields,
    }
    return actions.start_document(
        TimelineEvent(**values),
        slug=slug or slugify(values["title"]),
        by=by or make_user("author"),
        parts=parts,
    )


def make_finding(voice="inspectors", verdict="not enough", **fields) -> Finding:
    """A finding that is not saved yet, to be given to `make_event(parts=…)`."""
    return Finding(voice=voice, verdict=verdict, **{"words": "1 of 13 problems.", **fields})


def make_public_event(*, by=None, publisher=None, **fields) -> TimelineEvent:
    return publish_update(make_event(by=by, **fields), publisher=publisher)


def make_role(*, by=None, slug=None, parts=None, **fields) -> Role:
    """A draft of a post that somebody holds, ready to be sent for sign-off."""
    values = {
        "title": f"Director {next(_numbers)}",
        "kind": "responsible",
        "form": "post",
        "answers_for": "EHC plans.",
        "taken_from": "Council website",
        **fields,
    }
    if parts is None:
        parts = [Holder(name="Asha Khan", began_words="May 2021")]
    return actions.start_document(
        Role(**values),
        slug=slug or slugify(values["title"]),
        by=by or make_user("author"),
        parts=parts,
    )


def make_public_role(*, by=None, publisher=None, **fields) -> Role:
    return publish_update(make_role(by=by, **fields), publisher=publisher)
