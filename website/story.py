"""A story in a file, told through the same actions that staff use.

A story is a file of website/demonstration/, and what stands in the folder of the same name: lists
of one name are joined, file after file. The files are TOML. Keys with a ? may be left out; dates
are written 2022-07-31. Longer texts stand between triple quotes: one sentence a line, an empty
line between paragraphs, lists as in Markdown. In texts marked "lines" every line is kept as a line
of its own. Pictures are written as in Markdown, with the name of a file in
website/demonstration/files/.

    source                           where the updates were first published
    pages_like?                      the story whose pages stand for those that this one lacks
    [body]        name, short_name, post: who signs
    [[bodies]]    name, short_name: who else makes promises
    [[terms]]     year, season (autumn, spring, summer), starts_on, ends_on,
                  update_due_on?
    [[updates]]   term ("2022-summer"), title, verdict, in_short (lines), stood_by (the last day
                  by which it surely stood), source_date ("July 2022"), source?,
                  sorry_for?, forum_view? (verbatim), nothing_wrong_because?
      [[updates.items]]   section (better, doing, not good enough), title, body,
                          difference?, source?
      [[updates.answers]] milestone ("promise 2.1"), said? or no_answer_because?; the promise
                          was made by the day of the update
    [[you_said]]  term, title (its address is made from it, once), said, who_said, outcome (done,
                  doing, will, cannot, deciding), we_did?, could_not?, is_quote? (true: said
                  is verbatim, without quotation marks), taken_from? (needed by a quote),
                  heard_where?, heard_on?, heard_when?, how_many?, group?, answer_by?,
                  of_area? ("problem 3")
                  It goes out with the update of its term, under the same date. With stood_by,
                  source_date and source? of its own it goes out alone.
    [[answers]]   card (its address), change_note, set: what a card says from the day it is loaded
    [[pages]]     purpose (help, about, accessibility, privacy, cookies, words), title, intro,
                  prepared_on?, reviewed_on?, tested_on?
                  Pages were not published elsewhere: they go out on the day they are loaded.
      [[pages.sections]]  heading, body?, phone?, email?, hours?, link? with link_text?,
                          is_urgent?

The plan is told by days: what has one stood_by goes out together. Fields have the names that they
have in the models; body is a short_name; another page is named “update 2024-autumn”, “card
its-address”, “plan its-slug”, “promise 2.1” or “problem 3”. source_date? is otherwise the day.

    [[problems]]  stood_by, the fields of an Area
    [[plans]]     stood_by, slug, the fields of a Plan
      [[plans.references]]   the fields of a PlanReference
    [[promises]]  stood_by, ref ("2.1"), the fields of a Milestone, areas? ([3, 4])
      [[promises.then]]      stood_by, change_note?, what is another now; also of the two above
    [[rounds]]    stood_by, note?, checked (refs: no change), notes? [{note, refs}]. What a promise
                  says on the same day counts as found in the check.

The record is written for this site, so it goes out on the day it is loaded:

    [[events]]    the fields of a TimelineEvent
      [[events.findings]], [[events.quotes]]
    [[measures]]  of a Measure; numbers with a point stand in quotation marks: "3.8"
      [[measures.readings]]
    [[roles]]     of a Role
      [[roles.holders]]
    [[opportunities]]  of an Opportunity; times with their offset: 2026-12-03T19:00:00Z

What the forum of an invented place says of promises that are said to be done, on the day it is
loaded; a real forum says it itself:

    [[forum_answers]]  promise ("promise 1.1"), answer (yes, no, cannot tell), words

What families told an invented place, and the yearly report of what they told it:

    [[messages]]  words?, days_ago or sent_on, who, category?, why_not?, is_easy_read?, is_read?,
                  times? (so many of them), came_as? (before names were taken out),
                  about_promise? ("1.1"), problem? (3), answered_by? (the title of a card),
                  draft? (the title of a draft that is made of it)
    [[reports]]   year

What an update, a card, a page and the record may have besides:

      files        [{name (in website/demonstration/files/), title, summary}], PDFs
      corrections  [{change_note, replace? [["old words", "new words"]], set? {field = value},
                   stood_by, source_date}], in order; of a page, and of the record,
                   without the last two
      small_fix    [["misspelt", "spelt"]]: made on the day it is loaded, as a small fix
      taken_down   why; taken down on the day it is loaded
      reaches_past true: what it said leaves the past too
"""

import datetime as dt
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from django.db import transaction

from programme.models import LateReason, Term
from publishing.models import Body, Edition, Signer
from publishing.moments import midnight_after
from website.telling import Teller
from website.telling_forum import tell_forum
from website.telling_messages import tell_messages
from website.telling_plan import days_of_plan, tell_day
from website.telling_record import tell_record

FOLDER = Path(__file__).parent / "demonstration"


def available() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def read(name: str) -> dict:
    story: dict = {}
    for path in [FOLDER / f"{name}.toml", *sorted((FOLDER / name).glob("*.toml"))]:
        for key, value in tomllib.loads(path.read_text("utf-8")).items():
            story[key] = [*story[key], *value] if key in story else value
    return story


def load(name: str, *, author, publisher) -> list[Edition]:
    """Puts a story on the site. What is there already stays as it is.

    Returns the first editions that were added. Raises NotAllowed as the actions do.
    """
    story = read(name)
    body = add_bodies(story, publisher)
    terms = {term.slug: term for term in map(add_term, story["terms"])}
    teller = Teller(author, publisher, body, terms, story["source"], FOLDER / "files")
    # What was published elsewhere comes first: the first page of our own launches the site.
    added = [
        *tell_past(teller, story),
        *(page for facts in pages_of(story) for page in teller.add_page(facts)),
        *tell_record(teller, story),
        *tell_forum(teller, story),
    ]
    for facts in story.get("answers", []):
        teller.answer(facts)
    tell_messages(teller, story)
    return added


class Day(NamedTuple):
    """What came out on one day, and how it is told."""

    day: dt.date
    tell: Callable[[], list[Edition]]


@transaction.atomic
def tell_past(teller: Teller, story: dict) -> list[Edition]:
    """What came out elsewhere, day by day: updates answer promises that were made in updates."""
    days = [*days_of_updates(teller, story)]
    days += [Day(day, partial(tell_day, teller, steps)) for day, steps in days_of_plan(story)]
    return [edition for day in sorted(days, key=attrgetter("day")) for edition in day.tell()]


def days_of_updates(teller: Teller, story: dict) -> Iterator[Day]:
    """The updates, each with the cards of its term; then the cards that came out alone."""
    told = story.get("you_said", [])
    together = [card for card in told if "stood_by" not in card]
    for update in story["updates"]:
        cards = [card for card in together if card["term"] == update["term"]]
        yield Day(update["stood_by"], partial(teller.add_update, update, cards))
    for card in told:
        if "stood_by" in card:
            yield Day(card["stood_by"], partial(teller.add_card_alone, card))


def pages_of(story: dict) -> list[dict]:
    own = story.get("pages", [])
    purposes = {page["purpose"] for page in own}
    others = pages_of(read(story["pages_like"])) if "pages_like" in story else []
    return [*own, *(page for page in others if page["purpose"] not in purposes)]


def add_bodies(story: dict, publisher) -> Body:
    """The one that signs, and whoever else makes promises. Returns the first."""
    for facts in story.get("bodies", []):
        Body.objects.get_or_create(name=facts["name"], defaults={"short_name": facts["short_name"]})
    facts = story["body"]
    body, _ = Body.objects.get_or_create(
        name=facts["name"], defaults={"short_name": facts["short_name"], "must_sign": True}
    )
    Signer.objects.get_or_create(body=body, user=publisher, defaults={"post": facts["post"]})
    return body


def add_term(facts: dict) -> Term:
    """Families knew from its first day when its update was due: it stood elsewhere then."""
    key = {"year": facts["year"], "season": facts["season"]}
    facts = {"listed_at": midnight_after(facts["starts_on"] - dt.timedelta(days=1)), **facts}
    why_late = facts.pop("late", None)
    term, _ = Term.objects.get_or_create(**key, defaults=facts)
    if why_late:
        LateReason.objects.get_or_create(term=term, **why_late)
    return term
