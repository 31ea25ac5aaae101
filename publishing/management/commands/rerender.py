"""`manage.py rerender`: make the HTML of all pages anew, after an upgrade."""

from django.core.management.base import BaseCommand

from publishing import actions


class Command(BaseCommand):
    help = "Makes the HTML of every page anew from its text. The text itself never changes."

    def handle(self, *args, verbosity, **options):
        number = actions.rerender()
        if verbosity:
            self.stdout.write(f"Made anew: {number} rows.")
