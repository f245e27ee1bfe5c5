"""A file that was sent or fetched becomes a picture or a document of a product, after its content was looked at."""

from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from apps.catalogue.services import set_document, set_further_picture, set_picture
from apps.core.images import NoPicture, sizes_of


class Part(NamedTuple):
    """What a file is of a product: `kind` is `picture` or that of a document; `place` 0 is its own picture."""

    product_id: int
    kind: str = "picture"
    place: int = 0
    title: str = ""


def give(part: Part, data: bytes, *, language: str, now: datetime) -> bool:
    """Whether the product did not have it yet. Raises `NoPicture` where it is not what it should be."""
    if part.kind != "picture":
        pdf = _whole_pdf(data)
        return set_document(part.product_id, part.kind, part.title, pdf, language=language, now=now)
    sizes = sizes_of(data)
    if part.place:
        return set_further_picture(part.product_id, part.place, sizes, now=now)
    return set_picture(part.product_id, sizes, now=now)


def _whole_pdf(data: bytes) -> bytes:
    """The content, where it is a PDF from its first to its last bytes."""
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-2048:]:
        raise NoPicture(_("It is no whole PDF."))
    return data
