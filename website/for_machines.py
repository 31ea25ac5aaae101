"""For search engines, and for whoever finds a hole: sitemap, robots.txt and security.txt."""

import datetime as dt

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as django_sitemaps
from django.contrib.sitemaps.views import SitemapIndexItem
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from publishing import moments
from publishing.models import Edition
from publishing.pages import page_of_today

# The law of this file (RFC 9116) wants an end. Read the contact again, then move it on by a year;
# tests/test_for_machines.py fails a month before.
SECURITY_TXT_EXPIRES = dt.datetime(2027, 11, 1, tzinfo=dt.UTC)
LISTS = (
    "website:home",
    "updates:list",
    "plan:list",
    "plan:board",
    "measures:list",
    "you_said:list",
    "opportunities:list",
    "timeline:list",
    "who:list",
    "changes:list",
    "changes:check",
    "website:data",
)


class Pages(Sitemap):
    """Every page that stands now, and the lists that lead to them."""

    limit = 1000

    def items(self):
        standing = Edition.objects.as_of(moments.now()).select_related("document")
        return Listed(standing.order_by("document_id"))

    def location(self, item):
        return reverse(item) if isinstance(item, str) else item.document.get_absolute_url()

    def get_domain(self, site=None):
        return settings.SITE_URL.partition("://")[2]

    def get_protocol(self, protocol=None):
        return settings.SITE_URL.partition("://")[0]

    def lastmod(self, item):
        return None if isinstance(item, str) else item.published_at


class Listed:
    """The lists and then the pages, for a paginator: counted and sliced, never read whole."""

    def __init__(self, pages):
        self.pages = pages

    def count(self) -> int:
        return len(LISTS) + self.pages.count()

    __len__ = count

    def __getitem__(self, wanted: slice) -> list:
        first, last = wanted.start or 0, wanted.stop
        from_pages = slice(max(first - len(LISTS), 0), max(last - len(LISTS), 0))
        return [*LISTS[first:last], *self.pages[from_pages]]


@page_of_today
def sitemap_index(request):
    """One address for each thousand pages. Django's own index names the host it was asked by."""
    url = f"{settings.SITE_URL}{reverse('website:sitemap_pages')}"
    numbers = range(1, Pages().paginator.num_pages + 1)
    sitemaps = [SitemapIndexItem(f"{url}?p={number}" if number > 1 else url) for number in numbers]
    context = {"sitemaps": sitemaps}
    return TemplateResponse(request, "sitemap_index.xml", context, content_type="application/xml")


@page_of_today
def sitemap_pages(request):
    return django_sitemaps.sitemap(request, {"pages": Pages})


@page_of_today
def robots(request):
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in ("/admin/", "/on/", "/private/")),
        f"Sitemap: {settings.SITE_URL}{reverse('website:sitemap')}",
    ]
    return plain(lines)


@page_of_today
def security(request):
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {SECURITY_TXT_EXPIRES:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {settings.SITE_URL}{reverse('website:security')}",
    ]
    return plain(lines)


def plain(lines: list[str]) -> HttpResponse:
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
