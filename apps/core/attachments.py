"""A file somebody sends along: known by its content, never by its name.

1. It is a picture (JPEG, PNG, WebP) or a PDF, of at most 5 MB where nothing else is said; everything else is refused,
   saying why.
2. A picture is written anew, upright and no larger than needed, so that nothing but the picture is kept.
3. Its name is only shown: no path, no control characters, no more than fits.
"""

from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from apps.core.errors import Invalid
from apps.core.text import folded, plain

LARGEST_FILE = 5 * 1024 * 1024
MOST_PIXELS = 25_000_000
LARGEST_SIDE = 2000
LONGEST_NAME = 120
PICTURES = ("PNG", "JPEG", "WEBP")
JPEG, PDF = "jpg", "pdf"


class AttachmentRefused(Invalid):
    code = "attachment_refused"
    title = "This file cannot be sent"


@dataclass(frozen=True, slots=True)
class Attached:
    """A file as it is kept; `kind` is jpg or pdf."""

    content: bytes
    kind: str


def attached(content: bytes, largest: int = LARGEST_FILE) -> Attached:
    """The file as it may be kept; `AttachmentRefused` where it is too large or neither a picture nor a PDF."""
    if not content:
        raise _refused(_("The file is empty: choose it again."))
    if len(content) > largest:
        raise _refused(too_large(largest))
    if content.startswith(b"%PDF-"):
        return Attached(content, PDF)
    return Attached(_picture(content), JPEG)


def too_large(largest: int) -> str:
    """What somebody is told whose file is larger than that many bytes."""
    return _("The file is larger than %(most)s MB: send a smaller one.") % {"most": largest // 1024**2}


def shown_name(name: str) -> str:
    """The name a file came with, as it may be shown."""
    last = plain(name).replace("\\", "/").rpartition("/")[2]
    return "".join(ch for ch in folded(last) if ch.isprintable())[-LONGEST_NAME:]


def _picture(content: bytes) -> bytes:
    """A picture written anew: upright, no larger than needed, without what else its file told."""
    try:
        with Image.open(BytesIO(content), formats=PICTURES) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise _refused(_("The picture has too many pixels: send a smaller one."))
            opened.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))  # a JPEG is decoded no larger than is needed
            picture = opened.convert("RGB")
            picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
            picture = ImageOps.exif_transpose(picture)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise _refused(_("Only a picture (JPEG, PNG, WebP) or a PDF can be sent.")) from None
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=85)
    return kept.getvalue()


def _refused(words: str) -> AttachmentRefused:
    return AttachmentRefused(words, fields={"file": [words]})
