"""One picture, checked by its content and written anew in two sizes."""

import io
import warnings

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError, features

KINDS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF")
MOST_PIXELS = 60_000_000
LARGE, SMALL = 1_200, 320


class NoPicture(Exception):
    """This is nothing that can be shown; the text says why."""


def suffix() -> str:
    """What pictures are written as here."""
    return ".webp" if features.check("webp") else ".jpg"


def sizes_of(data: bytes) -> tuple[bytes, bytes]:
    """The picture as it is shown large and small. Raises `NoPicture`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=KINDS) as seen:
                _check(seen)
                seen.verify()
            with Image.open(io.BytesIO(data), formats=KINDS) as image:
                return _encoded(image, LARGE), _encoded(image, SMALL)
    except UnidentifiedImageError:
        raise NoPicture(_("It is no picture of a kind known here.")) from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NoPicture(_("It is damaged or too large: %(error)s") % {"error": str(error)[:120]}) from error


def _check(image: Image.Image) -> None:
    if image.width * image.height > MOST_PIXELS:
        said = {"width": image.width, "height": image.height, "most": MOST_PIXELS // 10**6}
        raise NoPicture(_("It has %(width)s × %(height)s pixels; %(most)s million are the most.") % said)


def _encoded(image: Image.Image, longest: int) -> bytes:
    image.draft("RGB", (longest, longest))  # a JPEG decodes no larger than is needed
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    mode = "RGBA" if "A" in upright.getbands() or "transparency" in upright.info else "RGB"
    out = io.BytesIO()
    kind = "WEBP" if suffix() == ".webp" else "JPEG"
    upright.convert(mode if kind == "WEBP" else "RGB").save(out, kind, quality=82, method=4)
    return out.getvalue()
