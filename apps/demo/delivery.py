"""Delivery options, their lanes, and holidays."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from decimal import Decimal

from apps.catalogue.models import Product
from apps.delivery.models import Closure, DeliveryOption, Holiday, Lane, Rate, SlotWindow, Zone
from apps.demo.clock import Clock
from apps.demo.load import copy_rows
from apps.demo.sizes import Size

OPTION_COLUMNS = (
    "id", "code", "name", "kind", "description", "carrier", "cut_off", "base_rate", "rate_per_kg", "free_from",
    "min_weight_kg", "max_weight_kg", "position",
)  # fmt: skip
STANDARD, EXPRESS, FREIGHT, PICK_UP, EXPORT, EXPORT_AIR, VAN, DIRECT = range(1, 9)
OPTIONS = (
    (
        STANDARD,
        "standard",
        "Standard",
        "standard",
        "Parcel or own van, two working days.",
        "Wayfare Parcels",
        time(16),
        "6.95",
        "0.05",
        "150",
        "0",
        "250",
        1,
    ),
    (
        EXPRESS,
        "express",
        "Express",
        "express",
        "Next working day where it leaves today.",
        "Swiftline",
        time(17),
        "14.95",
        "0.40",
        None,
        "0",
        "40",
        2,
    ),
    (
        FREIGHT,
        "freight",
        "Pallet freight",
        "freight",
        "On pallets with tail-lift, booked in with your goods-in.",
        "Holt Haulage",
        time(14),
        "48.00",
        "0.09",
        "2500",
        "50",
        None,
        3,
    ),
    (
        PICK_UP,
        "pick-up",
        "Pick-up at a branch",
        "pick_up",
        "Ready within hours of the day it is in stock; bring the order number.",
        "",
        time(17),
        "0",
        "0",
        None,
        "0",
        None,
        4,
    ),
    (
        EXPORT,
        "export",
        "Export, groupage",
        "standard",
        "By road or sea with customs papers.",
        "Meridian Forwarding",
        time(12),
        "38.00",
        "0.85",
        "1500",
        "0",
        None,
        5,
    ),
    (
        EXPORT_AIR,
        "export-air",
        "Export, air",
        "express",
        "By air with customs papers.",
        "Meridian Forwarding",
        time(12),
        "74.00",
        "3.20",
        None,
        "0",
        "300",
        6,
    ),
    (
        VAN,
        "van",
        "Our van, in a time slot",
        "slot",
        "Our own driver brings it in the two hours you choose.",
        "Harrowvale vans",
        time(15),
        "9.50",
        "0",
        None,
        "0",
        "600",
        7,
    ),
    (
        DIRECT,
        "direct",
        "Straight from the maker",
        "drop_ship",
        "What its maker sends leaves from there, past our warehouse.",
        "Wayfare Parcels",
        time(14),
        "0",
        "0",
        None,
        "0",
        "60",
        8,
    ),
)
# By option: base rate in pence, rate in ten-thousandths of a pound for each kg, free value in pence.
RATES = {
    option[0]: (
        int(Decimal(option[7]) * 100),
        int(Decimal(option[8]) * 10_000),
        int(option[9]) * 100 if option[9] else None,
    )
    for option in OPTIONS
}
TRANSIT = {
    STANDARD: {"GB": 2},
    EXPRESS: {"GB": 1},
    FREIGHT: {"GB": 3},
    PICK_UP: {"GB": 0},
    VAN: {"GB": 1},
    DIRECT: {"GB": 2},
    EXPORT: {"IE": 3, "DE": 4, "AE": 9, "TH": 12, "KR": 13, "VN": 13},
    EXPORT_AIR: {"IE": 2, "DE": 2, "AE": 3, "TH": 4, "KR": 4, "VN": 4},
}
FIXED = {
    "GB": ((1, 1, "New Year's Day"), (12, 25, "Christmas Day"), (12, 26, "Boxing Day")),
    "IE": (
        (1, 1, "New Year's Day"),
        (3, 17, "Saint Patrick's Day"),
        (12, 25, "Christmas Day"),
        (12, 26, "Saint Stephen's Day"),
    ),
    "DE": (
        (1, 1, "Neujahr"),
        (5, 1, "Tag der Arbeit"),
        (10, 3, "Tag der Deutschen Einheit"),
        (12, 25, "Weihnachten"),
        (12, 26, "Zweiter Weihnachtstag"),
    ),
    "TH": (
        (1, 1, "New Year's Day"),
        (4, 13, "Songkran"),
        (4, 14, "Songkran"),
        (4, 15, "Songkran"),
        (5, 1, "Labour Day"),
        (12, 5, "Father's Day"),
        (12, 10, "Constitution Day"),
        (12, 31, "New Year's Eve"),
    ),
    "KR": (
        (1, 1, "New Year's Day"),
        (3, 1, "Independence Movement Day"),
        (5, 5, "Children's Day"),
        (6, 6, "Memorial Day"),
        (8, 15, "Liberation Day"),
        (10, 3, "Foundation Day"),
        (10, 9, "Hangul Day"),
        (12, 25, "Christmas"),
    ),
    "VN": ((1, 1, "New Year's Day"), (4, 30, "Reunification Day"), (5, 1, "Labour Day"), (9, 2, "National Day")),
    "AE": ((1, 1, "New Year's Day"), (12, 2, "National Day"), (12, 3, "National Day")),
}
EASTER = {
    "GB": ((-2, "Good Friday"), (1, "Easter Monday")),
    "IE": ((1, "Easter Monday"),),
    "DE": ((-2, "Karfreitag"), (1, "Ostermontag"), (39, "Christi Himmelfahrt"), (50, "Pfingstmontag")),
}
MONDAYS = {
    "GB": ((5, 1, "Early May bank holiday"), (5, -1, "Spring bank holiday"), (8, -1, "Summer bank holiday")),
    "IE": (
        (2, 1, "Saint Brigid's Day"),
        (5, 1, "May Day"),
        (6, 1, "June holiday"),
        (8, 1, "August holiday"),
        (10, -1, "October holiday"),
    ),
}


def save_delivery(size: Size, clock: Clock) -> None:
    copy_rows(DeliveryOption, OPTION_COLUMNS, OPTIONS)
    DeliveryOption.objects.filter(pk=STANDARD).update(part_charge="3.50")
    DeliveryOption.objects.filter(pk=EXPRESS).update(carries_dangerous=False, carries_bulky=False)
    DeliveryOption.objects.filter(pk=EXPORT_AIR).update(carries_dangerous=False)
    DeliveryOption.objects.filter(pk=FREIGHT).update(pallet_kg=500, pallet_m3="1.800")
    copy_rows(Lane, ("option_id", "warehouse_id", "country", "transit_days"), _lanes(size))
    _save_terms(size, clock)
    years = range(clock.today.year - 3, clock.today.year + 3)
    copy_rows(Holiday, ("country", "day_on", "name"), (row for year in years for row in holidays(year)))


def _save_terms(size: Size, clock: Clock) -> None:
    """Zones, rate tables, transfers to branches, the vans' slots, and a day of stocktaking."""
    highlands = Zone.objects.create(name="Scottish Highlands", country="GB", prefixes=["IV", "KW", "PH", "HS", "ZE"])
    Zone.objects.create(name="Northern Ireland", country="GB", prefixes=["BT"])
    Rate.objects.bulk_create(
        Rate(option_id=option, zone=zone, up_to_kg=kg, price=price, per_kg=per_kg, per_pallet=pallet)
        for option, zone, kg, price, per_kg, pallet in (
            (FREIGHT, None, None, "22.00", "0.02", "26.00"),
            (FREIGHT, highlands, None, "58.00", "0.03", "41.00"),
            (VAN, None, 100, "9.50", "0", "0"),
            (VAN, None, 600, "24.00", "0", "0"),
        )
    )
    Lane.objects.create(option_id=STANDARD, warehouse_id=1, country="GB", zone=highlands, transit_days=4)
    Lane.objects.create(option_id=VAN, warehouse_id=1, country="GB", zone=highlands, transit_days=1, is_served=False)
    branches = range(1, min(size.warehouses, 3) + 1)
    Lane.objects.bulk_create(
        Lane(option_id=PICK_UP, warehouse_id=source, branch_id=branch, transit_days=1)
        for source in branches
        for branch in branches
        if source != branch
    )
    SlotWindow.objects.bulk_create(
        SlotWindow(option_id=VAN, starts_at=time(start), ends_at=time(start + 2), capacity=4) for start in (8, 10, 13)
    )
    SlotWindow.objects.create(option_id=VAN, starts_at=time(12), ends_at=time(13), capacity=2, is_priority=True)
    stocktaking = clock.today + timedelta(days=(5 - clock.today.isoweekday()) % 7 + 14)
    Closure.objects.create(
        warehouse_id=min(size.warehouses, 2), from_on=stocktaking, until_on=stocktaking, name="Stocktaking"
    )


def mark_goods() -> None:
    """Spray cans and solvents are dangerous goods; ladders, racks and the like are bulky."""
    Product.objects.filter(name__iregex="spray|aerosol|solvent|degreaser|battery").update(is_dangerous=True)
    Product.objects.filter(name__iregex="ladder|racking|shelving|trolley|pallet truck").update(is_bulky=True)


def _lanes(size: Size) -> Iterator[tuple]:
    for option, countries in TRANSIT.items():
        for warehouse in range(1, min(size.warehouses, 4 if option == PICK_UP else 5) + 1):
            for country, days in countries.items():
                yield option, warehouse, country, days


def holidays(year: int) -> list[tuple[str, date, str]]:
    """Holidays of a year, one a day and country; what falls on a British weekend is kept on the next working day."""
    found: dict[tuple[str, date], str] = {}
    for country, days in FIXED.items():
        for month, day, name in days:
            on = date(year, month, day)
            while country == "GB" and (on.isoweekday() > 5 or (country, on) in found):
                on += timedelta(days=1)
            found.setdefault((country, on), name)
    for country, offsets in EASTER.items():
        for offset, name in offsets:
            found.setdefault((country, easter(year) + timedelta(days=offset)), name)
    for country, mondays in MONDAYS.items():
        for month, which, name in mondays:
            found.setdefault((country, _monday(year, month, which)), name)
    return [(country, on, name) for (country, on), name in found.items()]


def _monday(year: int, month: int, which: int) -> date:
    """The first (1) or last (-1) Monday of a month."""
    if which == 1:
        first = date(year, month, 1)
        return first + timedelta(days=-first.weekday() % 7)
    last = date(year, month + 1, 1) - timedelta(days=1)
    return last - timedelta(days=last.weekday())


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the anonymous algorithm of 1876."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    h = (19 * a + b - d - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = h + m - 7 * ((a + 11 * h + 22 * m) // 451) + 114
    return date(year, n // 31, n % 31 + 1)
