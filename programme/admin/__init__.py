"""How staff keep the programme: its calendar, the plan and its promises."""

from programme.admin import plan, plan_files, rounds, terms

__all__ = ["plan", "plan_files", "rounds", "terms"]
