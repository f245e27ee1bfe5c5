from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from apps.delivery.models import Holiday


def closed_days(countries: Iterable[str], *, since: date, until: date) -> dict[str, frozenset[date]]:
    """The days from `since` to `until` (both included) on which the whole of a country is closed, by country.

    Every country asked about is there, with no days where none are known; those of a zone alone are left out. One
    query; `cases.rules.WorkingTime` takes them as `closed`.
    """
    found: dict[str, set[date]] = defaultdict(set)
    asked = set(countries)
    days = Holiday.objects.filter(country__in=asked, zone=None, day_on__range=(since, until)).order_by()
    for country, day in days.values_list("country", "day_on"):
        found[country].add(day)
    return {country: frozenset(found[country]) for country in asked}
