"""How staff keep the programme: calendar, plan, measures, what happened, who is responsible."""

from programme.admin import measures, plan, roles, terms, timeline

__all__ = ["measures", "plan", "roles", "terms", "timeline"]
