"""The plan, told as promises, and the calendar that it is kept in."""

from programme.models.areas import Area
from programme.models.terms import Term, TermQuerySet, next_term_begins

__all__ = ["Area", "Term", "TermQuerySet", "next_term_begins"]
