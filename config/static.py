"""Static files as they are served: compressed, for ever, and styles without our notes in them."""

import re

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

# With the hash that a copy has in its name: those are what is served.
OUR_STYLES = re.compile(r"css/(site|print)(\.\w+)?\.css")
NOTES_AND_LINES = re.compile(rb"/\*.*?\*/|\n+", re.DOTALL)


def served(styles: bytes) -> bytes:
    """Styles without comments and line ends: with a page they fit a phone's first round trip.

    Only for our own: no string in them holds either.
    """
    return NOTES_AND_LINES.sub(b"", styles)


class StaticFiles(CompressedManifestStaticFilesStorage):
    def _save(self, name, content):
        if OUR_STYLES.fullmatch(name):
            content.seek(0)  # whoever named it after its content has read it to the end
            content = ContentFile(served(content.read()))
        return super()._save(name, content)
