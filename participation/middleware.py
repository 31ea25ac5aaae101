"""News are looked for after a deed of staff or the forum, so that none waits for the heartbeat."""

import logging

from django.db import DatabaseError
from django.db.models import Subquery
from django.http import HttpRequest, HttpResponse

from participation import tasks
from participation.models import AlertCursor
from publishing.models import SiteVersion

log = logging.getLogger(__name__)


class NoticeNews:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        publishes = request.path.startswith(("/admin/", "/forum/"))
        if publishes and (request.method == "POST" or request.path == "/admin/"):
            try:
                if there_is_news():
                    tasks.look_soon()
            except DatabaseError:
                log.exception("News could not be looked for; the heartbeat will.")
        return response


def there_is_news() -> bool:
    """The ledger is longer than what everybody has been told; nobody asked, no news."""
    newest = SiteVersion.objects.filter(pk=1).values("newest_line")
    return AlertCursor.objects.filter(line__lt=Subquery(newest)).exists()
