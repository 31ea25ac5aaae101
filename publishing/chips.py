"""What a list can be narrowed by, in the address alone: as chips that are plain links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Exists, Q


@dataclass(frozen=True)
class Choice:
    """One thing to filter by: its name in the address, and what it says."""

    value: str
    label: str
    filter: Q | Exists
    short: str = ""


@dataclass(frozen=True)
class Chip:
    label: str
    url: str
    is_current: bool
    count: int | None = None
    icon: str = ""
    more: str = ""


def chosen(
    asked_for: Mapping[str, str], options: Mapping[str, list[Choice]]
) -> tuple[dict[str, Choice], bool]:
    """What an address chooses among `options`, by their names, and whether it asks for more.

    What cannot be understood is ignored; the page says so.
    """
    found, was_ignored = {}, False
    for name, choices in options.items():
        if value := asked_for.get(name, ""):
            by_value = {choice.value: choice for choice in choices}
            if value in by_value:
                found[name] = by_value[value]
            else:
                was_ignored = True
    return found, was_ignored
