"""What stands in a Markdown text: its tokens, its links and its pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from markdown_it import MarkdownIt
from markdown_it.token import Token

# A page of this site. It gets its prefix when it is shown: the time machine has another one.
PAGE = "path:"
SCHEMES = ("http", "https", "mailto", "tel")
FILE = re.compile(r"/files/(?P<digest>[0-9a-f]{64})\.(?P<extension>[a-z]{3,4})")
DECORATIVE = "decorative"
DESCRIBE = "Describe this picture"

# Raw HTML stays text. An indented line stays a line: text pasted from Word begins with spaces.
# One line is one line, as it was typed. No honest text is nested ten deep; a hostile one of 50 kB
# takes half as long without it.
MARKDOWN = (
    MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 10})
    .enable("table")
    .disable("code")
)


@dataclass(frozen=True)
class Picture:
    """A picture as the text refers to it. `digest` is empty when it is not from our own store."""

    alt: str
    address: str
    digest: str

    @property
    def is_decorative(self) -> bool:
        return self.alt.lower() == DECORATIVE

    @property
    def is_described(self) -> bool:
        return self.is_decorative or self.alt.lower() not in {"", DESCRIBE.lower()}


def parse(source: str) -> list[Token]:
    return MARKDOWN.parse(source)


def inline(tokens: list[Token]) -> Iterator[Token]:
    """The tokens inside the blocks, in reading order."""
    for token in tokens:
        yield from token.children or ()


def address(href: str) -> str:
    """A link as it is stored, or an empty string when it may not lead anywhere.

    Pages of this site become `path:/…`; files keep their address, which is the same everywhere.
    """
    if re.search(r"[\x00-\x20\x7f\\]", href):
        return ""
    if href.startswith(f"{settings.SITE_URL}/"):
        href = href.removeprefix(settings.SITE_URL)
    if href == settings.SITE_URL:
        href = "/"
    if href.startswith("/"):
        if href.startswith("//"):
            return ""
        return href if FILE.fullmatch(href) else f"{PAGE}{href}"
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    if parts.scheme in {"http", "https"}:
        # “https://council.gov.uk@evil.example” leads to the second of the two.
        return href if parts.netloc and "@" not in parts.netloc else ""
    return href if parts.scheme in SCHEMES else ""


def picture_of(token: Token) -> Picture:
    src = str(token.attrs.get("src", ""))
    found = FILE.fullmatch(src.removeprefix(settings.SITE_URL))
    return Picture(" ".join(alt_of(token).split()), src, found["digest"] if found else "")


def alt_of(token: Token) -> str:
    return "".join(
        " " if child.type in {"softbreak", "hardbreak"} else alt_of(child) or child.content
        for child in token.children or ()
    )


def pictures(source: str) -> list[Picture]:
    return [picture_of(token) for token in inline(parse(source)) if token.type == "image"]


def links(source: str) -> list[str]:
    """Where the text's links lead, as they were typed."""
    return [
        str(token.attrs.get("href", ""))
        for token in inline(parse(source))
        if token.type == "link_open"
    ]
