"""Static files as they are served: compressed, for ever, and styles without our notes in them."""

import re

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

NOTES_AND_LINES = re.compile(rb"/\*.*?\*/|\n+", re.DOTALL)


def served(styles: bytes) -> bytes:
    """Styles without comments and line ends: with a page they fit a phone's first round trip.

    Only for our own: no string in them holds either.
    """
    return NOTES_AND_LINES.sub(b"", styles)


class StaticFiles(CompressedManifestStaticFilesStorage):
    def _save(self, name, content):
        if name in {"css/site.css", "css/print.css"}:
            content = ContentFile(served(content.read()))
        return super()._save(name, content)
