"""What must be known or forgotten before the words of messages are erased."""

import datetime as dt

from django.db.models import Q

from participation import retention
from participation.models import Feedback
from publishing import actions
from publishing.actions.lock import publishing_lock
from publishing.models import Document
from updates.models import YouSaidWeDid

ERASED = "(What was said is no longer kept.)"


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


@publishing_lock()
def forget_in_draft(document: Document) -> None:
    """A draft that nobody published in all that time keeps its title, and what we did."""
    for draft in YouSaidWeDid.objects.filter(document=document, published_at=None):
        draft.said = ERASED
        draft.version += 1  # whoever has it open is told, instead of putting the words back
        draft.save()
        actions.seal_draft(draft)
