"""A customer's colour, made so that it can be read.

1. It is used as a fill under white text, and as ink on our surfaces, light and dark, and on a soft tint of itself.
2. Each use needs a contrast of 4.5 (WCAG 2.2, 1.4.3 AA). Where the colour as chosen does not reach it, its lightness
   is moved, its hue and saturation kept, until it does.
3. A colour that would have to be moved by more than `FARTHEST` for light pages would no longer be theirs: it is
   refused, with the nearest that can be read. On dark pages ink is always light; there the hue alone is theirs.

Contrast and luminance are those of WCAG 2.2.
"""

import colorsys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

READABLE = 4.5
FARTHEST = 0.25  # of the lightness from black (0) to white (1)
WHITE = "#ffffff"
# Where ink stands, as in static/css/tokens.css: canvas, surface, sunken.
LIGHT_SURFACES = ("#f4f6f7", "#ffffff", "#eef2f3")
DARK_SURFACES = ("#0d1417", "#151e22", "#1b262b")
_STEP = 0.005
_SOFT_LIGHT, _SOFT_DARK = 0.1, 0.18  # of the colour in its tint


class Unreadable(Exception):
    """Too light for white text and our light pages; `nearest` is the nearest colour that can be read."""

    def __init__(self, nearest: str):
        super().__init__(nearest)
        self.nearest = nearest


@dataclass(frozen=True, slots=True)
class Accent:
    """What is shown for a colour: fill under white text, its stronger form, ink on light and on dark, tints of both."""

    fill: str
    strong: str
    on_light: str
    on_dark: str
    soft_light: str
    soft_dark: str
    is_as_chosen: bool


@lru_cache(maxsize=256)
def accent_of(colour: str) -> Accent:
    """The accent for "#7a1f3d". Raises `Unreadable`; ValueError for what is no such colour."""
    hue, chosen, saturation = colorsys.rgb_to_hls(*_rgb(colour))
    lightness = _moved(hue, chosen, saturation, _reads_on_light, -_STEP)
    fill = _hex(hue, lightness, saturation)
    if chosen - lightness > FARTHEST:
        raise Unreadable(fill)
    on_dark = _hex(hue, _moved(hue, max(chosen, 0.5), saturation, _reads_on_dark, _STEP), saturation)
    return Accent(
        fill=fill,
        strong=_hex(hue, max(lightness - 0.06, 0), saturation),
        on_light=fill,
        on_dark=on_dark,
        soft_light=_mixed(fill, WHITE, _SOFT_LIGHT),
        soft_dark=_mixed(on_dark, DARK_SURFACES[1], _SOFT_DARK),
        is_as_chosen=fill == colour.lower(),
    )


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black and white)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _reads_on_light(ink: str) -> bool:
    return _reads(ink, (*LIGHT_SURFACES, _mixed(ink, WHITE, _SOFT_LIGHT)))


def _reads_on_dark(ink: str) -> bool:
    return _reads(ink, (*DARK_SURFACES, _mixed(ink, DARK_SURFACES[1], _SOFT_DARK)))


def _reads(ink: str, surfaces: Iterable[str]) -> bool:
    return all(contrast(ink, surface) >= READABLE for surface in surfaces)


def _moved(hue: float, lightness: float, saturation: float, reads, step: float) -> float:
    """The nearest lightness in that direction that can be read; black on light and white on dark always can."""
    while 0 < lightness + step < 1 and not reads(_hex(hue, lightness, saturation)):
        lightness += step
    return lightness if reads(_hex(hue, lightness, saturation)) else round(lightness)


def _rgb(colour: str) -> tuple[float, float, float]:
    if len(colour) != 7 or colour[0] != "#":
        raise ValueError(colour)
    red, green, blue = bytes.fromhex(colour[1:])
    return red / 255, green / 255, blue / 255


def _hex(hue: float, lightness: float, saturation: float) -> str:
    return "#" + bytes(round(part * 255) for part in colorsys.hls_to_rgb(hue, lightness, saturation)).hex()


def _mixed(colour: str, ground: str, share: float) -> str:
    parts = zip(_rgb(colour), _rgb(ground), strict=True)
    return "#" + bytes(round((one * share + other * (1 - share)) * 255) for one, other in parts).hex()


def _luminance(colour: str) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
