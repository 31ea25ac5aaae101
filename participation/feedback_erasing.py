"""Where else the words of messages live, and must not: known and forgotten before they go."""

import datetime as dt

from django.db import transaction
from django.db.models import Q

from participation import retention
from participation.models import Feedback
from publishing import actions, moments
from publishing.actions.going_public import take_off_schedule
from publishing.actions.lock import publishing_lock
from publishing.models import Document, Edition
from updates.models import YouSaidWeDid

ERASED = "(What was said is no longer kept.)"
HIDDEN = "(What was said is not shown.)"


def before(now: dt.datetime) -> None:
    """From when a message counts as answered, and drafts in which its words would live on."""
    Feedback.objects.close_answered(now)
    emptied = [rule for rule in retention.RULES if "words" in rule.empties]
    going = Q()
    for rule in emptied:
        going |= Q(pk__in=rule.expired(now).values("pk"))
    made = Document.objects.filter(made_from__in=Feedback.objects.filter(going))
    never_public = made.exclude(editions__published_at__isnull=False)
    for document in never_public.distinct():
        forget_in_draft(document)


@transaction.atomic
def pass_to_duty(feedback: Feedback, *, by) -> None:
    """The duty role alone reads it from now on: not even a draft made of it has its words."""
    feedback.pass_to_duty(by)
    if feedback.became is not None:
        hide_in_draft(feedback.became)


@publishing_lock()
def hide_in_draft(document: Document) -> None:
    """What is public was stripped of names and signed; what only waits to be must wait longer."""
    if Edition.objects.ever_public(moments.now()).filter(document=document).exists():
        return
    for edition in Edition.objects.filter(document=document, published_at__isnull=False):
        take_off_schedule(edition.release)
    forget_in_draft(document, HIDDEN)


@publishing_lock()
def forget_in_draft(document: Document, instead: str = ERASED) -> None:
    """A draft that was never public keeps its title, and what we did."""
    for draft in YouSaidWeDid.objects.filter(document=document, published_at=None):
        draft.said = instead
        draft.version += 1  # whoever has it open is told, instead of putting the words back
        draft.save()
        actions.seal_draft(draft)
