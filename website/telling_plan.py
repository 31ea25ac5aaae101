"""The plan of a story: problems, plans, promises and checks, told in the order of their days.

All that was first published on one day goes out together, under that date and one signature.
So a promise has each of its dates from the day on which it was given.
"""

import datetime as dt
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from programme.models import Area, Check, Milestone, MilestoneArea, Plan, PlanReference
from programme.models import ProgressRound as Round
from programme.references import address_of
from publishing import actions
from publishing.actions.lock import publishing_lock
from publishing.models import Document, Edition, Part, Release, slug_of
from website.story_facts import fields, is_there, last_instant, page
from website.telling import Teller

PARTS: dict[str, type[Part]] = {"areas": MilestoneArea, "references": PlanReference}
ABOUT_ITS_APPEARANCE = frozenset({"ref", "slug", "then", "stood_by", "source", "source_date"})
OF_A_CHECK = frozenset({"checked", "notes", "found"})
# What a new edition of a promise says has changed, unless the story says it better.
NOTES = {
    "slipped_back_on": "It was done, and has slipped back.",
    "done_on": "It is done.",
    "could_not_because": "We could not do this.",
    "replaced_by": "Another promise takes its place.",
    "first_promised_words": "We found an earlier date for it.",
    "due_words": "It has a new date.",
}


class Step(NamedTuple):
    """What one page said on one day."""

    day: dt.date
    place: int  # pages come before those that name them
    kind: type[Edition]
    slug: str
    facts: dict
    is_first: bool


def days_of_plan(story: dict) -> list[tuple[dt.date, list[Step]]]:
    """What is not there yet, by its days; all of it is to be told, or nothing."""
    steps = sorted(steps_of(story), key=lambda step: (step.day, not step.is_first, step.place))
    return [(day, list(told)) for day, told in groupby(steps, key=lambda step: step.day)]


def steps_of(story: dict) -> Iterator[Step]:
    """All editions of the pages that are not there yet."""
    for place, (kind, slug, facts) in enumerate(pages_of(story)):
        if not is_there(kind, slug):
            yield Step(facts["stood_by"], place, kind, slug, facts, is_first=True)
            for later in facts.get("then", []):
                yield Step(later["stood_by"], place, kind, slug, later, is_first=False)


def pages_of(story: dict) -> Iterator[tuple[type[Edition], str, dict]]:
    for facts in story.get("problems", []):
        yield Area, f"{facts['area_number']}-{slug_of(facts['title'])}", facts
    for facts in story.get("plans", []):
        yield Plan, facts["slug"], facts
    for facts in story.get("promises", []):
        yield Milestone, address_of(facts["ref"], facts["title"]), facts
    for facts in story.get("rounds", []):
        yield Round, f"{facts['stood_by']}", facts | {"found": found_on(facts["stood_by"], story)}


def found_on(day: dt.date, story: dict) -> list[str]:
    """The promises of which something new was said on the day of a check."""
    return [
        facts["ref"]
        for facts in story["promises"]
        if any(later["stood_by"] == day for later in facts.get("then", []))
    ]


@publishing_lock()
def tell_day(teller: Teller, steps: list[Step]) -> list[Edition]:
    """Adds all of one day in one release, and returns the first editions."""
    drafts: list[Edition] = []
    for step in steps:
        release = drafts[0].release if drafts else None
        drafts.append(start(teller, step, release) if step.is_first else go_on(teller, step))
        if release and not step.is_first:
            actions.join_release(drafts[-1], release, by=teller.author)
    teller.sign(drafts[0])
    actions.import_from_elsewhere(drafts[0].release, by=teller.publisher)
    return [draft for draft, step in zip(drafts, steps, strict=True) if step.is_first]


def start(teller: Teller, step: Step, release: Release | None) -> Edition:
    edition = step.kind(**columns(teller, step))
    rows = [model(**row) for model, rows in parts(step.facts).items() for row in rows]
    if isinstance(edition, Round):
        edition.checked_on = step.day
        edition.title = f"We checked our promises, {in_words(step.day)}"
        rows = list(checks(step.facts))
    return actions.start_document(
        edition, slug=step.slug, by=teller.author, parts=rows, release=release
    )


def go_on(teller: Teller, step: Step) -> Edition:
    """The next edition: what is not said anew stays."""
    document = Document.objects.get(kind=step.kind._meta.label_lower, slug=step.slug)
    draft = actions.start_edition(document, by=teller.author).concrete
    said = step.facts.get("started_note", "")
    note = next((words for name, words in NOTES.items() if name in step.facts), said)
    actions.rewrite_draft(
        draft,
        by=teller.author,
        columns={"change_note": note, **columns(teller, step)},
        parts=parts(step.facts),
    )
    return draft


def columns(teller: Teller, step: Step) -> dict:
    return {
        "source": step.facts.get("source", teller.source),
        "source_date": step.facts.get("source_date", in_words(step.day)),
        "originally_at": last_instant(step.day),
        **fields(step.facts, without=ABOUT_ITS_APPEARANCE | OF_A_CHECK | PARTS.keys()),
    }


def parts(facts: dict) -> dict[type[Part], list[dict]]:
    """The rows that hang on a page; a problem that a promise helps to mend is but its number."""
    return {
        model: [
            fields(row) if isinstance(row, dict) else {"area": page(f"problem {row}")}
            for row in facts[name]
        ]
        for name, model in PARTS.items()
        if name in facts
    }


def checks(facts: dict) -> Iterator[Check]:
    """What changed, then what did not: with a note that serves several, or without one."""
    for ref in facts["found"]:
        yield Check(milestone=page(f"promise {ref}"), is_unchanged=False)
    for group in [*facts.get("notes", []), {"note": "", "refs": facts["checked"]}]:
        for ref in group["refs"]:
            yield Check(milestone=page(f"promise {ref}"), note=group["note"])


def in_words(day: dt.date) -> str:
    return f"{day:%-d %B %Y}"
