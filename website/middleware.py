"""Two security headers that Django does not know, and the words that a page explains."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from publishing.moments import MomentRequest
from website import glossary

COMPARISON = "publishing/compare.html"
# Every page works without them, so no script that ever slips in gets them either.
REFUSED_FEATURES = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "usb",
    "xr-spatial-tracking",
)


class MoreSecurityHeaders:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", ", ".join(f"{feature}=()" for feature in REFUSED_FEATURES)
        )
        return response


class GlossaryLinks:
    """Links the first use of an acronym on each page to its meaning, on the page's way out.

    Not when it is stored: which use is the first depends on the whole page, and which words are
    explained on the moment. docs/decisions/0009.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: MomentRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponse) and self.is_for_readers(request, response):
            words = glossary.entries(request.moment)
            if words:
                html = response.content.decode(response.charset)
                response.content = glossary.link_first_uses(html, words).encode(response.charset)
        return response

    def is_for_readers(self, request: MomentRequest, response: HttpResponse) -> bool:
        """A page of words, or a preview of one; neither the glossary nor a list of findings.

        Nor two versions side by side: a link in them would look like a word that was added.
        """
        is_page = response.status_code == 200 and response.headers.get(
            "Content-Type", ""
        ).startswith("text/html")
        is_for_staff = request.path_info.startswith("/admin/") and request.moment.including is None
        explains = (glossary.address(), reverse("website:search"))
        is_comparison = getattr(response, "template_name", "") == COMPARISON
        is_about_words = request.path.startswith(explains) or is_comparison
        return is_page and not is_for_staff and not is_about_words
