"""Bolts, nuts, washers, screws, anchors, plugs and rivets."""

from math import cos, pi, sin

from apps.demo.pictures.ink import Canvas, colour, tone


def polygon(x: float, y: float, r: float, corners: int, turn: float = 0.0) -> str:
    points = [
        (x + r * cos(turn + 2 * pi * at / corners), y + r * sin(turn + 2 * pi * at / corners)) for at in range(corners)
    ]
    return "M" + "L".join(f"{px:.1f} {py:.1f}" for px, py in points) + "Z"


def _thread(c: Canvas, x: float, top: float, w: float, h: float, ink: str, pitch: float = 6.5) -> None:
    """Threads on a shank that stands upright."""
    at = top
    while at < top + h - 2:
        c.stroke(f"M{x:.1f} {at + 2.4:.1f}L{x + w:.1f} {at:.1f}", ink, 1.9)
        at += pitch


def bolt(head: str, diameter: int, length: int, material: str) -> str:
    """Length and diameter as they relate to one another: a long bolt is long."""
    c, base = Canvas(), colour(material)
    w = 20 + min(diameter, 24) * 1.3
    h = min(max(length / diameter * w * 0.62, 40), 150)
    scale = min(max(1.0, 146 / (h + w * 0.95)), 204 / (h + w * 0.95), 62 / w)
    w, h = w * scale, h * scale
    top = 120 - (h + w * 0.8) / 2 + w * 0.8
    x = 120 - w / 2
    with c.turned(32):
        c.rect(x, top, w, h, c.shade(base), r=2)
        _thread(c, x, top + 4, w, h - 5, tone(base, -0.42))
        c.path(f"M{x + 2:.1f} {top + h:.1f}l4 6h{w - 12:.1f}l4 -6z", c.shade(base))
        _head(c, head, top, w, base)
    return c.done()


def _head(c: Canvas, head: str, top: float, w: float, base: str) -> None:
    if head == "hex":
        wide, high = w * 1.85, w * 0.72
        x = 120 - wide / 2
        c.rect(x, top - high, wide, high, c.shade(base), r=5)
        c.stroke(
            f"M{x + wide * 0.27:.1f} {top - high + 2:.1f}V{top - 2:.1f}"
            f"M{x + wide * 0.73:.1f} {top - high + 2:.1f}V{top - 2:.1f}",
            tone(base, -0.35),
            2,
        )
    elif head == "socket":
        wide, high = w * 1.55, w * 1.0
        x = 120 - wide / 2
        c.rect(x, top - high, wide, high, c.shade(base), r=4)
        for at in range(1, 8):
            c.stroke(f"M{x + wide * at / 8:.1f} {top - high * 0.8:.1f}V{top - 5:.1f}", tone(base, -0.25), 1.6)
        c.ellipse(120, top - high + 2, wide * 0.3, 5, tone(base, -0.55), width=1.5)
    else:
        wide = w * 2.1
        c.rect(120 - w * 0.62, top - 2, w * 1.24, w * 0.6, c.shade(base), r=1)
        c.path(
            f"M{120 - wide / 2:.1f} {top:.1f}Q120 {top - w * 1.25:.1f} {120 + wide / 2:.1f} {top:.1f}Z", c.shade(base)
        )


def rod(diameter: int, material: str) -> str:
    c, base = Canvas(), colour(material)
    w = 9 + diameter * 0.8
    with c.turned(48):
        for shift in (-w - 7, 0, w + 7):
            x = 120 + shift - w / 2
            c.rect(x, 18, w, 204, c.shade(base), r=2, width=2)
            _thread(c, x, 22, w, 198, tone(base, -0.4), 5.5)
    return c.done()


def nut(kind: str, material: str) -> str:
    c, base = Canvas(), colour(material)
    c.ground(y=206, rx=70)
    c.path(polygon(120, 128, 82, 6), c.shade(tone(base, -0.2), across=False))
    c.path(polygon(120, 112, 82, 6), c.shade(base, across=False))
    c.circle(120, 112, 58, tone(base, 0.18), width=1.5)
    if kind == "nylon":
        c.circle(120, 112, 50, "#4f93d8", width=2)
    c.circle(120, 112, 40, "#39424d", width=2.5)
    for r in (36, 31, 26):
        c.circle(120, 114, r, "none", width=0, stroke=tone(base, -0.25), stroke_width=2.2)
    return c.done()


def washer(kind: str, material: str) -> str:
    c, base = Canvas(), colour(material)
    c.ground(y=196, rx=74)
    ring = "M34 122A86 58 0 1 1 206 122A86 58 0 1 1 34 122ZM82 120A38 25 0 1 0 158 120A38 25 0 1 0 82 120Z"
    c.path(ring.replace("122", "134").replace("120", "132"), tone(base, -0.35), fill_rule="evenodd")
    c.path(ring, c.shade(base), fill_rule="evenodd")
    if kind == "spring":
        c.path("M196 86L158 106L164 116L204 100Z", "#aeb8c2", width=0, opacity=0.0)
        c.path("M150 104L204 92L206 104L156 114Z", tone(base, -0.5))
    return c.done()


def screw(kind: str, length: int, coating: str) -> str:
    c, base = Canvas(), colour(coating)
    h = 70 + min(length, 100) * 0.85
    top = 120 - h / 2 + 6
    with c.turned(38):
        if kind == "wood":
            c.path(f"M112 {top:.1f}h16v{h * 0.72:.1f}l-8 {h * 0.28:.1f}l-8 {-h * 0.28:.1f}z", c.shade(base))
            c.path(f"M92 {top - 18:.1f}h56l-19 24h-18z", c.shade(base))
            c.ellipse(120, top - 18, 28, 6, tone(base, 0.3))
            c.path(polygon(120, top - 18, 9, 6), tone(base, -0.6), width=1)
        else:
            c.path(
                f"M111 {top:.1f}h18v{h * 0.74:.1f}l-3 2l-2 {h * 0.2:.1f}l-4 4l-4 -4l-2 {-h * 0.2:.1f}l-3 -2z",
                c.shade(base),
            )
            c.rect(88, top - 6, 64, 8, c.shade(base), r=3)
            c.rect(98, top - 26, 44, 20, c.shade(base), r=4)
        at = top + h * 0.16
        while at < top + h * 0.74:
            c.stroke(f"M107 {at + 4:.1f}L133 {at - 2:.1f}", tone(base, -0.42), 2.6)
            at += 9
    return c.done()


def anchor(diameter: int, length: int, material: str) -> str:
    c, base = Canvas(), colour(material)
    w = 20 + diameter
    h = min(110 + length * 0.45, 186)
    top, x = 120 - h / 2, 120 - w / 2
    with c.turned(34):
        c.rect(x, top, w, h, c.shade(base), r=2)
        _thread(c, x, top + 3, w, h * 0.42, tone(base, -0.42), 6)
        c.path(f"M{x:.1f} {top + h * 0.78:.1f}h{w:.1f}l5 {h * 0.22:.1f}h{-w - 10:.1f}z", c.shade(base))
        c.rect(x - 2, top + h * 0.6, w + 4, h * 0.18, c.shade(tone(base, 0.2)), r=2)
        c.rect(x - 15, top + h * 0.36, w + 30, 8, c.shade(base), r=3)
        c.rect(x - 10, top + h * 0.2, w + 20, h * 0.15, c.shade(base), r=4)
    return c.done()


def plug(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    with c.turned(30):
        for shift in (-42, 16):
            x = 107 + shift
            c.path(f"M{x} 44h32v14l-4 4v118l-12 18l-12 -18v-118l-4 -4z", c.shade(base))
            for at in range(72, 172, 14):
                c.stroke(f"M{x + 3} {at}l-4 7M{x + 29} {at}l4 7", tone(base, -0.45), 3)
            c.stroke(f"M{x + 16} 96V176", tone(base, -0.4), 2.5)
    return c.done()


def rivet(material: str) -> str:
    c, base = Canvas(), colour(material)
    with c.turned(34):
        for shift in (-34, 26):
            x = 120 + shift
            c.rect(x - 4, 22, 8, 110, c.shade("#aab4be"), r=2, width=2)
            c.path(f"M{x - 30} 122Q{x} 96 {x + 30} 122v8h-60z", c.shade(base))
            c.rect(x - 13, 130, 26, 72, c.shade(base), r=3)
            c.circle(x, 204, 12, c.glow("#aab4be"))
    return c.done()


DRAWINGS = {
    "bolt": bolt,
    "rod": rod,
    "nut": nut,
    "washer": washer,
    "screw": screw,
    "anchor": anchor,
    "plug": plug,
    "rivet": rivet,
}
