"""The pages of the measures: all of them, one of them, and how it changed."""

from django.template.response import TemplateResponse

from programme import measure_figure
from programme import measures as found
from programme.models import Measure
from publishing import history as past
from publishing import references
from publishing import views as any_kind
from publishing.pages import public_page, standing_or_gone


@public_page
def measures(request):
    wanted = request.GET.get("after", "")
    after = found.measure_called(wanted, request.moment) if wanted else None
    return TemplateResponse(
        request,
        "programme/measures.html",
        {
            "page": found.measures_page(request.moment, after=after),
            "after": after,
            "was_ignored": bool(wanted) and after is None,
        },
    )


@public_page
def detail(request, slug):
    measure = standing_or_gone(found.whole_measures(request.moment), request.moment, slug)
    return measure_page(request, measure, standing=None)


@public_page
def edition(request, slug, number):
    measures = found.whole_measures(request.moment)
    measure = past.past_edition(measures, request.moment, slug, number)
    return measure_page(request, measure, standing=past.standing_of(measure, request.moment))


def measure_page(request, measure, *, standing):
    references.attach([measure], request.moment)
    return any_kind.document(
        request,
        "programme/measure.html",
        measure,
        standing=standing,
        figure=measure_figure.draw(measure),
        has_plans=any(reading.planned is not None for reading in measure.readings.all()),
    )


@public_page
def history(request, slug):
    return any_kind.history(request, Measure.objects.all(), slug)
