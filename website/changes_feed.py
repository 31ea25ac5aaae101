"""What changed, as a feed: one entry a ledger line, under an id that outlives everything else."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from publishing import record
from publishing.day_addresses import absolute
from updates.feeds import PlainAtom, UpdatesFeed, printable

ENTRIES = 30


class ChangesFeed(UpdatesFeed):
    feed_type = PlainAtom

    def title(self):
        return f"{settings.SITE_NAME}, {settings.SITE_PLACE}: what changed"

    def subtitle(self):
        """The newest digest too: whoever keeps an old feed can tell a rewritten past."""
        return f"Every change, in the order of the record. {record.newest_in_words()}".strip()

    def link(self):
        return absolute(reverse("changes:list"))

    def feed_url(self):
        return absolute(reverse("changes:feed"))

    feed_guid = feed_url

    def items(self, moment):
        return record.in_words(record.recorded(moment).order_by("-id")[:ENTRIES], moment)

    def item_title(self, item):
        return printable(item.in_one_line)

    def item_extra_kwargs(self, item):
        said = (*item.says, item.note, f"Line {item.number} of the record: {item.entry.digest}")
        return {"summary": printable(" ".join(" ".join(filter(None, said)).split()))}

    def item_link(self, item):
        return absolute(item.url or reverse("changes:list"))

    def item_guid(self, item):
        """A tag: the site's name on the day of the line, and the line's number."""
        host = urlsplit(settings.SITE_URL).hostname
        return f"tag:{host},{item.at:%Y-%m-%d}:line-{item.number}"

    def item_pubdate(self, item):
        return item.at

    def item_updateddate(self, item):
        return item.at
