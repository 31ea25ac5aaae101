"""The pages of chances to take part: what comes, what is over, one of them, and calendars."""

from django.conf import settings
from django.http import HttpResponse
from django.template.response import TemplateResponse

from publishing import views as any_kind
from publishing.pages import public_page, standing_or_gone
from updates import linked_data, opportunities
from updates.calendars import CONTENT_TYPE, calendar_of
from updates.models import Opportunity


@public_page
def coming(request):
    return listed(request, "opportunities/list.html", opportunities.coming)


@public_page
def over(request):
    return listed(request, "opportunities/past.html", opportunities.past)


def listed(request, template, find):
    wanted = request.GET.get("after", "")
    after = opportunities.called(wanted, request.moment) if wanted else None
    return TemplateResponse(
        request,
        template,
        {
            "page": find(request.moment, after=after),
            "after": after,
            "was_ignored": bool(wanted) and after is None,
        },
    )


def opportunity_page(request, found, *, standing):
    [found] = opportunities.told([found], request.moment)
    return any_kind.document(
        request,
        "opportunities/detail.html",
        found,
        standing=standing,
        facts=None if standing else linked_data.event(found),
    )


detail, edition, history = any_kind.pages_of(
    Opportunity.objects.all(), whole=opportunities.whole_opportunities, show=opportunity_page
)


# Calendars


@public_page
def calendar(request):
    name = f"{settings.SITE_NAME}, {settings.SITE_PLACE}: chances to take part"
    return calendar_response(request, opportunities.in_calendar(request.moment), name)


@public_page
def one_in_calendar(request, slug):
    found = standing_or_gone(opportunities.standing(request.moment), request.moment, slug)
    return calendar_response(request, [found], found.title)


def calendar_response(request, found, name):
    body = calendar_of(found, request.moment, name=name)
    return HttpResponse(body, content_type=CONTENT_TYPE)
