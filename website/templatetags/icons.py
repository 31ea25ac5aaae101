"""Icons: a page carries those it shows, and no others."""

import re

from django import template
from django.template.loader import get_template

register = template.Library()

SHOWN = re.compile(r'<use href="#s-(\w+)"')


@register.simple_block_tag
def with_icons(content: str) -> str:
    """Puts before the content the drawings that it uses, once each.

    All of them would be a twentieth of what a phone gets in its first round trip.
    """
    shown = set(SHOWN.findall(content))
    return get_template("sprite.html").render({"shown": shown}) + content
