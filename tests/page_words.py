"""The words of a page as families see them, without those that are not ours."""

import re
from html.parser import HTMLParser

# Where a line ends for a reader: two of these never make one sentence.
BLOCKS = set(
    "address article aside blockquote body br dd div dl dt figcaption figure footer form h1 h2 h3 "
    "h4 h5 h6 header hr label legend li main nav ol p pre section table td th title tr ul".split()
)
VOID = set("area base br col embed hr img input link meta source track wbr".split())
# Verbatim words, and where facts come from: names that somebody else gave.
NOT_OURS = {"blockquote", "figcaption"}
NOT_OURS_BY_CLASS = {"source", "facts", "signed", "crumb", "vh", "printed", "meta"}
UNSEEN = {"head", "script", "style", "svg", "template"}


class PageWords(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, bool]] = []
        self.skipping = 0
        self.pieces: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag in BLOCKS:
            self.pieces.append("\n")
        if tag in VOID:
            return
        classes = set((dict(attrs).get("class") or "").split())
        skips = tag in NOT_OURS | UNSEEN or bool(classes & NOT_OURS_BY_CLASS)
        self.open.append((tag, skips))
        self.skipping += skips

    def handle_endtag(self, tag):
        if tag in BLOCKS:
            self.pieces.append("\n")
        while tag not in VOID and self.open:
            was, skipped = self.open.pop()
            self.skipping -= skipped
            if was == tag:
                break
        if tag == "strong" and self.open and self.open[-1][0] == "li":
            self.pieces.append("\n")  # a card's item begins with its title

    def handle_data(self, data):
        if not self.skipping:
            self.pieces.append(data)


def words_of_page(html: str) -> str:
    """Its own words, one block a line."""
    parser = PageWords()
    parser.feed(html)
    lines = (" ".join(line.split()) for line in "".join(parser.pieces).split("\n"))
    return "\n".join(line for line in lines if line)


MAIN = re.compile(r"<main\b.*</main>", re.DOTALL)


def main_and_frame(html: str) -> tuple[str, str]:
    """The words that are the page's own, and those around them that every page has."""
    return words_of_page(MAIN.search(html)[0]), words_of_page(MAIN.sub("", html))
