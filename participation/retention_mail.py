"""How long we keep what our e-mails need: the words for families, and what erases it."""

import datetime as dt

from participation.models import Mail, MailCount, Subscriber

# Each model of ours, with what the privacy page says of it.
RETENTION = {
    "participation.Subscriber": "Your e-mail address, until you stop our e-mails and 30 days more. "
    "You can have it deleted at once. If you never press the button in our first e-mail: 3 days.",
    "participation.Follow": "What you want to hear about: as long as your address.",
    "participation.Mail": "That we wrote to you, without the words: 30 days.",
    "participation.Delivery": "Which change was in which e-mail: 30 days after it went.",
    "participation.MailCount": "How many e-mails an address got in a day, without the address: 2 "
    "days.",
    "participation.AlertCursor": "Up to which line of our record everybody was told. Nothing about "
    "people.",
    "django_tasks_db.DBTaskResult": "When our machine sent e-mails, without any address: 30 days.",
}
TASKS_KEPT = dt.timedelta(days=30)


def erase_expired(now: dt.datetime) -> int:
    """Deletes what is older than the sentences above say. Returns how many rows."""
    from django_tasks_db.models import DBTaskResult

    count = Subscriber.objects.forget_old(now)
    count += Mail.objects.forget_old(now)
    count += MailCount.objects.forget_old(now)
    tasks, _ = DBTaskResult.objects.filter(enqueued_at__lt=now - TASKS_KEPT).delete()
    return count + tasks
