"""A measure as the other half of the world writes it.

1. A unit has at most one counterpart; a measure whose unit has none is left alone.
2. The factors are exact where the inch, the pound, the gallon and standard gravity are defined exactly (NIST SP 811);
   a temperature is shifted as well.
3. The counterpart is rounded half up to as many significant figures as the measure carries, three at least, and never
   before the decimal point: 40 mm is 1.57 in and not 1.5748031496 in, 1,200 kg is 2,646 lb.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

LEAST_FIGURES = 3
_INCH_MM = Decimal("25.4")
_POUND_KG = Decimal("0.45359237")
_PSI_KPA = _POUND_KG * Decimal("9.80665") / (_INCH_MM / 1000) ** 2 / 1000
_FOOT_M = Decimal("0.3048")
_GALLON_L = Decimal("3.785411784")
_FOOT_POUND_NM = _POUND_KG * Decimal("9.80665") * _FOOT_M
_HORSEPOWER_KW = Decimal("0.74569987158227022")


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure and its unit."""

    figure: Decimal
    unit: str

    @property
    def places(self) -> int:
        """Decimal places worth writing."""
        return max(-self.figure.normalize().as_tuple().exponent, 0)


@dataclass(frozen=True, slots=True)
class _Counterpart:
    """`figure` / `size` + `shift` is the figure in `unit`."""

    unit: str
    size: Decimal
    shift: Decimal = Decimal(0)


_PAIRS = (
    ("mm", "in", _INCH_MM),
    ("cm", "in", _INCH_MM / 10),
    ("m", "ft", _FOOT_M),
    ("mm²", "in²", _INCH_MM**2),
    ("m²", "ft²", _FOOT_M**2),
    ("kg", "lb", _POUND_KG),
    ("g", "oz", _POUND_KG * 1000 / 16),
    ("bar", "psi", _PSI_KPA / 100),
    ("kPa", "psi", _PSI_KPA),
    ("MPa", "psi", _PSI_KPA / 1000),
    ("l", "gal", _GALLON_L),
    ("ml", "fl oz", _GALLON_L * 1000 / 128),
    ("l/min", "gal/min", _GALLON_L),
    ("m³/h", "ft³/min", _FOOT_M**3 * 60),
    ("N·m", "lbf·ft", _FOOT_POUND_NM),
    ("N", "lbf", _POUND_KG * Decimal("9.80665")),
    ("kW", "hp", _HORSEPOWER_KW),
)
_SPELLINGS = {"Nm": "N·m", "m2": "m²", "mm2": "mm²", "L": "l", "L/min": "l/min", "lbf-ft": "lbf·ft", "m3/h": "m³/h"}
_ONE_WAY = {"cm", "kPa", "MPa"}  # their counterparts go back to the more usual unit


def _counterparts() -> dict[str, _Counterpart]:
    known = {
        "°C": _Counterpart("°F", Decimal(5) / 9, Decimal(32)),
        "°F": _Counterpart("°C", Decimal(9) / 5, Decimal(-160) / 9),
    }
    for metric, imperial, size in _PAIRS:
        known[metric] = _Counterpart(imperial, size)
        if metric not in _ONE_WAY:
            known[imperial] = _Counterpart(metric, 1 / size)
    return known


_COUNTERPARTS = _counterparts()


def counterpart(figure: Decimal | int | float, unit: str) -> Measure | None:
    """The measure in the other system (metric to imperial, imperial to metric); None where there is no other unit."""
    other = _COUNTERPARTS.get(_SPELLINGS.get(unit, unit))
    if other is None:
        return None
    figure = figure if isinstance(figure, Decimal) else Decimal(str(figure))
    return Measure(_rounded(figure / other.size + other.shift, like=figure), other.unit)


def _rounded(figure: Decimal, *, like: Decimal) -> Decimal:
    """`figure` to the significant figures of `like`, three at least, whole figures kept, without needless zeros."""
    if not figure:
        return Decimal(0)
    figures = max(LEAST_FIGURES, len(like.normalize().as_tuple().digits))
    places = min(figure.adjusted() + 1 - figures, 0)
    rounded = figure.quantize(Decimal(1).scaleb(places), ROUND_HALF_UP).normalize()
    return rounded.quantize(Decimal(1)) if rounded.as_tuple().exponent > 0 else rounded


def triple(text: str) -> tuple[Decimal, ...]:
    """The figures of "600 x 400 x 200" in their order; empty where the text is no such thing."""
    parts = text.replace("×", "x").lower().replace("mm", "").split("x")
    try:
        figures = tuple(Decimal(part.strip()) for part in parts)
    except ArithmeticError:
        return ()
    return figures if all(figure.is_finite() and figure > 0 for figure in figures) else ()
