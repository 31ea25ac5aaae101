"""How staff keep the programme: its calendar, the plan and its promises."""

from programme.admin import plan, terms

__all__ = ["plan", "terms"]
