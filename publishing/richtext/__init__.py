"""Rich text: staff write Markdown, families read HTML that can do no harm.

It is rendered when it is saved, never per request, by the function that also makes the preview.
"""

from publishing.richtext.fields import (
    DerivedField,
    MarkdownField,
    derived_fields,
    markdown_fields,
    with_derived,
)
from publishing.richtext.problems import problems_of_text
from publishing.richtext.rendering import MAX_BYTES, opening, plain, render
from publishing.richtext.source import Picture, links, pictures

__all__ = [
    "MAX_BYTES",
    "DerivedField",
    "MarkdownField",
    "Picture",
    "derived_fields",
    "links",
    "markdown_fields",
    "opening",
    "pictures",
    "plain",
    "problems_of_text",
    "render",
    "with_derived",
]
