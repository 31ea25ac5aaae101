"""From Markdown to harmless HTML, and to plain words."""

import re
from itertools import pairwise

import nh3
from django.apps import apps
from django.core.exceptions import ValidationError
from markdown_it.token import Token

from publishing.richtext.source import (
    FILE,
    MARKDOWN,
    PAGE,
    SCHEMES,
    Picture,
    address,
    inline,
    parse,
    picture_of,
)

MAX_BYTES = 50_000
LOWEST_HEADING = 6
# The text column is at most this wide; on a phone it is the screen less its margins.
SIZES = "(max-width: 46rem) 94vw, 42rem"

TAGS = set(
    "a blockquote br code em h3 h4 h5 h6 hr img li ol p pre strong table tbody td th thead tr "
    "ul".split()
)
ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href"},
    "img": {"alt", "height", "loading", "sizes", "src", "srcset", "width"},
    "ol": {"start"},
    "th": {"scope"},
}


def render(source: str, *, top_heading: int | None = 3) -> str:
    """HTML that can be shown as it is. Same text, same HTML.

    Its headings begin at `top_heading` and skip no level; with None they become bold lines. Links
    to pages of this site are path tokens, which `rich` in the templates makes whole. Raises
    ValidationError beyond 50 kB.
    """
    refuse_if_long(source)
    tokens = parse(source)
    if top_heading is None:
        embolden_headings(tokens)
    else:
        fit_headings(tokens, top_heading)
    for token in tokens:
        if token.type == "th_open":
            token.attrs = {"scope": "col"}
        elif token.type == "td_open":
            token.attrs = {}
        if token.children:
            token.children = safe_links(token.children)
    show_pictures(tokens)
    return clean(MARKDOWN.renderer.render(tokens, MARKDOWN.options, {}))


def refuse_if_long(source: str) -> None:
    if len(source.encode()) > MAX_BYTES:
        raise ValidationError(
            "This text is longer than %(most)s characters. Make it shorter, or split it.",
            code="too_long",
            params={"most": f"{MAX_BYTES:,}"},
        )


def fit_headings(tokens: list[Token], top: int) -> None:
    headings = [token for token in tokens if token.type in {"heading_open", "heading_close"}]
    if not headings:
        return
    shallowest = min(int(token.tag[1]) for token in headings)
    level = top - 1
    for token in headings:
        if token.type == "heading_open":
            wanted = int(token.tag[1]) - shallowest + top
            level = min(wanted, level + 1, LOWEST_HEADING)
        token.tag = f"h{level}"


def embolden_headings(tokens: list[Token]) -> None:
    for before, token in pairwise(tokens):
        if before.type == "heading_open" and token.children:
            opening, end = Token("strong_open", "strong", 1), Token("strong_close", "strong", -1)
            token.children = [opening, *token.children, end]
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "p"


def safe_links(tokens: list[Token]) -> list[Token]:
    """The same tokens; a link that may not lead anywhere leaves its words behind."""
    kept, dropped = [], False
    for token in tokens:
        if token.type == "link_open":
            href = address(str(token.attrs.get("href", "")))
            dropped = not href
            token.attrs = {"href": href}
        # Links are never nested, so the next end belongs to the last beginning.
        if not (dropped and token.type in {"link_open", "link_close"}):
            kept.append(token)
    return kept


def show_pictures(tokens: list[Token]) -> None:
    """Gives the pictures of our own store their sizes; of any other only its words stay."""
    found = [(token, picture_of(token)) for token in inline(tokens) if token.type == "image"]
    stored = stored_pictures({picture.digest for _, picture in found if picture.digest})
    for token, picture in found:
        if attachment := stored.get(picture.digest):
            # The renderer writes the alt from the children.
            token.attrs = {"src": "", "alt": "", **image_attributes(attachment)}
            if picture.is_decorative:
                token.children = []
        else:
            token.type, token.tag, token.content = "text", "", picture.alt
            token.children = None


def stored_pictures(digests: set[str]) -> dict:
    if not digests:
        return {}
    rows = apps.get_model("publishing", "Attachment").objects.filter(
        digest__in=digests, width__isnull=False
    )
    return {row.digest: row for row in rows.prefetch_related("copies")}


def image_attributes(attachment) -> dict[str, str | int | float]:
    every = sorted((attachment, *attachment.copies.all()), key=lambda each: each.width)
    attributes: dict[str, str | int | float] = {
        "src": attachment.get_absolute_url(),
        "width": attachment.width,
        "height": attachment.height,
        "loading": "lazy",
    }
    if len(every) > 1:
        attributes["srcset"] = ", ".join(f"{e.get_absolute_url()} {e.width}w" for e in every)
        attributes["sizes"] = SIZES
    return attributes


def clean(html: str) -> str:
    """The second wall: whatever the renderer let through, only this may leave."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=keep_attribute,
        url_schemes={*SCHEMES, PAGE.rstrip(":")},
        link_rel=None,
    )


def keep_attribute(tag: str, name: str, value: str) -> str | None:
    if (tag, name) == ("a", "href"):
        is_ours = value.startswith(f"{PAGE}/") and not value.startswith(f"{PAGE}//")
        is_theirs = value.lower().startswith(tuple(f"{scheme}:" for scheme in SCHEMES))
        return value if is_ours or is_theirs or FILE.fullmatch(value) else None
    if (tag, name) == ("img", "src"):
        return value if FILE.fullmatch(value) else None
    if (tag, name) == ("img", "srcset"):
        return value if all(FILE.match(each.strip()) for each in value.split(",")) else None
    return value


def plain(source: str) -> str:
    """The words without the marks, one paragraph a line."""
    lines = []
    for token in parse(source):
        if token.type == "inline":
            lines.append(words_of(token.children or []))
        elif token.type in {"fence", "code_block"}:
            lines.append(token.content)
    return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)


def opening(source: str) -> str:
    """Its first sentence, without marks: where there is little room."""
    return re.split(r"(?<=[.!?])\s", plain(source).partition("\n")[0], maxsplit=1)[0]


def words_of(tokens: list[Token]) -> str:
    return "".join(
        alternative(picture_of(token))
        if token.type == "image"
        else " "
        if token.type in {"softbreak", "hardbreak"}
        else token.content
        for token in tokens
    )


def alternative(picture: Picture) -> str:
    return "" if picture.is_decorative else picture.alt
