"""Pictures are recognised by their bytes and made anew: only pixels of ours are ever kept."""

import io
import warnings
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from PIL import Image, ImageCms, ImageOps

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
# The first is what a wide screen needs, the others are for phones.
WIDTHS = (1600, 800, 480)
QUALITY = 82
# A tall and narrow one is bounded too.
MAX_HEIGHT = 4000

# No honest picture contains these; one that does was made to be read as something else.
FOREIGN = (
    b"<script",
    b"<html",
    b"<!doctype",
    b"<iframe",
    b"<svg ",
    b"<?php",
    b"javascript:",
    b"onerror=",
    b"onload=",
    b"%pdf-1",
)
# All that Pillow's readers are known to raise for broken files.
BROKEN = (
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True)
class MadePicture:
    """A picture of ours, ready to be stored."""

    data: bytes
    width: int
    height: int
    extension: str = "webp"
    content_type: str = "image/webp"


def make_anew(data: bytes) -> list[MadePicture]:
    """The picture in our own format, upright, without metadata; then its smaller copies.

    Raises ValidationError, in words for staff, for anything but a whole PNG, JPEG or WebP of at
    most 5 MB and 40 million pixels.
    """
    if len(data) > MAX_BYTES:
        raise ValidationError("The picture is larger than 5 MB. Make it smaller and try again.")
    seen = data.lower()
    if any(mark in seen for mark in FOREIGN):
        raise ValidationError(
            "There is something else inside this picture. Open it, save it as a new picture, and "
            "choose that."
        )
    with warnings.catch_warnings():
        # Pillow warns of what we refuse by our own limits.
        warnings.simplefilter("ignore")
        picture, is_drawn = pixels(data)
    widths = [min(picture.width, WIDTHS[0]), *(w for w in WIDTHS[1:] if w < picture.width)]
    return [saved(picture, width, is_drawn=is_drawn) for width in dict.fromkeys(widths)]


def pixels(data: bytes) -> tuple[Image.Image, bool]:
    """The upright picture in RGB, and whether it looks drawn rather than photographed."""
    not_one = ValidationError(
        "This is not a PNG, JPEG or WebP picture. Save it as one of these and choose that file."
    )
    try:
        picture = Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "WEBP"])
    except Image.DecompressionBombError as error:
        raise too_many_pixels() from error
    except BROKEN as error:
        raise not_one from error
    if picture.width * picture.height > MAX_PIXELS:
        raise too_many_pixels()
    is_drawn = picture.format == "PNG"
    try:
        upright = upright_pixels(picture)
    except (Image.DecompressionBombError, *BROKEN) as error:
        raise ValidationError(
            "This picture is broken or not whole. Open it, save it again, and choose that file."
        ) from error
    upright.thumbnail((WIDTHS[0], MAX_HEIGHT), Image.Resampling.LANCZOS)
    return upright, is_drawn


def upright_pixels(picture: Image.Image) -> Image.Image:
    # A JPEG can be read at half its size: fewer pixels to hold in memory.
    picture.draft("RGB", (WIDTHS[0] * 2, MAX_HEIGHT * 2))
    picture.load()
    profile = picture.info.get("icc_profile")
    picture = ImageOps.exif_transpose(picture)
    has_gaps = "A" in picture.getbands() or "transparency" in picture.info
    return in_usual_colours(picture, profile).convert("RGBA" if has_gaps else "RGB")


def too_many_pixels() -> ValidationError:
    return ValidationError(
        "The picture has more than 40 million pixels. Make it smaller and try again."
    )


def in_usual_colours(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Converted to sRGB, since the profile itself is left behind."""
    if not profile or picture.mode not in {"RGB", "RGBA", "CMYK"}:
        return picture
    try:
        converted = ImageCms.profileToProfile(
            picture,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGBA" if picture.mode == "RGBA" else "RGB",
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return picture
    return converted or picture


def saved(picture: Image.Image, width: int, *, is_drawn: bool) -> MadePicture:
    height = max(1, round(picture.height * width / picture.width))
    if width != picture.width:
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    data = encoded(clean, lossless=False)
    if is_drawn:
        data = min(data, encoded(clean, lossless=True), key=len)
    return MadePicture(data, clean.width, clean.height)


def encoded(picture: Image.Image, *, lossless: bool) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=1 if lossless else 4, lossless=lossless)
    return out.getvalue()
