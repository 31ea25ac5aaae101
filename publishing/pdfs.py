"""PDFs are read, refused if they can act, and written anew without what they say about people."""

import io
import logging
import re
import struct
import zlib
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    PdfObject,
)

MAX_BYTES = 10 * 1024 * 1024
MAX_PAGES = 1000
MAX_OBJECTS = 300_000
TAIL = 2048

# What a key of any dictionary in the file gives away.
REFUSED_KEYS = {
    "/JS": "a script",
    "/JavaScript": "a script",
    "/AA": "actions that start by themselves",
    "/EmbeddedFiles": "other files inside it",
    "/EF": "other files inside it",
    "/XFA": "a form that runs scripts (XFA)",
    "/RichMedia": "a film or a program",
    "/RichMediaContent": "a film or a program",
}
REFUSED_ACTIONS = {
    "/JavaScript": "a script",
    "/Launch": "a command that starts a program",
    "/ImportData": "a command that reads other files",
    "/SubmitForm": "a form that sends what people type to somewhere else",
    "/GoToE": "other files inside it",
    "/GoToR": "a link into another file",
    "/Movie": "a film or a program",
    "/Sound": "a sound",
    "/Rendition": "a film or a program",
    "/RichMediaExecute": "a film or a program",
}
REFUSED_TYPES = {
    "/EmbeddedFile": "other files inside it",
    "/RichMedia": "a film or a program",
    "/Movie": "a film or a program",
    "/Screen": "a film or a program",
    "/Sound": "a sound",
    "/FileAttachment": "other files inside it",
    "/3D": "a film or a program",
}
# An address that begins with a scheme must begin with one of these.
HARMLESS_LINK = re.compile(r"(https?://|mailto:|tel:|(?![a-z][a-z0-9+.-]*:))", re.IGNORECASE)
# What people did not mean to publish: who wrote it, with what, where the draft lay.
ABOUT_PEOPLE = ("/Metadata", "/PieceInfo", "/LastModified")
BROKEN = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)

# It writes a line for every oddity of a file; what matters is said to the person who chose it.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class MadePdf:
    """A PDF without metadata, ready to be stored."""

    data: bytes
    pages: int
    extension: str = "pdf"
    content_type: str = "application/pdf"


class Refused(ValidationError):
    """It can be read, and may not be published."""


def make_anew(data: bytes) -> MadePdf:
    """The PDF written anew. Raises ValidationError, in words for staff, when it is refused."""
    if len(data) > MAX_BYTES:
        raise ValidationError("The file is larger than 10 MB. Save it smaller, or split it.")
    refuse_unless_whole(data)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise Refused("This PDF is locked with a password. Save it without one.")
        pages = len(reader.pages)
        if not 0 < pages <= MAX_PAGES:
            raise Refused(f"This PDF has {pages} pages. It must have 1 to {MAX_PAGES}.")
        refuse_what_acts(reader)
        return MadePdf(written_anew(reader), pages)
    except ValidationError:
        raise
    except BROKEN as error:
        raise ValidationError(
            "This PDF is broken. Open it, print it to a new PDF, and choose that file."
        ) from error


def refuse_unless_whole(data: bytes) -> None:
    if not re.match(rb"%PDF-[12]\.[0-9]", data):
        raise ValidationError("This is not a PDF. Save the document as a PDF and choose that file.")
    body, end, rest = data.rpartition(b"%%EOF")
    if not end or b"startxref" not in body[-TAIL:]:
        raise ValidationError("This PDF is not whole: its end is missing. Save it again.")
    if rest.strip(b"\x00\r\n\t \x1a"):
        raise ValidationError(
            "There is something else after the end of this PDF. Print it to a new PDF, and choose "
            "that file."
        )


def refuse_what_acts(reader: PdfReader) -> None:
    """Walks every object that can be reached; raises for the first that can act."""
    waiting: list[PdfObject | None] = [reader.trailer]
    seen: set[int] = set()
    count = 0
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, IndirectObject):
            if thing.idnum in seen:
                continue
            seen.add(thing.idnum)
            thing = thing.get_object()
        count += 1
        if count > MAX_OBJECTS:
            raise Refused("This PDF is too complicated. Print it to a new PDF, and choose that.")
        if isinstance(thing, DictionaryObject):
            refuse_dictionary(thing)
            waiting.extend(thing.raw_get(key) for key in thing)
        elif isinstance(thing, ArrayObject):
            # Not by index, which would look up what has been seen.
            waiting.extend(list.__iter__(thing))


def refuse_dictionary(thing: DictionaryObject) -> None:
    found = [why for key, why in REFUSED_KEYS.items() if key in thing]
    kind = thing.get("/S")
    if isinstance(kind, str):
        found += [why for action, why in REFUSED_ACTIONS.items() if kind == action]
        uri = str(thing.get("/URI") or "").strip()
        if kind == "/URI" and not HARMLESS_LINK.match(uri):
            found.append("a link that is no web address")
    names = {thing.get("/Type"), thing.get("/Subtype")}
    found += [why for name, why in REFUSED_TYPES.items() if name in names]
    if found:
        raise Refused(
            "This PDF contains %(what)s, so it is refused. Print it to a new PDF, and choose "
            "that file.",
            params={"what": found[0]},
        )


def written_anew(reader: PdfReader) -> bytes:
    writer = PdfWriter(clone_from=reader)
    writer.metadata = None
    for thing in writer._objects:
        if isinstance(thing, DictionaryObject):
            for key in ABOUT_PEOPLE:
                thing.pop(key, None)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
