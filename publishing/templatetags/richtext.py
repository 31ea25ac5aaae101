"""How stored rich text enters a page: the only place that trusts HTML."""

from django import template
from django.urls import get_script_prefix
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from publishing.richtext import opening, plain
from publishing.richtext.source import PAGE

register = template.Library()


@register.filter
def rich(html: str) -> SafeString:
    """Stored HTML of a Markdown field, its links to pages of this site made whole.

    The text was sanitised when it was stored, and in sanitised HTML these letters begin a link
    and nothing else: in words “<” stands as an entity.
    """
    prefix = escape(get_script_prefix().rstrip("/"))
    return mark_safe(html.replace(f'<a href="{PAGE}/', f'<a href="{prefix}/'))  # noqa: S308


@register.filter
def quoted(html: str) -> str:
    """Somebody's exact words: the quotation marks stand inside the first and last paragraph.

    A quote that begins or ends otherwise, with a list or a table, goes without. So does text
    that `rich` has not vouched for: this filter trusts nothing by itself.
    """
    words = html.strip()
    is_trusted = isinstance(html, SafeString)
    if not (is_trusted and words.startswith("<p>") and words.endswith("</p>")):
        return html
    inside = words.removeprefix("<p>").removesuffix("</p>")
    return mark_safe(f"<p>“{inside}”</p>")  # noqa: S308


register.filter("opening", opening)
register.filter("plain", plain)
