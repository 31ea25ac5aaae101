"""The plan, told as promises, and the calendar that it is kept in."""

from programme.models.terms import Term, TermQuerySet, next_term_begins

__all__ = ["Term", "TermQuerySet", "next_term_begins"]
