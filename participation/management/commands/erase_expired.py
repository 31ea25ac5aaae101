"""Erases what is older than participation/retention.py says. Run it every day."""

from django.core.management.base import BaseCommand

from participation.retention import erase_expired


class Command(BaseCommand):
    help = __doc__

    def handle(self, *, verbosity, **options):
        for what, count in erase_expired().items():
            if verbosity and count:
                self.stdout.write(f"{count:,} of: {what}")
