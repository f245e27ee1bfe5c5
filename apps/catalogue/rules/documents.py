"""Which of several versions of a document is the one to read.

1. Versions of one document share product, kind, title and language.
2. The one issued last is current, of several of one day the one entered last; a version without a date is the oldest.
3. Those before it are kept in order, the latest first: what was true when a delivery came must stay readable.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Versions:
    """A document with its current version and the older ones."""

    current: object
    older: tuple[object, ...]


def by_version(documents: Iterable) -> list[Versions]:
    """Documents (`kind`, `title`, `language`, `issued_on`, `pk`), each once with its versions, in the order given."""
    found: dict[tuple, list] = {}
    for document in documents:
        found.setdefault((document.kind, document.title, document.language), []).append(document)
    ordered = (sorted(each, key=lambda it: (it.issued_on or date.min, it.pk), reverse=True) for each in found.values())
    return [Versions(current, tuple(older)) for current, *older in ordered]
