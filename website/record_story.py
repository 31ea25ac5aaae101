"""The record of a story: what happened, what was counted, who answers for it; told once.

A file of website/demonstration/record/ has the name of its story. It is TOML like the story's,
with the fields of each kind by name:

    [[events]]    a TimelineEvent
      [[events.findings]], [[events.quotes]]
    [[measures]]  a Measure; numbers with a point stand in quotation marks: "3.8"
      [[measures.readings]]
    [[roles]]     a Role
      [[roles.holders]]

These pages are written for this site, from sources that each of them names. So they are not
imports: they go out on the day they are loaded, all of them under one signature.
"""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from django.db import transaction
from django.utils.text import slugify

from programme.models import (
    Finding,
    Holder,
    Measure,
    Quote,
    Reading,
    Role,
    TimelineEvent,
)
from publishing import actions
from publishing.models import Body, Document, Edition, Part

FOLDER = Path(__file__).parent / "demonstration" / "record"


class Chapter(NamedTuple):
    """One sort of table in the file: the kind, and the parts that hang on it."""

    name: str
    kind: type[Edition]
    parts: dict[str, type[Part]]


CHAPTERS = [
    Chapter("events", TimelineEvent, {"findings": Finding, "quotes": Quote}),
    Chapter("measures", Measure, {"readings": Reading}),
    Chapter("roles", Role, {"holders": Holder}),
]
NUMBERS = frozenset(["actual", "planned", "baseline_value", "target_value"])


def read(name: str) -> dict:
    """Empty for a story that has no record."""
    path = FOLDER / f"{name}.toml"
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}


@transaction.atomic
def load(name: str, *, author, publisher) -> list[Edition]:
    """Puts the record of a story on the site. What is there already stays as it is.

    Returns the editions that were added. Raises NotAllowed as the actions do.
    """
    record = read(name)
    drafts = [
        start(chapter, facts, by=author)
        for chapter in CHAPTERS
        for facts in record.get(chapter.name, [])
        if not is_there(chapter.kind, facts["title"])
    ]
    for draft in drafts[1:]:
        actions.join_release(draft, drafts[0].release, by=author)
    if drafts:
        release = drafts[0].release
        actions.submit(release, by=author)
        for body in Body.objects.filter(signers__user=publisher).distinct():
            actions.sign_off(release, by=publisher, body=body)
        actions.publish(release, by=publisher)
    return drafts


def start(chapter: Chapter, facts: dict, *, by) -> Edition:
    edition = chapter.kind(**fields(facts, without=chapter.parts.keys()))
    parts = [
        model(**fields(row)) for name, model in chapter.parts.items() for row in facts.get(name, [])
    ]
    return actions.start_document(edition, slug=slug_of(facts["title"]), by=by, parts=parts)


def is_there(kind: type[Edition], title: str) -> bool:
    label = kind._meta.label_lower
    return Document.objects.filter(kind=label, slug=slug_of(title)).exists()


def slug_of(title: str) -> str:
    return slugify(title)[:100].strip("-")


def fields(facts: dict, *, without=frozenset()) -> dict:
    """The facts that are fields: texts as paragraphs, numbers as exact as they are written."""
    return {
        name: Decimal(value)
        if name in NUMBERS
        else unwrap(value)
        if isinstance(value, str)
        else value
        for name, value in facts.items()
        if name not in without
    }


def unwrap(text: str) -> str:
    """Lines joined to paragraphs; an empty line stands between two."""
    return "\n\n".join(" ".join(block.split()) for block in text.strip().split("\n\n"))
