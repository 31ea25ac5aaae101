"""Search: what stands at a moment, found by its words. The database keeps the index itself."""

from publishing.search.asking import (
    FOUND_AT_MOST,
    Asked,
    Found,
    asked,
    search,
    words_of,
)
from publishing.search.index import forget, missing, remake
from publishing.search.snippets import marked, snippet, without_marks
from publishing.search.spelling import meant

__all__ = [
    "FOUND_AT_MOST",
    "Asked",
    "Found",
    "asked",
    "forget",
    "marked",
    "meant",
    "missing",
    "remake",
    "search",
    "snippet",
    "without_marks",
    "words_of",
]
