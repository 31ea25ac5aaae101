"""The one noun for what we said we would do: translated, or said otherwise, for the whole site.

Wherever it stands by itself (headings, labels, counts) it comes from here. A council that says
“pledge”, or a page in Urdu, changes these two words in its catalogue and no template.
"""

from django.utils.translation import gettext_lazy

PROMISE = gettext_lazy("promise")
PROMISES = gettext_lazy("promises")


def promises_in_words(number: int) -> str:
    """After a number."""
    return str(PROMISE if number == 1 else PROMISES)
