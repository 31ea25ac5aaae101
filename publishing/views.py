"""Files that public editions offer."""

from django.http import FileResponse
from django.shortcuts import get_object_or_404

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
