"""What a server should be told before families write to it."""

from django.conf import settings
from django.core import checks


def somebody_hears_of_danger(app_configs, **kwargs):
    """`manage.py check --deploy` says when nobody would get a mail at once."""
    if settings.SAFEGUARDING_EMAIL:
        return []
    return [
        checks.Warning(
            "Nobody gets a mail when a message may be about a child in danger.",
            hint="Set SAFEGUARDING_EMAIL to the address of the duty role.",
            id="participation.W001",
        )
    ]
