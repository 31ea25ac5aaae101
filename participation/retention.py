"""How long we keep what says something of a person: the privacy page shows it, an eraser obeys it.

Every model but pages and their parts, which are public, is named here, whichever app it is in. A
rule either deletes rows or empties columns, some time after the moment in one column.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

DAY = dt.timedelta(days=1)
YEAR = 365 * DAY


class Rule(NamedTuple):
    """`empties` nothing: the row goes. `notes`: the column that keeps when it was emptied."""

    model: str
    what: str
    kept: str
    since: str
    after: dt.timedelta
    empties: tuple[str, ...] = ()
    notes: str = ""
    unless: Q = Q()

    def expired(self, now: dt.datetime):
        """The rows whose time has come, as a queryset."""
        rows = apps.get_model(self.model)._base_manager.filter(
            **{f"{self.since}__lte": now - self.after}
        )
        if self.empties:
            left = Q()
            for name in self.empties:
                left |= ~Q(**{name: ""})
            rows = rows.filter(left)
        return rows.exclude(self.unless) if self.unless else rows

    def erase(self, now: dt.datetime) -> int:
        """How many rows it touched."""
        rows = self.expired(now)
        if not self.empties:
            return rows.delete()[1].get(apps.get_model(self.model)._meta.label, 0)
        noted = {self.notes: now} if self.notes else {}
        return rows.update(**dict.fromkeys(self.empties, ""), **noted)


class Stays(NamedTuple):
    """What is known of our own staff as long as the site stands, and where."""

    what: str
    models: tuple[str, ...]


class InABrowser(NamedTuple):
    """What this site leaves with one of our own staff, and erases there: staff-kept.js obeys it."""

    what: str
    kept: str


HELD = Q(held_at__isnull=False)
FEEDBACK = "participation.Feedback"

RULES = [
    Rule(
        FEEDBACK,
        "What you write to us, as you wrote it",
        "30 days after we took names out of it",
        since="names_removed_at",
        after=30 * DAY,
        empties=("original",),
        unless=HELD,
    ),
    Rule(
        FEEDBACK,
        "What you write to us",
        "90 days after we answered",
        since="closed_at",
        after=90 * DAY,
        empties=("words", "original"),
        notes="words_erased_at",
        unless=HELD,
    ),
    Rule(
        FEEDBACK,
        "What you write to us, if we did not answer",
        "1 year after you sent it",
        since="sent_at",
        after=YEAR,
        empties=("words", "original"),
        notes="words_erased_at",
        unless=HELD,
    ),
    Rule(
        FEEDBACK,
        "That somebody wrote, what it was about, and your receipt code",
        "2 years after you sent it",
        since="sent_at",
        after=2 * YEAR,
        unless=HELD,
    ),
    Rule(
        "participation.Deed",
        "Which of our staff read what you wrote",
        "2 years",
        since="at",
        after=2 * YEAR,
        unless=Q(feedback__held_at__isnull=False),
    ),
    Rule(
        "participation.Follow",
        "What you asked our e-mails about, if you never pressed the button in the first",
        "3 days",
        since="asked_at",
        after=3 * DAY,
        unless=Q(confirmed_at__isnull=False),
    ),
    Rule(
        "participation.Subscriber",
        "Your e-mail address, if you never pressed that button",
        "3 days",
        since="asked_at",
        after=3 * DAY,
        unless=Q(follows__isnull=False) | Q(stopped_at__isnull=False),
    ),
    Rule(
        "participation.Subscriber",
        "Your e-mail address and what you want to hear about",
        "30 days after you stop our e-mails, or at once if you ask",
        since="stopped_at",
        after=30 * DAY,
    ),
    Rule(
        "participation.Mail",
        "That we wrote to you and about which change, without the words",
        "30 days",
        since="sent_at",
        after=30 * DAY,
    ),
    Rule(
        "participation.Mail",
        "That an e-mail to you did not arrive",
        "30 days",
        since="given_up_at",
        after=30 * DAY,
    ),
    Rule(
        "participation.DayCount",
        "How often you wrote to us in a day, or we to you, without your address",
        "2 days",
        since="day",
        after=2 * DAY,
    ),
    Rule(
        "programme.ForumLink",
        "That we gave the Parent Carer Forum a link to answer us, without the link itself",
        "1 year after it stops working",
        since="expires_at",
        after=YEAR,
    ),
    Rule(
        "django_tasks_database.DBTaskResult",
        "When our machine sent e-mails, without any address",
        "30 days",
        since="enqueued_at",
        after=30 * DAY,
    ),
    Rule(
        "website.PrivacyReport",
        "What you tell us of something private on a page",
        "30 days after we dealt with it",
        since="dealt_with_at",
        after=30 * DAY,
    ),
    Rule(
        "website.PrivacyReport",
        "What you tell us of something private, if we did not deal with it",
        "1 year after you sent it",
        since="sent_at",
        after=YEAR,
        unless=Q(dealt_with_at__isnull=False),
    ),
    Rule(
        "programme.PlanFile",
        "A copy of each Excel file from which our staff make promises",
        "30 days",
        since="uploaded_at",
        after=30 * DAY,
    ),
    Rule(
        "sessions.Session",
        "That one of our staff has logged in",
        "1 day after that ends",
        since="expire_date",
        after=DAY,
    ),
    Rule(
        "admin.LogEntry",
        "Which forms our staff saved, and when",
        "2 years",
        since="action_time",
        after=2 * YEAR,
    ),
]

TYPED_BY_STAFF = InABrowser(
    "What our staff type into a draft and do not save, in their own browser only",
    "7 days, or until they save it, throw it away or log out",
)

# Whoever changes the record must be known as long as it stands: no rule may erase these.
STAYS = [
    Stays(
        "Who of our staff wrote, signed, published or took down each page",
        (
            "publishing.Edition",
            "publishing.EditionEditor",
            "publishing.SignOff",
            "publishing.SentBack",
            "publishing.UnsignedBody",
            "publishing.SmallFixConfirmation",
            "publishing.Withdrawal",
            "publishing.Redaction",
        ),
    ),
    Stays("Who of our staff added each picture and each file", ("publishing.Attachment",)),
    Stays(
        "Who of our staff put out the yearly report on what you told us",
        ("participation.YearlyReport",),
    ),
    Stays(
        "The name and e-mail address of each of our staff, and what each may do here",
        (
            "auth.User",
            "auth.User_groups",
            "auth.User_user_permissions",
            "publishing.Signer",
        ),
    ),
]

# What says nothing of any person, or goes with what does, each with its reason.
NOT_PERSONAL = {
    "participation.AlertCursor": "up to which line of our record everybody was told",
    "participation.Delivery": "which change was in which e-mail; it goes with the e-mail",
    "programme.Term": "when a school term begins and ends",
    "programme.LateReason": "why an update was late, in public words",
    "programme.RememberedHeading": "what the heading of a column meant, not what stood below it",
    "publishing.Document": "of what kind a page is, and its address",
    "publishing.EditionPicture": "which page shows which picture",
    "publishing.Release": "which pages go out together",
    "publishing.LedgerEntry": "what was public and when; the post of who signed, never a name",
    "publishing.LedgerText": "words that were public; what was private is redacted, and is gone",
    "publishing.SiteVersion": "how often the site has changed",
    "publishing.Body": "what the council and the NHS are called",
    "auth.Group": "what a role is called",
    "auth.Group_permissions": "what a role may do",
    "auth.Permission": "what there is to be allowed",
    "contenttypes.ContentType": "what our tables are called",
}


def erase(model: str, now: dt.datetime) -> int:
    """Obeys the lines of one model."""
    return sum(rule.erase(now) for rule in RULES if rule.model == model)


def erase_expired(now: dt.datetime | None = None) -> dict[str, int]:
    """Obeys every line. Returns how many rows each touched, by what it is of."""
    from participation import feedback_erasing

    now = now or timezone.now()
    feedback_erasing.before(now)
    return {f"{rule.what}: {rule.kept}": rule.erase(now) for rule in RULES}
