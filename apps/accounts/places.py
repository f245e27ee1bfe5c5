"""About where a postal code is: good enough for a point on a map and for the order of a day's visits.

1. A British postal code begins with the letters of its area; the table has the middle of each area, to about 10 km.
2. Other countries have no table yet: a ship-to there stands on the map where its coordinates were entered.
"""

import re
from typing import NamedTuple


class Place(NamedTuple):
    """Degrees north and east; `is_rough` where it is the middle of an area rather than a gate."""

    latitude: float
    longitude: float
    is_rough: bool = False


_GB = {
    "AB": (57.2, -2.2), "AL": (51.8, -0.3), "B": (52.5, -1.9), "BA": (51.3, -2.4), "BB": (53.8, -2.4),
    "BD": (53.8, -1.8), "BH": (50.7, -1.9), "BL": (53.6, -2.4), "BN": (50.9, -0.1), "BR": (51.4, 0.0),
    "BS": (51.4, -2.6), "BT": (54.6, -6.2), "CA": (54.8, -3.0), "CB": (52.2, 0.2), "CF": (51.5, -3.3),
    "CH": (53.2, -3.0), "CM": (51.7, 0.5), "CO": (51.9, 1.0), "CR": (51.4, -0.1), "CT": (51.3, 1.2),
    "CV": (52.4, -1.5), "CW": (53.1, -2.4), "DA": (51.4, 0.2), "DD": (56.5, -2.9), "DE": (53.0, -1.5),
    "DG": (55.0, -3.7), "DH": (54.8, -1.6), "DL": (54.5, -1.7), "DN": (53.6, -0.8), "DT": (50.8, -2.4),
    "DY": (52.5, -2.2), "E": (51.5, 0.0), "EC": (51.5, -0.1), "EH": (55.9, -3.2), "EN": (51.7, 0.0),
    "EX": (50.8, -3.7), "FK": (56.1, -3.9), "FY": (53.8, -3.0), "G": (55.9, -4.3), "GL": (51.8, -2.1),
    "GU": (51.2, -0.7), "GY": (49.5, -2.6), "HA": (51.6, -0.4), "HD": (53.6, -1.8), "HG": (54.0, -1.5),
    "HP": (51.7, -0.7), "HR": (52.1, -2.7), "HS": (58.0, -6.8), "HU": (53.8, -0.3), "HX": (53.7, -1.9),
    "IG": (51.6, 0.1), "IM": (54.2, -4.5), "IP": (52.2, 1.1), "IV": (57.5, -4.4), "JE": (49.2, -2.1),
    "KA": (55.6, -4.5), "KT": (51.4, -0.3), "KW": (58.6, -3.4), "KY": (56.2, -3.1), "L": (53.4, -2.9),
    "LA": (54.1, -2.8), "LD": (52.2, -3.4), "LE": (52.6, -1.1), "LL": (53.1, -3.7), "LN": (53.2, -0.5),
    "LS": (53.8, -1.5), "LU": (51.9, -0.5), "M": (53.5, -2.3), "ME": (51.3, 0.5), "MK": (52.0, -0.7),
    "ML": (55.8, -3.9), "N": (51.6, -0.1), "NE": (55.0, -1.7), "NG": (53.0, -1.1), "NN": (52.3, -0.9),
    "NP": (51.7, -3.0), "NR": (52.7, 1.3), "NW": (51.6, -0.2), "OL": (53.6, -2.1), "OX": (51.8, -1.3),
    "PA": (55.8, -5.0), "PE": (52.6, 0.0), "PH": (56.6, -3.8), "PL": (50.4, -4.4), "PO": (50.8, -1.0),
    "PR": (53.7, -2.7), "RG": (51.4, -1.0), "RH": (51.1, -0.2), "RM": (51.6, 0.2), "S": (53.4, -1.4),
    "SA": (51.8, -4.2), "SE": (51.5, -0.1), "SG": (51.9, -0.2), "SK": (53.3, -2.1), "SL": (51.5, -0.6),
    "SM": (51.4, -0.2), "SN": (51.5, -1.8), "SO": (51.0, -1.4), "SP": (51.1, -1.8), "SR": (54.9, -1.4),
    "SS": (51.6, 0.7), "ST": (53.0, -2.1), "SW": (51.5, -0.2), "SY": (52.6, -3.0), "TA": (51.0, -3.1),
    "TD": (55.7, -2.4), "TF": (52.7, -2.5), "TN": (51.1, 0.5), "TQ": (50.4, -3.6), "TR": (50.2, -5.2),
    "TS": (54.6, -1.2), "TW": (51.4, -0.3), "UB": (51.5, -0.4), "W": (51.5, -0.2), "WA": (53.4, -2.6),
    "WC": (51.5, -0.1), "WD": (51.7, -0.4), "WF": (53.7, -1.4), "WN": (53.5, -2.6), "WR": (52.2, -2.2),
    "WS": (52.6, -1.9), "WV": (52.6, -2.2), "YO": (54.0, -1.0), "ZE": (60.3, -1.3),
}  # fmt: skip


def place_of_postal_code(country: str, postal_code: str) -> Place | None:
    """About where it is; None where that is not known."""
    area = re.match("[A-Z]{1,2}", postal_code.upper())
    middle = _GB.get(area[0]) if country == "GB" and area else None
    return Place(*middle, is_rough=True) if middle else None
