"""What the files of a story say, as the fields of pages: texts, exact numbers, other pages."""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal

from programme.models import Area, Milestone, Plan
from programme.references import slug_of_ref
from publishing import moments
from publishing.models import Body, Document, Edition
from updates.models import TermlyUpdate, YouSaidWeDid

# How a story names another page: “update 2024-autumn”, “promise 2.1”, “problem 3”.
KINDS: dict[str, type[Edition]] = {
    "update": TermlyUpdate,
    "card": YouSaidWeDid,
    "problem": Area,
    "plan": Plan,
    "promise": Milestone,
}
NUMBERED = ("problem", "promise")
REFERENCES = frozenset(
    ["origin", "of_plan", "replaced_by", "replaces", "milestone", "area", "of_area", "led_to"]
)
NUMBERS = frozenset(["actual", "planned", "baseline_value", "target_value"])
KEEPS_ITS_LINE = ("- ", "* ", "|", "#", ">", "1. ", "2. ", "3. ", "4. ")


def fields(facts: dict, *, without: Collection[str] = ()) -> dict:
    """The facts that are fields: texts as paragraphs, numbers as exact as they are written."""
    return {name: field(name, value) for name, value in facts.items() if name not in without}


def field(name: str, value):
    if name in REFERENCES:
        return page(value)
    if name == "body" and value in body_names():
        return Body.objects.get(short_name=value)
    if name in NUMBERS:
        return Decimal(value)
    return unwrap(value) if isinstance(value, str) else value


def body_names() -> set[str]:
    return set(Body.objects.values_list("short_name", flat=True))


def page(name: str) -> Document:
    """The page that a story names. It must be there already."""
    what, _, which = name.partition(" ")
    of_kind = Document.objects.filter(kind=KINDS[what]._meta.label_lower)
    if what in NUMBERED:
        return of_kind.get(slug__startswith=f"{slug_of_ref(which)}-")
    return of_kind.get(slug=which)


def is_there(kind: type[Edition], slug: str) -> bool:
    return Document.objects.filter(kind=kind._meta.label_lower, slug=slug).exists()


def unwrap(text: str) -> str:
    """Lines joined to paragraphs; an empty line stands between two, and a list keeps its lines."""
    return "\n\n".join(map(joined, text.strip().split("\n\n")))


def joined(block: str) -> str:
    lines: list[str] = []
    for line in map(str.strip, block.splitlines()):
        if lines and not line.startswith(KEEPS_ITS_LINE):
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    return "\n".join(lines)


def last_instant(day: dt.date) -> dt.datetime:
    """The end of the day in London: by then it stood, and nothing earlier is known."""
    return moments.end_of(day).at
