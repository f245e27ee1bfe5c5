"""From the codes a machine sends to products.

1. A code that is exactly a SKU means that SKU.
2. Else it is resolved like any code a buyer types; of several products the likeliest kind of code decides.
3. Where that leaves more than one product, the code is ambiguous, and nothing is guessed.
4. Where it leaves none, products that have it as a part of a code are named as candidates.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.catalogue.errors import ProductNotFound
from apps.catalogue.search import skus_with_code_like
from apps.catalogue.selectors import Match, likeliest, products_by_code
from apps.core.errors import Invalid
from apps.core.scoping import Actor

UNKNOWN, AMBIGUOUS = "unknown_code", "ambiguous_code"
PROBLEMS = (UNKNOWN, AMBIGUOUS)


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a code means: a product, or a problem; `candidates` are the SKUs it may mean."""

    product: object | None
    problem: str | None = None
    candidates: tuple[str, ...] = ()


def resolve(actor: Actor, codes: Iterable[str]) -> dict[str, Resolved]:
    """What each code means to this actor; four queries for any number, one more where codes are unknown."""
    found = {code: _decided(code, matches) for code, matches in products_by_code(actor, codes).items()}
    alike = skus_with_code_like(actor, (code for code, result in found.items() if result.problem == UNKNOWN))
    return found | {code: Resolved(None, UNKNOWN, skus) for code, skus in alike.items()}


def _decided(code: str, matches: list[Match]) -> Resolved:
    meant = [match.product for match in likeliest(code, matches)]
    if not meant:
        return Resolved(None, UNKNOWN)
    if len(meant) > 1:
        return Resolved(None, AMBIGUOUS, tuple(product.sku for product in meant))
    return Resolved(meant[0])


def resolve_all(actor: Actor, codes: Iterable[str]) -> dict[str, object]:
    """The product of each code; `Invalid` names those without exactly one."""
    found = resolve(actor, codes)
    wrong = {code: result for code, result in found.items() if result.product is None}
    if wrong:
        raise Invalid(
            _("These codes do not name exactly one product: %(codes)s.") % {"codes": ", ".join(sorted(wrong))},
            codes={code: {"problem": r.problem, "candidates": list(r.candidates)} for code, r in wrong.items()},
        )
    return {code: result.product for code, result in found.items()}


def resolve_one(actor: Actor, code: str) -> object:
    """The product of one code; `ProductNotFound` where it is unknown or ambiguous."""
    result = resolve(actor, [code])[code]
    if result.product is None:
        raise ProductNotFound(problem=result.problem, candidates=list(result.candidates))
    return result.product
