"""The demonstration's story: real facts, put on the site through the real actions, once."""

import re
import tomllib

import pytest
from django.core.management import CommandError, call_command

from publishing.models import Document, Edition, LedgerEntry
from publishing.moments import LONDON
from website import story

LONGEST_SENTENCE = 20
AVOIDED = re.compile(r"\b(only|just|simply|journey|challenging|stakeholders?)\b", re.IGNORECASE)
QUOTE = re.compile(r"“[^”]*”", re.DOTALL)


def load(**people):
    people = {"author": "author", "publisher": "publisher", **people}
    call_command("load_story", "birmingham", verbosity=0, **people)


def test_the_story_comes_as_imports_through_the_ledger(author, publisher):
    load()

    lines = LedgerEntry.objects.values_list("event", "document__kind", "document__slug")
    updates = [(event, slug) for event, kind, slug in lines if kind == "updates.termlyupdate"]
    cards = {event for event, kind, _ in lines if kind == "updates.yousaidwedid"}
    assert updates == [("imported", "2021-autumn"), ("imported", "2022-summer")]
    assert cards == {"imported"}


def test_what_was_said_goes_out_with_the_update_of_its_term(author, publisher):
    load()

    october = Edition.objects.get(document__slug="2021-autumn")
    assert october.release.editions.count() > 1


def test_pages_are_new_here_and_say_so(author, publisher):
    load()

    events = LedgerEntry.objects.filter(document__kind="website.informationpage")
    assert set(events.values_list("event", flat=True)) == {"published"}


def test_each_update_says_where_and_when_it_was_first_published(author, publisher):
    load()

    october = Edition.objects.get(document__slug="2021-autumn")
    assert october.source_date == "October 2021"
    assert "Birmingham Local Offer" in october.source
    assert f"{october.published_at.astimezone(LONDON):%Y-%m-%d %H:%M}" == "2021-10-31 23:59"


def test_loading_again_adds_nothing(author, publisher):
    load()
    before = LedgerEntry.objects.count(), Edition.objects.count(), Document.objects.count()

    load()

    after = LedgerEntry.objects.count(), Edition.objects.count(), Document.objects.count()
    assert before == after


def test_a_refused_update_leaves_nothing_behind(author, publisher, second_publisher):
    with pytest.raises(CommandError, match="you edited it"):
        load(author="publisher")

    assert not Document.objects.exists()


def test_an_unknown_log_in_is_named(author):
    with pytest.raises(CommandError, match="There is no log-in “nobody”"):
        load(publisher="nobody")


def own_sentences():
    for name in story.available():
        facts = tomllib.loads((story.FOLDER / f"{name}.toml").read_text("utf-8"))
        for update in facts["updates"]:
            yield from sentences_of(
                update, "title verdict in_short nothing_wrong_because sorry_for"
            )
            for item in update["items"]:
                yield from sentences_of(item, "title body difference")
        for card in facts.get("you_said", []):
            own = "title we_did could_not" + ("" if card.get("is_quote") else " said")
            yield from sentences_of(card, own)
        for page in facts.get("pages", []):
            if page["purpose"] == "accessibility":
                continue  # its wording is the law's model
            yield from sentences_of(page, "title intro")
            for section in page["sections"]:
                yield from sentences_of(section, "heading body")


def sentences_of(facts, names):
    for name in names.split():
        yield from re.split(r"(?<=[.:?!])\s+|\n", QUOTE.sub("", facts.get(name, "")))


def test_the_story_is_told_in_short_plain_sentences():
    sentences = list(own_sentences())

    assert [s for s in sentences if len(s.split()) > LONGEST_SENTENCE] == []
    assert [s for s in sentences if AVOIDED.search(s)] == []
