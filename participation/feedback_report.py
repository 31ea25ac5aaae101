"""The yearly report of regulation 56: how many wrote about what, and what came of it.

Nobody can be found in it. A number below 5, and none, are both shown as “fewer than 5”; the others
are rounded down to the nearest 5; there are no totals. A table is left out where the other tables
prove that each of its small numbers is exactly 4.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.http import StreamingHttpResponse

from participation.models import Feedback, YearlyReport
from programme.spreadsheets.writing import as_csv
from publishing.moments import LONDON, Moment
from updates.models import YouSaidWeDid

STEP = 5
FEWER = f"fewer than {STEP}"
CARDS_IN_A_REPORT = 200

ANSWERED, NOT_PUBLISHED, WAITING = "answered", "not published", "waiting"
CAME_OF_IT = {
    ANSWERED: "We answered it on “You said, we did”",
    NOT_PUBLISHED: "We read it, and gave a reason for no public answer",
    WAITING: "We had not answered it yet",
}
NOT_SAID = "They did not say"
NOT_SORTED = "We had not sorted it yet"
HEADINGS = ("What we counted", "Answer", "How many messages")

Table = dict[str, Any]  # {"title": str, "rows": [[label, shown]]}


def counted(year: int, moment: Moment) -> dict[str, Counter[str]]:
    """Exact numbers of one calendar year in London: for nobody's eyes but the next function's."""
    found = Feedback.objects.with_answer(moment).filter(sent_at__year=year)
    who, about, came = Counter[str](), Counter[str](), Counter[str]()
    for feedback in found.iterator():
        who[feedback.get_who_display() or NOT_SAID] += 1
        about[feedback.get_category_display() or NOT_SORTED] += 1
        came[CAME_OF_IT[outcome_of(feedback)]] += 1
    return {
        "Who wrote": in_order([*Feedback.Who.labels, NOT_SAID], who),
        "What it was about": in_order([*Feedback.Category.labels, NOT_SORTED], about),
        "What came of it": in_order(list(CAME_OF_IT.values()), came),
    }


def outcome_of(feedback) -> str:
    if feedback.is_answered:
        return ANSWERED
    return NOT_PUBLISHED if feedback.why_not else WAITING


def in_order(labels: list[str], counts: Counter[str]) -> Counter[str]:
    return Counter({label: counts[label] for label in labels})


def without_small_numbers(tables: Mapping[str, Counter[str]]) -> list[Table]:
    """What may be shown of exact counts of the same messages, sorted in several ways."""
    least = max((least_sum(table) for table in tables.values()), default=0)
    return [
        {"title": title, "rows": [[label, shown(number)] for label, number in table.items()]}
        for title, table in tables.items()
        if not tells_all(table, least)
    ]


def shown(number: int) -> str:
    return FEWER if number < STEP else f"about {number // STEP * STEP}"


def least_sum(table: Counter[str]) -> int:
    """How many messages there must be, for whoever sees this table alone."""
    return sum(number // STEP * STEP for number in table.values())


def tells_all(table: Counter[str], least: int) -> bool:
    """The total leaves the small numbers no choice: each must be 4, and so each would be known."""
    small = sum(number < STEP for number in table.values())
    most_of_others = sum(
        number // STEP * STEP + STEP - 1 for number in table.values() if number >= STEP
    )
    return bool(small) and least - most_of_others >= small * (STEP - 1)


def draft_tables(year: int, moment: Moment) -> list[Table]:
    """What the public would read."""
    return without_small_numbers(counted(year, moment))


def digest_of(year: int, tables: list[Table]) -> str:
    """What somebody saw before they published it: other numbers have another."""
    return hashlib.sha256(json.dumps([year, tables]).encode()).hexdigest()


def years_to_report(moment: Moment) -> list[int]:
    """Years that are over, have messages, and no report yet; the oldest first."""
    first = Feedback.objects.order_by("sent_at").values_list("sent_at", flat=True).first()
    if first is None:
        return []
    done = set(YearlyReport.objects.values_list("year", flat=True))
    began = first.astimezone(LONDON).year
    return [year for year in range(began, moment.day.year) if year not in done]


def page_of(report: YearlyReport, moment: Moment) -> dict:
    """What the report shows beside its numbers: comments, and our answers to them."""
    cards = (
        YouSaidWeDid.objects.as_of(moment)
        .filter(term__year=report.year)
        .select_related("document")
        .order_by("title", "pk")
    )
    return {"cards": cards[:CARDS_IN_A_REPORT]}


def csv_of(report: YearlyReport, moment: Moment) -> StreamingHttpResponse:
    rows = [
        (table["title"], label, number)
        for table in report.tables
        for label, number in table["rows"]
    ]
    response = StreamingHttpResponse(as_csv(HEADINGS, rows), content_type="text/csv; charset=utf-8")
    name = f"what-people-told-us-{report.year}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
