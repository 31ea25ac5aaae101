"""What a signer reads before signing: every text under its name; and what looks private."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from publishing import actions, labelled, private_details
from publishing.models import Edition
from publishing.models.editions import kinds
from tests.factories import (
    make_area,
    make_card,
    make_item,
    make_promise,
    make_update,
    publish_update,
)
from tests.house_rules import filling
from tests.test_public_pages import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def sign_off_page(client, edition):
    options = edition._meta
    name = f"admin:{options.app_label}_{options.model_name}_act"
    return client.get(reverse(name, args=[edition.pk, "sign-off"]))


def test_each_text_stands_under_its_name(client, author, publisher):
    better = make_item("better", title="We hired 4 people", body="**In May.**")
    worse = make_item("not good enough", title="31 children have no school", difference="")
    draft = make_update(by=author, parts=[better, worse])
    actions.submit(draft.release, by=author)
    client.force_login(publisher)

    page = sign_off_page(client, draft)

    words = words_of(page)
    assert "Item Section What got better In one line We hired 4 people" in words
    assert "Item Section Not good enough yet In one line 31 children have no school" in words
    assert "<strong>In May.</strong>" in page.text
    assert "edition ptr" not in words.casefold()


def test_what_a_page_leads_to_is_named(author, publisher):
    area = publish_update(make_area(by=author, title="Long waits"), publisher=publisher)
    promise = make_promise(by=author, areas=[area], due_words="31 May 2022")

    [page] = labelled.pages([Edition.objects.select_related("document").get(pk=promise.pk)])

    said = [(each.label, each.words) for row in page.rows for each in row.said]
    assert "Long waits" in [words for _, words in said]
    assert ("31 May 2022") in [words for _, words in said]


def test_a_choice_a_day_and_a_moment_are_said_in_words(author):
    origin = dt.datetime(2021, 5, 1, 11, tzinfo=dt.UTC)
    promise = make_promise(by=author, done_on=dt.date(2022, 5, 3), originally_at=origin)

    [page] = labelled.pages([Edition.objects.select_related("document").get(pk=promise.pk)])

    words = [each.words for each in page.rows[0].said]
    assert {"3 May 2022", "1 May 2021, 12:00", "A change families should feel"} <= set(words)


def test_nothing_that_a_signature_binds_is_left_out(db):
    """Of every kind, each word in every text that staff can write."""
    pages = filling.make_public_together({kind: filling.word("signed") for kind in kinds()})

    for kind, edition in pages.items():
        [page] = labelled.pages([Edition.objects.select_related("document").get(pk=edition.pk)])
        shown = " ".join([edition.title, *(s.words for row in page.rows for s in row.said)])
        written = [
            getattr(row, field.attname)
            for row in (edition, *edition.parts())
            for field in filling.fields_of(type(row))
            if filling.is_words(field) and field.editable
        ]
        assert [words for words in written if words not in shown] == [], kind


def test_many_pages_are_read_in_as_many_questions_as_few(author):
    def questions(count: int) -> int:
        cards = [make_card(by=author) for _ in range(count)]
        drafts = Edition.objects.filter(pk__in=[card.pk for card in cards])
        with CaptureQueriesContext(connection) as queries:
            labelled.pages(drafts.select_related("document", "release"))
        return len(queries)

    assert questions(12) == questions(2)


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("Ring Asha on 07700 900123.", "07700 900123"),
        ("Ring +44 7700 900 123", "+44 7700 900 123"),
        ("NHS number 943 476 5919", "943 476 5919"),
        ("Write to asha.k@gmail.com", "asha.k@gmail.com"),
        ("Write to asha@BTinternet.com", "asha@BTinternet.com"),
    ],
)
def test_what_looks_private_is_pointed_out(words, what, author):
    draft = make_update(by=author, parts=[make_item("better", body=words)])

    [first, *_] = draft.advice()

    assert f"“{what}” looks like a" in first.message or f"“{what}” looks like an" in first.message
    assert first.field == "body"


@pytest.mark.parametrize(
    "words",
    [
        "Ring 0121 303 1888.",
        "Write to send@birmingham.gov.uk",
        "29 of 131 plans, 2021-2022",
        "Between 01632 960 123 and 999",
    ],
)
def test_what_belongs_to_a_council_is_not(words):
    assert list(private_details.advice(words)) == []
