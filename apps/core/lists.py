"""Lists that are read page by page: their tabs, their place in the query string, the links onwards."""

from django.http import HttpRequest, QueryDict

PAGING = ("after", "before")
LONGEST_TEXT = 200


def clean(text: str) -> str:
    """Text as it may be searched for: no control characters, no more than LONGEST_TEXT."""
    return "".join(ch for ch in text if ch.isprintable()).strip()[:LONGEST_TEXT]


def whole(text: object) -> int | None:
    """A row's id as a form sends it; None for anything else."""
    digits = str(text)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 18 else None


def searched(request: HttpRequest) -> str:
    return clean(request.GET.get("q", ""))


def status_of(request: HttpRequest, tabs) -> str:
    """The status asked for where it is one of the tabs', else that of no tab: all."""
    status = request.GET.get("status", "")
    return status if status in dict(tabs) else ""


def narrowed_to(request: HttpRequest, apart_from: tuple[str, ...] = ()) -> str:
    """The query string of what a list is narrowed to: without the place in it, what was left empty, and `apart_from`;
    "" where it is not narrowed."""
    query = request.GET.copy()
    for name in (*PAGING, *apart_from):
        query.pop(name, None)
    for name, values in list(query.lists()):
        query.setlist(name, [value for value in values if value])
    return query.urlencode()


def tabs_of(request: HttpRequest, tabs, current: str, **kept: object) -> list[dict]:
    """Tabs over the statuses of a list, each keeping what was searched and `kept`: see components/_tabs.html."""
    return [
        {"label": label, "url": _tab(status=status, q=searched(request), **kept), "current": status == current,
         "count": None}
        for status, label in tabs
    ]  # fmt: skip


def _tab(**said: object) -> str:
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in said.items() if value})
    return f"?{query.urlencode()}"


def paging(request: HttpRequest) -> dict[str, str | None]:
    """The place in a keyset list that the query string names."""
    return {name: clean(request.GET.get(name, "")) or None for name in PAGING}


def page_url(asked: QueryDict, **place: str | None) -> str:
    """The query string for another page of the same list; "" where there is none."""
    other = asked.copy()
    for name in PAGING:
        other.pop(name, None)
    for name, value in place.items():
        other[name] = value
    return f"?{other.urlencode()}" if all(place.values()) else ""


def page_urls(request: HttpRequest, page) -> dict[str, str]:
    """The links that components/_pagination.html wants, from a page with `next_after` and `previous_before`."""
    return {
        "next_url": page_url(request.GET, after=page.next_after),
        "previous_url": page_url(request.GET, before=page.previous_before),
    }
