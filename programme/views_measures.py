"""The pages of the measures: all of them, one of them, and how it changed."""

from django.template.response import TemplateResponse

from programme import measure_figure
from programme import measures as found
from programme.models import Measure
from publishing import references
from publishing import views as any_kind
from publishing.pages import public_page


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


detail, edition, history = any_kind.pages_of(
    Measure.objects.all(), whole=found.whole_measures, show=measure_page
)
