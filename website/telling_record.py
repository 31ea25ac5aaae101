"""The record of a story: what happened, what was counted, who answers for it; told once.

These pages are written for this site, from sources that each of them names. So they are not
imports: they go out on the day they are loaded, all of them under one signature.
"""

from typing import NamedTuple

from programme.models import Finding, Holder, Measure, Quote, Reading, Role, TimelineEvent
from publishing import actions
from publishing.actions.lock import publishing_lock
from publishing.models import Edition, Part, slug_of
from website.story_facts import fields, is_there
from website.telling import Teller


class Chapter(NamedTuple):
    """One sort of table in the files: the kind, and the parts that hang on it."""

    name: str
    kind: type[Edition]
    parts: dict[str, type[Part]]


CHAPTERS = [
    Chapter("events", TimelineEvent, {"findings": Finding, "quotes": Quote}),
    Chapter("measures", Measure, {"readings": Reading}),
    Chapter("roles", Role, {"holders": Holder}),
]


@publishing_lock()
def tell_record(teller: Teller, story: dict) -> list[Edition]:
    """Adds what is not there yet, and returns it."""
    drafts: list[Edition] = []
    for chapter in CHAPTERS:
        for facts in story.get(chapter.name, []):
            if not is_there(chapter.kind, slug_of(facts["title"])):
                release = drafts[0].release if drafts else None
                drafts.append(start(chapter, facts, release, by=teller.author))
    if drafts:
        teller.sign(drafts[0])
        actions.publish(drafts[0].release, by=teller.publisher)
    return drafts


def start(chapter: Chapter, facts: dict, release, *, by) -> Edition:
    return actions.start_document(
        chapter.kind(**fields(facts, without=chapter.parts)),
        slug=slug_of(facts["title"]),
        by=by,
        parts=[
            model(**fields(row))
            for name, model in chapter.parts.items()
            for row in facts.get(name, [])
        ],
        release=release,
    )
