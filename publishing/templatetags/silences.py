"""`{% silence "not said" %}`: what a page says where nothing is known."""

from django import template

from publishing.silence import silence

register = template.Library()

register.simple_tag(silence)
