"""Puts a story from website/demonstration/ on the site, as pages published elsewhere before."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from publishing.actions import NotAllowed
from website import story


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("name", choices=story.available())
        parser.add_argument("--author", required=True, help="who writes: a log-in name")
        parser.add_argument("--publisher", required=True, help="who signs and publishes")

    def handle(self, *, name, author, publisher, verbosity, **options):
        try:
            people = {"author": find(author), "publisher": find(publisher)}
            added = story.load(name, **people)
        except NotAllowed as refusal:
            raise CommandError(str(refusal)) from refusal
        if verbosity:
            self.stdout.write(f"{len(added)} pages added from the story of {name}.")


def find(username: str):
    """The member of staff with this log-in name."""
    User = get_user_model()  # noqa: N806 - it is a class
    try:
        return User.objects.get(username=username)
    except User.DoesNotExist:
        raise CommandError(f"There is no log-in “{username}”.") from None
