"""How staff keep the programme: calendar, plan, measures, what happened, who is responsible."""

from programme.admin import measures, plan, plan_files, roles, rounds, terms, timeline

__all__ = ["measures", "plan", "plan_files", "roles", "rounds", "terms", "timeline"]
