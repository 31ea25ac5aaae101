"""What waits for a person of staff: one line each, with a link to the page where it is done.

However much waits, the number of queries is the same: of each kind the oldest is named, and the
others are counted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.text import Truncator

from participation.held_up import held_up
from participation.models import Feedback
from participation.models.feedback import READ_WITHIN
from programme import waiting
from programme.models import Milestone, PlanFile, Term
from publishing.models import (
    Document,
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
from updates.reading import late_update, stands

DAYS_TO_CONFIRM = 5  # working days, as the page of a small fix says
SATURDAY = 5
LONGEST_REASON = 12  # words


class Task(NamedTuple):
    says: str
    address: str
    more: str = ""


Found = Iterator[Task]


def tasks_of(user, moment: Moment) -> list[Task]:
    """The lines that this person may do something about, the most pressing first."""
    return [
        task
        for permission, find in WAITING
        if user.has_perm(permission if "." in permission else f"publishing.{permission}")
        for task in find(user, moment)
    ]


# What people told us


def of_danger(user, moment: Moment) -> Found:
    for count, message in oldest(Feedback.objects.for_duty().order_by("sent_at", "pk")):
        yield Task(
            one_or(
                count,
                "Read now: a message may be about a child in danger",
                "messages may be about children in danger: read them now",
            ),
            messages_page(count, message, ""),
            f"{'Sent' if count == 1 else 'The first was sent'} on {day_of(message.sent_at)}.",
        )


def of_new_messages(user, moment: Moment) -> Found:
    new = Feedback.objects.visible_to(user).unread().filter(is_for_duty=False)
    for count, message in oldest(new.order_by("sent_at", "pk")):
        until = working_days_after(message.sent_at.astimezone(LONDON).date(), READ_WITHIN)
        when = "We said we would read it by" if until < moment.day else "Read it by"
        yield Task(
            one_or(count, "A message from a family is new", "messages from families are new"),
            messages_page(count, message, "?stage=new&o=2"),
            f"{when} {until:%-d %B %Y}." if count == 1 else f"Read the first by {until:%-d %B %Y}.",
        )


def of_late_answers(user, moment: Moment) -> Found:
    waits = Feedback.objects.visible_to(user).unanswered(moment).filter(is_for_duty=False)
    for count, message in oldest(waits.filter(answer_by__lt=moment.day).order_by("answer_by")):
        since = f"{message.answer_by:%-d %B %Y}"
        yield Task(
            one_or(
                count,
                "A message should have been answered",
                "messages should have been answered",
            ),
            messages_page(count, message, "?stage=late&o=2"),
            f"By {since}." if count == 1 else f"The first by {since}.",
        )


def messages_page(count: int, message: Feedback, query: str) -> str:
    if count == 1:
        return reverse("admin:participation_feedback_change", args=[message.pk])
    return reverse("admin:participation_feedback_changelist") + query


def day_of(at: dt.datetime) -> str:
    return f"{at.astimezone(LONDON):%-d %B %Y}"


# Updates and drafts


def of_late_update(user, moment: Moment) -> Found:
    newest = Term.objects.filter(stands(moment)).newest_first().first()
    late = late_update(moment, after=newest)
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


# E-mails


def of_mails(user, moment: Moment) -> Found:
    """Nobody of staff can mend it here: it says whom to tell, and what."""
    found = held_up(moment.at)
    if found is None:
        return
    since = found.since.astimezone(LONDON)
    waits = one_or(found.how_many or 1, "An e-mail has been waiting", "e-mails have been waiting")
    if not found.how_many:
        waits = "What is new has been waiting to be told"
    help_ = (
        f"The mail server does not take them. Tell whoever runs it: “{found.why}”."
        if found.why
        else "Nothing sends them. Tell whoever runs this site that its worker or heartbeat stands "
        "still."
    )
    yield Task(
        f"{waits} since {since:%H:%M on %-d %B %Y}",
        f"{reverse('admin:participation_mail_changelist')}?sent_at__isempty=1",
        f"{help_} Nothing is lost: they leave as soon as they can.",
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
    """Four weeks after they are over; the last week before 12, and what is later, say so."""
    for count, one in oldest(opportunities.silent(moment)):
        yield Task(
            one_or(
                count,
                f"Say what came of “{one.title}”",
                "chances to take part are over, and nobody said what came of them",
            ),
            page_of(Opportunity._meta.label_lower, one.pk),
            opportunities.reminder(one, moment.day)
            if count == 1
            else f"The oldest: “{one.title}”. {opportunities.reminder(one, moment.day)}",
        )


WAITING: list[tuple[str, Callable[..., Found]]] = [
    ("participation.see_safeguarding", of_danger),
    ("participation.change_feedback", of_new_messages),
    ("participation.change_feedback", of_late_answers),
    ("participation.view_mail", of_mails),
    ("write_release", of_late_update),
    ("sign_off_release", of_signatures),
    ("write_release", of_sent_back),
    ("sign_off_release", of_small_fixes),
    ("sign_off_release", of_take_downs),
    ("sign_off_release", of_redactions),
    ("write_release", of_passed_promises),
    ("write_release", of_promises_due_soon),
    ("write_release", of_silent_opportunities),
    ("write_release", of_plan_files),
]


# What the lines share


def oldest(rows: QuerySet) -> Iterator[tuple[int, Any]]:
    """The first row, with how many there are; nothing if there is none."""
    first = rows.first()
    if first is not None:
        yield rows.count(), first


def one_or(count: int, one: str, many: str) -> str:
    return one if count == 1 else f"{count:,} {many}"


def page_of(kind: str, edition: int, act: str = "") -> str:
    """The staff's page of an edition, or of a verb on it."""
    options = Document(kind=kind).kind_model._meta
    name = f"admin:{options.app_label}_{options.model_name}_{'act' if act else 'change'}"
    return reverse(name, args=[edition, act] if act else [edition])


def working_days_after(day: dt.date, number: int) -> dt.date:
    """Monday to Friday; bank holidays are not known here."""
    while number:
        day += dt.timedelta(days=1)
        number -= day.weekday() < SATURDAY
    return day
