"""What a listing was asked for, and how each part of it links to the next question.

1. The query string is read into a `Query`; what makes no sense in it is left out, never an error.
2. Facets of attributes are parameters named `a_` and the attribute's code; brands are `brand`.
3. Every chosen value is a chip that leads to the same listing without it.
4. `by` is a day by which goods are to be there: 1, 3 or 5 working days from now; `by_date` is any other one.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.catalogue.search import SORTS, Found, Query
from apps.core.formatting import Words
from apps.core.lists import PAGING, clean, paging
from apps.portal.views_menu import ALL, SAVED

PAGE_SIZE = 24
MOST_VALUES = 20
OPEN_FACETS = 4
ATTRIBUTE = "a_"
SORT_WORDS = {
    "relevance": gettext_lazy("Best match"),
    "popularity": gettext_lazy("Most ordered"),
    "price": gettext_lazy("Your price"),
    "unit_price": gettext_lazy("Price per comparable unit"),
    "arrival": gettext_lazy("Earliest arrival"),
    "alike": gettext_lazy("Popular with firms like yours"),
    "name": gettext_lazy("Name"),
}
SWITCHES = {
    "in_stock": gettext_lazy("In stock"),
    "on_contract": gettext_lazy("At your agreed prices"),
    "bought_before": gettext_lazy("Bought before"),
}
DAY = "by"
OTHER_DAY = "by_date"
DAYS = {
    "": gettext_lazy("Any day"),
    "1": gettext_lazy("By the next working day"),
    "3": gettext_lazy("Within 3 working days"),
    "5": gettext_lazy("Within 5 working days"),
}
KEPT = ("q", "sort", "view")


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """A group of choices that narrows the listing."""

    name: str
    label: str
    open: bool
    values: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Switch:
    """What narrows the listing by a yes; `count` is None where it was not counted."""

    name: str
    label: str
    chosen: bool
    count: int | None


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    url: str


def query_of(request: HttpRequest, category_slug: str = "") -> Query:
    """The question in the query string."""
    asked = request.GET
    text = clean(asked.get("q", ""))
    usual = "relevance" if text else "popularity"
    return Query(
        text=text,
        category=category_slug or None,
        brands=_values(asked, "brand"),
        attributes={name.removeprefix(ATTRIBUTE): _values(asked, name) for name in asked if name.startswith(ATTRIBUTE)},
        in_stock="in_stock" in asked,
        bought_before="bought_before" in asked,
        sort=asked["sort"] if asked.get("sort") in SORTS else usual,
        **paging(request),
        size=PAGE_SIZE,
    )


def _values(asked: QueryDict, name: str) -> tuple[str, ...]:
    return tuple(value for value in map(clean, asked.getlist(name)[:MOST_VALUES]) if value)


def filters_of(found: Found) -> list[Filter]:
    """The brands and attributes of a result for the filter form; the first ones and the chosen ones stand open."""
    kinds = [facet for facet in found.facets if facet.kind in ("brand", "attribute") and facet.values]
    return [
        Filter(
            name=_parameter(facet),
            label=f"{facet.name} ({facet.unit})" if facet.unit else facet.name,
            open=index < OPEN_FACETS or any(value.chosen for value in facet.values),
            values=tuple(Choice(value.value, value.label, value.count, value.chosen) for value in facet.values),
        )
        for index, facet in enumerate(kinds)
    ]


def category_counts(found: Found) -> dict[str, int]:
    """How many products were found in each category one step below: slug -> count."""
    return {value.value: value.count for facet in found.facets if facet.kind == "category" for value in facet.values}


def switches_of(found: Found, asked: QueryDict, *, with_prices: bool) -> list[Switch]:
    """What is on or off, with how many products it would leave where that was counted."""
    counts = {facet.code: facet.values[0].count for facet in found.facets if facet.kind == "flag" and facet.values}
    offered = {name: label for name, label in SWITCHES.items() if with_prices or name != "on_contract"}
    return [Switch(name, label, name in asked, counts.get(name)) for name, label in offered.items()]


def day_asked(asked: QueryDict) -> str:
    """The day by which goods are to be there, as it was said: see `arranging.day_of`."""
    return clean(asked.get(OTHER_DAY, "")) or clean(asked.get(DAY, ""))


def days_of(asked: QueryDict, day: date | None) -> list[tuple[str, str, bool]]:
    """(value, words, chosen) of the days offered; none is chosen where another day was said."""
    chosen = "" if day is None else day_asked(asked)
    return [(value, label, value == chosen) for value, label in DAYS.items()]


def _parameter(facet) -> str:
    return facet.code if facet.kind == "brand" else f"{ATTRIBUTE}{facet.code}"


def chips_of(found: Found, asked: QueryDict, day: date | None = None) -> list[Chip]:
    """One chip for each chosen filter, leading to the listing without it."""
    chips = [Chip(_("“%(text)s”") % {"text": clean(asked["q"])}, _without(asked, "q"))] if asked.get("q") else []
    chips += [Chip(str(label), _without(asked, name)) for name, label in SWITCHES.items() if name in asked]
    if day:
        words = _("There by %(day)s") % {"day": Words().short_date(day)}
        chips.append(Chip(words, _without(asked, DAY, OTHER_DAY)))
    for facet in found.facets:
        if facet.kind in ("brand", "attribute"):
            chips += [
                Chip(
                    f"{facet.name}: {value.label}{f' {facet.unit}' if facet.unit else ''}",
                    _without(asked, _parameter(facet), value=value.value),
                )
                for value in facet.values
                if value.chosen
            ]
    return chips


def _without(asked: QueryDict, *names: str, value: str | None = None) -> str:
    """The query string without parameters, or without one value of them, back on the first page."""
    left = asked.copy()
    for name in names:
        left.setlist(name, [kept for kept in left.getlist(name) if value is not None and kept != value])
    for place in PAGING:
        left.pop(place, None)
    left.pop(SAVED, None)  # it is that view no longer
    return f"?{left.urlencode() or f'{ALL}=1'}"


def sorts_of(query: Query, own: Collection[str], asked: QueryDict) -> list[tuple[str, str, bool]]:
    """(value, words, chosen) of each order of the list; by relevance only where words were searched, and of those that
    the account's prices and dates give the `own`."""
    offered = [name for name in SORT_WORDS if name in own or (name in SORTS and (name != "relevance" or query.text))]
    said = asked.get("sort")
    chosen = said if said in own else query.sort
    return [(name, SORT_WORDS[name], name == chosen) for name in offered]


def kept_fields(asked: QueryDict) -> list[tuple[str, str]]:
    """What the filter form hands on besides its own boxes."""
    return [(name, clean(asked[name])) for name in KEPT if asked.get(name)]


def kept_by_sorting(asked: QueryDict) -> list[tuple[str, str]]:
    """What the choice of an order hands on: everything but the place in the list."""
    left = (name for name in asked if name not in ("sort", *PAGING))
    return [(name, value) for name in left for value in map(clean, asked.getlist(name)[:MOST_VALUES]) if value]
