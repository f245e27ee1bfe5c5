"""Hits in an order: by popularity, by relevance, by name.

1. The first hits of an order are kept until the index moves on: a page among them is a slice of what is known.
2. Those by popularity are handed on to the next commit: what was written since is taken out, and put in where it
   stands now.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tantivy import FieldType, Occur, Order
from tantivy import Query as Ask

from apps.catalogue.index import Opened
from apps.catalogue.index.documents import id_of_rank
from apps.catalogue.index.schema import schema
from apps.catalogue.search.narrowing import Filter, Ground, asked, kept_as, one_of

AHEAD = 1_300  # hits whose order is kept: fifty pages and some
_HELD_IN_ONE = 8  # of these a memory of values holds in the place of one


@dataclass(frozen=True, slots=True)
class _Order:
    """The first hits in their order, by rank or by id; `whole` says that there are no more."""

    hits: array
    whole: bool

    @property
    def weight(self) -> int:
        return 1 + len(self.hits) // _HELD_IN_ONE

    def reaches(self, place: int) -> bool:
        """Whether all hits up to a place are known."""
        return self.whole or place <= len(self.hits)

    def handed_on(self, _before: Opened, _now: Opened, _ids: frozenset[int]) -> None:
        """Where a score stands among others depends on all of them."""


@dataclass(frozen=True, slots=True)
class _Ranks(_Order):
    """By rank, the highest first."""

    ground: Ground
    filters: tuple[Filter, ...]

    def handed_on(self, _before: Opened, now: Opened, ids: frozenset[int]) -> "_Ranks | None":
        if not self.ground.lasts or not all(narrowing.lasts for narrowing in self.filters):
            return None
        stay = [rank for rank in self.hits if id_of_rank(rank) not in ids]
        if not self.whole and len(stay) * 2 < AHEAD:
            return None
        written = Hits(now, self.ground.within(one_of("id", ids)), self.filters).first_ranks(len(ids) + 1)
        come = [rank for rank in written if self.whole or rank > stay[-1]]
        return _Ranks(array("Q", sorted([*stay, *come], reverse=True)), self.whole, self.ground, self.filters)


@dataclass(frozen=True)
class Hits:
    """What an index has of a ground, narrowed by filters."""

    index: Opened
    ground: Ground
    filters: Sequence[Filter]

    def best(self, most: int, *, by_words: bool) -> Sequence[int]:
        """The ids of so many hits at most, those that fit the words best or that are most popular first."""
        return self.by_relevance(0, most) if by_words else self.ids_of(self.ranks(None, most))

    def ids_of(self, ranks: Iterable[int]) -> list[int]:
        return [id_of_rank(rank) for rank in ranks]

    def ranks(self, beyond: int | None, most: int, *, backwards: bool = False) -> Sequence[int]:
        """So many ranks at most below `beyond` (or above it), always from the highest to the lowest."""
        known = self._known_ranks()
        if known is not None:
            at = bisect_left(known.hits, -beyond, key=int.__neg__) if beyond is not None else 0
            if backwards and (known.whole or at < len(known.hits)):
                return known.hits[max(at - most, 0) : at]
            at += at < len(known.hits) and known.hits[at] == beyond
            if not backwards and (known.reaches(at + most)):
                return known.hits[at : at + most]
        order = Order.Asc if backwards else Order.Desc
        ranks = self.first_ranks(most, beyond, order)
        return ranks[::-1] if backwards else ranks

    def first_ranks(self, most: int, beyond: int | None = None, order: Order = Order.Desc) -> list[int]:
        query = asked(self.ground, self.filters)
        if beyond is not None:
            low, high = (beyond + 1, None) if order is Order.Asc else (None, beyond - 1)
            between = Ask.range_query(schema(), "rank", FieldType.Unsigned, low, high)
            query = Ask.boolean_query([(Occur.Must, query), (Occur.Must, between)])
        found = self.index.searcher.search(query, most, count=False, order_by_field="rank", order=order)
        return [rank for rank, _address in found.hits]

    def _known_ranks(self) -> _Ranks | None:
        key = kept_as("ranks", self.ground, self.filters)
        if key is None:
            return None
        known = self.index.kept.get(key)
        if known is None:
            ranks = self.first_ranks(AHEAD)
            known = _Ranks(array("Q", ranks), len(ranks) < AHEAD, self.ground, tuple(self.filters))
            self.index.kept.put(key, known)
        return known

    def by_relevance(self, low: int, high: int) -> Sequence[int]:
        """The ids of the hits from place `low` up to `high`, those that fit the words best first."""
        return self._between(low, high, weight_by_field="weight")

    def by_name(self, low: int, high: int) -> Sequence[int]:
        """The ids of the hits from place `low` up to `high`, by name."""
        return self._between(low, high, order_by_field="by_name", order=Order.Asc)

    def _between(self, low: int, high: int, **how) -> Sequence[int]:
        low, high = (min(place, self.index.searcher.num_docs) for place in (low, high))
        key = kept_as("order", self.ground, self.filters, *how)
        known = self.index.kept.get(key) if key is not None else None
        if key is not None and not (known and known.reaches(high)) and low < high <= AHEAD:
            ahead = AHEAD if low else high  # whoever reads on may read far; most do not
            ids = self._searched(0, ahead, how)
            known = _Order(array("q", ids), len(ids) < ahead)
            self.index.kept.put(key, known)
        if known and known.reaches(high):
            return known.hits[low:high]
        return self._searched(low, high, how) if low < high else []

    def _searched(self, low: int, high: int, how: dict) -> list[int]:
        found = self.index.searcher.search(asked(self.ground, self.filters), high - low, offset=low, count=False, **how)
        return self.index.searcher.fast_field_values("id", [address for _key, address in found.hits])
