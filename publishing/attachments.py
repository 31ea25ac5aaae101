"""Storing a file under the name of its own content, and saying who may fetch it."""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef, Q

from publishing import pdfs, pictures
from publishing.models import Attachment, Edition, Withdrawal

# Who may see the pictures and files of drafts.
STAFF = ("publishing.write_release", "publishing.sign_off_release")


def store_pdf(data: bytes, *, by) -> Attachment:
    """Keeps a PDF privately, written anew. Raises ValidationError, in words for staff."""
    made = pdfs.make_anew(data)
    return keep(made, by=by, pages=made.pages)


def store_picture(data: bytes, *, by) -> Attachment:
    """Keeps a picture privately, made anew, with smaller copies for phones.

    Raises ValidationError, in words for staff.
    """
    main, *smaller = pictures.make_anew(data)
    picture = keep(main, by=by, width=main.width, height=main.height)
    for copy in smaller:
        keep(copy, by=by, width=copy.width, height=copy.height, copy_of=picture)
    return picture


def keep(made: pdfs.MadePdf | pictures.MadePicture, *, by, **facts) -> Attachment:
    """The stored file with these bytes: the one that is already there, or a new one."""
    digest = hashlib.sha256(made.data).hexdigest()
    known = Attachment.objects.filter(digest=digest).first()
    if known:
        return known
    defaults = {
        "extension": made.extension,
        "content_type": made.content_type,
        "size": len(made.data),
        "file": written(f"attachments/{digest}.{made.extension}", made.data),
        "added_by": by,
        **facts,
    }
    return Attachment.objects.get_or_create(digest=digest, defaults=defaults)[0]


def written(name: str, data: bytes) -> str:
    """The name under which the bytes are stored: a try that failed later may have left them."""
    if default_storage.exists(name) and default_storage.size(name) == len(data):
        return name
    # A full disk leaves an empty file behind, which must not be taken for the whole one.
    default_storage.delete(name)
    try:
        return default_storage.save(name, ContentFile(data))
    except OSError:
        default_storage.delete(name)
        raise


def shown_by(editions) -> Q:
    """Attachments that one of these editions offers as a file, or shows as a picture."""
    offered = editions.filter(files__attachment=OuterRef("pk"))
    shown = editions.filter(pictures__attachment=OuterRef("pk"))
    shown_larger = editions.filter(pictures__attachment=OuterRef("copy_of"))
    return Q(Exists(offered)) | Q(Exists(shown)) | Q(Exists(shown_larger))


def readable(moment):
    """Attachments of pages and history pages at the moment; none of a page that is taken down."""
    down = Withdrawal.objects.in_force(moment).filter(document=OuterRef("document"))
    pages = Edition.objects.ever_public(moment).exclude(Exists(down))
    return Attachment.objects.filter(shown_by(pages))


def withdrawal_of(attachment: Attachment, moment) -> Withdrawal | None:
    """Why a file that was public is not there any more, if a page of it was taken down."""
    shown = Attachment.objects.filter(pk=attachment.pk)
    hiding = Withdrawal.objects.in_force(moment) | Withdrawal.objects.removing_past()
    for withdrawal in hiding.filter(from_at__lte=moment.at).order_by("-from_at"):
        was_public = Edition.objects.filter(
            document=withdrawal.document_id,
            published_at__lte=moment.at,
            published_at__lt=withdrawal.from_at,
        )
        if shown.filter(shown_by(was_public)).exists():
            return withdrawal
    return None


def may_see_drafts(user) -> bool:
    return user.is_active and user.is_staff and any(user.has_perm(each) for each in STAFF)
