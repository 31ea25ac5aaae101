"""`manage.py verify_ledger`: recompute every digest; exit 1 and name the line if one is wrong."""

from django.core.management.base import BaseCommand, CommandError

from publishing import ledger, verification


class Command(BaseCommand):
    help = "Checks that nothing public was altered behind the ledger's back."

    def handle(self, *args, **options):
        faults = verification.faults()
        for fault in faults:
            self.stderr.write(str(fault))
        if faults:
            raise CommandError(f"{len(faults)} faults. Somebody changed the record by hand.")
        newest = ledger.newest()
        self.stdout.write(
            f"All {newest.id} lines verify. The newest digest is {newest.digest}."
            if newest
            else "The ledger is empty."
        )
