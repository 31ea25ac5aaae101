"""Tells the duty role that a message may be about a child in danger. Never what it says."""

import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import DatabaseError
from django.tasks import task
from django.urls import reverse
from django.utils import timezone

from participation.models import Feedback

log = logging.getLogger(__name__)

BODY = """A message on {site} may be about a child in danger.

Read it now, and act on it:
{address}

Messages that wait for you: {count}. This mail does not say what they say.
"""


def untold():
    """What the duty role has neither been told of nor dealt with."""
    return Feedback.objects.for_duty().filter(alerted_at=None)


@task
def tell_duty() -> None:
    """One mail for all that the duty role was not told of yet."""
    numbers = list(untold().values_list("pk", flat=True))
    if not numbers:
        return
    address = settings.SITE_URL + reverse("admin:participation_feedback_changelist")
    EmailMessage(
        "Now: a child may be in danger",
        BODY.format(site=settings.SITE_NAME, address=address, count=len(numbers)),
        to=[settings.SAFEGUARDING_EMAIL],
    ).send()
    Feedback.objects.filter(pk__in=numbers).update(alerted_at=timezone.now())


def alert_duty() -> None:
    """Whatever goes wrong here, what somebody wrote is kept already, and stands first for staff.

    The heartbeat tries again.
    """
    try:
        if settings.SAFEGUARDING_EMAIL and untold().exists():
            tell_duty.enqueue()
    except (DatabaseError, OSError) as error:
        log.error("The duty role was not told by mail: %s", type(error).__name__)
