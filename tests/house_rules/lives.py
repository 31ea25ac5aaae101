"""A page's life, from its first draft to its end, and where its words may be read on the way."""

from collections.abc import Iterator

from publishing import actions
from publishing.models import Document, Edition
from tests import factories
from tests.house_rules import filling
from tests.house_rules.secrecy import council, take_down
from tests.house_rules.walking import visit, where

NOWHERE: set[str] = set()
IN_HISTORY = {"history"}
ON_PAGE = {"page", "history"}


def places(kind, slug, text, answers):
    """On which sorts of addresses the words are read: its history (with files and the record), or
    others."""
    past = kind.history_url(slug), "/files/", "/changes/"
    found = {seen.removeprefix("GET ").split(" ")[0] for seen in where(text, answers)}
    is_on_its_page = found & {kind.document_url(slug)}
    others = {path for path in found if not path.startswith(past)}
    return {
        *(["history"] if found - others else []),
        *(["page"] if is_on_its_page else ["elsewhere"] if others else []),
    }


class Life:
    """One page of a kind, from its first draft to its end, and its words on the way."""

    def __init__(self, kind):
        self.kind = kind
        self.words = [filling.word(name) for name in ("old", "new", "third")]
        self.slug = filling.word("page")
        if not kind.SPEAKS_THROUGH:
            filling.make(kind, self.words[0], slug=self.slug)

    @property
    def document(self):
        """Of what somebody says through a link there is none before it is said."""
        return Document.objects.filter(kind=self.kind._meta.label_lower, slug=self.slug).first()

    def places(self, answers):
        return [places(self.kind, self.slug, text, answers) for text in self.words]

    def begin(self, publisher):
        if self.kind.SPEAKS_THROUGH:
            filling.make_public(self.kind, self.words[0], slug=self.slug)
        else:
            factories.publish_update(working(self.document), publisher=publisher)

    def go_on(self, words, publisher):
        """The next edition: the draft that is there, or a new one."""
        edition = working(self.document)
        if edition.published_at or edition.spoken_by:
            edition = filling.correct(edition, words)
        if edition.spoken_by:
            filling.publish(edition)
        else:
            factories.publish_update(factories.reload(edition), publisher=publisher)


def stages_of(lives: list[Life]) -> Iterator[list[set[str]]]:
    """Takes all of them through each stage; says where their three words may be read in it."""
    boss, other = (factories.make_user("publisher", signs_for=council()) for _ in "12")
    deeds = [
        (lambda life: None, [NOWHERE, NOWHERE, NOWHERE]),
        (lambda life: life.begin(boss), [ON_PAGE, NOWHERE, NOWHERE]),
        (lambda life: life.go_on(life.words[1], boss), [IN_HISTORY, ON_PAGE, NOWHERE]),
        (take_down_with_a_draft, [IN_HISTORY, IN_HISTORY, NOWHERE]),
        (lambda life: actions.reinstate(life.document, by=other), [IN_HISTORY, ON_PAGE, NOWHERE]),
        (lambda life: take_down(life.document, reaches_past=True), [NOWHERE, NOWHERE, NOWHERE]),
        (lambda life: life.go_on(life.words[2], boss), [NOWHERE, NOWHERE, ON_PAGE]),
    ]
    for act, expected in deeds:
        for life in lives:
            act(life)
        yield expected


def read_elsewhere(lives: list[Life], answers, expected: list[set[str]]) -> list[tuple]:
    """The words that were read where they do not stand, or not read where they do."""
    return [
        (life.kind, text, found)
        for life in lives
        for text, found, wanted in zip(life.words, life.places(answers), expected, strict=True)
        if found != wanted
    ]


def take_down_with_a_draft(life):
    filling.correct(working(life.document), life.words[2])
    take_down(life.document)
    assert visit(life.document.get_absolute_url()).status == 410


def working(document):
    return Edition.objects.working().get(document=document).concrete
