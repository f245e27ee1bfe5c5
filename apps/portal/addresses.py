"""An address and its receiving rules in the words of the page: see components/_address.html."""

from datetime import date, timedelta

from babel.dates import format_time
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.core.formatting import country_name, locale_of

A_MONDAY = date(2024, 1, 1)


def address_words(ship_to, home_country: str = "") -> dict:
    """What components/_address.html shows of a ship-to; the country only where it is not `home_country`."""
    said = (ship_to.gate, ship_to.unloading, ship_to.markings, ship_to.delivery_note)
    notes = " · ".join(text for text in (*said, _("Blind shipment") if ship_to.is_blind else "") if text)
    return {
        "name": ship_to.name,
        "lines": [ship_to.street, f"{ship_to.postal_code} {ship_to.city}".strip()],
        "country": "" if ship_to.country == home_country else country_name(ship_to.country, get_language()),
        "attention": ship_to.contact_name,
        "phone": ship_to.phone,
        "hours": receiving_words(ship_to),
        "notes": notes,
    }


def receiving_words(ship_to) -> str:
    """ "Mon–Fri, 08:00–16:00": when a ship-to takes goods in."""
    return _("%(days)s, %(start)s–%(end)s") % {
        "days": days_words(ship_to.receiving_days),
        "start": _time(ship_to.receiving_from),
        "end": _time(ship_to.receiving_to),
    }


def days_words(days: str) -> str:
    """ISO weekdays in words: "12345" is "Mon–Fri", "135" is "Mon, Wed, Fri"."""
    runs: list[list[int]] = []
    for day in sorted(int(day) for day in days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(_run(run) for run in runs)


def _run(run: list[int]) -> str:
    if len(run) < 3:
        return ", ".join(map(_day, run))
    return f"{_day(run[0])}–{_day(run[-1])}"


def _day(weekday: int) -> str:
    names = locale_of(get_language()).days["format"]["abbreviated"]
    return names[(A_MONDAY + timedelta(days=weekday - 1)).weekday()]


def _time(value) -> str:
    return format_time(value, "short", locale=locale_of(get_language()))
