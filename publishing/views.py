"""Files that public editions offer, and how a page of any kind changed."""

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from publishing import history as past
from publishing.attachments import readable
from publishing.pages import public_page


@public_page
def attachment(request, digest, extension):
    file = get_object_or_404(readable(request.moment), digest=digest, extension=extension)
    response = FileResponse(
        file.file.open("rb"), filename=f"{digest[:12]}.{extension}", content_type=file.content_type
    )
    # A document must never act on behalf of this site, whatever hides in it.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def history(request, kind, slug):
    """How one page changed, whatever its kind; `kind` is a queryset of its editions."""
    wanted = request.GET.get("before", "")
    before = past.edition_number(wanted)
    return TemplateResponse(
        request,
        "publishing/history.html",
        {
            "page": past.history(kind, request.moment, slug, before=before),
            "before": before,
            "was_ignored": bool(wanted) and before is None,
        },
    )


def document(request, template, edition, *, standing, **more):
    """A page of any kind: `standing` says where an old edition stands; None on the page itself."""
    context = {
        "edition": edition,
        "standing": standing,
        "removals": past.removals(edition, request.moment),
        **more,
    }
    return TemplateResponse(request, template, context)
