"""Every promise: filtered and sorted by the address alone, and a page at a time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.text import slugify

from programme import forum, promises, remarks
from programme.figures import moved_in_words
from programme.models import Area, Milestone, MilestoneArea, MilestoneQuerySet, Plan
from programme.nouns import promises_in_words
from programme.promises import Tally
from programme.statuses import Status
from publishing.chips import Chip, Choice, chosen
from publishing.counted import counted
from publishing.models import Body
from publishing.moments import Moment

# So many lines fit a phone's first round trip, with the rest of the page and its styles; the reason
# why a date moved stands on the page of the promise.
PROMISES_A_PAGE = 12
CHOICES_AT_MOST = 100
LAST_DAY = dt.date(9999, 12, 31)  # a promise without a date comes last
CHOICES = {"problem": "By problem", "body": "By whose promise it is", "plan": "By plan"}
SORTS = {
    "date": "Late first, then the oldest date",
    "moved": "Moved most often first",
    "new": "Newest report first",
}


@dataclass
class Asked:
    """What the address asks for, as far as it makes sense."""

    status: Status | None = None
    chosen: dict[str, Choice] = field(default_factory=dict)  # by problem, body, plan
    sort: str = "date"
    after: str = ""
    after_title: str = ""
    was_ignored: bool = False

    @property
    def in_words(self) -> str:
        """For the title of the page: “Late, Council, moved most often first”."""
        words = [self.status.label] if self.status else []
        words += [choice.label for choice in self.chosen.values()]
        if self.sort != "date":
            words.append(SORTS[self.sort])
        if self.after:
            words.append(f"after “{self.after_title}”")
        return ", ".join(words)

    def url(self, **changes) -> str:
        """The address of the same list, with some of it changed."""
        values: dict[str, str] = {
            "status": self.status.value if self.status else "",
            **{name: self.chosen[name].value if name in self.chosen else "" for name in CHOICES},
            "sort": "" if self.sort == "date" else self.sort,
            **changes,
        }
        query = urlencode({name: value for name, value in values.items() if value})
        return f"?{query}#promises"

    @property
    def is_narrowed(self) -> bool:
        """Something other than a status is chosen."""
        return bool(self.chosen) or self.sort != "date"


@dataclass
class Listing:
    promises: list[Milestone]
    asked: Asked
    tally: Tally
    next_url: str
    statuses: list[Chip] = field(default_factory=list)
    filters: list[tuple[str, list[Chip]]] = field(default_factory=list)
    sorts: list[Chip] = field(default_factory=list)

    @property
    def has_any(self) -> bool:
        """Promises stand at the moment, whether or not this site could count them then."""
        return bool(self.tally.total or self.asked.chosen)

    @property
    def in_words(self) -> str:
        """What is shown: “13 late promises, the oldest first date first.”"""
        status, chosen = self.asked.status, self.asked.chosen.values()
        number = self.tally.counts[status] if status else self.tally.total
        said = f"{number} {status.promises(number) if status else promises_in_words(number)}"
        if chosen:
            said += f" ({', '.join(choice.short or choice.label for choice in chosen)})"
        order = SORTS[self.asked.sort].lower()
        if status and self.asked.sort == "date":
            order = "the oldest first date first"
        return f"{said}, {order}." if number > 1 else f"{said}."


def standing(moment: Moment) -> MilestoneQuerySet:
    """The promises that stand at the moment, each with its status."""
    return promises.told(Milestone.objects.as_of(moment), moment)


def listing(asked_for: dict, moment: Moment, *, areas: list[Area], plans: list[Plan]) -> Listing:
    """One page of promises. Five queries, however many there are."""
    options = {
        "problem": [
            Choice(
                str(area.area_number),
                area.title,
                Exists(MilestoneArea.objects.filter(edition=OuterRef("pk"), area=area.document_id)),
                area.short_name,
            )
            for area in areas
        ],
        "body": bodies(),
        "plan": [Choice(plan.document.slug, plan.title, ever_in(plan, moment)) for plan in plans],
    }
    asked = read(asked_for, options)
    filtered = standing(moment).filter(*(choice.filter for choice in asked.chosen.values()))
    chosen = sorted((name, choice.value) for name, choice in asked.chosen.items())
    tally = counted(f"promises by status, of {chosen}", moment, lambda: tally_of(filtered))
    if asked.status:
        filtered = filtered.filter(status=asked.status)
    found, next_url = page(filtered, asked, moment)
    return Listing(
        found,
        asked,
        tally,
        next_url,
        status_chips(asked, tally),
        chips(asked, options),
        sorts(asked),
    )


def ever_in(plan: Plan, moment: Moment) -> Q:
    """Put in it by any edition so far: no promise leaves the page of the plan that made it."""
    put_in_it = Milestone.objects.ever_public(moment).filter(of_plan=plan.document_id)
    return Q(document__in=put_in_it.values("document"))


def bodies() -> list[Choice]:
    return [
        Choice(slugify(body.short_name or body.name), body.short_name or body.name, Q(body=body))
        for body in Body.objects.all()[:CHOICES_AT_MOST]
    ]


def read(asked_for: dict, options: dict[str, list[Choice]]) -> Asked:
    """What cannot be understood is ignored, and the page says so."""
    asked = Asked(after=asked_for.get("after", ""))
    asked.chosen, asked.was_ignored = chosen(asked_for, options)
    wanted = asked_for.get("status", "")
    if wanted in Status.values:
        asked.status = Status(wanted)
    elif wanted:
        asked.was_ignored = True
    if sort := asked_for.get("sort", ""):
        if sort in SORTS:
            asked.sort = sort
        else:
            asked.was_ignored = True
    return asked


def tally_of(promises: MilestoneQuerySet) -> Tally:
    tally = Tally()
    for row in promises.values("status").order_by().annotate(n=Count("pk")):
        tally.counts[Status(row["status"])] = row["n"]
    return tally


# A page at a time


def page(rows: MilestoneQuerySet, asked: Asked, moment: Moment) -> tuple[list[Milestone], str]:
    """The promises after the one that the address names, and the address of the next page."""
    key, is_falling = sort_key(asked.sort, moment)
    rows = rows.annotate(sort_group=sort_group(asked.sort), sort_key=key)
    if asked.after:
        last = None if "\0" in asked.after else rows.filter(document__slug=asked.after).first()
        if last is None:
            asked.was_ignored, asked.after = True, ""
        else:
            asked.after_title = last.title
            beyond = "sort_key__lt" if is_falling else "sort_key__gt"
            rows = rows.filter(
                Q(sort_group__gt=last.sort_group)
                | Q(sort_group=last.sort_group)
                & (
                    Q(**{beyond: last.sort_key})
                    | Q(sort_key=last.sort_key, document_id__gt=last.document_id)
                )
            )
    order = ["sort_group", F("sort_key").desc() if is_falling else F("sort_key"), "document_id"]
    chosen = counted(
        f"page of promises, {asked.url(after=asked.after)}",
        moment,
        lambda: list(rows.order_by(*order).values_list("pk", flat=True)[: PROMISES_A_PAGE + 1]),
    )
    found = list(
        rows.filter(pk__in=chosen)
        .order_by(*order)
        .select_related("document", "body")
        .fetch_mode(models.FETCH_RAISE)
    )
    shown = say_more(found[:PROMISES_A_PAGE], moment, with_moves=False)
    has_more = len(found) > PROMISES_A_PAGE
    return shown, asked.url(after=shown[-1].document.slug) if has_more else ""


def sort_group(sort: str) -> Case:
    """What comes first whatever its key is: by date, the late promises."""
    whens = [When(status=Status.LATE, then=Value(0))] if sort == "date" else []
    return Case(*whens, default=Value(1), output_field=models.IntegerField())


def sort_key(sort: str, moment: Moment):
    """What to sort by, and whether it falls."""
    if sort == "moved":
        return F("times_moved"), True
    if sort == "new":
        # Only a preview shows a promise without a date: it comes first.
        return Coalesce("published_at", Value(moment.at)), True
    return Coalesce("first_due_on", Value(LAST_DAY)), False


def say_more(found: list[Milestone], moment: Moment, *, with_moves: bool = True) -> list[Milestone]:
    """Gives each told promise what its line says beside the facts."""
    refused = forum.disagrees_with(found, moment)
    checked = remarks.days_checked([promise.document_id for promise in found], moment)
    moves = remarks.newest_moves(found, moment) if with_moves else {}
    for promise in found:
        promise.move = moves.get(promise.document_id)
        promise.checked_on = checked.get(promise.document_id)
        promise.shown_status = Status(promise.status)
        promise.forum_says_no = promise.document_id in refused
        promise.remarks = list(remarks.remarks(promise, moment))
        promise.moved = moved_in_words(promise)
    return found


# Chips


def status_chips(asked: Asked, tally: Tally) -> list[Chip]:
    everything = Chip("All", asked.url(status=""), asked.status is None, tally.total)
    return [everything] + [
        Chip(
            status.label,
            asked.url(status=status.value),
            status == asked.status,
            tally.counts[status],
            status.icon,
        )
        for status in Status
        if tally.counts[status] or status == asked.status
    ]


def chips(asked: Asked, options: dict[str, list[Choice]]) -> list[tuple[str, list[Chip]]]:
    """A row of chips for each thing of which there are at least two to choose from."""
    rows = []
    for name, choices in options.items():
        current = asked.chosen.get(name)
        if len(choices) < 2 and current is None:
            continue
        row = [Chip("All", asked.url(**{name: ""}), current is None)]
        row += [
            Chip(
                choice.short or choice.label,
                asked.url(**{name: choice.value}),
                choice is current,
                more=choice.label if choice.short else "",
            )
            for choice in choices
        ]
        rows.append((CHOICES[name], row))
    return rows


def sorts(asked: Asked) -> list[Chip]:
    return [
        Chip(label, asked.url(sort="" if name == "date" else name), name == asked.sort)
        for name, label in SORTS.items()
    ]
