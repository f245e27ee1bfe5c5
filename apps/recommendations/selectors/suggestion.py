"""A suggestion of any kind."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.catalogue.models import Product


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A product to suggest: `kind` says by which reckoning (next_order, goes_with, usually_added, missing_range,
    substitute, saving, service, pick), `because` has the facts of the reason, days as ISO text, products by id.

    `quantity` can be ordered; 0 leaves it to the page: the least that can be.
    """

    product: Product
    kind: str
    because: Mapping
    quantity: int = 0
