"""What waits of what people told us, and of the e-mails that we owe them."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from participation.held_up import held_up
from participation.models import Feedback
from participation.models.feedback import READ_WITHIN
from publishing.moments import LONDON, Moment
from website.task_lines import Found, Task, day_of, oldest, one_or, working_days_after

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


def of_no_duty_mail(user, moment: Moment) -> Found:
    if not settings.SAFEGUARDING_EMAIL:
        yield Task(
            "Nobody gets an e-mail when a message may be about a child in danger",
            reverse("admin:participation_feedback_changelist"),
            "Look here each day. Tell whoever runs this site to set SAFEGUARDING_EMAIL.",
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


# E-mails


def of_mails(user, moment: Moment) -> Found:
    """Nobody of staff can mend it here: it says whom to tell, and what."""
    found = held_up(moment.at)
    if found is None:
        return
    waits = "What is new has been waiting to be told"
    if found.how_many:
        waits = one_or(found.how_many, "An e-mail has been waiting", "e-mails have been waiting")
    mend = "Nothing sends them. Tell whoever runs this site that its worker or heartbeat stopped."
    if found.why:
        mend = (
            f"The mail server does not take them. Tell whoever runs it: “{found.why}”. "
            "We keep trying."
        )
    yield Task(
        f"{waits} since {found.since.astimezone(LONDON):%H:%M on %-d %B %Y}",
        f"{reverse('admin:participation_mail_changelist')}?stage=waits",
        mend,
    )
