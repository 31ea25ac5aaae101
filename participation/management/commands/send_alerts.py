"""`manage.py send_alerts`: the heartbeat of our e-mails, for cron or, with --every, by itself."""

import time

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from participation.feedback_alerts import alert_duty
from participation.models.counts import Limit
from participation.retention import erase_expired
from participation.tasks import send_alerts

ONCE_A_DAY = Limit(1)


class Command(BaseCommand):
    help = (
        "Has news looked for and waiting mails sent: by the worker, or here if the site sends "
        "mails without one. Run it every minute: it is also what tries again, what sends the "
        "weekly mails, and what notices pages that were published at a time."
    )

    def add_arguments(self, parser):
        parser.add_argument("--every", type=int, metavar="SECONDS", help="do it again and again")

    def handle(self, *args, every=None, **options):
        if not every:
            beat()
            return
        while True:
            close_old_connections()
            try:
                beat()
            except DatabaseError as error:
                self.stderr.write(f"The database does not answer ({type(error).__name__}).")
            time.sleep(every)


def beat() -> None:
    """Once a day it forgets whom we promised to forget: that must not wait for anybody."""
    now = timezone.now()
    if ONCE_A_DAY.take("what is kept no longer is erased", now):
        erase_expired(now)
    alert_duty()
    send_alerts.enqueue()
