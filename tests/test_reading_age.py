"""All our own words, as families read them: for a reading age of 9, in sentences of 20 words.

Every page of both stories is measured as it is served, so templates, texts of the fields and
stories count alike. Not measured, because they are not ours to change: words in quotation marks
and blockquotes, the names of sources, signatures, and the accessibility statement, whose wording is
the government's model. Only full sentences count: headings and labels would flatter us.
"""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from publishing import plain_words
from publishing.models import Document
from tests import weight
from tests.factories import make_user
from tests.page_words import main_and_frame
from updates.models import TermlyUpdate
from website import story

pytestmark = pytest.mark.once

STORIES = ("birmingham", "fernshire")
# In years. All words together are for readers of 9. One page may be a little harder, because the
# names of bodies (“Department for Education”) weigh more in a short text.
OF_ALL, OF_A_PAGE = 9, 11
# Words that make little of a family's trouble, or that nobody says at home.
AVOIDED = re.compile(r"\b(only|just|simply|journey|challenging|stakeholders?)\b", re.IGNORECASE)


def addresses() -> Iterator[str]:
    for name in ("website:home", "updates:list", "you_said:list", "website:private"):
        yield reverse(name)
    yield from (
        reverse(name) for name in ("plan:list", "timeline:list", "who:list", "measures:list")
    )
    yield reverse("website:private_sent")
    yield from (reverse("website:data"), reverse("website:data_table", args=["promises"]))
    yield from (f"{reverse('website:search')}?q={words}" for words in ("", "qqqq"))
    yield from (reverse(f"participation:{name}") for name in ("email", "email_asked"))
    for name in ("feedback", "feedback_easy_read", "receipt"):
        yield reverse(f"participation:{name}")
    yield "/nowhere/"
    today = dt.date(2026, 11, 23)
    yield from ("/changes/", "/changes/check/", "/on/", f"/on/{today}/", f"/on/{today}/plan/")
    yield from (f"{reverse('plan:list')}?{asked}" for asked in ("status=late", "sort=moved"))
    yield from (
        f"{reverse('plan:board')}{asked}" for asked in ("", f"?since=2018-01-01&until={today}")
    )
    yield from (reverse("opportunities:list"), reverse("opportunities:past"))
    for document in Document.objects.exclude(slug="accessibility"):
        yield document.get_absolute_url()
        yield document.kind_model.history_url(document.slug)
        if (
            document.kind_model is TermlyUpdate
        ):  # the longest: with the banner of a day longer still
            yield f"/on/{today}{document.get_absolute_url()}"


# To load a story takes longer than to read it: the first test that asks fills this.
SERVED: dict[str, dict[str, bytes]] = {}


def pages_of(name: str, client) -> dict[str, bytes]:
    """Every page of a story, as it is served."""
    if name not in SERVED:
        SERVED[name] = serve(name, client)
    return SERVED[name]


def serve(name: str, client) -> dict[str, bytes]:
    with time_machine.travel(dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)):
        people = {"author": make_user("author"), "publisher": make_user("publisher")}
        story.load(name, **people)
        found = {address: client.get(address).content for address in addresses()}
        stranger = Client(enforce_csrf_checks=True)
        refused = stranger.post(reverse("participation:feedback"), {"words": ""})
        return {**found, "a form that was refused": refused.content}


@pytest.fixture(params=STORIES)
def pages(request, client, db, as_served) -> dict[str, str]:
    """Our words on each page; those around every page once."""
    found = {}
    for address, content in pages_of(request.param, client).items():
        main, frame = main_and_frame(content.decode())
        found[address] = plain_words.without_quotations(main)
        found["around every page"] = plain_words.without_quotations(frame)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("name", STORIES)
def test_every_page_of_a_story_comes_with_its_styles_in_the_first_round_trip(
    name, client, as_served
):
    styles = weight.of_styles_as_served()

    sizes = {
        address: weight.of_page(content) + styles
        for address, content in pages_of(name, client).items()
    }

    assert len(sizes) > 70
    assert {address: size for address, size in sizes.items() if size > weight.LARGEST_PAGE} == {}
    assert styles <= weight.LARGEST_STYLES


def test_every_page_is_for_a_reading_age_of_9_to_11(pages):
    ages = {
        address: round(plain_words.reading_age(text), 1)
        for address, text in pages.items()
        if len(plain_words.words(text)) >= plain_words.FEWEST_WORDS
    }

    assert len(ages) > 10
    assert {address: age for address, age in ages.items() if age > OF_A_PAGE} == {}
    assert plain_words.reading_age("\n".join(pages.values())) <= OF_ALL
    sentences = {address: plain_words.long_sentences(text) for address, text in pages.items()}
    assert {address: found for address, found in sentences.items() if found} == {}
    send = {address: plain_words.says_send(text) for address, text in pages.items()}
    assert {address: found for address, found in send.items() if found} == {}
    assert {
        address: AVOIDED.findall(text) for address, text in pages.items() if AVOIDED.search(text)
    } == {}
