"""A story in a file, told through the same actions that staff use.

A file of website/demonstration/ is TOML. Keys with a ? may be left out; dates are written
2022-07-31. Longer texts stand between triple quotes: one sentence a line, an empty line between
paragraphs. In texts marked "lines" every line is kept as a line of its own.

    source                           where the updates were first published
    [body]        name, short_name, post
    [[terms]]     year, season (autumn, spring, summer), starts_on, ends_on,
                  update_due_on?
    [[updates]]   term ("2022-summer"), title, verdict, in_short (lines), stood_by (the last day
                  by which it surely stood), source_date ("July 2022"), source?,
                  sorry_for?, forum_view? (verbatim), nothing_wrong_because?
      [[updates.items]]   section (better, doing, not good enough), title, body,
                          difference?, source?
    [[you_said]]  term, title (its address is made from it, once), said, who_said, outcome (done,
                  doing, cannot, deciding), we_did?, could_not?, is_quote? (true: said is
                  verbatim, without quotation marks), taken_from? (needed by a quote),
                  heard_where?, heard_on?, heard_when?, how_many?
                  It goes out with the update of its term, under the same date. With stood_by,
                  source_date and source of its own it goes out alone.
    [[pages]]     purpose (help, about, accessibility, privacy, cookies, words), title, intro,
                  prepared_on?, reviewed_on?, tested_on?
                  Pages were not published elsewhere: they go out on the day they are loaded.
      [[pages.sections]]  heading, body?, phone?, email?, hours?, link? with link_text?,
                          is_urgent?
"""

import datetime as dt
import tomllib
from pathlib import Path

from django.db import transaction
from django.utils.text import slugify

from programme.models import Term
from publishing import actions, moments
from publishing.models import Body, Document, Edition, Signer
from updates.models import ProgressItem, TermlyUpdate, YouSaidWeDid
from website.models import InformationPage, PageSection

FOLDER = Path(__file__).parent / "demonstration"
ABOUT_ITS_APPEARANCE = {"term", "stood_by", "source", "source_date"}


def available() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def read(name: str) -> dict:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def load(name: str, *, author, publisher) -> list[Edition]:
    """Puts a story on the site. What is there already stays as it is.

    Returns the editions that were added. Raises NotAllowed as the actions do.
    """
    story = read(name)
    body = add_body(story["body"], publisher)
    terms = {term.slug: term for term in map(add_term, story["terms"])}
    teller = Teller(author, publisher, body, terms, story["source"])
    told = story.get("you_said", [])
    together = [card for card in told if "stood_by" not in card]
    alone = [card for card in told if "stood_by" in card]
    added = []
    for update in story["updates"]:
        cards = [card for card in together if card["term"] == update["term"]]
        added += teller.add_update(update, cards)
    for card in alone:
        added += teller.add_card_alone(card)
    for page in story.get("pages", []):
        added += teller.add_page(page)
    return added


def add_body(facts: dict, publisher) -> Body:
    body, _ = Body.objects.get_or_create(
        name=facts["name"], defaults={"short_name": facts["short_name"], "must_sign": True}
    )
    Signer.objects.get_or_create(body=body, user=publisher, defaults={"post": facts["post"]})
    return body


def add_term(facts: dict) -> Term:
    key = {"year": facts["year"], "season": facts["season"]}
    return Term.objects.get_or_create(**key, defaults=facts)[0]


class Teller:
    """Two people and a body: the author writes, the publisher signs and publishes.

    Each of its verbs adds one release, whole or not at all.
    """

    def __init__(self, author, publisher, body, terms, source):
        self.author = author
        self.publisher = publisher
        self.body = body
        self.terms = terms
        self.source = source

    @transaction.atomic
    def add_update(self, facts: dict, cards: list[dict]) -> list[Edition]:
        if is_there(TermlyUpdate, facts["term"]):
            return []
        term = self.terms[facts["term"]]
        update = self.start(
            TermlyUpdate(
                term=term,
                **texts(facts, without=ABOUT_ITS_APPEARANCE | {"items"}, as_lines={"in_short"}),
                **self.origin(facts),
            ),
            slug=term.slug,
            parts=[ProgressItem(**texts(item)) for item in facts["items"]],
        )
        joined = [self.start_card(card, self.origin(facts)) for card in cards]
        for card in joined:
            actions.join_release(card, update.release, by=self.author)
        self.sign(update)
        actions.import_from_elsewhere(update.release, by=self.publisher)
        return [update, *joined]

    @transaction.atomic
    def add_card_alone(self, facts: dict) -> list[Edition]:
        if is_there(YouSaidWeDid, slugify(facts["title"])):
            return []
        card = self.start_card(facts, self.origin(facts))
        self.sign(card)
        actions.import_from_elsewhere(card.release, by=self.publisher)
        return [card]

    @transaction.atomic
    def add_page(self, facts: dict) -> list[Edition]:
        if is_there(InformationPage, facts["purpose"]):
            return []
        page = self.start(
            InformationPage(**texts(facts, without={"sections"})),
            slug=facts["purpose"],
            parts=[PageSection(**texts(section)) for section in facts["sections"]],
        )
        self.sign(page)
        actions.publish(page.release, by=self.publisher)
        return [page]

    def start_card(self, facts: dict, origin: dict) -> Edition:
        card = YouSaidWeDid(
            term=self.terms[facts["term"]], **texts(facts, without=ABOUT_ITS_APPEARANCE), **origin
        )
        return self.start(card, slug=slugify(facts["title"]))

    def start(self, edition: Edition, *, slug: str, parts=()) -> Edition:
        return actions.start_document(edition, slug=slug, by=self.author, parts=parts)

    def sign(self, edition: Edition) -> None:
        actions.submit(edition.release, by=self.author)
        actions.sign_off(edition.release, by=self.publisher, body=self.body)

    def origin(self, facts: dict) -> dict:
        """Where and when it was first published: signed with the words."""
        return {
            "source": facts.get("source", self.source),
            "source_date": facts["source_date"],
            "originally_at": last_instant(facts["stood_by"]),
        }


def is_there(kind: type[Edition], slug: str) -> bool:
    return Document.objects.filter(kind=kind._meta.label_lower, slug=slug).exists()


def texts(facts: dict, *, without=frozenset(), as_lines=frozenset()) -> dict:
    """The facts that are fields; long texts as paragraphs, except where lines count."""
    return {
        name: value
        if not isinstance(value, str)
        else value.strip()
        if name in as_lines
        else unwrap(value)
        for name, value in facts.items()
        if name not in without
    }


def unwrap(text: str) -> str:
    """Lines joined to paragraphs; an empty line stands between two."""
    return "\n\n".join(" ".join(block.split()) for block in text.strip().split("\n\n"))


def last_instant(day: dt.date) -> dt.datetime:
    """The end of the day in London: by then it stood, and nothing earlier is known."""
    return moments.end_of(day).at
