"""What stops a rich text from being published, in words for staff."""

from collections.abc import Iterator

from publishing.richtext.rendering import stored_pictures
from publishing.richtext.source import address, links, pictures


def problems_of_text(name: str, source: str) -> Iterator[str]:
    """Pictures without words, pictures from elsewhere, links that lead nowhere.

    `name` is how staff know the text: “what happened” of “We hired people”.
    """
    shown = pictures(source)
    stored = stored_pictures({picture.digest for picture in shown if picture.digest})
    for number, picture in enumerate(shown, start=1):
        which = f"Picture {number}" if len(shown) > 1 else "The picture"
        if picture.digest not in stored:
            yield f"{which} in {name} is not on this site. Put it there with “Add a picture”."
        elif not picture.is_described:
            yield (
                f"{which} in {name} needs a description: write between the square brackets what it "
                "shows. If it only decorates, write “decorative”."
            )
    for link in links(source):
        if not address(link):
            yield (
                f"The link “{link}” in {name} leads nowhere. It must begin with https:// or, for "
                "a page of this site, with /."
            )
