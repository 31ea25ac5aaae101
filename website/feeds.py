"""What stands, as Atom: everything, one problem with what belongs to it, or one promise.

An entry is the line of the ledger by which a page came to say what it says now. So a correction is
a new entry with a permanent id, a small fix is none, and what was taken down leaves the feed.
"""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.text import Truncator

from programme.models import Area, Milestone
from publishing.day_addresses import absolute
from publishing.history import note_of, with_notes
from publishing.models import Document, Edition, LedgerEntry
from publishing.moments import Moment
from publishing.pages import public_page, standing_or_gone
from updates.belonging import belongs_to
from updates.feeds import PlainAtom, printable

ENTRIES = 50
WORDS_OF_A_SUMMARY = 40
# A small fix is no news.
NEWS = frozenset(LedgerEntry.APPEARANCES) - {LedgerEntry.Event.SMALL_FIX}


class Entry(NamedTuple):
    line: LedgerEntry
    edition: Edition  # what stands

    @property
    def is_new(self) -> bool:
        return self.line.edition_number == 1


class Subject(NamedTuple):
    """What a feed is about: its words, its page and itself, and the lines it may tell of."""

    title: str
    page: str
    feed: str
    lines: QuerySet[LedgerEntry]


def entries(lines: QuerySet[LedgerEntry], moment: Moment) -> list[Entry]:
    """The newest line of each page that stands, newest first. Three queries."""
    news = LedgerEntry.objects.filter(event__in=NEWS, effective_at__lte=moment.at)
    standing = Edition.objects.as_of(moment)
    newest = (
        lines.filter(Exists(standing.filter(document=OuterRef("document"))), pk__in=news)
        .exclude(Exists(news.filter(document=OuterRef("document"), id__gt=OuterRef("id"))))
        .select_related("document")
        .order_by("-id")
    )
    found = list(with_notes(newest)[:ENTRIES])
    editions = {
        edition.document_id: edition
        for edition in standing.filter(document__in=[line.document_id for line in found])
    }
    return [Entry(line, editions[line.document_id]) for line in found]


# What they are about


def of_documents(documents: Q) -> QuerySet[LedgerEntry]:
    return LedgerEntry.objects.filter(document__in=Document.objects.filter(documents))


def everything() -> Subject:
    return Subject(
        "all that is new or changed",
        reverse("website:home"),
        reverse("feeds:all"),
        LedgerEntry.objects.all(),
    )


def of_area(area: Area, moment: Moment) -> Subject:
    """The problem, and what belongs to it: promises, measures, answers, what others found."""
    return Subject(
        f"{area.short_name}: {area.title}",
        area.get_absolute_url(),
        reverse("feeds:area", args=[area.document.slug]),
        of_documents(belongs_to(area.document_id, moment)),
    )


def of_promise(promise: Milestone, moment: Moment) -> Subject:
    """The promise, the checks of it, and the updates that answer for it."""
    return Subject(
        f"{promise.short_name}: {promise.title}",
        promise.get_absolute_url(),
        reverse("feeds:promise", args=[promise.document.slug]),
        of_documents(belongs_to(promise.document_id, moment)),
    )


# How it travels


class SubjectFeed(Feed):
    feed_type = PlainAtom

    def get_object(self, request, subject: Subject) -> tuple[Subject, Moment]:
        return subject, request.moment

    def title(self, obj) -> str:
        return printable(f"{settings.SITE_NAME}, {settings.SITE_PLACE}: {obj[0].title}")

    def subtitle(self, obj) -> str:
        return f"All that ever changed on this site: {absolute(reverse('changes:list'))}"

    def author_name(self, obj) -> str:
        return f"{settings.SITE_NAME}, {settings.SITE_PLACE}"

    def link(self, obj) -> str:
        return absolute(obj[0].page)

    def feed_url(self, obj) -> str:
        return absolute(obj[0].feed)

    feed_guid = feed_url

    def feed_extra_kwargs(self, obj) -> dict[str, Any]:
        midnight = obj[1].at.replace(hour=0, minute=0, second=0, microsecond=0)
        return {"empty_since": midnight}

    def items(self, obj) -> list[Entry]:
        return entries(obj[0].lines, obj[1])

    def item_title(self, item: Entry) -> str:
        called = item.line.document.kind_model.LATER_EDITION_IS_CALLED
        if item.is_new or item.line.event == LedgerEntry.Event.DATE_MOVED:
            called = "New" if item.is_new else item.line.get_event_display()
        return printable(f"{called}: {item.edition.title}")

    def item_description(self, item):
        return None

    def item_extra_kwargs(self, item: Entry) -> dict[str, Any]:
        """What changed; of a new page, how it begins."""
        said = note_of(item.line) or Truncator(item.edition.text).words(WORDS_OF_A_SUMMARY)
        return {"summary": printable(said)}

    def item_categories(self, item: Entry) -> list[str]:
        return [item.line.document.kind_model.public_name()]

    def item_link(self, item: Entry) -> str:
        return absolute(item.line.document.get_absolute_url())

    def item_guid(self, item: Entry) -> str:
        """A tag that outlives every address: the site, the page's key, and which edition."""
        document = item.line.document
        day = f"{document.created_at:%Y-%m-%d}"
        host = urlsplit(settings.SITE_URL).hostname
        return f"tag:{host},{day}:{document.key}/{item.line.edition_number}"

    def item_pubdate(self, item: Entry):
        """None for what stood elsewhere first: Atom wants a day, and its source names none."""
        return None if item.edition.is_imported else item.line.effective_at

    def item_updateddate(self, item: Entry):
        return item.line.recorded_at


def response_to(request, subject: Subject) -> HttpResponse:
    """What was taken down leaves a feed and moves no date: only an ETag may say “not modified”."""
    response = SubjectFeed()(request, subject=subject)
    del response["Last-Modified"]
    return response


@public_page
def all_of_it(request):
    return response_to(request, everything())


@public_page
def area(request, slug):
    areas = Area.objects.select_related("document")
    return response_to(
        request, of_area(standing_or_gone(areas, request.moment, slug), request.moment)
    )


@public_page
def promise(request, slug):
    promises = Milestone.objects.select_related("document")
    return response_to(
        request, of_promise(standing_or_gone(promises, request.moment, slug), request.moment)
    )
