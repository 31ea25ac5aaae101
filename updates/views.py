"""The pages of the updates: all of them, one of them, and how it changed."""

from typing import cast

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import get_conditional_response, set_response_etag

from publishing.pages import public_page, standing_or_gone
from updates import history as past
from updates import reading
from updates.feeds import UpdatesFeed


@public_page
def archive(request):
    wanted = request.GET.get("before", "")
    before = reading.term_called(wanted)
    return TemplateResponse(
        request,
        "updates/list.html",
        {
            "page": reading.archive(request.moment, before=before),
            "before": before,
            "was_ignored": bool(wanted) and before is None,
        },
    )


@public_page
def detail(request, slug):
    update = standing_or_gone(reading.whole_updates(request.moment), request.moment, slug)
    return TemplateResponse(
        request,
        "updates/detail.html",
        {
            "update": update,
            "items": reading.items_by_section(update),
            "minutes": reading.minutes_to_read(update),
            "removals": past.removals(update, request.moment),
        },
    )


@public_page
def history(request, slug):
    wanted = request.GET.get("before", "")
    before = past.edition_number(wanted)
    return TemplateResponse(
        request,
        "updates/history.html",
        {
            "page": past.history(request.moment, slug, before=before),
            "before": before,
            "was_ignored": bool(wanted) and before is None,
        },
    )


@public_page
def edition(request, slug, number):
    update = past.past_edition(request.moment, slug, number)
    return TemplateResponse(
        request,
        "updates/edition.html",
        {
            "update": update,
            "items": reading.items_by_section(update),
            "minutes": reading.minutes_to_read(update),
            "standing": past.standing_of(update, request.moment),
            "removals": past.removals(update, request.moment),
        },
    )


@public_page
def feed(request):
    response = cast("HttpResponse", set_response_etag(UpdatesFeed()(request)))
    return get_conditional_response(request, etag=response["ETag"], response=response)
