"""A plan of 4,000 rows comes in through the staff's own forms: `make soak`, see docs/soak.md."""

import resource
import time
from dataclasses import dataclass, field

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from programme import spreadsheets
from programme.models import Area, Milestone, PlanFile
from publishing import actions
from tests import factories

ROWS, EVERY = 4000, 100
BAD = ROWS // EVERY
NO_DAY, LATER = "31/11/2099", "by summer term 2099"
HEADINGS = ["Ref", "Action", "Type", "Organisation", "Lead", "Deadline", "Success criteria", "Area"]
LONGEST = 10  # seconds for one answer, on a machine with other work to do


@dataclass
class Officer:
    """Somebody at a browser: what she asks for, and how long each answer takes."""

    client: Client
    seconds: list[float] = field(default_factory=list)

    def visit(self, method, *args):
        began = time.monotonic()
        answer = method(*args)
        self.seconds.append(time.monotonic() - began)
        assert answer.status_code in {200, 302}
        return answer

    def bring_in(self, workbook: bytes) -> tuple[PlanFile, str]:
        """Upload, columns, check screen, and the button until nothing is left."""
        upload = {"file": SimpleUploadedFile("plan.xlsx", workbook)}
        columns = self.visit(self.client.post, reverse("admin:programme_planfile_add"), upload)
        form = self.visit(self.client.get, columns["Location"]).context["form"]
        answers = {one.html_name: one.value() or "" for one in form}
        check = self.visit(self.client.post, columns["Location"], answers)
        page = self.visit(self.client.get, check["Location"])
        file = PlanFile.objects.latest("pk")
        press = {"seen": page.context["seal"]}
        drafts = reverse("admin:programme_planfile_drafts", args=[file.pk])
        while True:
            answer = self.visit(self.client.post, drafts, press)
            shown = self.visit(self.client.get, answer["Location"])
            press = {}
            if not answer["Location"].endswith("goes-on"):
                return PlanFile.objects.get(pk=file.pk), shown.text

    def took(self) -> str:
        return (
            f"{sum(self.seconds):.0f} s in {len(self.seconds)} requests, the longest "
            f"{max(self.seconds):.1f} s; {peak():.0f} MB at most"
        )


@pytest.fixture
def officer(transactional_db, client):
    factories.make_body()
    author = factories.make_user("author")
    area = Area(area_number=1, title="Waiting", explanation="Families wait.")
    actions.start_document(area, slug="1-waiting", by=author)
    client.force_login(author)
    return Officer(client)


def test_a_plan_of_many_rows_comes_in_whole_and_then_with_other_dates(officer, figures):
    file, page = officer.bring_in(workbook_of(bad_day=NO_DAY))

    new = Milestone.objects.count()
    wrong = abs(ROWS - BAD - new) + abs(page.count(NO_DAY) - BAD) + len(file.refused)
    wrong += max(officer.seconds) > LONGEST
    figures(f"rows of a new plan, {BAD} of them without a day", ROWS, officer.took(), wrong)

    again = Officer(officer.client)
    file, page = again.bring_in(workbook_of(day=LATER, bad_day=LATER))

    moved = Milestone.objects.filter(due_words=LATER, number=1).count()
    wrong = abs(ROWS - moved) + len(file.refused) + (max(again.seconds) > LONGEST)
    figures(f"the same rows with another day, {BAD} mended", ROWS, again.took(), wrong)


def workbook_of(*, bad_day: str, day: str = "") -> bytes:
    rows = (row(number, bad_day, day) for number in range(1, ROWS + 1))
    return spreadsheets.as_workbook("Plan", HEADINGS, rows)


def row(number: int, bad_day: str, day: str) -> list[str]:
    day = bad_day if number % EVERY == 0 else day or f"{number % 28 + 1}/05/2099"
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
    """The memory that this process ever had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
