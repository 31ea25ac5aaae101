"""Open data: every public kind as rows, with the meaning of each column, for anybody to take.

A column keeps its name and its meaning for good; new ones come at the end.
"""

from website.open_data.of_pages import PAGES
from website.open_data.of_plan import (
    CHECKS,
    FORUM_ANSWERS,
    PLANS,
    PROBLEMS,
    PROMISE_DATES,
    PROMISES,
)
from website.open_data.of_record import (
    EVENTS,
    FINDINGS,
    HOLDERS,
    MEASURE_NUMBERS,
    MEASURES,
    QUOTATIONS,
    ROLES,
)
from website.open_data.of_updates import ANSWERS, OPPORTUNITIES, UPDATE_ITEMS, UPDATES, YOU_SAID
from website.open_data.package import package
from website.open_data.tables import Column, Table

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        PROMISES,
        PROMISE_DATES,
        CHECKS,
        PROBLEMS,
        PLANS,
        UPDATES,
        UPDATE_ITEMS,
        ANSWERS,
        YOU_SAID,
        OPPORTUNITIES,
        MEASURES,
        MEASURE_NUMBERS,
        EVENTS,
        FINDINGS,
        QUOTATIONS,
        ROLES,
        HOLDERS,
        PAGES,
        FORUM_ANSWERS,
    )
}

__all__ = ["TABLES", "Column", "Table", "package"]
