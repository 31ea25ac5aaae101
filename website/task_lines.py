"""A line of “Your tasks”, and what all that find such lines share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.urls import reverse

from publishing.models import Document
from publishing.moments import LONDON

SATURDAY = 5


class Task(NamedTuple):
    says: str
    address: str
    more: str = ""


Found = Iterator[Task]


def oldest(rows: QuerySet) -> Iterator[tuple[int, Any]]:
    """The first row, with how many there are; nothing if there is none."""
    first = rows.first()
    if first is not None:
        yield rows.count(), first


def one_or(count: int, one: str, many: str) -> str:
    return one if count == 1 else f"{count:,} {many}"


def page_of(kind: str, edition: int, act: str = "") -> str:
    """The staff's page of an edition, or of a verb on it."""
    options = Document(kind=kind).kind_model._meta
    name = f"admin:{options.app_label}_{options.model_name}_{'act' if act else 'change'}"
    return reverse(name, args=[edition, act] if act else [edition])


def working_days_after(day: dt.date, number: int) -> dt.date:
    """Monday to Friday; bank holidays are not known here."""
    while number:
        day += dt.timedelta(days=1)
        number -= day.weekday() < SATURDAY
    return day


def day_of(at: dt.datetime) -> str:
    return f"{at.astimezone(LONDON):%-d %B %Y}"
