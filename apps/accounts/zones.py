"""The time zone of a place: of which day it is where goods are received.

1. Most countries keep one time. Where one keeps several, what was chosen counts if it is one of the country's.
2. Else the postal code tells, where its regions do (the United States, Canada, Australia, Brazil, Indonesia, islands of
   Spain and Portugal); the first range it falls into.
3. Else it is the zone most of the country lives in. A country nobody knows keeps the zone the caller falls back on.

Countries and their zones are those of CLDR, by way of Babel. A border town may be an hour off by its postal code; that
is why a choice comes first.
"""

from babel.core import get_global

_PRINCIPAL = {
    "AQ": "Antarctica/McMurdo", "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo", "CA": "America/Toronto", "CD": "Africa/Kinshasa", "CL": "America/Santiago",
    "CN": "Asia/Shanghai", "CY": "Asia/Nicosia", "DE": "Europe/Berlin", "EC": "America/Guayaquil",
    "ES": "Europe/Madrid", "FM": "Pacific/Pohnpei", "GL": "America/Nuuk", "ID": "Asia/Jakarta", "KI": "Pacific/Tarawa",
    "KZ": "Asia/Almaty", "MH": "Pacific/Majuro", "MN": "Asia/Ulaanbaatar", "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur", "NZ": "Pacific/Auckland", "PF": "Pacific/Tahiti", "PG": "Pacific/Port_Moresby",
    "PS": "Asia/Hebron", "PT": "Europe/Lisbon", "RU": "Europe/Moscow", "UA": "Europe/Kyiv", "UM": "Pacific/Wake",
    "US": "America/New_York", "UZ": "Asia/Tashkent",
}  # fmt: skip

#: Country -> (first, last, zone) of the beginnings of postal codes; both ends are included.
_REGIONS = {
    "US": (
        ("324", "325", "America/Chicago"), ("350", "372", "America/Chicago"), ("375", "375", "America/Chicago"),
        ("380", "397", "America/Chicago"), ("420", "424", "America/Chicago"), ("463", "464", "America/Chicago"),
        ("476", "477", "America/Chicago"), ("480", "499", "America/Detroit"), ("500", "576", "America/Chicago"),
        ("577", "577", "America/Denver"), ("580", "588", "America/Chicago"), ("590", "599", "America/Denver"),
        ("600", "692", "America/Chicago"), ("693", "693", "America/Denver"), ("700", "797", "America/Chicago"),
        ("798", "799", "America/Denver"), ("800", "831", "America/Denver"), ("835", "835", "America/Los_Angeles"),
        ("838", "838", "America/Los_Angeles"), ("832", "837", "America/Boise"), ("840", "847", "America/Denver"),
        ("850", "865", "America/Phoenix"), ("870", "885", "America/Denver"), ("889", "966", "America/Los_Angeles"),
        ("967", "968", "Pacific/Honolulu"), ("979", "979", "America/Boise"), ("970", "994", "America/Los_Angeles"),
        ("995", "999", "America/Anchorage"),
    ),
    "CA": (
        ("A", "A", "America/St_Johns"), ("B", "C", "America/Halifax"), ("E", "E", "America/Moncton"),
        ("R", "R", "America/Winnipeg"), ("S", "S", "America/Regina"), ("T", "T", "America/Edmonton"),
        ("V", "V", "America/Vancouver"), ("X0A", "X0C", "America/Iqaluit"), ("X", "X", "America/Edmonton"),
        ("Y", "Y", "America/Whitehorse"),
    ),
    "AU": (
        ("08", "09", "Australia/Darwin"), ("3", "3", "Australia/Melbourne"), ("4", "4", "Australia/Brisbane"),
        ("288", "288", "Australia/Broken_Hill"), ("5", "5", "Australia/Adelaide"), ("6", "6", "Australia/Perth"),
        ("7", "7", "Australia/Hobart"), ("8", "8", "Australia/Melbourne"), ("9", "9", "Australia/Brisbane"),
    ),
    "BR": (
        ("693", "693", "America/Boa_Vista"), ("699", "699", "America/Rio_Branco"), ("690", "698", "America/Manaus"),
        ("768", "769", "America/Porto_Velho"), ("780", "788", "America/Cuiaba"), ("79", "79", "America/Campo_Grande"),
    ),
    "ID": (
        ("70", "72", "Asia/Makassar"), ("73", "74", "Asia/Pontianak"), ("75", "77", "Asia/Makassar"),
        ("78", "79", "Asia/Pontianak"), ("80", "96", "Asia/Makassar"), ("97", "99", "Asia/Jayapura"),
    ),
    "ES": (("35", "35", "Atlantic/Canary"), ("38", "38", "Atlantic/Canary"), ("51", "51", "Africa/Ceuta")),
    "PT": (("90", "94", "Atlantic/Madeira"), ("95", "99", "Atlantic/Azores")),
}  # fmt: skip


def zones_in(country: str) -> tuple[str, ...]:
    """The time zones of a country (two letters), sorted; empty for one that nobody knows."""
    zones = get_global("territory_zones").get(country.upper(), ())
    return tuple(sorted(zone for zone in zones if not zone.startswith("Etc/")))


def zone_of_place(country: str, postal_code: str = "", *, chosen: str = "", otherwise: str) -> str:
    """The time zone of an address, as above."""
    zones = zones_in(country)
    if chosen in zones:
        return chosen
    if len(zones) < 2:
        return zones[0] if zones else otherwise
    return _by_postal_code(country.upper(), postal_code) or _PRINCIPAL.get(country.upper(), zones[0])


def _by_postal_code(country: str, postal_code: str) -> str | None:
    code = "".join(postal_code.upper().split())
    ranges = _REGIONS.get(country, ())
    return next((zone for first, last, zone in ranges if code and first <= code[: len(first)] <= last), None)


def words_of(zone: str) -> str:
    """A zone as its city: "America/New_York" is "New York"."""
    return zone.rpartition("/")[2].replace("_", " ")
