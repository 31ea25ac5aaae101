"""How staff keep the programme: calendar, plan, measures, what happened, who is responsible."""

from programme.admin import forum, measures, plan, plan_files, roles, rounds, terms, timeline

__all__ = ["forum", "measures", "plan", "plan_files", "roles", "rounds", "terms", "timeline"]
