"""A list of addresses: a sheet with the SKU and one or more columns of pictures and documents."""

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from apps.core.sheets import FileRefused
from apps.integrations.catalogue_import.columns import guessed
from apps.integrations.catalogue_import.sheets import articles_of
from apps.integrations.imports.columns import ColumnsUnclear
from apps.integrations.imports.files import on_this_machine
from apps.integrations.imports.reading import headings_of
from apps.integrations.models import PictureAddress

ENDINGS, MOST_ADDRESSES, LONGEST = (".csv", ".xlsx"), 200_000, 1_000


def addresses_in(upload) -> list[dict]:
    """What each address of the list is, as the fields of a `PictureAddress`. Raises `FileRefused`, `ColumnsUnclear`."""
    with on_this_machine(upload, upload.name) as path:
        found = list(_read(path))
    if not found:
        raise FileRefused(_("The list names no address."))
    return found


def _read(path: Path) -> Iterator[dict]:
    headings, _samples = headings_of(path)
    mapping = {heading: target for heading, target in guessed(headings, _URLS).items() if _wanted(target)}
    if not any(target.partition(".")[0] in ("picture", "document") for target in mapping.values()):
        raise ColumnsUnclear(_("No column is called picture, image, URL or document."))
    count = 0
    for article in articles_of(path, {heading: mapping.get(heading, "-") for heading in headings}):
        for said in _addresses(article):
            count += 1
            if count > MOST_ADDRESSES:
                raise FileRefused(_("The list has more than %(n)s addresses. Split it.") % {"n": f"{MOST_ADDRESSES:,}"})
            yield said


_URLS = dict.fromkeys(("url", "URL", "Url", "picture_url", "Picture URL", "address"), "picture")


def _wanted(target: str) -> bool:
    return target.partition(".")[0] in ("sku", "picture", "document")


def _addresses(article) -> Iterator[dict]:
    sku = article.texts.get("sku", "").strip()
    for place, url in enumerate(article.pictures):
        yield {"sku": sku[:60], "place": place, **_said(url)}
    for kind, title, url in article.documents:
        yield {"sku": sku[:60], "kind": kind, "title": title, **_said(url)}


def _said(url: str) -> dict:
    """What is too long to keep is refused at once, so that no other address is asked in its place."""
    if len(url) <= LONGEST:
        return {"url": url}
    refused = _("It has more than %(n)s characters.") % {"n": LONGEST}
    return {"url": url[:LONGEST], "state": PictureAddress.State.REFUSED, "detail": refused}
