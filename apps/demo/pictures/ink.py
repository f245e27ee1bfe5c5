"""What all drawings are made of: a square canvas, materials with light on them, an outline that reads on any ground.

Only attributes, no styles: a picture must show under the strictest content security policy. The ground is transparent;
the outline is dark enough for a light page, the bodies light enough for a dark one.
"""

from functools import lru_cache

COLOURS = {
    "Black": "#4a525d", "Grey": "#8f9aa7", "White": "#dfe5ea", "Blue": "#3f7fd6", "Navy": "#3d5486", "Red": "#d9514c",
    "Orange": "#ee8a2e", "Yellow": "#edc531", "Green": "#4da562", "Brown": "#9a6b44", "Tan": "#c99b63",
    "Pink": "#e57aa5", "Violet": "#8a63c9", "Natural": "#e3dcc8", "Clear": "#bcdcea", "Metal": "#b8c3ce",
    "Amber": "#e3a13a", "Citrus": "#e8c93a", "Pine": "#4f9d6b", "Fresh": "#57a9d8", "Unscented": "#d7dde3",
}  # fmt: skip
METALS = {
    "zinc": "#bcc7d1", "Yellow zinc": "#cdb568", "plain": "#6b737d", "Stainless": "#ccd5dd", "Brass": "#d6ae4e",
    "Copper": "#cd8155", "Aluminium": "#d3dae0", "iron": "#76808b", "Nylon": "#e0dac9", "Galvanised": "#bac5ce",
    "Carbide": "#7d8792", "TiN": "#d8b64b", "HSS-Co": "#c0a583", "Ruspert": "#8fa3a0", "PVC": "#9aa5b1",
    "Plastic": "#4c8fd0", "Composite": "#4d565f", "Thermoplastic": "#dfe5ea", "Polyester": "#aab4be",
    "Softwood": "#d9b27c", "wood": "#c79a63", "Cardboard": "#c9a06c", "Multilayer": "#e6ebef", "PE-X": "#d9514c",
    "Fibreglass": "#edc531", "Hickory": "#c79a63",
}  # fmt: skip
DARK = "#2f3843"


def colour(name: object, default: str = "#8f9aa7") -> str:
    """The colour a value of the catalogue stands for, by the words in it."""
    text = str(name)
    for words in (METALS, COLOURS):
        for word, value in words.items():
            if word in text:
                return value
    return default


@lru_cache(maxsize=4096)
def tone(value: str, by: float) -> str:
    """A colour lightened (`by` above 0) or darkened (below), at most to white or black."""
    parts = [int(value[at : at + 2], 16) for at in (1, 3, 5)]
    mixed = [part + (255 - part) * by if by > 0 else part * (1 + by) for part in parts]
    return "#" + "".join(f"{round(part):02x}" for part in mixed)


class Canvas:
    """A drawing of 240 by 240, made shape by shape."""

    def __init__(self):
        self._defs: list[str] = []
        self._shapes: list[str] = []
        self.line = DARK

    def shade(self, base: str, *, across: bool = True, gloss: float = 0.45) -> str:
        """A fill as of a rounded body of a colour: light along one side. `across` turns the light sideways."""
        name = f"g{len(self._defs)}"
        stops = ((0, tone(base, -0.22)), (0.28, tone(base, gloss)), (0.55, base), (1, tone(base, -0.32)))
        marks = "".join(f'<stop offset="{at}" stop-color="{value}"/>' for at, value in stops)
        end = 'x2="1" y2="0"' if across else 'x2="0" y2="1"'
        self._defs.append(f'<linearGradient id="{name}" x1="0" y1="0" {end}>{marks}</linearGradient>')
        return f"url(#{name})"

    def glow(self, base: str) -> str:
        """A fill as of a ball: light from the upper left."""
        name = f"g{len(self._defs)}"
        stops = ((0, tone(base, 0.55)), (0.6, base), (1, tone(base, -0.35)))
        marks = "".join(f'<stop offset="{at}" stop-color="{value}"/>' for at, value in stops)
        self._defs.append(f'<radialGradient id="{name}" cx=".35" cy=".3" r=".8">{marks}</radialGradient>')
        return f"url(#{name})"

    def _add(self, tag: str, fill: str, width: float, shape: dict, given: dict) -> "Canvas":
        values = {**shape, **given}
        shown = "".join(f' {name.replace("_", "-")}="{_short(value)}"' for name, value in values.items())
        stroke = f' stroke="{self.line}" stroke-width="{width:g}"' if width and "stroke" not in values else ""
        self._shapes.append(f'<{tag} fill="{fill}"{stroke}{shown}/>')
        return self

    def rect(self, x, y, w, h, fill, *, r=0.0, width=2.5, **given) -> "Canvas":
        return self._add("rect", fill, width, {"x": x, "y": y, "width": w, "height": h, "rx": r}, given)

    def circle(self, x, y, r, fill, *, width=2.5, **given) -> "Canvas":
        return self._add("circle", fill, width, {"cx": x, "cy": y, "r": r}, given)

    def ellipse(self, x, y, rx, ry, fill, *, width=2.5, **given) -> "Canvas":
        return self._add("ellipse", fill, width, {"cx": x, "cy": y, "rx": rx, "ry": ry}, given)

    def path(self, d: str, fill: str = "none", *, width=2.5, **given) -> "Canvas":
        return self._add("path", fill, width, {"d": d, "stroke_linejoin": "round"}, given)

    def stroke(self, d: str, ink: str, width: float, **given) -> "Canvas":
        """A line of its own colour with round ends: cables, hoses, threads."""
        shape = {"d": d, "stroke": ink, "stroke_width": width, "stroke_linecap": "round", "stroke_linejoin": "round"}
        return self._add("path", "none", 0, shape, given)

    def tube(self, d: str, base: str, width: float) -> "Canvas":
        """A round line with outline and gloss."""
        self.stroke(d, self.line, width + 5)
        self.stroke(d, base, width)
        return self.stroke(d, tone(base, 0.5), width * 0.22)

    def text(self, x, y, words: str, size: float, fill: str, *, weight: int = 700) -> "Canvas":
        font = 'font-family="system-ui, sans-serif" text-anchor="middle"'
        self._shapes.append(
            f'<text x="{x:g}" y="{y:g}" {font} font-size="{size:g}" font-weight="{weight}" fill="{fill}">{words}</text>'
        )
        return self

    def ground(self, x=120.0, y=218.0, rx=78.0) -> "Canvas":
        """A soft shadow to stand on."""
        return self.ellipse(x, y, rx, 7, "#5b6672", width=0, opacity=0.22)

    def turned(self, degrees: float, x=120.0, y=120.0) -> "_Turned":
        """All shapes drawn inside are turned about a point."""
        return _Turned(self, f'<g transform="rotate({degrees:g} {x:g} {y:g})">')

    def done(self) -> str:
        defs = f"<defs>{''.join(self._defs)}</defs>" if self._defs else ""
        shapes = "".join(self._shapes)
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 240">{defs}{shapes}</svg>\n'


class _Turned:
    def __init__(self, canvas: Canvas, opening: str):
        self.canvas, self.opening = canvas, opening

    def __enter__(self) -> Canvas:
        self.canvas._shapes.append(self.opening)
        return self.canvas

    def __exit__(self, *_: object) -> None:
        self.canvas._shapes.append("</g>")


def _short(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
