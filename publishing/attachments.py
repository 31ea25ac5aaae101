"""Storing a file under the name of its own content, and saying who may fetch it."""

import hashlib

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db.models import Exists, OuterRef

from publishing.models import Attachment, Edition

# What may be stored, by the bytes it begins with: the name and the type a browser claims are
# never believed.
SIGNATURES = {b"%PDF-": ("pdf", "application/pdf")}
MAX_BYTES = 10 * 1024 * 1024


def store(data: bytes, *, by) -> Attachment:
    """Keeps the bytes privately and returns their Attachment, an existing one if stored before.

    Raises ValidationError, in words for staff, for anything but a PDF of at most 10 MB.
    """
    if len(data) > MAX_BYTES:
        raise ValidationError("The file is larger than 10 MB. Save it smaller, or split it.")
    extension, content_type = sniffed(data)
    digest = hashlib.sha256(data).hexdigest()
    known = Attachment.objects.filter(digest=digest).first()
    if known:
        return known
    attachment = Attachment(
        digest=digest,
        extension=extension,
        content_type=content_type,
        size=len(data),
        added_by=by,
    )
    attachment.file.save(f"{digest}.{extension}", ContentFile(data), save=False)
    attachment.save()
    return attachment


def sniffed(data: bytes) -> tuple[str, str]:
    for signature, kind in SIGNATURES.items():
        if data.startswith(signature):
            return kind
    raise ValidationError("This is not a PDF. Save the document as a PDF and choose that file.")


def readable(moment):
    """Attachments that a page or a history page offers at the moment."""
    pages = Edition.objects.ever_public(moment).filter(files__attachment=OuterRef("pk"))
    return Attachment.objects.filter(Exists(pages))
