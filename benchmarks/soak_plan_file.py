"""A plan of 4,000 rows comes in through the staff's own forms: `make soak`, see docs/soak.md."""

import resource
import time

import pytest
from django.urls import reverse

from programme import spreadsheets
from programme.models import Area, Milestone, PlanFile
from publishing import actions
from tests import factories

ROWS, EVERY = 4000, 100
NO_DAY = "31/11/2099"
HEADINGS = ["Ref", "Action", "Type", "Organisation", "Lead", "Deadline", "Success criteria", "Area"]


def test_a_plan_of_many_rows_comes_in_whole(transactional_db, client, figures):
    factories.make_body()
    author = factories.make_user("author")
    area = Area(area_number=1, title="Waiting", explanation="Families wait.")
    actions.start_document(area, slug="1-waiting", by=author)
    client.force_login(author)
    workbook = spreadsheets.as_workbook("Plan", HEADINGS, map(row, range(1, ROWS + 1)))
    times, before = [], peak()

    def visit(method, *args):
        began = time.monotonic()
        answer = method(*args)
        times.append(time.monotonic() - began)
        print(f"{len(times)}: {args[0]} {times[-1]:.2f} s, {peak() - before:.0f} MB", flush=True)
        return answer

    from django.core.files.uploadedfile import SimpleUploadedFile

    upload = SimpleUploadedFile("plan.xlsx", workbook)
    there = visit(client.post, reverse("admin:programme_planfile_add"), {"file": upload})
    columns = visit(client.get, there["Location"])
    answers = {field.html_name: field.value() or "" for field in columns.context["form"]}
    check = visit(client.post, there["Location"], answers)
    page = visit(client.get, check["Location"])
    print(len(page.content))
    import os

    go = reverse("admin:programme_planfile_drafts", args=[PlanFile.objects.get().pk])
    for i in range(int(os.environ.get("SLICES", "9999"))):
        there = visit(client.post, go)
        page = visit(client.get, there["Location"])
        if "goes-on" not in there["Location"]:
            break
    print(Milestone.objects.count(), sum(times))


def row(number: int) -> list[str]:
    day = NO_DAY if number % EVERY == 0 else f"{number % 28 + 1}/05/2099"
    return [
        f"{number // 100 + 1}.{number % 100}",
        f"Step {number} for {'the early years' if number % 2 else 'post 16'} number {number * 7}",
        "Action",
        "Council",
        "Head of service",
        day,
        "What families can check: every plan comes in 20 weeks.",
        "1",
    ]


def peak() -> float:
    """Megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
