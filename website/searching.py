"""What the search page says: the pages that were found, or the next best thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString

from publishing import search
from publishing.chips import Chip
from publishing.models import Edition
from publishing.models.editions import kinds
from publishing.moments import Moment
from publishing.search import Asked, Found
from website import glossary
from website.glossary import Entry

ON_A_PAGE = 20
SUGGESTED = 3


def public_name(label: str) -> str:
    kind = next((kind for kind in kinds() if kind._meta.label_lower == label), None)
    return kind.public_name() if kind else "Page"


@dataclass(frozen=True)
class Result:
    title: SafeString
    url: str
    kind_name: str
    words: SafeString
    edition: Edition


@dataclass
class Answer:
    """The whole page. `shown_for` may be other words than the typed ones: `why` says why."""

    asked: Asked
    kind: str = ""
    number: int = 1
    was_ignored: bool = False
    found: Found = field(default_factory=Found)
    shown_for: Sequence[str] = ()
    shown_words: str = ""
    why: str = ""
    results: list[Result] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    in_our_words: str = ""

    def url(self, *, kind: str | None = None, number: int = 1, typed: str = "") -> str:
        kind = self.kind if kind is None else kind
        asked = {"q": typed or self.asked.typed, "kind": kind, "page": number if number > 1 else ""}
        wanted = {name: value for name, value in asked.items() if value}
        return f"{reverse('website:search')}?{urlencode(wanted)}"

    @property
    def our_url(self) -> str:
        return self.url(kind="", typed=self.in_our_words)

    @property
    def kind_name(self) -> str:
        return public_name(self.kind) if self.kind else ""

    @property
    def chips(self) -> list[Chip]:
        """All, and each kind of page among those found."""
        if self.kind:
            return [
                Chip("All", self.url(kind=""), is_current=False),
                Chip(self.kind_name, self.url(), is_current=True),
            ]
        if len(self.found.kinds) < 2:
            return []
        names = sorted((public_name(kind), kind) for kind in self.found.kinds)
        return [
            Chip("All", self.url(), is_current=True),
            *(Chip(name, self.url(kind=kind), is_current=False) for name, kind in names),
        ]

    @property
    def how_many(self) -> str:
        """“3 pages”, “more than 200 pages”."""
        number = len(self.found.keys)
        if self.found.is_more:
            return f"More than {number} pages"
        return "1 page" if number == 1 else f"{number} pages"

    @property
    def first(self) -> int:
        return (self.number - 1) * ON_A_PAGE + 1

    @property
    def next_url(self) -> str:
        has_next = self.number * ON_A_PAGE < len(self.found.keys)
        return self.url(number=self.number + 1) if has_next else ""

    @property
    def before_url(self) -> str:
        return self.url(number=self.number - 1) if self.number > 1 else ""


def answer(moment: Moment, asked: QueryDict) -> Answer:
    """At most nine queries, however much there is to find."""
    page = Answer(search.asked(asked.get("q", "")))
    page.kind, page.number = read(asked, page)
    words = page.asked.words
    if not words:
        return page
    explained = glossary.entries(moment)
    page.entries = [e for e in explained if any(e.is_about(word) for word in words)][:SUGGESTED]
    page.in_our_words = in_our_words(words, explained)
    page.found, page.shown_for = search.search(moment, words, kind=page.kind), words
    if not page.found:
        look_further(page, moment, explained)
    keys = page.found.keys
    if page.number > 1 and page.first > len(keys):
        page.number, page.was_ignored = 1, True
    page.results = results(keys[page.first - 1 : page.first - 1 + ON_A_PAGE], page.shown_for)
    return page


def read(asked: QueryDict, page: Answer) -> tuple[str, int]:
    """Kind and page of the address; what cannot be read is left out, and the page says so."""
    kind, number = asked.get("kind", ""), asked.get("page", "") or "1"
    if kind not in {"", *(each._meta.label_lower for each in kinds())}:
        kind, page.was_ignored = "", True
    last = search.FOUND_AT_MOST // ON_A_PAGE
    if not (number.isascii() and number.isdecimal() and 1 <= int(number[:4]) <= last):
        number, page.was_ignored = "1", True
    return kind, int(number[:4])


def look_further(page: Answer, moment: Moment, explained: list[Entry]) -> None:
    """What families call “EHCP” we call “EHC plan”; a slip of the finger; or a part of it."""
    words = list(page.asked.words)
    tries = [(page.in_our_words, "ours")] if page.in_our_words else []
    texts = [f"{entry.heading} {entry.body}" for entry in explained]
    if spelt := search.meant(moment, words, also=texts):
        tries.append((" ".join(spelt), "spelt"))
        about = (e for e in explained if any(e.is_about(w) for w in spelt))
        page.entries = page.entries or list(about)[:SUGGESTED]
    for page.shown_words, why in tries:
        tried = search.words_of(page.shown_words)
        if found := search.search(moment, tried, kind=page.kind):
            page.found, page.shown_for, page.why = found, tried, why
            return
    some = spelt or words
    if len(some) > 1 and (found := search.search(moment, some, kind=page.kind, any_word=True)):
        page.found, page.shown_for, page.why = found, some, "some"


def in_our_words(words: Sequence[str], explained: list[Entry]) -> str:
    """“EHC plan late” for “EHCP late”; empty if families say it as we do."""
    ours = {entry.initials: entry.name for entry in explained}
    said = " ".join(ours.get(word, word) for word in words)
    return said if said.casefold() != " ".join(words) else ""


def results(keys: Sequence[int], words: Sequence[str]) -> list[Result]:
    """In the order of the keys. One query."""
    rows = Edition.objects.select_related("document").in_bulk(keys)
    found = []
    for key in keys:
        edition = rows[key]
        found.append(
            Result(
                search.marked(edition.title, words),
                edition.document.get_absolute_url(),
                public_name(edition.document.kind),
                search.snippet(edition.text, words),
                edition,
            )
        )
    return found
