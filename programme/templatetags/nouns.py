"""`{% promise %}`, `{% promises %}`, and with a capital letter: the noun of programme/nouns.py."""

from django import template
from django.utils.text import capfirst

from programme.nouns import PROMISE, promises_in_words

register = template.Library()


@register.simple_tag
def promise() -> str:
    return str(PROMISE)


@register.simple_tag
def promises(number: int = 0) -> str:
    return promises_in_words(number)


@register.simple_tag(name="Promise")
def promise_with_a_capital() -> str:
    return capfirst(promise())


@register.simple_tag(name="Promises")
def promises_with_a_capital() -> str:
    return capfirst(promises())
