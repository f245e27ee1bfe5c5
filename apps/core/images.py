"""One picture, checked by its content and written anew: large, and small in the kinds that browsers show.

What a file is, is decided by decoding it, never by its name. Its size in pixels is checked before it is decoded; what
else it held (scripts, comments, places) is gone afterwards. An SVG is no such picture.
"""

import io
import warnings
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError, features

KINDS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF")
MOST_PIXELS, MOST_BYTES = 60_000_000, 40 * 1024**2
LARGE, SMALL = 1_200, 320
LOGO = (480, 160)
_QUALITY = {"WEBP": {"quality": 82, "method": 4}, "JPEG": {"quality": 82}, "AVIF": {"quality": 60, "speed": 8}}

Made = TypeVar("Made")


class NoPicture(Exception):
    """This is nothing that can be shown; the text says why."""


class Sizes(NamedTuple):
    """A picture as it is shown large and small, both as `suffix()` says; `avif` is the small one as AVIF, or empty
    where this machine writes none."""

    large: bytes
    small: bytes
    avif: bytes = b""


def suffix() -> str:
    """What pictures are written as here."""
    return ".webp" if features.check("webp") else ".jpg"


def sizes_of(data: bytes) -> Sizes:
    """The picture in its sizes. Raises `NoPicture`."""
    return _made(data, _sizes)


def portrait_of(data: bytes) -> bytes:
    """The middle of the picture as a small square, as `suffix()` says. Raises `NoPicture`."""
    return _made(data, _portrait)


def logo_of(data: bytes) -> bytes:
    """The picture as a PNG no larger than a logo is shown, clear where it was clear: mail programs know that kind.

    Raises `NoPicture`.
    """
    return _made(data, _logo)


def _made(data: bytes, make: Callable[[Image.Image], Made]) -> Made:
    if len(data) > MOST_BYTES:
        raise NoPicture(_("It has more than %(mib)s MiB.") % {"mib": MOST_BYTES // 1024**2})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=KINDS) as seen:
                _check(seen)
                seen.verify()
            with Image.open(io.BytesIO(data), formats=KINDS) as image:
                return make(image)
    except UnidentifiedImageError:
        raise NoPicture(_("It is no picture of a kind known here.")) from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NoPicture(_("It is damaged or too large: %(error)s") % {"error": str(error)[:120]}) from error


def _check(image: Image.Image) -> None:
    if image.width * image.height > MOST_PIXELS:
        said = {"width": image.width, "height": image.height, "most": MOST_PIXELS // 10**6}
        raise NoPicture(_("It has %(width)s × %(height)s pixels; %(most)s million are the most.") % said)


def _sizes(image: Image.Image) -> Sizes:
    image.draft("RGB", (LARGE, LARGE))  # a JPEG decodes no larger than is needed
    upright = ImageOps.exif_transpose(image)
    mode = "RGBA" if "A" in upright.getbands() or "transparency" in upright.info else "RGB"
    kind = "WEBP" if suffix() == ".webp" else "JPEG"
    shown = upright.convert(mode if kind == "WEBP" else "RGB")
    shown.thumbnail((LARGE, LARGE), Image.Resampling.LANCZOS)
    small = shown.copy()
    small.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
    avif = _encoded(small, "AVIF") if features.check("avif") else b""
    return Sizes(_encoded(shown, kind), _encoded(small, kind), avif)


def _portrait(image: Image.Image) -> bytes:
    kind = "WEBP" if suffix() == ".webp" else "JPEG"
    square = ImageOps.fit(ImageOps.exif_transpose(image).convert("RGB"), (SMALL, SMALL), Image.Resampling.LANCZOS)
    return _encoded(square, kind)


def _logo(image: Image.Image) -> bytes:
    shown = ImageOps.exif_transpose(image).convert("RGBA")
    shown.thumbnail(LOGO, Image.Resampling.LANCZOS)
    return _encoded(shown, "PNG")


def _encoded(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **_QUALITY.get(kind, {}))
    return out.getvalue()
