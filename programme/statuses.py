"""What a status is called and looks like; programme/promises.py decides which one it is."""

from __future__ import annotations

from django.db import models

from programme.nouns import promises_in_words


class Status(models.TextChoices):
    """What became of a promise, in the order in which the rules ask."""

    ON_TIME = "on-time", "Done on time"
    DONE_LATE = "done-late", "Done late"
    DONE = "done", "Done"
    REPLACED = "replaced", "Replaced"
    COULD_NOT = "could-not", "We could not do this"
    NO_DATE = "no-date", "No date given"
    LATE = "late", "Late"
    NOT_CHECKED = "not-checked", "Not checked for 60 days"
    ON_TRACK = "on-track", "On track"
    NOT_STARTED = "not-started", "Not started"

    @property
    def after_a_number(self) -> str:
        """“2 late”, “1 could not be done”."""
        if self is Status.COULD_NOT:
            return "could not be done"
        if self is Status.NO_DATE:
            return "with no date given"
        return self.label[:1].lower() + self.label[1:]

    def promises(self, number: int) -> str:
        """After a number: “late promises”, “promises done on time”."""
        if self is Status.LATE:
            return f"late {promises_in_words(number)}"
        return f"{promises_in_words(number)} {self.after_a_number}"

    @property
    def icon(self) -> str:
        return ICONS[self]

    @property
    def tone(self) -> str:
        """The class of its colours."""
        return TONES[self]


# Each has a shape of its own: printed in grey, and for many eyes, colour tells nothing.
ICONS = {
    Status.ON_TIME: "done",
    Status.DONE_LATE: "donelate",
    Status.DONE: "tick",
    Status.REPLACED: "swap",
    Status.COULD_NOT: "stop",
    Status.NO_DATE: "nodate",
    Status.LATE: "late",
    Status.NOT_CHECKED: "unseen",
    Status.ON_TRACK: "track",
    Status.NOT_STARTED: "wait",
}
TONES = {
    Status.ON_TIME: "done",
    Status.DONE_LATE: "done",
    Status.DONE: "done",
    Status.REPLACED: "stop",
    Status.COULD_NOT: "stop",
    Status.NO_DATE: "wait",
    Status.LATE: "late",
    Status.NOT_CHECKED: "wait",
    Status.ON_TRACK: "track",
    Status.NOT_STARTED: "wait",
}
# A promise that has come to its end answers for itself.
ENDED = (Status.ON_TIME, Status.DONE_LATE, Status.DONE, Status.COULD_NOT, Status.REPLACED)
KEPT = (Status.ON_TIME, Status.DONE_LATE, Status.DONE)
# What a promise can be once its first date has passed, in the order of the table.
OF_DUE = (Status.ON_TIME, Status.DONE_LATE, Status.LATE, Status.COULD_NOT, Status.REPLACED)
AHEAD = (
    *KEPT,
    Status.ON_TRACK,
    Status.NOT_CHECKED,
    Status.NOT_STARTED,
    Status.COULD_NOT,
    Status.REPLACED,
)


class Confirmer(models.TextChoices):
    """Who says that a promise is done."""

    WE = "we", "We say so"
    FORUM = "forum", "The Parent Carer Forum checked"
    INSPECTORS = "inspectors", "Inspectors agree"
