"""Two editions of a page side by side: which words came and went, and what moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from publishing import search
from publishing.differences import Piece, by_paragraph
from publishing.history import edition_number, standing_number
from publishing.models import Edition, EditionQuerySet
from publishing.moments import Moment
from publishing.pages import gone_or_missing


@dataclass(frozen=True)
class Comparison:
    earlier: Edition
    later: Edition
    title: list[list[Piece]]
    paragraphs: list[list[Piece]]
    moved: list[str]  # dates and how it stands, as sentences
    has_other_marks: bool  # where a link leads, or what is bold, and no word
    is_standing: bool  # the later one is the page now

    @property
    def has_differences(self) -> bool:
        return bool(self.title or self.paragraphs or self.moved or self.has_other_marks)


def in_words(text: str) -> str:
    """As the page shows it, without what its writer put around words; a paragraph a line."""
    lines = (search.without_marks(line) for line in text.splitlines())
    return "\n".join(" ".join(line.split()) for line in lines)


def two_numbers(asked_for: Any) -> tuple[int, int] | None:
    """The two editions that an address asks to compare, the earlier one first."""
    first, second = (edition_number(asked_for.get(name, "")) for name in ("from", "to"))
    if first is None or second is None or first == second:
        return None
    return min(first, second), max(first, second)


def compare(kind: EditionQuerySet, moment: Moment, slug: str, numbers: tuple[int, int]):
    """Two editions that have both been public. Raises Gone or Http404."""
    rows = kind.ever_public(moment).filter(document__slug=slug, number__in=numbers)
    found = {edition.number: edition for edition in rows.select_related("document")}
    if len(found) < len(numbers):
        raise gone_or_missing(kind.model, moment, slug, in_past=True)
    earlier, later = (found[number] for number in numbers)
    paragraphs = by_paragraph(in_words(earlier.text), in_words(later.text))
    return Comparison(
        earlier,
        later,
        title=by_paragraph(earlier.title, later.title),
        paragraphs=paragraphs,
        moved=kind.model.what_moved({0: (later, earlier)}).get(0, []),
        has_other_marks=not paragraphs and earlier.text != later.text,
        is_standing=standing_number(later, moment) == later.number,
    )
