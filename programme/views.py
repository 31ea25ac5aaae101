"""The pages of the plan: all of it, one problem, one version of the plan."""

from django.template.response import TemplateResponse

from programme import board, listing, measures, promise_page, promises, reading, rounds, voices
from programme.models import Area, ForumCheck, Milestone, Plan, ProgressRound
from publishing import references
from publishing import views as any_kind
from publishing.pages import public_page
from publishing.reading import whole


@public_page
def plan(request):
    moment = request.moment
    areas = reading.count_promises(reading.areas(moment), moment)
    plans = reading.plans(moment)
    return TemplateResponse(
        request,
        "plan/list.html",
        {
            "shown": reading.number(moment),
            "areas": areas,
            "plans": plans,
            "others_say": voices.voices(moment),
            "listing": listing.listing(request.GET, moment, areas=areas, plans=plans),
            "slips": reading.slips(moment),
            "latest_check": rounds.latest(moment),
            "statuses": reading.statuses_of(areas),
            "rules": promises.RULES,
        },
    )


@public_page
def board_paper(request):
    form = board.days_asked_for(request.GET, request.moment)
    paper = board.paper(**form.cleaned_data, moment=request.moment) if form.is_valid() else None
    return TemplateResponse(request, "plan/board.html", {"form": form, "paper": paper})


# One promise


def promise_response(request, edition, *, standing):
    page = promise_page.page_of(edition, request.moment)
    return any_kind.document(
        request, "plan/promise.html", edition, standing=standing, page=page, rules=promises.RULES
    )


promise, promise_edition, promise_history = any_kind.pages_of(
    Milestone.objects.all(),
    whole=promise_page.whole_promises,
    show=promise_response,
    elsewhere=reading.right_address,
)


# What the Parent Carer Forum says of a promise


def forum_check_response(request, edition, *, standing):
    return any_kind.document(
        request,
        "plan/forum_check.html",
        edition,
        standing=standing,
        promise=references.of_documents([edition.promise_id], request.moment).get(
            edition.promise_id
        ),
    )


forum_check, forum_check_edition, forum_check_history = any_kind.pages_of(
    ForumCheck.objects.all(),
    whole=lambda moment: whole(ForumCheck.objects.all(), moment),
    show=forum_check_response,
)


# One problem


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


area, area_edition, area_history = any_kind.pages_of(
    Area.objects.all(),
    whole=reading.whole_areas,
    show=area_response,
    elsewhere=reading.right_address,
)


# One version of the plan


def version_response(request, edition, *, standing):
    successor = reading.successor_of(edition, request.moment)
    before, after = reading.references_of(edition, successor, request.moment)
    return any_kind.document(
        request,
        "plan/version.html",
        edition,
        standing=standing,
        successor=successor,
        references=before,
        newer_references=after,
        promises=reading.promises_of_plan(edition, request.moment),
    )


version, version_edition, version_history = any_kind.pages_of(
    Plan.objects.all(), whole=reading.whole_plans, show=version_response
)


# One check of all promises


def check_response(request, edition, *, standing):
    changed, same = rounds.groups_of(edition, request.moment)
    return any_kind.document(
        request, "plan/check.html", edition, standing=standing, changed=changed, same=same
    )


check, check_edition, check_history = any_kind.pages_of(
    ProgressRound.objects.all(), whole=rounds.whole_rounds, show=check_response
)
