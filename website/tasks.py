"""What waits for a person of staff: one line each, with a link to the page where it is done.

However much waits, the number of queries is the same: of most kinds the oldest is named, and the
others are counted.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.text import Truncator

from programme import forum, waiting
from programme.models import ForumLink, Milestone, PlanFile, Term
from publishing.models import (
    Edition,
    Redaction,
    Release,
    SentBack,
    Signer,
    SignOff,
    Withdrawal,
)
from publishing.models.editions import EditionEditor
from publishing.moments import LONDON, Moment
from updates import opportunities
from updates.models import Opportunity, TermlyUpdate
from updates.reading import LateUpdate, late_update, stands
from website import tasks_listening as listening
from website.task_lines import Found, Task, oldest, one_or, page_of, working_days_after

DAYS_TO_CONFIRM = 5  # working days, as the page of a small fix says
LONGEST_REASON = 12  # words
NAMED_AT_MOST = 5


def tasks_of(user, moment: Moment) -> list[Task]:
    """The lines that this person may do something about, the most pressing first."""
    return [
        task
        for permission, find in WAITING
        if user.has_perm(permission if "." in permission else f"publishing.{permission}")
        for task in find(user, moment)
    ]


# Updates and drafts


def late_one(moment: Moment) -> LateUpdate | None:
    newest = Term.objects.filter(stands(moment)).newest_first().first()
    return late_update(moment, after=newest)


def of_late_update(user, moment: Moment) -> Found:
    late = late_one(moment)
    if late is None:
        return
    draft = TermlyUpdate.objects.working().filter(term=late.term).first()
    begin = f"{reverse('admin:updates_termlyupdate_add')}?term={late.term.pk}"
    yield Task(
        f"The {late.term.in_words} update is {late.how_late} late",
        page_of(TermlyUpdate._meta.label_lower, draft.pk) if draft else begin,
        "Its draft is here." if draft else "Nobody has begun it.",
    )


def of_sent_back(user, moment: Moment) -> Found:
    backs = SentBack.objects.filter(release=OuterRef("release")).order_by("-at")
    drafts = (
        Edition.objects.filter(published_at=None, submitted_at=None, is_waiting=False)
        .annotate(
            reason=Subquery(backs.values("reason")[:1]), back_at=Subquery(backs.values("at")[:1])
        )
        .filter(reason__isnull=False)
        .select_related("document")
    )
    for count, draft in oldest(drafts.order_by("back_at", "pk")):
        reason = Truncator(draft.reason).words(LONGEST_REASON)
        yield Task(
            one_or(count, f"“{draft.title}” was sent back", "drafts were sent back"),
            page_of(draft.document.kind, draft.pk),
            f"“{reason}”" if count == 1 else f"The first: “{draft.title}”.",
        )


def of_own_drafts(user, moment: Moment) -> Found:
    """What this person began and has not sent, the last one first; but for a late update."""
    mine = EditionEditor.objects.filter(edition=OuterRef("pk"), user=user)
    drafts = (
        Edition.objects.filter(published_at=None, submitted_at=None, is_waiting=False)
        .exclude(release__in=SentBack.objects.values("release"))
        .annotate(touched_at=Subquery(mine.values("at")[:1]))
        .filter(touched_at__isnull=False)
        .select_related("document")
    )
    if late := late_one(moment):
        drafts = drafts.exclude(pk__in=TermlyUpdate.objects.filter(term=late.term))
    for count, draft in oldest(drafts.order_by("-touched_at", "-pk")):
        yield Task(
            one_or(count, f"Go on with “{draft.title}”", "drafts of yours are not sent yet"),
            page_of(draft.document.kind, draft.pk),
            "" if count == 1 else f"The last: “{draft.title}”.",
        )


def of_signatures(user, moment: Moment) -> Found:
    """Releases that this person did not edit, for a body that has not signed yet."""
    signed = SignOff.objects.filter(voided_at=None, by__is_active=True)
    mine = Signer.objects.filter(user=user, body__must_sign=True).exclude(
        Exists(signed.filter(release=OuterRef(OuterRef("pk")), body=OuterRef("body")))
    )
    edits = EditionEditor.objects.filter(edition__release=OuterRef("pk"), user=user)
    sent = Edition.objects.filter(
        release=OuterRef("pk"), published_at=None, is_waiting=False, submitted_at__isnull=False
    ).order_by("submitted_at", "pk")
    releases = (
        Release.objects.filter(Exists(mine), ~Exists(edits))
        .exclude(Exists(signed.filter(release=OuterRef("pk"), by=user)))
        .annotate(
            first=Subquery(sent.values("pk")[:1]), sent=Subquery(sent.values("submitted_at")[:1])
        )
        .filter(first__isnull=False)
    )
    for count, release in oldest(releases.order_by("sent", "pk")):
        draft = Edition.objects.select_related("document").get(pk=release.first)
        yield Task(
            one_or(
                count, f"“{draft.title}” waits for your signature", "drafts wait for your signature"
            ),
            page_of(draft.document.kind, draft.pk, "sign-off"),
            "" if count == 1 else f"The oldest: “{draft.title}”.",
        )


# What a second person looks at afterwards


def of_small_fixes(user, moment: Moment) -> Found:
    fixes = (
        Edition.objects.filter(
            is_minor=True, published_at__lte=moment.at, small_fix_confirmation=None
        )
        .exclude(published_by=user)
        .select_related("document")
    )
    for count, fix in oldest(fixes.order_by("published_at", "pk")):
        until = working_days_after(fix.published_at.astimezone(LONDON).date(), DAYS_TO_CONFIRM)
        when = "It should have been by" if until < moment.day else "By"
        yield Task(
            one_or(count, f"Confirm the small fix of “{fix.title}”", "small fixes to confirm"),
            page_of(fix.document.kind, fix.pk, "confirm-small-fix"),
            f"{when} {until:%-d %B %Y}.",
        )


def of_take_downs(user, moment: Moment) -> Found:
    downs = Withdrawal.objects.in_force(moment).filter(confirmed_at=None).exclude(by=user)
    for count, down in oldest(with_page(downs).order_by("from_at", "pk")):
        yield Task(
            one_or(count, f"Confirm that “{down.title}” had to come down", "take-downs to confirm"),
            page_of(down.document.kind, down.page, "confirm-take-down"),
            f"Down since {down.from_at.astimezone(LONDON):%-d %B %Y}.",
        )


def of_redactions(user, moment: Moment) -> Found:
    gone = Redaction.objects.filter(confirmed_at=None).exclude(by=user)
    for count, removal in oldest(with_page(gone).order_by("at", "pk")):
        only = f"Confirm that only personal details left “{removal.title}”"
        yield Task(
            one_or(count, only, "removals of personal details to confirm"),
            page_of(removal.document.kind, removal.page, "confirm-removal"),
            f"Removed on {removal.at.astimezone(LONDON):%-d %B %Y}.",
        )


def with_page(rows: QuerySet) -> QuerySet:
    """Facts about a document, each with the newest edition of it."""
    newest = Edition.objects.filter(document=OuterRef("document")).order_by("-number")
    return rows.select_related("document").annotate(
        page=Subquery(newest.values("pk")[:1]), title=Subquery(newest.values("title")[:1])
    )


# The plan


def of_passed_promises(user, moment: Moment) -> Found:
    for count, promise in oldest(waiting.unreported(moment)):
        yield Task(
            one_or(
                count,
                f"“{promise.title}” passed its date and has no report",
                "promises passed their date and have no report",
            ),
            promises_page(count, promise, "unreported"),
        )


def of_promises_due_soon(user, moment: Moment) -> Found:
    for count, promise in oldest(waiting.due_soon(moment)):
        first = f"{promise.due_on:%-d %B %Y}"
        days = waiting.SOON.days
        yield Task(
            one_or(
                count,
                f"The date of “{promise.title}” is in the next {days} days",
                f"promises have their date in the next {days} days",
            ),
            promises_page(count, promise, "soon"),
            f"It is {first}." if count == 1 else f"The first is {first}.",
        )


def of_the_forum(user, moment: Moment) -> Found:
    """Promises that we say are done, and of which the forum was not asked: no link of it works."""
    if ForumLink.objects.standing(moment.at).exists():
        return
    if count := forum.unanswered(moment).count():
        promises = "1 promise" if count == 1 else f"{count:,} promises"
        yield Task(
            f"Ask the Parent Carer Forum about {promises} that we say "
            f"{'is' if count == 1 else 'are'} done",
            reverse("admin:programme_forumlink_add"),
            "You make a link, and the forum answers in its own words.",
        )


def promises_page(count: int, promise: Milestone, when: str) -> str:
    if count == 1:
        return page_of(Milestone._meta.label_lower, promise.pk)
    return f"{reverse('admin:programme_milestone_changelist')}?when={when}"


def of_plan_files(user, moment: Moment) -> Found:
    """Files of which nothing has become a draft, and nothing was refused, yet."""
    files = PlanFile.objects.filter(drafted=[], refused={}).defer("rows", "notes", "headings")
    for count, file in oldest(files.order_by("uploaded_at", "pk")):
        yield Task(
            one_or(count, f"No row of “{file.name}” is a draft yet", "plans from Excel to check"),
            reverse("admin:programme_planfile_change", args=[file.pk]),
            f"Uploaded on {file.uploaded_at.astimezone(LONDON):%-d %B %Y}.",
        )


def of_silent_opportunities(user, moment: Moment) -> Found:
    """Four weeks after they are over; the last week before 12, and what is later, say so.

    Each has a day of its own, so each is named; of very many the oldest.
    """
    silent = list(opportunities.silent(moment)[: NAMED_AT_MOST + 1])
    for one in silent[:NAMED_AT_MOST]:
        yield Task(
            f"Say what came of “{one.title}”",
            page_of(Opportunity._meta.label_lower, one.pk),
            opportunities.reminder(one, moment.day),
        )
    if len(silent) > NAMED_AT_MOST:
        yield Task(
            "More chances to take part are over, and nobody said what came of them",
            reverse("admin:updates_opportunity_changelist"),
            "They come up as you deal with these.",
        )


WAITING: list[tuple[str, Callable[..., Found]]] = [
    ("participation.see_safeguarding", listening.of_danger),
    ("participation.see_safeguarding", listening.of_no_duty_mail),
    ("participation.change_feedback", listening.of_new_messages),
    ("participation.change_feedback", listening.of_late_answers),
    ("participation.view_mail", listening.of_mails),
    ("write_release", of_late_update),
    ("sign_off_release", of_signatures),
    ("write_release", of_sent_back),
    ("write_release", of_own_drafts),
    ("sign_off_release", of_small_fixes),
    ("sign_off_release", of_take_downs),
    ("sign_off_release", of_redactions),
    ("write_release", of_passed_promises),
    ("write_release", of_promises_due_soon),
    ("publish_release", of_the_forum),
    ("write_release", of_silent_opportunities),
    ("write_release", of_plan_files),
]
