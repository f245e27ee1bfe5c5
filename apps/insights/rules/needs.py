"""What customers need and we lack: when two of them mean the same, and what it is worth.

1. Words mean the same need whatever their order, case, width or punctuation: "Gloves, nitrile" and "nitrile gloves".
   Nothing else is guessed; a person says that two needs are one.
2. What was lost about a product belongs to the need of that product, not to its words.
3. An account is counted with the strongest thing it told: what it was quoted and turned down, before the price it named
   elsewhere, before what it sent back, before what the product it wants replaced costs, before its usual order line. So
   who searches, asks and then gets a quote is not counted three times.
4. What stands for something asked (a quote, a price, a return) adds up; the usual line of an account stands for one
   order line however often it asked.
5. An account of which nothing is known is worth nothing that can be said: it is counted as not sized.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from apps.core.money import ZERO
from apps.core.text import folded

LONGEST_KEY = 160
#: What a figure may come from, the strongest first.
BASES = ("quoted", "elsewhere", "returned", "replaced", "usual")
_WORD = re.compile(r"\w+")


def words_of(text: str) -> list[str]:
    """The words of a text in order, each once: folded, without case and punctuation."""
    return sorted(set(_WORD.findall(folded(text).casefold())))


def key_of(text: str) -> str:
    """What texts that mean the same need have in common; "" where there are no words."""
    return " ".join(words_of(text))[:LONGEST_KEY]


def key_of_product(product_id: int) -> str:
    """The key of the need of a product: words never give one."""
    return f"#{product_id}"


class Said(NamedTuple):
    """All that an account told of a need on one basis ("" and None: nothing to size it by)."""

    account_id: int
    basis: str
    total: Decimal | None
    largest: Decimal | None


@dataclass(frozen=True, slots=True)
class Size:
    """What a need is worth: the amount each basis stands for, and how many accounts could not be sized."""

    by_basis: dict[str, Decimal] = field(default_factory=dict)
    unsized: int = 0

    @property
    def amount(self) -> Decimal:
        return sum(self.by_basis.values(), ZERO)


def size_of(told: Iterable[Said]) -> Size:
    """What the accounts' mentions of one need come to; see the rules above."""
    of_account: dict[int, dict[str, Said]] = defaultdict(dict)
    for each in told:
        of_account[each.account_id][each.basis if each.total is not None else ""] = each
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    unsized = 0
    for bases in of_account.values():
        basis = next((basis for basis in BASES if basis in bases), "")
        if basis:
            sums[basis] += bases[basis].largest if basis == "usual" else bases[basis].total
        else:
            unsized += 1
    return Size({basis: sums[basis] for basis in BASES if basis in sums}, unsized)
