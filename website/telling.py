"""The two people who tell a story: what they start, correct and take down, release by release."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from publishing import actions, attachments
from publishing.models import Document, Edition, EditionFile, Part, slug_of
from publishing.own_words import text_fields
from updates.models import ProgressItem, PromiseAnswer, TermlyUpdate, YouSaidWeDid
from website.models import InformationPage, PageSection
from website.story_facts import REFERENCES, fields, is_there, last_instant, page, unwrap

ABOUT_ITS_APPEARANCE = frozenset({"term", "stood_by", "source", "source_date"})
WHAT_ELSE = frozenset(
    "items answers sections files corrections small_fix taken_down reaches_past".split()
)
AS_LINES = frozenset({"in_short"})
PICTURE = re.compile(r"\]\(([\w-]+\.(?:png|jpg|webp))\)")


class Teller:
    """Two people and a body: the author writes, the publisher signs and publishes.

    Each of its verbs adds one release with all that became of it, whole or not at all.
    """

    def __init__(self, author, publisher, body, terms, source, files: Path):
        self.author = author
        self.publisher = publisher
        self.body = body
        self.terms = terms
        self.source = source
        self.files = files

    @transaction.atomic
    def add_update(self, facts: dict, cards: list[dict]) -> list[Edition]:
        if is_there(TermlyUpdate, facts["term"]):
            return []
        term = self.terms[facts["term"]]
        update = self.start(
            TermlyUpdate(term=term, **self.fields(facts), **self.origin(facts)),
            slug=term.slug,
            facts=facts,
            parts=[*self.items(facts), *answers(facts)],
        )
        joined = [self.start_card(card, self.origin(facts)) for card in cards]
        for card in joined:
            actions.join_release(card, update.release, by=self.author)
        self.sign(update)
        actions.import_from_elsewhere(update.release, by=self.publisher)
        for edition, told in zip([update, *joined], [facts, *cards], strict=True):
            self.go_on(edition.document, told)
        return [update, *joined]

    @transaction.atomic
    def add_card_alone(self, facts: dict) -> list[Edition]:
        if is_there(YouSaidWeDid, slug_of(facts["title"])):
            return []
        card = self.start_card(facts, self.origin(facts))
        self.sign(card)
        actions.import_from_elsewhere(card.release, by=self.publisher)
        self.go_on(card.document, facts)
        return [card]

    @transaction.atomic
    def add_page(self, facts: dict) -> list[Edition]:
        if is_there(InformationPage, facts["purpose"]):
            return []
        page = self.start(
            InformationPage(**self.fields(facts)),
            slug=facts["purpose"],
            facts=facts,
            parts=[PageSection(**self.fields(each)) for each in facts["sections"]],
        )
        self.sign(page)
        actions.publish(page.release, by=self.publisher)
        self.go_on(page.document, facts)
        return [page]

    @transaction.atomic
    def answer(self, facts: dict) -> None:
        """What became of a card meanwhile, said once."""
        card = page(f"card {facts['card']}")
        if card.editions.filter(change_note=facts["change_note"]).exists():
            return
        self.correct(card, facts)

    # What these verbs share

    def start_card(self, facts: dict, origin: dict) -> Edition:
        card = YouSaidWeDid(term=self.terms[facts["term"]], **self.fields(facts), **origin)
        return self.start(card, slug=slug_of(facts["title"]), facts=facts)

    def items(self, facts: dict) -> Iterator[ProgressItem]:
        for item in facts["items"]:
            yield ProgressItem(**self.fields(item, without=frozenset()))

    def start(self, edition: Edition, *, slug: str, facts: dict, parts=()) -> Edition:
        every = [*parts, *(self.file(each) for each in facts.get("files", []))]
        return actions.start_document(edition, slug=slug, by=self.author, parts=every)

    def sign(self, edition: Edition) -> None:
        actions.submit(edition.release, by=self.author)
        actions.sign_off(edition.release, by=self.publisher, body=self.body)

    def file(self, facts: dict) -> EditionFile:
        stored = attachments.store_pdf((self.files / facts["name"]).read_bytes(), by=self.author)
        return EditionFile(
            attachment=stored, title=facts["title"], summary=unwrap(facts["summary"])
        )

    def origin(self, facts: dict) -> dict:
        """Where and when it was first published: signed with the words."""
        return {
            "source": facts.get("source", self.source),
            "source_date": facts["source_date"],
            "originally_at": last_instant(facts["stood_by"]),
        }

    def fields(self, facts: dict, *, without=ABOUT_ITS_APPEARANCE) -> dict:
        """The facts that are fields; long texts as paragraphs, except where lines count."""
        return {
            name: page(value) if name in REFERENCES else self.value(name, value)
            for name, value in facts.items()
            if name not in without | WHAT_ELSE
        }

    def value(self, name: str, value):
        return self.text(name, value) if isinstance(value, str) else value

    def text(self, name: str, value: str) -> str:
        text = value.strip() if name in AS_LINES else unwrap(value)
        return PICTURE.sub(lambda found: f"]({self.picture(found[1])})", text)

    def picture(self, name: str) -> str:
        """The address of a picture of the story, stored as if staff had added it."""
        stored = attachments.store_picture((self.files / name).read_bytes(), by=self.author)
        return stored.get_absolute_url()

    # What became of it

    def go_on(self, document: Document, facts: dict) -> None:
        for correction in facts.get("corrections", []):
            self.correct(document, correction)
        if fixes := facts.get("small_fix"):
            draft = self.rewrite(document, {"replace": fixes}, by=self.publisher)
            actions.small_fix(draft.release, by=self.publisher)
        if reason := facts.get("taken_down"):
            reaches_past = facts.get("reaches_past", False)
            actions.withdraw(document, by=self.publisher, reason=reason, reaches_past=reaches_past)

    def correct(self, document: Document, facts: dict) -> None:
        draft = self.rewrite(document, facts, by=self.author)
        self.sign(draft)
        if "stood_by" in facts:
            actions.import_from_elsewhere(draft.release, by=self.publisher)
        else:
            actions.publish(draft.release, by=self.publisher)

    def rewrite(self, document: Document, facts: dict, *, by) -> Edition:
        """A draft of the next edition, with other words."""
        draft = actions.start_edition(document, by=by)
        actions.claim_draft(draft, version=draft.version, by=by)
        origin = self.origin(facts) if "stood_by" in facts else {}
        note = {"change_note": facts["change_note"]} if "change_note" in facts else {}
        for name, value in {**self.fields(facts.get("set", {})), **origin, **note}.items():
            setattr(draft, name, value)
        rows: list[Edition | Part] = [draft, *draft.parts()]
        for old, new in facts.get("replace", []):
            replace_once(rows, old, new)
        for row in rows:
            row.save()
        actions.seal_draft(draft)
        return draft


def answers(facts: dict) -> Iterator[PromiseAnswer]:
    """What an update says of promises; where it says nothing, families read “No answer yet”."""
    for answer in facts.get("answers", []):
        promise = page(answer["milestone"])
        yield PromiseAnswer(milestone=promise, **fields(answer, without={"milestone"}))


def replace_once(rows: list[Edition | Part], old: str, new: str) -> None:
    """Puts words in the one place where the old ones stand. Raises ValueError elsewhere."""
    found = [
        (row, field.attname)
        for row in rows
        for field in text_fields(row)
        if old in (getattr(row, field.attname) or "")
    ]
    if len(found) != 1:
        raise ValueError(f"“{old}” stands in {len(found)} places, not in one.")
    [(row, name)] = found
    setattr(row, name, getattr(row, name).replace(old, new))
