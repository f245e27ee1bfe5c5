"""What may be meant by a code that nothing on sale has as a whole: quick order and machines are offered these."""

from collections.abc import Iterable

from tantivy import Occur, Query

from apps.catalogue.index import Opened, reading
from apps.catalogue.models import Product
from apps.catalogue.search import narrowing
from apps.catalogue.search.facets import asked
from apps.catalogue.search.wording import Wording
from apps.catalogue.selectors.assortments import assortment_of
from apps.core.scoping import Actor
from apps.core.text import folded

MOST = 5


def skus_with_code_like(actor: Actor, codes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """For each code as typed the SKUs on sale, `MOST` at most, that have one which begins so or has it in it.

    From four characters on, whatever hyphens, spaces, case and leading zeros; the likeliest first. Two queries for any
    number of codes; none is known where there is no index.
    """
    codes, index = list(codes), reading.opened()
    if index is None or not codes:
        return dict.fromkeys(codes, ())
    within = narrowing.on_sale(assortment_of(actor))
    try:
        ids = {code: _ids(index, within, code) for code in codes}
    except BaseException as error:
        if not reading.is_of_the_engine(error):
            raise
        reading.trouble(error)
        return dict.fromkeys(codes, ())
    wanted = {id_ for found in ids.values() for id_ in found}
    skus = dict(Product.objects.on_sale().filter(pk__in=wanted).values_list("pk", "sku")) if wanted else {}
    return {code: tuple(skus[id_] for id_ in found if id_ in skus) for code, found in ids.items()}


def _ids(index: Opened, within: list[tuple[Occur, Query]], code: str) -> list[int]:
    alike = Wording(index, folded(code)).by_letters_of_a_code()
    if alike is None:
        return []
    hits = index.searcher.search(asked([(Occur.Must, alike), *within], ()), MOST, weight_by_field="weight").hits
    return index.searcher.fast_field_values("id", [address for _score, address in hits])
