"""Addresses of past days, `/on/2021-11-03/…`: read, made, and brought back to today."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.urls import get_script_prefix, set_script_prefix

ADDRESS = re.compile(r"/on/([0-9]{4}-[0-9]{2}-[0-9]{2})(?=/|$)")
PREFIX = re.compile(r"on/[0-9]{4}-[0-9]{2}-[0-9]{2}/$")


def split(path: str) -> tuple[str, str] | None:
    """The day that an address names and the address within that day; None for any other."""
    found = ADDRESS.match(path)
    return (found[1], path[found.end() :]) if found else None


@contextmanager
def links_stay_in(day: str) -> Iterator[None]:
    """Every address that is made meanwhile begins with that day."""
    prefix = get_script_prefix()
    set_script_prefix(f"{prefix}on/{day}/")
    try:
        yield
    finally:
        set_script_prefix(prefix)


def of_today(address: str) -> str:
    """An address that `reverse` has made, on the site of today: without a day's prefix."""
    prefix = get_script_prefix()
    return PREFIX.sub("", prefix) + address.removeprefix(prefix)


def absolute(path: str) -> str:
    """From the site's own address: a feed or a mail outlives the request, its host and its day."""
    return f"{settings.SITE_URL}{of_today(path)}"


def on(day: dt.date, path: str) -> str:
    """The address of a page on a day, whatever day its reader is on; `path` begins with “/”."""
    return of_today(f"{get_script_prefix()}on/{day}{path}")
