"""Open data: what the pages say, as files that anybody's program understands."""

import csv
import datetime as dt
import io
import json
import warnings
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from publishing import actions
from publishing.models.editions import kinds
from tests import factories
from tests.house_rules import filling
from website.models import InformationPage
from website.open_data import TABLES

pytestmark = pytest.mark.django_db


def table(client, name, **asked) -> list[dict]:
    text = client.get(f"/data/{name}.csv", asked).getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_frictionless_data_package_describes_every_file_and_validates(client, tmp_path):
    import frictionless

    for kind in kinds():
        filling.make_public(kind, filling.word("public"))
    description = client.get("/data/datapackage.json").content
    (tmp_path / "datapackage.json").write_bytes(description)
    for name in TABLES:
        (tmp_path / f"{name}.csv").write_bytes(client.get(f"/data/{name}.csv").getvalue())

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # frictionless's own
        report = frictionless.validate(str(tmp_path / "datapackage.json"))

    assert report.valid, report.flatten(["type", "message"])
    assert {task.name for task in report.tasks} == TABLES.keys()
    empty = {name for name in TABLES if not table(client, name)}
    assert empty <= {"promise-dates"}, "The test shows too little."
    assert json.loads(description)["licenses"][0]["name"] == "OGL-UK-3.0"


def test_every_kind_of_page_is_in_the_data(client):
    pages = {kind: filling.make_public(kind, filling.word("public")) for kind in kinds()}

    titles = {row["title"] for row in table(client, "pages")}

    assert titles >= {page.title for page in pages.values()}
    found = {row["page"] for name in TABLES if name != "pages" for row in table(client, name)}
    without_own = {
        kind
        for kind, page in pages.items()
        if not any(seen.endswith(page.get_absolute_url()) for seen in found)
    }
    assert without_own == {InformationPage}, "These have no table of their own."


def test_columns_keep_their_names_and_order(client):
    """A column may be added at the end. One that goes, or moves, breaks somebody's program."""
    known = json.loads((Path(__file__).with_name("open_data_columns.json")).read_text("utf-8"))

    assert known.keys() == TABLES.keys()
    for name, headings in known.items():
        assert TABLES[name].headings[: len(headings)] == headings, name


def test_json_says_the_same_as_csv(client, publisher):
    factories.make_public_promise(title="=1+1")

    (in_csv,) = table(client, "promises")
    (in_json,) = json.loads(client.get("/data/promises.json").getvalue())

    assert in_csv["title"] == "'=1+1"
    assert in_json["title"] == "=1+1"
    assert in_json["first_date"] == in_csv["first_date"] == "2022-05-31"
    assert list(in_json) == list(in_csv) == TABLES["promises"].headings


def test_every_move_of_a_date_is_a_row(client, author, publisher):
    promise = factories.make_public_promise(due_words="May 2022", by=author, publisher=publisher)
    factories.correct_update(
        promise,
        by=author,
        publisher=publisher,
        due_words="May 2023",
        why_changed="We could not hire enough people in time, so it takes a year longer.",
        cause="recruitment",
        change_agreed_by="The board",
    )

    (row,) = table(client, "promise-dates")
    (now,) = table(client, "promises")

    assert (row["from_date"], row["to_date"]) == ("2022-05-31", "2023-05-31")
    assert row["cause"] == "recruitment"
    assert (now["first_date"], now["date_now"]) == ("2022-05-31", "2023-05-31")
    assert now["times_moved"] == "1"
    assert now["status"] == "late"
    assert row["page"] == now["page"] == f"http://testserver{promise.get_absolute_url()}"


def test_a_small_number_of_families_stays_unsaid(client, publisher):
    factories.make_public_card(how_many=3)

    (row,) = table(client, "you-said")

    assert row["how_many"] == "a few families"


def test_a_page_that_does_not_stand_is_not_referred_to(client, publisher):
    area = factories.publish_update(factories.make_area(), publisher=publisher)
    factories.make_public_promise(areas=[area])
    assert table(client, "promises")[0]["problems"].endswith(area.get_absolute_url())

    actions.withdraw(area.document, by=publisher, reason="Wrong.")

    assert table(client, "promises")[0]["problems"] == ""
    assert table(client, "problems") == []


# On a day


def test_a_past_day_has_its_own_files(client, time_machine, author, publisher):
    time_machine.move_to(dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC))
    card = factories.make_public_card(title="Old", by=author, publisher=publisher)
    time_machine.move_to(dt.datetime(2026, 4, 1, 12, tzinfo=dt.UTC))
    factories.correct_update(card, by=author, publisher=publisher, title="New")

    titles = [
        [row["title"] for row in table(client, "you-said", **asked)]
        for asked in ({}, {"on": "2026-04-01"}, {"on": "2026-03-01"}, {"on": "2026-02-28"})
    ]

    assert titles == [["New"], ["New"], ["Old"], []]
    description = client.get("/data/datapackage.json", {"on": "2026-03-01"}).json()
    assert description["version"] == "2026-03-01"
    assert description["resources"][0]["path"] == "promises.csv?on=2026-03-01"


def test_a_day_that_has_not_come_or_is_none_is_refused_in_words(client, council):
    tomorrow = (dt.datetime.now(dt.UTC) + dt.timedelta(days=2)).date().isoformat()
    for day in (
        tomorrow,
        "9999-12-31",
        "2026-02-30",
        "yesterday",
        "20260201",
        "\x00",
        "²026-01-01",
    ):
        for path in ("/data/promises.csv", "/data/promises.json", "/data/datapackage.json"):
            answer = client.get(path, {"on": day})
            assert answer.status_code == 404, (path, day)
            assert "Give a day of the past" in answer.text
        page = client.get("/data/", {"on": day})
        assert page.status_code == 404
        assert "We have no data for that day." in page.text
    assert client.get("/data/promises.csv", {"on": "0001-01-01"}).status_code == 200


# How it travels


def test_a_file_is_streamed_with_a_name_and_the_same_queries_for_many_rows(client, author):
    publisher = factories.make_signer(factories.make_body())

    def queries():
        with CaptureQueriesContext(connection) as asked:
            answer = client.get("/data/promises.csv")
            assert answer.streaming
            answer.getvalue()
        assert "attachment; filename=" in answer.headers["Content-Disposition"]
        assert "public" in answer.headers["Cache-Control"]
        return len(asked)

    area = factories.publish_update(factories.make_area(), publisher=publisher)
    factories.make_public_promise(areas=[area], by=author, publisher=publisher)
    few = queries()
    for _ in range(3):
        factories.make_public_promise(areas=[area], by=author, publisher=publisher)

    assert queries() == few <= 6


def test_the_page_lists_every_file_and_what_its_columns_mean(client, council):
    page = client.get("/data/").text

    for name, each in TABLES.items():
        assert f'href="/data/{name}.csv"' in page
        assert f'href="/data/{name}.json"' in page
        meanings = client.get(f"/data/{name}/").text
        assert all(f"<code>{heading}</code>" in meanings for heading in each.headings)
        assert all(column.meaning for column in each.columns)
    assert "Open Government Licence v3.0" in page
    assert client.get("/data/nothing.csv").status_code == 404
    assert client.get("/data/nothing/").status_code == 404
