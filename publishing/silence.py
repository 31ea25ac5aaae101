"""What a page says where nothing is known: in our own voice, or in that of who retells sources.

A council's own site knows what it has and has not said, so its silence is its own. A site that
retells what others published knows what it has read, and may claim no more.
"""

from typing import NamedTuple

from django.conf import settings


class Silence(NamedTuple):
    ours: str
    of_sources: str


SILENCES = {
    "happened": Silence(
        "We have not been told that this happened", "Our sources do not say whether this happened"
    ),
    "not said": Silence("We have not said", "Our sources do not say"),
    "did not say": Silence("We did not say", "Our sources do not say"),
    "not listed": Silence(
        "We did not list anything here in this update.",
        "Our sources have nothing to list here for that term.",
    ),
    "not listed, because": Silence(
        "We did not list anything here in this update. This is why:",
        "Our sources have nothing to list here for that term.",
    ),
    "no number": Silence("We do not publish this yet.", "Our sources do not have this."),
    "not written with families": Silence(
        "Families did not help write this", "Our sources do not say"
    ),
    "families not asked": Silence(
        "We do not know. We have not asked in a fair way.", "Our sources do not say."
    ),
    "no view of the forum": Silence(
        "The Parent Carer Forum has not sent a view.",
        "Our sources hold no view of the Parent Carer Forum.",
    ),
    "no update": Silence("No update published", "Our sources have no update for this term"),
    "no day for the next update": Silence("we have not given a date", "our sources name no date"),
    "every term": Silence(
        "We write one update each term. A term without an update stays in the list.",
        "We said that we would write one each term. A term of which our sources have none stays in "
        "the list.",
    ),
    "all updates": Silence(
        "One for every term, newest first. A term without an update stays in this list.",
        "All that our sources hold, newest first. A term without an update stays in this list.",
    ),
}


def silence(about: str) -> str:
    said = SILENCES[about]
    return said.of_sources if settings.TOLD_FROM_SOURCES else said.ours
