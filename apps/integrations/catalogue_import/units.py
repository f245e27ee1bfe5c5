"""Units as others write them, and as the house does.

Codes are those of UNECE Recommendation 20 (and 21 for packages), which BMEcat and EDI use; words are those found in
German and English files.
"""

from decimal import Decimal

_CODES = {
    # pieces and packages
    "C62": "pc", "PCE": "pc", "EA": "pc", "H87": "pc", "NMP": "pack", "PR": "pair", "SET": "set", "DZN": "dozen",
    "BX": "box", "XBX": "box", "CT": "carton", "XCT": "carton", "PK": "pack", "XPK": "pack", "PA": "pack",
    "XPA": "pack", "RO": "roll", "XRO": "roll", "RL": "reel", "BG": "bag", "XBG": "bag", "SA": "sack", "CA": "can",
    "XCA": "can", "TU": "tube", "BO": "bottle", "XBO": "bottle", "PF": "pallet", "XPX": "pallet", "BE": "bundle",
    "CL": "coil", "DR": "drum", "JR": "jar", "ST": "sheet", "LEF": "sheet", "KT": "kit", "CS": "case",
    # length, area, volume, mass, time
    "MTR": "m", "MMT": "mm", "CMT": "cm", "DMT": "dm", "KMT": "km", "4H": "µm", "INH": "in", "FOT": "ft", "YRD": "yd",
    "MTK": "m²", "MMK": "mm²", "CMK": "cm²", "MTQ": "m³", "CMQ": "cm³", "LTR": "l", "MLT": "ml", "KGM": "kg",
    "GRM": "g", "MGM": "mg", "TNE": "t", "LBR": "lb", "HUR": "h", "MIN": "min", "SEC": "s", "C26": "ms", "DAY": "d",
    "MON": "months", "ANN": "years",
    # physics of data sheets
    "AMP": "A", "4K": "mA", "VLT": "V", "KVT": "kV", "2Z": "mV", "WTT": "W", "KWT": "kW", "D46": "VA", "KVA": "kVA",
    "HTZ": "Hz", "KHZ": "kHz", "MHZ": "MHz", "OHM": "Ω", "FAR": "F", "CEL": "°C", "KEL": "K", "BAR": "bar",
    "MBR": "mbar", "PAL": "Pa", "MPA": "MPa", "NEW": "N", "B47": "kN", "NU": "Nm", "DD": "°", "P1": "%", "LUM": "lm",
    "LUX": "lx", "2N": "dB", "RPM": "rpm", "MQH": "m³/h", "JOU": "J", "KWH": "kWh",
}  # fmt: skip
_WORDS = {
    "stück": "pc", "stueck": "pc", "stk": "pc", "st": "pc", "piece": "pc", "pieces": "pc", "pcs": "pc", "each": "pc",
    "unit": "pc", "packung": "pack", "pckg": "pack", "pkg": "pack", "pak": "pack", "paket": "pack", "packet": "pack",
    "package": "pack", "ve": "pack", "karton": "carton", "krt": "carton", "rolle": "roll", "paar": "pair",
    "satz": "set", "garnitur": "set", "dose": "can", "flasche": "bottle", "beutel": "bag", "sack": "sack",
    "palette": "pallet", "bund": "bundle", "eimer": "bucket", "tafel": "sheet", "blatt": "sheet", "meter": "m",
    "metre": "m", "lfm": "m", "mtr": "m", "qm": "m²", "m2": "m²", "cbm": "m³", "m3": "m³", "mm2": "mm²",
    "liter": "l", "litre": "l", "ltr": "l", "kilo": "kg", "kilogramm": "kg", "kilogram": "kg", "gramm": "g",
    "gram": "g", "tonne": "t", "zoll": "in", "inch": "in", "stunde": "h", "hour": "h", "tag": "d", "day": "d",
    "grad": "°", "prozent": "%", "dutzend": "dozen", "cut": "cut", "ohm": "Ω",
}  # fmt: skip
_HOUSE = {unit.casefold(): unit for unit in (*_CODES.values(), *_WORDS.values())}
_EXACT = set(_HOUSE.values())

#: What may be turned into one another: unit -> (the measure, how many of its base unit).
_MEASURES = {
    "µm": ("length", "0.001"), "mm": ("length", "1"), "cm": ("length", "10"), "dm": ("length", "100"),
    "m": ("length", "1000"), "km": ("length", "1000000"), "in": ("length", "25.4"), "ft": ("length", "304.8"),
    "mg": ("mass", "0.001"), "g": ("mass", "1"), "kg": ("mass", "1000"), "t": ("mass", "1000000"),
    "ml": ("volume", "1"), "l": ("volume", "1000"), "m³": ("volume", "1000000"), "mA": ("current", "0.001"),
    "A": ("current", "1"), "mV": ("voltage", "0.001"), "V": ("voltage", "1"), "kV": ("voltage", "1000"),
    "W": ("power", "1"), "kW": ("power", "1000"), "ms": ("time", "0.001"), "s": ("time", "1"), "min": ("time", "60"),
    "h": ("time", "3600"), "mbar": ("pressure", "1"), "bar": ("pressure", "1000"), "Pa": ("pressure", "0.01"),
    "MPa": ("pressure", "10000"), "N": ("force", "1"), "kN": ("force", "1000"), "Hz": ("frequency", "1"),
    "kHz": ("frequency", "1000"), "MHz": ("frequency", "1000000"),
}  # fmt: skip


def house_unit(text: str) -> str | None:
    """The unit of the house for a code or word, or None where it is not known."""
    text = text.strip()
    if text in _EXACT:
        return text
    return _CODES.get(text.upper()) or _WORDS.get(text.casefold().rstrip(".")) or _HOUSE.get(text.casefold())


_UNECE = {unit: code for code, unit in reversed(_CODES.items())}


def unece_code(unit: str) -> str:
    """The code for a unit of the house; the unit itself where there is none."""
    return _UNECE.get(unit, unit)


def converted(number: Decimal, unit: str, wanted: str) -> Decimal | None:
    """`number` of `unit` in `wanted`, or None where one is not the other's measure."""
    if unit == wanted:
        return number
    (measure, of), (other, to) = _MEASURES.get(unit, ("", "")), _MEASURES.get(wanted, ("-", ""))
    return (number * Decimal(of) / Decimal(to)).normalize() if measure == other else None
