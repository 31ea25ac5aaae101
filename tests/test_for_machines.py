"""Sitemap, robots.txt and security.txt."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from publishing import actions
from publishing.models import Document
from tests.factories import make_public_card, make_public_update, make_update
from website import for_machines

pytestmark = pytest.mark.django_db


def locations(client, path):
    return re.findall(r"<loc>([^<]*)</loc>", client.get(path).text)


def test_the_sitemap_names_every_page_that_stands(client, author, publisher):
    update = make_public_update(by=author, publisher=publisher)
    down = make_public_card(by=author, publisher=publisher, slug="down")
    actions.withdraw(down.document, by=publisher, reason="It was wrong.")
    draft = make_update(by=author, slug="draft")

    [pages] = locations(client, "/sitemap.xml")
    found = locations(client, pages.removeprefix("http://testserver"))

    assert "http://testserver/" in found
    for path in ("/opportunities/", "/plan/board/", "/data/"):
        assert any(url.endswith(path) for url in found), path
    assert f"http://testserver{update.get_absolute_url()}" in found
    assert not any("down" in url or draft.document.slug in url for url in found)
    assert [client.get(url).status_code for url in found] == [200] * len(found)


def test_a_long_sitemap_has_pages(client, author, publisher, monkeypatch):
    monkeypatch.setattr(for_machines.Pages, "limit", 5)
    for number in range(3):
        make_public_card(by=author, publisher=publisher, slug=f"card-{number}")

    pages = locations(client, "/sitemap.xml")
    found = [
        url for page in pages for url in locations(client, page.removeprefix("http://testserver"))
    ]

    assert len(pages) == 3
    assert len(found) == len(set(found)) == len(for_machines.LISTS) + Document.objects.count()
    assert client.get("/sitemap-pages.xml?p=99").status_code == 404


def test_robots_keep_out_of_what_is_no_page_of_today(client):
    text = client.get("/robots.txt").text

    assert "Disallow: /on/\n" in text
    assert text.endswith("Sitemap: http://testserver/sitemap.xml\n")


def test_security_txt_says_whom_to_tell_and_until_when(client):
    text = client.get("/.well-known/security.txt").text

    assert "Contact: http://testserver/private/\n" in text
    assert f"Expires: {for_machines.SECURITY_TXT_EXPIRES:%Y-%m-%dT%H:%M:%SZ}\n" in text


def test_security_txt_is_renewed_in_time():
    """Read the contact again, then set SECURITY_TXT_EXPIRES to a day within a year."""
    left = for_machines.SECURITY_TXT_EXPIRES - timezone.now()

    assert dt.timedelta(days=30) < left < dt.timedelta(days=366)
