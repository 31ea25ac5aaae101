"""Triggers that refuse to change what is public, declared once and remade after each migration.

The model refuses first, with a better message; the triggers hold for `QuerySet.update()`, for the
shell and for SQL by hand. SQLite drops a table's triggers when Django rebuilds the table, so they
are remade in `post_migrate`; a system check and /healthz fail when one is missing.
"""

from publishing.guards.rules import all_guards
from publishing.guards.triggers import Guard
from publishing.guards.upkeep import drop_all, missing, remake, standing, step_aside

__all__ = ["Guard", "all_guards", "drop_all", "missing", "remake", "standing", "step_aside"]
