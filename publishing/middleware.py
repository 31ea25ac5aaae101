"""Two things every request needs: due releases recorded, and the moment it looks at."""

import logging

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from publishing import actions, day_addresses, days, moments
from publishing.models import Edition, SiteVersion
from publishing.moments import MomentRequest
from publishing.pages import Gone, is_of_the_record, keep_publicly

log = logging.getLogger(__name__)


class ReleaseDue:
    """Whoever first notices that a scheduled release is due writes its ledger lines.

    The page itself needs nobody: it is public by the clock. So a failure here is logged, and the
    reader still gets the page; the next request tries again.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in {"GET", "HEAD"} and request.path != "/healthz":
            try:
                if SiteVersion.objects.filter(next_change_at__lte=timezone.now()).exists():
                    actions.release_due(may_wait=False)
            # Also a row that somebody took out, or a kind that an upgrade took away.
            except (DatabaseError, LookupError, ObjectDoesNotExist):
                log.exception("Due releases could not be recorded; the next request tries again.")
        return self.get_response(request)


class AtThisMoment:
    """Sets `request.moment` once, also that of a past day; 410 for what was taken down."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: MomentRequest) -> HttpResponse:
        request.moment, request.past_day = moments.now(), None
        found = day_addresses.split(request.path_info)
        if found is None:
            return self.get_response(request)
        day, path = found
        request.moment, request.past_day = days.moment_of(day), day
        request.path_info = path
        with day_addresses.links_stay_in(day):
            response = self.get_response(request)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def process_view(self, request: MomentRequest, view, args, kwargs):
        """A past day has the pages of the record and nothing else: no form, nothing of staff."""
        if request.past_day is None:
            return None
        if not is_of_the_record(view):
            raise Http404("A past day has no such page.")
        if Edition.objects.ever_public(request.moment).exists():
            return None
        if not request.path_info.endswith("/"):
            raise Http404("Nothing was published yet: there is no such file.")
        first = days.first_day()
        context = {"first": first, "first_url": first and day_addresses.on(first.day, "/")}
        response = TemplateResponse(request, "publishing/before_the_first.html", context)
        keep_publicly(response)
        return response

    def process_exception(self, request: MomentRequest, exception: Exception):
        if not isinstance(exception, Gone):
            return None
        withdrawal = exception.withdrawal
        history_url = None
        if not withdrawal.removes_past:
            document = withdrawal.document
            history_url = document.kind_model.history_url(document.slug)
        context = {"withdrawal": withdrawal, "history_url": history_url}
        response = TemplateResponse(request, "410.html", context, status=410)
        if request.moment.including is None:
            keep_publicly(response)
        else:
            add_never_cache_headers(response)
        return response
