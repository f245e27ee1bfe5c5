"""A picture or a PDF that somebody sends with what they ask.

A file is known by its content, never by its name. A picture is written anew, so that nothing but the picture is kept;
what is neither a picture nor a PDF is refused.
"""

from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from apps.core.errors import Invalid

LARGEST_FILE = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
LARGEST_SIDE = 2000
PICTURES = ("PNG", "JPEG", "WEBP")


class AttachmentRefused(Invalid):
    code = "attachment_refused"


@dataclass(frozen=True, slots=True)
class Attached:
    """A file as it is kept; `kind` is jpg or pdf."""

    content: bytes
    kind: str


def attached(content: bytes) -> Attached:
    """The file as it is kept; `AttachmentRefused` with the words beside the field `file`."""
    if len(content) > LARGEST_FILE:
        raise _refused(_("The file is larger than 5 MB: send a smaller one."))
    if content.startswith(b"%PDF-"):
        return Attached(content, "pdf")
    return Attached(_picture(content), "jpg")


def _picture(content: bytes) -> bytes:
    """A picture written anew: upright, no larger than needed, without what else its file told."""
    try:
        with Image.open(BytesIO(content), formats=PICTURES) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise _refused(_("The picture has too many pixels: send a smaller one."))
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise _refused(_("Only a picture (JPEG, PNG, WebP) or a PDF can be sent.")) from None
    picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=85)
    return kept.getvalue()


def _refused(words: str) -> AttachmentRefused:
    return AttachmentRefused(fields={"file": [words]})
