"""`manage.py rerender`: make the HTML of all pages anew, after an upgrade of the renderer."""

from django.core.management.base import BaseCommand

from publishing import actions


class Command(BaseCommand):
    help = "Makes the HTML of every page anew from its text. The text itself never changes."

    def handle(self, *args, **options):
        self.stdout.write(f"Made anew: {actions.rerender()} rows.")
