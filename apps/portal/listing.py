"""What a listing was asked for, and how each part of it links to the next question.

1. The query string is read into a `Query`; what makes no sense in it is left out, never an error.
2. Facets of attributes are parameters named `a_` and the attribute's code; brands are `brand`.
3. Every chosen value is a chip that leads to the same listing without it.
"""

from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.catalogue.search import SORTS, Found, Query
from apps.core.lists import PAGING, clean, paging

PAGE_SIZE = 24
MOST_VALUES = 20
OPEN_FACETS = 4
ATTRIBUTE = "a_"
SORT_WORDS = {
    "relevance": gettext_lazy("Best match"),
    "popularity": gettext_lazy("Most ordered"),
    "name": gettext_lazy("Name"),
}
SWITCHES = {"in_stock": gettext_lazy("In stock"), "bought_before": gettext_lazy("Bought before")}
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


def switches_of(asked: QueryDict) -> list[tuple[str, str, bool]]:
    """(parameter, words, chosen) of what is on or off."""
    return [(name, label, name in asked) for name, label in SWITCHES.items()]


def _parameter(facet) -> str:
    return facet.code if facet.kind == "brand" else f"{ATTRIBUTE}{facet.code}"


def chips_of(found: Found, asked: QueryDict) -> list[Chip]:
    """One chip for each chosen filter, leading to the listing without it."""
    chips = [Chip(_("“%(text)s”") % {"text": clean(asked["q"])}, _without(asked, "q"))] if asked.get("q") else []
    chips += [Chip(str(label), _without(asked, name)) for name, label in SWITCHES.items() if name in asked]
    for facet in found.facets:
        if facet.kind in ("brand", "attribute"):
            chips += [
                Chip(
                    f"{facet.name}: {value.label}{f' {facet.unit}' if facet.unit else ''}",
                    _without(asked, _parameter(facet), value.value),
                )
                for value in facet.values
                if value.chosen
            ]
    return chips


def _without(asked: QueryDict, name: str, value: str | None = None) -> str:
    """The query string without a parameter, or without one value of it, back on the first page."""
    left = asked.copy()
    left.setlist(name, [kept for kept in left.getlist(name) if value is not None and kept != value])
    for place in PAGING:
        left.pop(place, None)
    return f"?{left.urlencode()}"


def sorts_of(query: Query) -> list[tuple[str, str, bool]]:
    """(value, words, chosen) of each order of the list; by relevance only where words were searched."""
    return [
        (name, label, name == query.sort) for name, label in SORT_WORDS.items() if name != "relevance" or query.text
    ]


def kept_fields(asked: QueryDict) -> list[tuple[str, str]]:
    """What the filter form hands on besides its own boxes."""
    return [(name, clean(asked[name])) for name in KEPT if asked.get(name)]
