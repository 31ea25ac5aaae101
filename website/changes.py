"""“What changed”: the ledger filtered by the address alone, and the week in one sentence."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.apps import apps
from django.db import models
from django.db.models import Q
from django.urls import reverse

from programme import board, reading
from programme.models import Area, Check, ProgressRound
from programme.nouns import PROMISE, PROMISES
from publishing import moments, record
from publishing.chips import Chip
from publishing.history import edition_number
from publishing.models import Document, Edition, LedgerEntry, Part
from publishing.models.editions import kinds
from publishing.moments import Moment
from publishing.record import Line

LINES_A_PAGE = 30
A_WEEK = dt.timedelta(days=7)

Event = LedgerEntry.Event


@dataclass
class Asked:
    """What the address asks for, as far as it makes sense."""

    kind: type[Edition] | None = None
    area: Area | None = None
    since: dt.date | None = None
    before: int | None = None
    faults: dict[str, str] = field(default_factory=dict)  # by field, what could not be read

    since_typed: str = ""

    @property
    def kind_value(self) -> str:
        return value_of(self.kind) if self.kind else ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.kind or self.area or self.since)

    @property
    def in_words(self) -> str:
        """After the title: “: promises, problem 3, Long waits, since 1 June 2022”."""
        said = [
            self.kind.public_name() if self.kind else "",
            f"problem {self.area.area_number}, {self.area.title}" if self.area else "",
            f"since {self.since:%-d %B %Y}" if self.since else "",
            f"before line {self.before}" if self.before else "",
        ]
        return ", ".join(filter(None, said))

    def url(self, **others: str) -> str:
        """The address of the same list but for what is named: a place to keep."""
        asked = {
            "kind": self.kind_value,
            "problem": self.area.document.slug if self.area else "",
            "since": self.since.isoformat() if self.since else "",
            **others,
        }
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{reverse('changes:list')}{'?' if query else ''}{query}"


@dataclass(frozen=True)
class Changes:
    asked: Asked
    lines: list[Line]
    kinds: list[Chip]
    areas: list[Chip]
    week: str
    older_url: str


def changes(asked_for: dict, moment: Moment) -> Changes:
    """A page of what the ledger said at the moment, newest first."""
    areas = reading.areas(moment)
    asked = read(asked_for, moment, areas)
    entries = filtered(asked, moment).order_by("-id")
    found = record.in_words(entries[: LINES_A_PAGE + 1], moment)
    lines = found[:LINES_A_PAGE]
    older = asked.url(before=str(lines[-1].number)) if len(found) > LINES_A_PAGE else ""
    return Changes(
        asked, lines, kind_chips(asked), area_chips(asked, areas), this_week(moment), older
    )


# The address


def read(asked_for: dict, moment: Moment, areas: list[Area]) -> Asked:
    kind, area, since, before = (
        board.readable(asked_for.get(name, "")) for name in ("kind", "problem", "since", "before")
    )
    asked = Asked(
        kind=next((each for each in kinds() if value_of(each) == kind), None),
        area=next((each for each in areas if each.document.slug == area), None),
        before=edition_number(before),
        since_typed=since,
    )
    if since:
        form = SinceForm({"since": since})
        if form.is_valid():
            asked.since = form.cleaned_data["since"]
            asked.since_typed = asked.since.isoformat()
        else:
            asked.faults["since"] = str(form.errors["since"][0])
    read_all = (kind, asked.kind), (area, asked.area), (before, asked.before)
    if any(wanted and found is None for wanted, found in read_all):
        asked.faults.setdefault("address", "")
    return asked


class SinceForm(forms.Form):
    since = board.DayField("Since")


def value_of(kind: type[Edition]) -> str:
    return str(kind._meta.model_name)


def kind_chips(asked: Asked) -> list[Chip]:
    every = Chip("Everything", asked.url(kind=""), asked.kind is None)
    return [
        every,
        *(
            Chip(kind.public_name(), asked.url(kind=value_of(kind)), kind is asked.kind)
            for kind in sorted(kinds(), key=lambda kind: kind.public_name())
        ),
    ]


def area_chips(asked: Asked, areas: list[Area]) -> list[Chip]:
    if not areas:
        return []
    every = Chip("All problems", asked.url(problem=""), asked.area is None)
    return [
        every,
        *(
            Chip(
                f"{area.area_number}. {area.title}",
                asked.url(problem=area.document.slug),
                area is asked.area,
            )
            for area in areas
        ),
    ]


# The lines


def filtered(asked: Asked, moment: Moment) -> models.QuerySet[LedgerEntry]:
    entries = record.recorded(moment)
    if asked.kind:
        entries = entries.filter(document_kind=asked.kind._meta.label_lower)
    if asked.area:
        entries = entries.filter(about(asked.area, moment))
    if asked.since:
        begin = moments.midnight_after(asked.since - dt.timedelta(days=1))
        entries = entries.filter(recorded_at__gte=begin)
    if asked.before:
        entries = entries.filter(id__lt=asked.before)
    return entries


def about(area: Area, moment: Moment) -> Q:
    """Lines of the problem itself, and of every page that has ever named it in public."""
    public = Edition.objects.ever_public(moment)
    wanted = Q(document=area.document_id)
    for model, name in naming_areas():
        rows = model._base_manager.filter(**{name: area.document_id})
        if issubclass(model, Edition):
            pages = rows.filter(pk__in=public.values("pk")).values("document")
        else:
            pages = rows.filter(edition__in=public.values("pk")).values("edition__document")
        wanted |= Q(document__in=pages)
    return wanted


def naming_areas() -> Iterator[tuple[type[models.Model], str]]:
    """Every column of a page or a part that may name a problem."""
    label = Area._meta.label_lower
    for model in apps.get_models():
        if issubclass(model, Edition | Part):
            columns: tuple[Any, ...] = tuple(model._meta.local_concrete_fields)
            for column in columns:
                if column.related_model is Document and column.name != "document":
                    limit = column.get_limit_choices_to()
                    if not limit or (isinstance(limit, dict) and limit.get("kind") == label):
                        yield model, column.name


# The week


def this_week(moment: Moment) -> str:
    """“The last 7 days: 3 promises checked, 1 date moved. Also 2 pages changed.”"""
    begin = moments.midnight_after(moment.day - A_WEEK)
    counts = Counter(
        dict(
            record.recorded(moment)
            .filter(recorded_at__gte=begin)
            .values_list("event")
            .order_by()
            .annotate(lines=models.Count("id"))
        )
    )
    rounds = ProgressRound.objects.ever_public(moment).filter(published_at__gte=begin)
    checks = Check.objects.filter(edition__in=rounds.values("pk")).count()
    down = counts[Event.WITHDRAWN] + counts[Event.REMOVED]
    said = [
        counted(checks, f"{PROMISE} checked", f"{PROMISES} checked"),
        counted(counts[Event.DATE_MOVED], "date moved", "dates moved"),
        counted(counts[Event.PUBLISHED], "new page", "new pages"),
        counted(counts[Event.IMPORTED], "older page added", "older pages added"),
        counted(counts[Event.CORRECTED], "page changed", "pages changed"),
        counted(counts[Event.SMALL_FIX], "spelling fixed", "spellings fixed"),
        counted(down, "page taken down", "pages taken down"),
    ]
    first, more = (list(filter(None, part)) for part in (said[:3], said[3:]))
    if not first:
        first, more = more or ["nothing changed"], []
    also = f" Also {', '.join(more)}." if more else ""
    return f"The last 7 days: {', '.join(first)}.{also}"


def counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}" if number else ""
