"""What a phone gets in its first round trip: a page and its styles, as production sends them."""

import gzip
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.middleware.gzip import GZipMiddleware

from config.static import served

LARGEST_PAGE = 14_600
LARGEST_STYLES = 10_000
# How hard the middleware presses. Each answer is longer by chance, at most by so much.
PRESSED, BY_CHANCE = 6, GZipMiddleware.max_random_bytes


def of_page(content: bytes) -> int:
    return len(gzip.compress(content, PRESSED)) + BY_CHANCE


def of_styles_as_served() -> int:
    """Of the file that goes out, where `as_served` has collected it."""
    name = staticfiles_storage.stored_name("css/site.css")
    return Path(settings.STATIC_ROOT, f"{name}.gz").stat().st_size


def of_styles() -> int:
    """The same without collecting them."""
    return len(gzip.compress(served((settings.BASE_DIR / "static/css/site.css").read_bytes())))
