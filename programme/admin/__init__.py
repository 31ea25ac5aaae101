"""How staff keep the programme: the calendar, the measures, what happened, who is responsible."""

from programme.admin import measures, roles, terms, timeline

__all__ = ["measures", "roles", "terms", "timeline"]
