"""Counting what each further choice would show.

1. The values of a facet are counted under the text, the category and all *other* filters: so a facet whose value is
   chosen keeps its further values on offer. One pass of the index counts all facets that are no filter; each one that
   is takes a pass of its own.
2. Attributes are counted only below a category or a text: over a whole catalogue they say nothing.
3. What does not depend on who asks beyond their assortment is kept until the index moves on, and then handed on: what
   the products written since counted before is taken off, what they count now is added.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from tantivy import Query as Ask
from tantivy import Searcher

from apps.catalogue.index import Opened
from apps.catalogue.models import Brand
from apps.catalogue.search.narrowing import Filter, Ground, asked, kept_as, one_of
from apps.catalogue.search.questions import BRAND, IN_STOCK

CATEGORY = "category"
_MOST_BUCKETS = 10_000
_PLAIN = {CATEGORY: "category", BRAND: "brand", IN_STOCK: "stock"}

Counts = Mapping[str, Mapping[str, int]]


class Wanted(Enum):
    """What is to be counted beside the hits."""

    TOTAL, BUT_ATTRIBUTES, ALL = range(3)


@dataclass(frozen=True, slots=True)
class Counted:
    """`total` of hits; facet code -> value -> count. Categories and brands are named by id, flags by "true"."""

    total: int
    by_facet: Counts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Counting:
    """What was counted, with what it takes to count it again."""

    counted: Counted
    ground: Ground
    filters: tuple[Filter, ...]
    wanted: Wanted

    @property
    def weight(self) -> int:
        return 1 + sum(map(len, self.counted.by_facet.values()))

    def handed_on(self, before: Opened, now: Opened, ids: frozenset[int]) -> "_Counting | None":
        """The same as of the next commit, in which these products were written; None where that is not sure."""
        if not self.ground.lasts or not all(narrowing.lasts for narrowing in self.filters):
            return None
        ground = self.ground.within(one_of("id", ids))
        gone = _count(before.searcher, ground, self.filters, self.wanted)
        come = _count(now.searcher, ground, self.filters, self.wanted)
        return _Counting(_balance(self.counted, gone, come), self.ground, self.filters, self.wanted)


def _balance(counted: Counted, gone: Counted, come: Counted) -> Counted:
    by_facet: dict[str, dict[str, int]] = {}
    for code in {*counted.by_facet, *come.by_facet}:
        values = defaultdict(int, counted.by_facet.get(code, {}))
        for value, number in come.by_facet.get(code, {}).items():
            values[value] += number
        for value, number in gone.by_facet.get(code, {}).items():
            values[value] -= number
        by_facet[code] = {value: number for value, number in values.items() if number}
    return Counted(counted.total + come.total - gone.total, by_facet)


def count(index: Opened, ground: Ground, filters: Sequence[Filter], wanted: Wanted) -> Counted:
    """Count hits and, where wanted, the values of each facet; no query."""
    key = kept_as("counted", ground, filters, wanted)
    if key is None:
        return _count(index.searcher, ground, filters, wanted)
    kept = index.kept.get(key)
    if kept is None:
        kept = _Counting(_count(index.searcher, ground, filters, wanted), ground, tuple(filters), wanted)
        index.kept.put(key, kept)
    return kept.counted


def count_of(index: Opened, ground: Ground, filters: Iterable[Filter], ids: Iterable[int]) -> int:
    """How many of the hits are among these products."""
    among = asked(ground.within(one_of("id", ids)), filters)
    return index.searcher.search(among, 1).count


def _count(searcher: Searcher, ground: Ground, filters: Sequence[Filter], wanted: Wanted) -> Counted:
    everything = asked(ground, filters)
    if wanted is Wanted.TOTAL:
        return Counted(searcher.search(everything, 1).count)
    set_ = {narrowing.code for narrowing in filters}
    plain = [code for code in _PLAIN if code not in set_]
    by_facet = _buckets(searcher, everything, plain, attributes=wanted is Wanted.ALL, but=set_)
    total = sum(by_facet[CATEGORY].values())
    for narrowing in filters:
        if narrowing.is_facet:
            others = asked(ground, (other for other in filters if other is not narrowing))
            by_facet |= _of_one(searcher, others, narrowing.code)
    return Counted(total, by_facet)


def _of_one(searcher: Searcher, query: Ask, code: str) -> dict[str, dict[str, int]]:
    """The counts of one facet alone."""
    if code in _PLAIN:
        return _buckets(searcher, query, {code}, attributes=False)
    return _buckets(searcher, query, (), attributes=True, only=code)


def _buckets(
    searcher: Searcher,
    query: Ask,
    plain: Iterable[str],
    *,
    attributes: bool,
    only: str | None = None,
    but: Iterable[str] = (),
) -> dict[str, dict[str, int]]:
    wanted = {code: {"terms": {"field": _PLAIN[code], "size": _MOST_BUCKETS}} for code in plain}
    if attributes:
        wanted["attr"] = {"terms": {"field": "attr", "size": _MOST_BUCKETS}}
        if only is not None:
            wanted["attr"]["terms"]["include"] = f"{re.escape(only)}=.*"
    answer = searcher.aggregate(query, wanted)
    found = {code: _read(code, answer[code]["buckets"]) for code in plain}
    for bucket in answer["attr"]["buckets"] if attributes else ():
        code, _equals, value = bucket["key"].partition("=")
        if code not in but:
            found.setdefault(code, {})[value] = bucket["doc_count"]
    return found


def _read(code: str, buckets: Iterable[Mapping]) -> dict[str, int]:
    if code == IN_STOCK:
        there = sum(bucket["doc_count"] for bucket in buckets if bucket["key"])
        return {"true": there} if there else {}
    return {str(int(bucket["key"])): bucket["doc_count"] for bucket in buckets}


def brands_of(counted: Counted) -> dict[str, tuple[str, int]]:
    """Counts of brands by slug, with their names; one query."""
    counts = counted.by_facet.get(BRAND, {})
    if not counts:
        return {}
    brands = Brand.objects.filter(pk__in=[int(id_) for id_ in counts]).values_list("pk", "slug", "name")
    return {slug: (name, counts[str(pk)]) for pk, slug, name in brands}
