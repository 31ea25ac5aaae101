"""The Parent Carer Forum's own pages, behind its link: it says which promises are done.

Whoever holds the link speaks as the forum. So these pages are kept by no cache, name themselves in
no other address, and answer an old link like one that never was.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from participation.forum_forms import ForumForm
from participation.models.counts import AN_HOUR, Limit
from participation.public_forms import has_sent_enough, private_page, readable
from programme import forum
from programme.models import ForumLink
from publishing.actions import NotAllowed
from publishing.moments import MomentRequest

ANSWERS_AN_HOUR = 100
EACH = Limit(ANSWERS_AN_HOUR, AN_HOUR)
TOO_OFTEN = "We have had many answers from your connection in the last hour. Send this one later."


def behind_the_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Opens a page for who holds a link that stands; all others learn how to get one."""

    @private_page
    @wraps(view)
    def page(request: MomentRequest, token: str, **kwargs) -> HttpResponse:
        link = ForumLink.objects.holding(token).standing(timezone.now()).first()
        if link is None:
            # 200, because an answer that says “not found” would be logged, with the link in it.
            return TemplateResponse(request, "participation/forum_old_link.html")
        return view(request, link, token, **kwargs)

    return page


@require_safe
@behind_the_link
def promises(request: MomentRequest, link: ForumLink, token: str):
    moment = request.moment
    return TemplateResponse(
        request,
        "participation/forum.html",
        {
            "link": link,
            "token": token,
            "answered": forum.newest_first(forum.answered(moment)),
            "unanswered": forum.newest_first(forum.unanswered(moment)),
            "slipped": forum.newest_first(forum.slipped_after_yes(moment)),
            "thanks": forum.promise_at(request.GET.get("done", ""), moment),
        },
    )


@behind_the_link
def promise(request: MomentRequest, link: ForumLink, token: str, slug: str):
    edition = forum.promise_at(slug, request.moment)
    if edition is None:
        raise Http404("No such promise.")
    before = forum.newest_answer(edition.document)
    form = ForumForm(readable(request.POST) if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return promise_page(request, token, edition, form, before)
    if has_sent_enough(request, "forum", each=EACH):
        form.add_error("words", TOO_OFTEN)
        return promise_page(request, token, edition, form, before, status=429)
    said = form.cleaned_data
    try:
        forum.answer(edition.document, said["answer"], said["words"], link=link)
    except NotAllowed as refusal:
        form.add_error("answer", f"We could not take this: {refusal.why}")
        return promise_page(request, token, edition, form, before, status=409)
    return HttpResponseRedirect(f"{reverse('participation:forum', args=[token])}?done={slug}")


def promise_page(request: HttpRequest, token: str, edition, form, before, *, status=200):
    context = {"token": token, "edition": edition, "form": form, "before": before}
    return TemplateResponse(request, "participation/forum_promise.html", context, status=status)
