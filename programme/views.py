"""The pages of the plan: all of it, and one problem."""

from django.template.response import TemplateResponse

from programme import reading
from programme.models import Area
from publishing import history as past
from publishing import views as any_kind
from publishing.pages import public_page, standing_or_gone


@public_page
def plan(request):
    return TemplateResponse(request, "plan/list.html", {"areas": reading.areas(request.moment)})


@public_page
def area(request, slug):
    edition = standing_or_gone(reading.whole_areas(request.moment), request.moment, slug)
    return area_page(request, edition, standing=None)


@public_page
def area_edition(request, slug, number):
    edition = past.past_edition(reading.whole_areas(request.moment), request.moment, slug, number)
    return area_page(request, edition, standing=past.standing_of(edition, request.moment))


def area_page(request, edition, *, standing):
    return any_kind.document(request, "plan/area.html", edition, standing=standing)


@public_page
def area_history(request, slug):
    return any_kind.history(request, Area.objects.all(), slug)
