"""Home, help and the like, health, and the pages for when nothing else can answer."""

import logging

from django.core.exceptions import RequestDataTooBig
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseForbidden,
    HttpResponseServerError,
)
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from participation import retention
from participation.public_forms import readable
from programme import measures, timeline, voices
from programme.reading import number
from publishing import views as any_kind
from publishing.checks import health
from publishing.pages import public_page
from updates import opportunities, promised, reading, you_said
from website import information as pages
from website import searching
from website.context import site
from website.models import InformationPage

log = logging.getLogger("publishing")


@public_page
def home(request):
    update = reading.newest(request.moment)
    after = update.term if update else None
    since = (update.first_published_at or request.moment.at) if update else None
    return TemplateResponse(
        request,
        "website/home.html",
        {
            "update": update,
            "is_of_this_term": update and update.term.terms_until(request.moment.day) == 0,
            "items": update and reading.items_by_section(update),
            "inspectors": voices.inspectors_on_everything(request.moment, since=since),
            "families": voices.families_on_everything(request.moment),
            "waits": measures.featured(request.moment),
            "promises": number(request.moment),
            "short": update and promised.in_short(update, request.moment),
            "cards": you_said.newest(request.moment),
            "next_opportunity": opportunities.next_one(request.moment),
            "turning_points": timeline.turning_points(request.moment),
            "late": reading.late_update(request.moment, after=after),
            "taken_down": reading.newest_taken_down(request.moment, after=after),
            "next_term": reading.next_due_term(request.moment, after=after),
        },
    )


@public_page
def search(request):
    page = searching.answer(request.moment, request.GET)
    return TemplateResponse(request, "website/search.html", {"page": page})


def information_page(request, page, *, standing):
    """Help and words have a template that fits them; the others read as chapters."""
    return any_kind.document(
        request,
        [f"information/{page.purpose}.html", "information/chapters.html"],
        page,
        standing=standing,
        sections=pages.sections_in_order(page),
        kept=[*retention.RULES, retention.TYPED_BY_STAFF],
        stays=retention.STAYS,
    )


information, information_edition, information_history = any_kind.pages_of(
    InformationPage.objects.all(), whole=pages.whole_pages, show=information_page
)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """For the machine that watches; what is wrong goes to the log, never to the public."""
    problems = health()
    for problem in problems:
        log.error("Health: %s", problem)
    return HttpResponse(
        "not ok\n" if problems else "ok\n",
        content_type="text/plain; charset=utf-8",
        status=503 if problems else 200,
    )


@require_safe
def nowhere(request: HttpRequest, target: str) -> HttpResponse:
    raise Http404("No such page.")


@never_cache
def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Somebody’s browser did not say that it was them. What they wrote stands there again, with a
    button; what staff wrote may be secret, and their browser has it still.
    """
    is_for_staff = request.path_info.startswith("/admin/")
    typed = [] if is_for_staff else readable(request.POST).items()
    context = {"typed": [each for each in typed if each[0] != "csrfmiddlewaretoken"]}
    return HttpResponseForbidden(render_to_string("403_csrf.html", context, request))


# The request is kept out of these two: it may be what cannot be read, and with it would come
# context that asks the database.


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return HttpResponse(render_to_string("413.html", site()), status=413)
    return HttpResponseBadRequest(render_to_string("400.html", site()))


def server_error(request: HttpRequest) -> HttpResponse:
    response = HttpResponseServerError(render_to_string("500.html", site()))
    response.headers["Cache-Control"] = "no-store"
    return response
