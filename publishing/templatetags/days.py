"""Addresses that leave a past day: forms, feeds and whatever else only today has."""

from django import template
from django.urls import reverse

from publishing.day_addresses import of_today

register = template.Library()


@register.simple_tag
def today_url(name: str, *args) -> str:
    """Like `{% url %}`, but always on the site of today."""
    return of_today(reverse(name, args=args))
