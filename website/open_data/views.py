"""The page of open data, the meaning of each table, and its files, streamed."""

from __future__ import annotations

import datetime as dt
import json
from itertools import batched

from django.db.models import Max
from django.http import Http404, HttpResponse, HttpResponseNotFound, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse

from programme.spreadsheets import as_csv, as_json
from publishing import moments
from publishing.models import LedgerEntry
from publishing.moments import InTheFuture, Moment, MomentRequest
from publishing.pages import public_page
from website.open_data import TABLES, Table, package
from website.open_data.package import LICENCE

NO_SUCH_DAY = "There is no data for this day. Give a day of the past, as 2026-11-24."
LONGEST_DAY = 10
LINES_AT_A_TIME = 200


def moment_asked(request: MomentRequest) -> Moment:
    """The end of the day that `?on=2026-11-24` names; without it, the moment of the page.

    Raises ValueError for what is no day, and InTheFuture for a day after the page's own.
    """
    wanted = request.GET.get("on", "")
    if not wanted:
        return request.moment
    if len(wanted) != LONGEST_DAY:
        raise ValueError(wanted)
    day = dt.date.fromisoformat(wanted)
    if day > request.moment.day:
        raise InTheFuture(wanted)
    if day == request.moment.day:
        return request.moment
    return moments.earlier(request.moment, moments.end_of(day).at)


@public_page
def index(request):
    wanted = request.GET.get("on", "")
    try:
        moment, was_refused = moment_asked(request), False
    except ValueError:  # InTheFuture is one too
        moment, was_refused = request.moment, True
    lines = LedgerEntry.objects.filter(effective_at__lte=moment.at)
    return TemplateResponse(
        request,
        "website/data.html",
        {
            "tables": TABLES.values(),
            "licence": LICENCE,
            "wanted": wanted[:LONGEST_DAY],
            "was_refused": was_refused,
            "day": moment.day,
            "query": f"?on={wanted}" if wanted and not was_refused else "",
            "last_change_at": lines.aggregate(at=Max("effective_at"))["at"],
        },
        status=404 if was_refused else 200,
    )


@public_page
def meanings(request, name):
    return TemplateResponse(
        request, "website/data_table.html", {"table": table_called(name), "licence": LICENCE}
    )


@public_page
def as_file(request, name: str, extension: str) -> HttpResponseBase:
    """One table as CSV or JSON, written to the reader while it is read from the database."""
    table = table_called(name)
    try:
        moment = moment_asked(request)
    except ValueError:
        return not_found()
    write, content_type = FORMATS[extension]
    lines = write(table.headings, table.rows(moment))
    # Many lines at a time: each piece is compressed and sent on its own.
    pieces = ("".join(piece) for piece in batched(lines, LINES_AT_A_TIME, strict=False))
    response = StreamingHttpResponse(pieces, content_type=content_type)
    file = f"{table.name}-{moment.day.isoformat()}.{extension}"
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


@public_page
def data_package(request) -> HttpResponseBase:
    try:
        moment = moment_asked(request)
    except ValueError:
        return not_found()
    wanted = request.GET.get("on", "")
    described = package(TABLES.values(), moment, query=f"?on={wanted}" if wanted else "")
    return HttpResponse(
        json.dumps(described, ensure_ascii=False, indent=1),
        content_type="application/json; charset=utf-8",
    )


FORMATS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "json": (as_json, "application/json; charset=utf-8"),
}


def table_called(name: str) -> Table:
    if name not in TABLES:
        raise Http404("No such table.")
    return TABLES[name]


def not_found() -> HttpResponse:
    """In plain text: whoever asks for a file is often a program."""
    return HttpResponseNotFound(f"{NO_SUCH_DAY}\n", content_type="text/plain; charset=utf-8")
