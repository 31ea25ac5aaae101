"""The plan, told as promises, and the calendar that it is kept in."""

from programme.models.terms import Term

__all__ = ["Term"]
