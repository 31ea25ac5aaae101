"""The words we explain: found by search, and linked from the first place where a page uses them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from publishing.moments import Moment
from publishing.richtext import opening
from publishing.search import words_of
from website.models import InformationPage, PageSection

# “NHS”, “DfE”, “SENDIASS”: a word with two capitals or more.
ACRONYM = re.compile(r"\b[A-Z][A-Za-z]*[A-Z][A-Za-z]*\b")
IN_BRACKETS = re.compile(r"\s*\(([^)]*)\)")
WORDS_AT_MOST = 300


@dataclass(frozen=True)
class Entry:
    """One word of “Words we use”."""

    heading: str
    body: str
    url: str

    @cached_property
    def name(self) -> str:
        """Without what stands in brackets."""
        return IN_BRACKETS.sub("", self.heading).strip()

    @cached_property
    def short_forms(self) -> list[str]:
        """How pages write it when they do not spell it out: “EHC plan”, “SENAR”."""
        bracketed = IN_BRACKETS.findall(self.heading)
        return [form for form in (self.name, *bracketed) if form and ACRONYM.search(form)]

    @cached_property
    def initials(self) -> str:
        """“EHCP” of “EHC plan”: what others call it."""
        pieces = re.findall(r"\w+", self.name)
        return "".join(p if p.isupper() else p[:1] for p in pieces).casefold()

    @property
    def first_words(self) -> str:
        return opening(self.body)

    def is_about(self, word: str) -> bool:
        """It explains this word, which comes from `words_of`."""
        return word == self.initials or word in words_of(self.heading)


def entries(moment: Moment) -> list[Entry]:
    """All words of the glossary that stands at the moment, from A to Z. One query."""
    pages = InformationPage.objects.as_of(moment).filter(purpose=InformationPage.Purpose.WORDS)
    sections = PageSection.objects.filter(edition__in=pages).select_related("edition__document")
    return [
        Entry(
            section.heading,
            section.body,
            f"{section.edition.get_absolute_url()}#{section.anchor}",
        )
        for section in sections.order_by("heading")[:WORDS_AT_MOST]
    ]


def address() -> str:
    return reverse("website:information", args=[InformationPage.Purpose.WORDS])


# Links from the first use


PIECES = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^>]*?(/?)>|<!--.*?-->", re.DOTALL)
# Words in these stay as they are: links, headings, what somebody said, and what is no sentence.
LEFT_ALONE = frozenset(
    "a abbr blockquote button caption cite code dt figure h1 h2 h3 h4 h5 h6 label legend nav "
    "option pre q script select style summary svg table textarea time title".split()
)
SENTENCES = frozenset({"li", "p"})
QUOTATION_MARKS = re.compile("[“”]")


def link_first_uses(html: str, words: list[Entry]) -> str:
    """The page with a link at the first use of each short form, in the sentences of its <main>.

    The first screen, links, headings and quotations stay as they are. The HTML is our own
    templates', in which “<” begins a tag and nothing else.
    """
    by_form = {form: entry for entry in words for form in entry.short_forms}
    if not by_form:
        return html
    longest_first = sorted(by_form, key=len, reverse=True)
    pattern = re.compile(rf"(?<![\w/@.-])({'|'.join(map(re.escape, longest_first))})(s?)(?![\w-])")
    begin, end = sentences_of(html)
    done: set[str] = set()

    def link(match: re.Match) -> str:
        entry = by_form[match[1]]
        if entry.url in done:
            return match[0]
        done.add(entry.url)
        return f'<a href="{entry.url}">{match[0]}</a>'

    pieces = [html[:begin]]
    for text, is_sentence in texts(html, begin, end):
        pieces.append(pattern.sub(link, text) if is_sentence else text)
    return "".join([*pieces, html[end:]])


def sentences_of(html: str) -> tuple[int, int]:
    """Where the words of the page begin and end: after its hero, before its footer."""
    begin = html.find("<main")
    end = html.find("</main>", begin)
    if begin < 0 or end < 0:
        return len(html), len(html)
    hero = html.find('<section class="hero', begin, end)
    if hero >= 0:
        begin = max(hero, html.find("</section>", hero, end))
    return begin, end


def texts(html: str, begin: int, end: int) -> Iterator[tuple[str, bool]]:
    """The pieces between two places, tags too, each with whether words in it may become links."""
    inside = {"left alone": 0, "sentence": 0, "quoted": 0}

    def words(text: str) -> Iterator[tuple[str, bool]]:
        last = 0
        for mark in QUOTATION_MARKS.finditer(text):
            yield text[last : mark.end()], is_open()
            inside["quoted"] = max(0, inside["quoted"] + (1 if mark[0] == "“" else -1))
            last = mark.end()
        yield text[last:], is_open()

    def is_open() -> bool:
        return inside["sentence"] > 0 and not inside["left alone"] and not inside["quoted"]

    last = begin
    for tag in PIECES.finditer(html, begin, end):
        yield from words(html[last : tag.start()])
        yield tag[0], False
        last = tag.end()
        name, step = (tag[2] or "").lower(), -1 if tag[1] else 1
        if name in LEFT_ALONE and not tag[3]:
            inside["left alone"] = max(0, inside["left alone"] + step)
        elif name in SENTENCES:
            inside["sentence"] = max(0, inside["sentence"] + step)
            inside["quoted"] = 0
    yield from words(html[last:end])
