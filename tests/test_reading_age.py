"""All our own words, as families read them: for a reading age of 9, in sentences of 20 words.

Every page of both stories is measured as it is served, every mail as it is sent, and what is shown
after an error or a form: so templates, texts of the fields and stories count alike. A template that
none of these shows fails, too. Not measured, because they are not ours to change: words in
quotation marks and blockquotes, the names of sources, signatures, and the accessibility statement,
whose wording is the government's model. Only full sentences count: headings and labels would
flatter us.
"""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from django.test.signals import template_rendered
from django.urls import resolve, reverse

from participation import outbox
from participation.mails import week_for_staff
from participation.models import Follow, Mail
from programme import forum
from programme.models import ForumLink
from publishing import actions, moments, plain_words
from publishing.models import Document
from tests import weight
from tests.factories import make_public_promise, make_user
from tests.house_rules import walking
from tests.mail_helpers import look_for_news, make_follower
from tests.page_words import main_and_frame, words_of_page
from updates.models import TermlyUpdate
from website import story
from website.context import site

pytestmark = pytest.mark.once

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
STORIES = ("birmingham", "fernshire")
# In years. All words together are for readers of 9. One page may be a little harder, because the
# names of bodies (“Department for Education”) weigh more in a short text.
OF_ALL, OF_A_PAGE = 9, 11
# The number of a line of the record: as hard as the letters that it happens to hold.
DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
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
    yield f"{reverse('plan:board')}?since=2026-05-01&until=2026-11-22"
    yield from (reverse(f"participation:{name}") for name in ("email", "email_asked"))
    for name in ("feedback", "feedback_easy_read", "receipt"):
        yield reverse(f"participation:{name}")
    yield "/nowhere/"
    today = dt.date(2026, 11, 23)
    yield from ("/changes/", "/changes/check/", "/on/", f"/on/{today}/", f"/on/{today}/plan/")
    yield from ("/on/2010-01-01/", "/updates/?before=nothing")
    yield from (f"{reverse('plan:list')}?{asked}" for asked in ("status=late", "sort=moved"))
    yield from (
        f"{reverse('plan:board')}{asked}" for asked in ("", f"?since=2018-01-01&until={today}")
    )
    yield from (reverse("opportunities:list"), reverse("opportunities:past"))
    for document in Document.objects.exclude(slug="accessibility"):
        yield document.get_absolute_url()
        yield document.kind_model.history_url(document.slug)
        if document.kind_model is TermlyUpdate:
            # The longest: with the banner of a day longer still.
            yield f"/on/{today}{document.get_absolute_url()}"
            yield f"{document.kind_model.history_url(document.slug)}?from=1&to=2"


def forum_addresses(token: str) -> Iterator[str]:
    """What the Parent Carer Forum reads behind its link; the longest promise is as long as any."""
    yield "/forum/no-such-link/"
    yield f"/forum/{token}/"
    done = forum.said_done(moments.now()).select_related("document")
    longest = max(done, key=lambda promise: len(promise.text), default=None)
    if longest:
        yield f"/forum/{token}/{longest.document.slug}/"


def one_of_each_other_sort(known: set[str]) -> Iterator[str]:
    """A page of each public pattern that none of the known addresses has."""
    seen = {resolve(urlsplit(address).path).view_name for address in known if "/on/" not in address}
    for route in walking.public_routes():
        if route.name not in seen:
            yield from walking.filled(route)[:2]  # of a signed link also one that leads nowhere


# To load a story takes longer than to read it: the first test that asks fills this.
SERVED: dict[str, dict[str, bytes]] = {}


def pages_of(name: str, client) -> dict[str, bytes]:
    """Every page of a story, as it is served."""
    if name not in SERVED:
        SERVED[name] = serve(name, client)
    return SERVED[name]


def serve(name: str, client) -> dict[str, bytes]:
    with time_machine.travel(NOW), shown_templates():
        people = {"author": make_user("author"), "publisher": make_user("publisher")}
        story.load(name, **people)
        make_follower("reader@example.org")
        known = set(addresses()) - {"/nowhere/"}
        # The example has something of everything.
        others = one_of_each_other_sort(known) if name == "fernshire" else ()
        answers = {address: client.get(address) for address in [*known, "/nowhere/", *others]}
        answers |= {f"after {form}": client.post(form, {"words": "Hello."}) for form in FORMS}
        _, token = actions.give_link(ForumLink, by=people["publisher"])
        answers |= {address: client.get(address) for address in forum_addresses(token)}
        stranger = Client(enforce_csrf_checks=True)
        answers["a form that was refused"] = stranger.post(FORMS[0], {"words": ""})
        bodies = {address: answer.getvalue() for address, answer in answers.items()}
        pages = {
            address: bodies[address]
            for address, answer in answers.items()
            if answer.headers.get("Content-Type", "").startswith("text/html")
        }
        errors = {page: render_to_string(page, site()).encode() for page in ERRORS}
        return pages | errors | mails_of(people, client)


FORMS = ("/have-your-say/", "/have-your-say/easy-read/")
ERRORS = [f"{number}.html" for number in ("400", "403", "403_csrf", "413", "500")]


def mails_of(people: dict, client) -> dict[str, bytes]:
    """Every sort of mail that we send, as its HTML; its text says the same."""
    for _ in range(2):  # who asks again is told that they get them already
        client.post(reverse("participation:email"), {"email": "p@example.org", "what": "updates"})
        outbox.send_waiting()
        Follow.objects.get(subscriber__email="p@example.org").confirm(NOW)
    by = {"by": people["author"], "publisher": people["publisher"]}
    promise = make_public_promise(
        **by, ref="99", title="Answer the phone", due_words="25 November 2026"
    )
    look_for_news()
    week = Mail(purpose=Mail.Purpose.STAFF, staff=people["author"], counted_on=NOW.date())
    sent = [*mail.outbox, week_for_staff(week)]
    assert promise.title in sent[-1].body
    return {f"mail: {each.subject}": each.alternatives[0].content.encode() for each in sent}


# Every template that was shown, in whichever story.
SHOWN: set[str] = set()


@contextmanager
def shown_templates() -> Iterator[None]:
    def note(template, **_):
        SHOWN.add(template.name)

    template_rendered.connect(note)
    try:
        yield
    finally:
        template_rendered.disconnect(note)


@pytest.fixture(params=STORIES)
def pages(request, client, db, settings, as_served) -> dict[str, str]:
    """Our words on each page; those around every page once."""
    settings.TOLD_FROM_SOURCES = request.param == "birmingham"
    found = {}
    for address, content in pages_of(request.param, client).items():
        if address.startswith("mail: "):
            words = DIGEST.sub("", words_of_page(content.decode()))
            found[address] = plain_words.without_quotations(words)
            continue
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
        if not address.startswith("mail: ")
    }

    assert len(sizes) > 70
    assert {address: size for address, size in sizes.items() if size > weight.LARGEST_PAGE} == {}
    assert styles <= weight.LARGEST_STYLES


@pytest.mark.django_db
def test_no_template_with_words_is_left_out(client):
    pages_of("fernshire", client)
    folder = settings.BASE_DIR / "templates"
    every = {str(path.relative_to(folder)) for path in folder.rglob("*.html")}

    left_out = {name for name in every - SHOWN if not name.startswith("admin/")}

    assert left_out == set()


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
