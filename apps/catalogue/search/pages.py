"""Pages that cost the same however deep: each continues after the key of the last row shown.

A page token is the sort and the key of a row, in URL-safe base64; it means nothing to anybody else. One that cannot be
read, or is of another sort, leads to the first page.
"""

import base64
import binascii
import json
from collections.abc import Sequence

from django.db.models import Q

from apps.catalogue.models import Product, ProductQuerySet
from apps.catalogue.search.questions import NAME, POPULARITY, RELEVANCE, Query

# What a sort compares, most important first; a minus turns the order round. The last one is unique.
KEYS = {
    RELEVANCE: ("-score", "-popularity", "pk"),
    POPULARITY: ("-popularity", "pk"),
    NAME: ("name", "pk"),
}


def page(products: ProductQuerySet, query: Query) -> tuple[list[Product], str | None, str | None]:
    """The rows of the page asked for, the token of the page after and of the page before; one query."""
    keys = KEYS[query.sort]
    after, before = read_token(query.after, query.sort), read_token(query.before, query.sort)
    backwards = before is not None and after is None
    order = [_turned(key) for key in keys] if backwards else list(keys)
    if start := before if backwards else after:
        products = products.filter(_beyond(order, start))
    rows = list(products.for_cards().order_by(*order)[: query.size + 1])
    more, rows = len(rows) > query.size, rows[: query.size]
    if backwards:
        rows.reverse()
    if not rows:
        return [], None, None
    has_next, has_previous = (True, more) if backwards else (more, after is not None)
    return (
        rows,
        write_token(query.sort, rows[-1]) if has_next else None,
        write_token(query.sort, rows[0]) if has_previous else None,
    )


def _turned(key: str) -> str:
    return key[1:] if key.startswith("-") else f"-{key}"


def _beyond(order: Sequence[str], start: Sequence) -> Q:
    """Rows that come after the key `start` in `order`; the first comparison stands alone, for the index."""
    condition, equal = Q(), Q()
    for key, value in zip(order, start, strict=True):
        name = key.removeprefix("-")
        condition |= equal & Q(**{f"{name}__{'lt' if key.startswith('-') else 'gt'}": value})
        equal &= Q(**{name: value})
    first = order[0].removeprefix("-")
    return Q(**{f"{first}__{'lte' if order[0].startswith('-') else 'gte'}": start[0]}) & condition


def write_token(sort: str, product: Product) -> str:
    """Where `product` stands under `sort`."""
    key = [getattr(product, name.removeprefix("-")) for name in KEYS[sort]]
    return base64.urlsafe_b64encode(json.dumps([sort, *key]).encode()).decode().rstrip("=")


def read_token(token: str | None, sort: str) -> list | None:
    """The key in a token of this sort, or None."""
    if not token:
        return None
    try:
        said = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (binascii.Error, ValueError):
        return None
    if not isinstance(said, list) or len(said) != len(KEYS[sort]) + 1 or said[0] != sort:
        return None
    kinds = [str if name == "name" else int for name in KEYS[sort]]
    known = all(type(part) is kind for part, kind in zip(said[1:], kinds, strict=True))
    return said[1:] if known and all(map(_can_be_asked, said[1:])) else None


def _can_be_asked(part: str | int) -> bool:
    return part.isprintable() if isinstance(part, str) else abs(part) < 2**63
