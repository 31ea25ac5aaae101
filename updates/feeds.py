"""The updates as a feed: valid Atom, with ids that outlive a page's address."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from publishing.day_addresses import absolute
from updates.reading import newest_by_appearance

ENTRIES = 20


class PlainAtom(Atom1Feed):
    """Atom whose summaries are plain text: Django's would call them HTML."""

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        handler.addQuickElement("summary", item["summary"])

    def latest_post_date(self):
        # Without entries Django says "now", and an empty feed would change with every request.
        return super().latest_post_date() if self.items else self.feed["empty_since"]


class UpdatesFeed(Feed):
    feed_type = PlainAtom

    def __call__(self, request, *args, **kwargs):
        response = super().__call__(request, *args, **kwargs)
        # A page that was taken down leaves the feed and moves no date: only an ETag may answer
        # "not modified".
        del response["Last-Modified"]
        return response

    def get_object(self, request):
        return request.moment

    def title(self):
        return f"{settings.SITE_NAME}, {settings.SITE_PLACE}: updates to families"

    def subtitle(self):
        changes = absolute(reverse("changes:list"))
        return f"Every term: what got better, and what did not. All that ever changed: {changes}"

    def author_name(self):
        return f"{settings.SITE_NAME}, {settings.SITE_PLACE}"

    def link(self):
        return absolute(reverse("updates:list"))

    def feed_url(self):
        return absolute(reverse("updates:feed"))

    feed_guid = feed_url

    def feed_extra_kwargs(self, moment):
        midnight = moment.at.replace(hour=0, minute=0, second=0, microsecond=0)
        return {"empty_since": midnight}

    def items(self, moment):
        return newest_by_appearance(moment, ENTRIES)

    def item_title(self, item):
        return printable(item.title)

    def item_description(self, item):
        return None

    def item_extra_kwargs(self, item):
        said = item.in_short_lines
        if item.first_source_date:
            said = [f"First published: {item.first_source_date}.", *said]
        return {"summary": printable(" ".join(said))}

    def item_link(self, item):
        return absolute(item.get_absolute_url())

    def item_guid(self, item):
        """A tag: the site's name on the day it learned of the document, and the document's key."""
        host = urlsplit(settings.SITE_URL).hostname
        return f"tag:{host},{item.document.created_at:%Y-%m-%d}:{item.document.key}"

    def item_pubdate(self, item):
        """None for what stood elsewhere first: Atom wants a day, and its source names none."""
        return None if item.first_imported_at else item.first_published_at

    def item_updateddate(self, item):
        return item.imported_at or item.published_at


def printable(text: str) -> str:
    """Without the control characters that Word leaves behind: one would end the whole feed."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", " ", text)
