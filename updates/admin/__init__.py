"""The staff's side of what is told to families, what they said, and how they take part."""

from updates.admin import opportunities, termly_updates, you_said  # noqa: F401 - register
