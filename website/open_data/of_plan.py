"""The plan as tables: promises, every move of a date, checks, problems and plans."""

from django.db.models import F, OuterRef, Subquery

from programme.models import Area, Check, ForumCheck, Milestone, Plan, ProgressRound
from programme.promises import told
from programme.statuses import Confirmer, Status
from publishing.moments import Moment
from website.open_data.tables import (
    OF_PAGE,
    PUBLISHED,
    Column,
    Table,
    about_page,
    each_refers,
    every,
    every_part,
    key_of,
    one_of,
    page_address,
    refers,
    streamed,
)


def promises(moment: Moment):
    standing = told(Milestone.objects.as_of(moment), moment).order_by("pk")
    whole = standing.select_related("document", "body").prefetch_related("areas")
    return streamed(whole, moment, also="areas")


PROMISES = Table(
    "promises",
    "Promises",
    "Every promise, its first date, its date now, and what became of it.",
    (
        *about_page(title="What we said we would do."),
        Column("reference", "Its number in the plan.", give="ref"),
        Column("kind", one_of(Milestone.Kind, "What sort of promise it is."), give="kind"),
        Column("whose", "Which body made it.", give=lambda row: str(row.body)),
        Column("who", "Which post is responsible."),
        Column("how_we_will_know", "What families can check."),
        Column(
            "first_date_words", "The first date we gave, in words.", give=lambda r: str(r.first_due)
        ),
        Column("first_date", "The last day of that first date.", "date", "first_due_on"),
        Column("date_now_words", "The date we give now, in words.", give=lambda r: str(r.due)),
        Column("date_now", "The last day of the date now.", "date", "due_on"),
        Column("times_moved", "How often we moved the date.", "integer"),
        Column("status", one_of(Status, "Counted from the first date."), give="status"),
        Column("confirmed_by", one_of(Confirmer, "Who says that it is done."), give="confirmer"),
        Column("started_on", "The day work began.", "date"),
        Column("so_far", "What we have done so far.", give="started_note"),
        Column("done_on", "The day it was done.", "date"),
        Column("proof", "What shows that it is done."),
        Column(
            "families_notice",
            one_of(Milestone.Notice, "Do families notice?"),
            give="families_notice",
        ),
        Column("how_we_know", "How we know what families notice."),
        Column("slipped_back_on", "The day it was no longer so.", "date"),
        Column("slipped_back_because", "Why it slipped back."),
        Column("could_not_because", "Why we could not do this."),
        Column("instead", "What we do instead."),
        Column("replaced_by", "The promise in its place.", give=refers("replaced_by")),
        Column("plan", "The plan that it is in.", give=refers("of_plan")),
        Column("made_in", "The page on which it was made.", give=refers("origin")),
        Column(
            "problems",
            "The problems that it helps with, with a space between them.",
            give=each_refers("areas", "area"),
        ),
        Column("official_wording", "Its wording in the plan."),
        Column("will_notice", "What families will notice."),
        Column("made_with", "Who helped to write it."),
        Column("they_changed", "What they changed."),
        *PUBLISHED,
    ),
    promises,
)


def date_changes(moment: Moment):
    """Each public version that moved its promise's date, beside the version before it."""
    before = Milestone.objects.filter(pk=OuterRef("based_on"))
    moved = (
        Milestone.objects.ever_public(moment)
        .annotate(
            before_words=Subquery(before.values("due_words")[:1]),
            before_on=Subquery(before.values("due_on")[:1]),
            before_moved=Subquery(before.values("times_moved")[:1]),
        )
        .filter(times_moved__gt=F("before_moved"))
    )
    return streamed(moved.select_related("document").order_by("pk"), moment)


PROMISE_DATES = Table(
    "promise-dates",
    "Dates that moved",
    "Every time we moved the date of a promise, and why.",
    (
        Column("promise_id", "The id of the promise.", give=key_of),
        Column("page", "The address of the promise.", give=page_address),
        Column("version", "The version that moved the date.", "integer", "number"),
        Column("published_at", "When we said so.", "datetime"),
        Column("from_words", "The date before, in words.", give="before_words"),
        Column("from_date", "The last day of the date before.", "date", "before_on"),
        Column("to_words", "The new date, in words.", give="due_words"),
        Column("to_date", "The last day of the new date.", "date", "due_on"),
        Column("why", "Why we moved it.", give="why_changed"),
        Column("cause", one_of(Milestone.Cause, "The cause."), give="cause"),
        Column("agreed_by", "Who agreed to the change.", give="change_agreed_by"),
        Column("times_moved", "How often it had moved by then.", "integer"),
    ),
    date_changes,
)

CHECKS = Table(
    "checks",
    "Checks of our promises",
    "Each promise that we looked at, and when.",
    (
        *OF_PAGE,
        Column("checked_on", "The day we checked.", "date", "edition.checked_on"),
        Column("promise", "The promise that we looked at.", give=refers("milestone")),
        Column("is_unchanged", "True if nothing had changed.", "boolean"),
        Column("note", "What we found."),
        Column("note_on_all", "What to know about the whole check.", give="edition.note"),
    ),
    every_part(Check, ProgressRound),
)

FORUM_ANSWERS = Table(
    "forum-answers",
    "What the Parent Carer Forum says",
    "The forum’s newest answer about each promise that we say is done, in its own words.",
    (
        *about_page(),
        Column("promise", "The promise that it is about.", give=refers("promise")),
        Column("answer", one_of(ForumCheck.Answer, "Does the forum say that it is done?")),
        Column("words", "The forum’s own words."),
        Column("said_done_on", "The day on which we say that it was done.", "date"),
        *PUBLISHED,
    ),
    every(ForumCheck),
)

PROBLEMS = Table(
    "problems",
    "Problems we must fix",
    "What inspectors said must be fixed.",
    (
        *about_page(title="The problem, in plain words."),
        Column("number", "Its number.", "integer", "area_number"),
        Column("explanation", "What the problem is."),
        Column("official_wording", "The inspectors’ exact words."),
        Column("official_source", "Where their words are written."),
        Column("closed_on", "The day somebody else said that it is fixed.", "date"),
        Column("closed_by", "Who said so."),
        *PUBLISHED,
    ),
    every(Area),
)

PLANS = Table(
    "plans",
    "Plans",
    "The plan we follow now, and those before it.",
    (
        *about_page(),
        Column("kind", one_of(Plan.Kind, "What sort of plan it is."), give="kind"),
        Column("which", "Which version of the plan.", give="version_label"),
        Column("summary", "What it is for."),
        Column("agreed_by", "Who agreed it."),
        Column("agreed_words", "When they agreed it, in words.", give=lambda r: str(r.agreed)),
        Column("agreed_on", "The last day of that date.", "date"),
        Column("replaces", "The plan before it.", give=refers("replaces")),
        *PUBLISHED,
    ),
    every(Plan),
)
