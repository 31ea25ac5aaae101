"""The pages of the plan: all of it, one problem, one version of the plan."""

from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse

from programme import board, listing, measures, promise_page, promises, reading, rounds, voices
from programme.models import Area, Milestone, Plan, ProgressRound
from publishing import history as past
from publishing import views as any_kind
from publishing.pages import public_page, standing_or_gone


@public_page
def plan(request):
    moment = request.moment
    areas, plans = reading.areas(moment), reading.plans(moment)
    return TemplateResponse(
        request,
        "plan/list.html",
        {
            "shown": reading.number(moment),
            "areas": reading.count_promises(areas, moment),
            "plans": plans,
            "others_say": voices.voices(moment),
            "listing": listing.listing(request.GET, moment, areas=areas, plans=plans),
            "slips": reading.slips(moment),
            "latest_check": rounds.latest(moment),
            "statuses": list(promises.Status),
            "rules": promises.RULES,
        },
    )


@public_page
def board_paper(request):
    form = board.days_asked_for(request.GET, request.moment)
    paper = board.paper(**form.cleaned_data, moment=request.moment) if form.is_valid() else None
    return TemplateResponse(request, "plan/board.html", {"form": form, "paper": paper})


def standing_or_elsewhere(editions, request, slug):
    """The edition at an address; or where it is now, if only its reference is still right."""
    try:
        return standing_or_gone(editions, request.moment, slug), None
    except Http404:
        url = reading.right_address(editions, request.moment, slug)
        if url is None:
            raise
        return None, HttpResponseRedirect(url)


# One promise


@public_page
def promise(request, slug):
    editions = promise_page.whole_promises(request.moment)
    edition, elsewhere = standing_or_elsewhere(editions, request, slug)
    return elsewhere or promise_response(request, edition, standing=None)


@public_page
def promise_edition(request, slug, number):
    editions = promise_page.whole_promises(request.moment)
    edition = past.past_edition(editions, request.moment, slug, number)
    return promise_response(request, edition, standing=past.standing_of(edition, request.moment))


def promise_response(request, edition, *, standing):
    page = promise_page.page_of(edition, request.moment)
    return any_kind.document(
        request, "plan/promise.html", edition, standing=standing, page=page, rules=promises.RULES
    )


@public_page
def promise_history(request, slug):
    return any_kind.history(request, Milestone.objects.all(), slug)


# One problem


@public_page
def area(request, slug):
    editions = reading.whole_areas(request.moment)
    edition, elsewhere = standing_or_elsewhere(editions, request, slug)
    return elsewhere or area_response(request, edition, standing=None)


@public_page
def area_edition(request, slug, number):
    edition = past.past_edition(reading.whole_areas(request.moment), request.moment, slug, number)
    return area_response(request, edition, standing=past.standing_of(edition, request.moment))


def area_response(request, edition, *, standing):
    [edition] = reading.count_promises([edition], request.moment)
    return any_kind.document(
        request,
        "plan/area.html",
        edition,
        standing=standing,
        promises=reading.promises_of_area(edition, request.moment),
        others_say=voices.voices(request.moment, edition.document_id),
        measures=measures.of_area(request.moment, edition.document_id),
    )


@public_page
def area_history(request, slug):
    return any_kind.history(request, Area.objects.all(), slug)


# One version of the plan


@public_page
def version(request, slug):
    edition = standing_or_gone(reading.whole_plans(request.moment), request.moment, slug)
    return version_response(request, edition, standing=None)


@public_page
def version_edition(request, slug, number):
    edition = past.past_edition(reading.whole_plans(request.moment), request.moment, slug, number)
    return version_response(request, edition, standing=past.standing_of(edition, request.moment))


def version_response(request, edition, *, standing):
    return any_kind.document(
        request,
        "plan/version.html",
        edition,
        standing=standing,
        successor=reading.successor_of(edition, request.moment),
        references=reading.references_of(edition, request.moment),
        promises=reading.promises_of_plan(edition, request.moment),
    )


@public_page
def version_history(request, slug):
    return any_kind.history(request, Plan.objects.all(), slug)


# One check of all promises


@public_page
def check(request, slug):
    edition = standing_or_gone(rounds.whole_rounds(request.moment), request.moment, slug)
    return check_response(request, edition, standing=None)


@public_page
def check_edition(request, slug, number):
    edition = past.past_edition(rounds.whole_rounds(request.moment), request.moment, slug, number)
    return check_response(request, edition, standing=past.standing_of(edition, request.moment))


def check_response(request, edition, *, standing):
    changed, same = rounds.groups_of(edition, request.moment)
    return any_kind.document(
        request, "plan/check.html", edition, standing=standing, changed=changed, same=same
    )


@public_page
def check_history(request, slug):
    return any_kind.history(request, ProgressRound.objects.all(), slug)
