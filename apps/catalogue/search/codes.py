"""What may be meant by a code that nothing on sale has as a whole: quick order and machines are offered these."""

from collections.abc import Callable, Iterable, Iterator

from tantivy import Occur, Query

from apps.catalogue.index import Opened, reading
from apps.catalogue.models import Product
from apps.catalogue.search import narrowing
from apps.catalogue.search.wording import LONGEST_TEXT, Wording
from apps.catalogue.selectors.assortments import assortment_of
from apps.core.scoping import Actor
from apps.core.text import folded

MOST = 5
_DROPPED, _KEPT = 3, 5  # how many last characters may be wrong, and how many must be left


def skus_with_code_like(actor: Actor, codes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """For each code as typed the SKUs on sale, `MOST` at most, that have one which begins so or has it in it.

    From four characters on, whatever hyphens, spaces, case and leading zeros; the likeliest first. Two queries for any
    number of codes; none is known where there is no index.
    """
    ids = _like(actor, codes, lambda index, code: [_letters(index, code)])
    wanted = _all_of(ids)
    skus = dict(Product.objects.on_sale().filter(pk__in=wanted).values_list("pk", "sku")) if wanted else {}
    return {code: tuple(skus[id_] for id_ in found if id_ in skus) for code, found in ids.items()}


def products_nearest(actor: Actor, codes: Iterable[str]) -> dict[str, tuple[Product, ...]]:
    """For each code as typed the products on sale that were most likely meant, `MOST` at most, as for cards.

    What has a code with it in it; else what has one that begins as it does but for the last characters; else what
    has the words, for who wrote a name. Two queries for any number of codes.
    """
    ids = _like(actor, codes, _tries)
    wanted = _all_of(ids)
    products = Product.objects.on_sale().for_cards().in_bulk(wanted) if wanted else {}
    return {code: tuple(products[id_] for id_ in found if id_ in products) for code, found in ids.items()}


def _like(actor: Actor, codes: Iterable[str], tries: Callable[[Opened, str], Iterable]) -> dict[str, list[int]]:
    """The ids of what the first try finds that finds anything, by code."""
    codes, index = list(dict.fromkeys(codes)), reading.opened()
    if index is None or not codes:
        return {code: [] for code in codes}
    within = narrowing.on_sale(assortment_of(actor))
    try:
        return {code: _first(index, within, tries(index, code)) for code in codes}
    except BaseException as error:
        if not reading.is_of_the_engine(error):
            raise
        reading.trouble(error)
        return {code: [] for code in codes}


def _first(index: Opened, within: list[tuple[Occur, Query]], tries: Iterable[Query | None]) -> list[int]:
    for alike in tries:
        if alike is not None and (ids := _ids(index, within, alike)):
            return ids
    return []


def _tries(index: Opened, code: str) -> Iterator[Query | None]:
    text = folded(code)[:LONGEST_TEXT]
    yield _letters(index, text)
    for fewer in range(1, _DROPPED + 1):
        yield _letters(index, text[:-fewer]) if len(text) - fewer >= _KEPT else None
    if any(letter.isalpha() for letter in text):
        yield Wording(index, text).query()


def _letters(index: Opened, code: str) -> Query | None:
    return Wording(index, folded(code)).by_letters_of_a_code()


def _ids(index: Opened, within: list[tuple[Occur, Query]], alike: Query) -> list[int]:
    found = Query.boolean_query([(Occur.Must, alike), *within])
    hits = index.searcher.search(found, MOST, count=False, weight_by_field="weight").hits
    return index.searcher.fast_field_values("id", [address for _score, address in hits])


def _all_of(ids: dict[str, list[int]]) -> set[int]:
    return {id_ for found in ids.values() for id_ in found}
