"""Bearings and drives, hydraulics and pneumatics, pipes and pumps."""

from math import cos, pi, sin

from apps.demo.pictures.ink import Canvas, colour, tone

STEEL = "#c3ccd5"


def _around(count: int, r: float, x: float = 120, y: float = 120):
    return [(x + r * cos(2 * pi * at / count), y + r * sin(2 * pi * at / count)) for at in range(count)]


def bearing(kind: str, seal: str) -> str:
    c = Canvas()
    c.circle(124, 126, 94, tone(STEEL, -0.4)).circle(118, 118, 94, c.glow(STEEL))
    c.circle(118, 118, 74, "#59636e")
    if kind == "ball" and "2RS" in seal:
        c.circle(118, 118, 72, c.glow("#4a525d"))
        c.circle(118, 118, 62, "none", width=0, stroke="#6d7883", stroke_width=3)
    elif kind == "ball" and "ZZ" in seal:
        c.circle(118, 118, 72, c.glow("#aeb9c4"))
        c.circle(118, 118, 60, "none", width=0, stroke="#8a96a3", stroke_width=3)
    elif kind == "ball":
        for x, y in _around(10, 58, 118, 118):
            c.circle(x, y, 14, c.glow("#d6dee5"), width=2)
    else:
        for at in range(16):
            with c.turned(at * 22.5, 118, 118):
                c.rect(111, 46, 14, 28, c.shade("#d6dee5"), r=3, width=1.8)
    return c.circle(118, 118, 44, c.glow(STEEL)).circle(118, 118, 27, "#39424d").done()


def pillow_block(material: str) -> str:
    c, base = Canvas(), colour(material)
    c.ground(y=204, rx=96)
    c.path(
        "M22 172H66C66 96 88 62 120 62C152 62 174 96 174 172H218C222 172 224 176 224 180"
        "V200H16V180C16 176 18 172 22 172Z",
        c.shade(base),
    )
    c.circle(120, 128, 46, c.glow(STEEL)).circle(120, 128, 33, "#59636e").circle(120, 128, 25, c.glow(STEEL)).circle(
        120, 128, 16, "#39424d"
    )
    c.ellipse(42, 180, 13, 5, "#39424d").ellipse(198, 180, 13, 5, "#39424d")
    return c.rect(115, 48, 10, 16, c.shade("#d6ae4e"), r=2).done()


def belt() -> str:
    c = Canvas()
    loop = "M70 62C120 30 196 50 204 104C210 152 168 182 118 190C66 198 32 168 38 128C42 100 52 76 70 62Z"
    c.stroke(loop, "#20262d", 32).stroke(loop, "#4a525d", 26).stroke(loop, "#66707b", 9)
    return c.stroke(loop, "#d9dfe5", 2, stroke_dasharray="2 14").done()


def chain() -> str:
    c = Canvas()
    for at in range(4):
        x, y = 30 + at * 52, 168 - at * 32
        with c.turned(-31.6, x, y):
            c.rect(x - 10, y - 17, 76, 34, c.shade("#aab4be" if at % 2 else STEEL, across=False), r=17)
        for px, py in ((x, y), (x + 52, y - 32)):
            c.circle(px, py, 9, c.glow("#dfe5ea"), width=2)
    return c.done()


def oil_seal() -> str:
    c = Canvas()
    c.circle(124, 126, 88, "#20262d").circle(118, 118, 88, c.glow("#4a525d"))
    c.circle(118, 118, 66, "none", width=0, stroke="#6d7883", stroke_width=5)
    c.circle(118, 118, 50, "none", width=0, stroke="#c3ccd5", stroke_width=5, stroke_dasharray="5 3")
    c.circle(118, 118, 44, c.glow("#2f3843"))
    c.circle(118, 118, 35, "#dfe5ea", width=2, opacity=0.12)
    return c.done()


def coupling() -> str:
    c = Canvas()
    with c.turned(-18):
        c.rect(26, 74, 82, 92, c.shade(STEEL, across=False), r=5).rect(
            132, 74, 82, 92, c.shade(STEEL, across=False), r=5
        )
        c.rect(104, 70, 32, 100, c.shade("#d9514c", across=False), r=4)
        for y in (84, 116, 146):
            c.rect(94, y, 22, 14, tone(STEEL, -0.12), width=2)
            c.rect(124, y - 12, 22, 14, tone(STEEL, -0.12), width=2)
        c.ellipse(27, 120, 9, 26, "#39424d").circle(64, 92, 6, "#39424d").circle(176, 92, 6, "#39424d")
    return c.done()


def motor() -> str:
    c, blue = Canvas(), "#4a7fb5"
    c.ground(y=204, rx=94)
    c.rect(196, 112, 34, 18, c.shade("#d3dae0", across=False), r=3)
    c.path("M64 180L52 200H92L98 180ZM150 180L146 200H188L176 180Z", tone(blue, -0.3))
    c.rect(46, 62, 140, 120, c.shade(blue, across=False), r=12)
    for y in range(76, 176, 11):
        c.stroke(f"M58 {y}H172", tone(blue, -0.35), 3)
    c.rect(182, 76, 16, 92, c.shade(tone(blue, -0.1), across=False), r=5)
    c.rect(20, 72, 30, 100, c.shade("#39424d", across=False), r=10)
    c.rect(86, 38, 62, 34, c.shade(tone(blue, -0.15)), r=5)
    c.rect(94, 100, 54, 30, "#e6ebef", r=2, width=1.5)
    return c.done()


def hose() -> str:
    c, black = Canvas(), "#454d58"
    for r in (80, 60):
        c.tube(f"M{120 - r} 128A{r} {r * 0.8:.0f} 0 1 1 {120 + r} 128A{r} {r * 0.8:.0f} 0 1 1 {120 - r} 128", black, 16)
    c.tube("M60 176C42 206 90 212 150 206", black, 16)
    c.rect(146, 192, 40, 28, c.shade(STEEL, across=False), r=3).rect(
        184, 188, 20, 36, c.shade("#d6ae4e", across=False), r=3
    )
    return c.stroke("M50 98C62 76 84 64 110 62", "#edc531", 2.5, stroke_dasharray="12 10").done()


def fitting(shape: str, material: str) -> str:
    c, base = Canvas(), colour(material)
    if "lbow" in shape or "45" in shape:
        c.path("M40 92H122C146 92 158 104 158 128V206H102V150H40Z", c.shade(base))
        ends = [(30, 84, 24, 74, False), (94, 190, 72, 24, True)]
    elif "ee" in shape or "Y" in shape:
        c.path("M34 86H206V148H152V208H92V148H34Z", c.shade(base))
        ends = [(24, 78, 24, 78, False), (192, 78, 24, 78, False), (84, 190, 76, 24, True)]
    else:
        c.rect(40, 86, 160, 70, c.shade(base, across=False), r=5)
        ends = [(28, 78, 30, 86, False), (182, 78, 30, 86, False)]
        c.path("M96 72H144L152 84V158L144 170H96L88 158V84Z", c.shade(tone(base, 0.1), across=False))
        c.stroke("M88 104H152M88 138H152", tone(base, -0.35), 2)
    for x, y, w, h, across in ends:
        c.rect(x, y, w, h, c.shade(tone(base, -0.08), across=across), r=4)
    return c.done()


def valve(material: str) -> str:
    c, base = Canvas(), colour(material)
    c.ground(y=204, rx=84)
    c.rect(34, 118, 172, 66, c.shade(base, across=False), r=6)
    c.path("M76 104H164V198H76Z", c.shade(tone(base, 0.12), across=False))
    c.rect(22, 108, 30, 86, c.shade(base, across=False), r=4)
    c.rect(188, 108, 30, 86, c.shade(base, across=False), r=4)
    c.rect(108, 72, 24, 34, c.shade(STEEL), r=2)
    return c.path(
        "M96 60C130 52 176 50 216 58C222 60 222 74 216 76C176 72 140 76 120 84C102 84 92 74 96 60Z",
        c.shade("#d9514c", across=False),
    ).done()


def cylinder(stroke: int) -> str:
    c = Canvas()
    out = 26 + min(stroke, 320) / 320 * 46
    with c.turned(-24):
        c.rect(150, 112, out + 22, 16, c.shade("#dfe5ea", across=False), r=3)
        c.rect(150 + out + 14, 106, 16, 28, c.shade("#6d7883", across=False), r=3)
        c.rect(30, 82, 124, 76, c.shade("#d3dae0", across=False), r=4)
        c.rect(18, 74, 30, 92, c.shade("#8f9aa7", across=False), r=4).rect(
            138, 74, 30, 92, c.shade("#8f9aa7", across=False), r=4
        )
        c.circle(34, 98, 6, "#39424d").circle(152, 98, 6, "#39424d")
        c.stroke("M52 96H134M52 144H134", "#8a96a3", 2.5)
    return c.done()


def tube(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    for r in (84, 70, 56):
        c.tube(f"M{120 - r} 122A{r} {r * 0.82:.0f} 0 1 1 {120 + r} 122A{r} {r * 0.82:.0f} 0 1 1 {120 - r} 122", base, 9)
    c.rect(108, 42, 24, 36, c.shade("#eef2f5"), r=4).rect(108, 166, 24, 36, c.shade("#eef2f5"), r=4)
    return c.tube("M176 168C196 196 206 206 222 208", base, 9).done()


def quick_coupling(material: str) -> str:
    c, base = Canvas(), colour(material, STEEL)
    with c.turned(-20):
        c.rect(20, 96, 50, 48, c.shade(base, across=False), r=4)
        c.rect(66, 80, 84, 80, c.shade(base, across=False), r=8)
        for x in range(84, 140, 8):
            c.stroke(f"M{x} 84V156", tone(base, -0.32), 2.2)
        c.rect(150, 92, 26, 56, c.shade(tone(base, -0.15), across=False), r=3).rect(
            176, 100, 44, 40, c.shade("#d6ae4e", across=False), r=4
        )
    return c.done()


def gauge(bar: int) -> str:
    c = Canvas()
    c.rect(104, 184, 32, 40, c.shade("#d6ae4e"), r=3)
    c.circle(120, 108, 88, c.glow("#8f9aa7")).circle(120, 108, 72, "#f6f8fa")
    for at in range(11):
        angle = pi * 0.75 + at * pi * 1.5 / 10
        x, y = cos(angle), sin(angle)
        c.stroke(f"M{120 + 64 * x:.1f} {108 + 64 * y:.1f}L{120 + 54 * x:.1f} {108 + 54 * y:.1f}", "#39424d", 3)
    c.stroke("M160 154A60 60 0 0 0 171 78", "#d9514c", 5)
    c.text(120, 146, str(bar), 20, "#39424d").text(120, 162, "bar", 12, "#6d7883")
    return c.stroke("M120 108L82 72", "#d9514c", 4.5).circle(120, 108, 8, "#39424d").done()


def filter_element() -> str:
    c = Canvas()
    c.ground()
    c.rect(70, 46, 100, 158, c.shade("#e6dfc9"))
    for x in range(76, 168, 8):
        c.stroke(f"M{x} 50V200", "#b9ae8e", 2)
    c.rect(62, 190, 116, 20, c.shade("#4a525d"), r=5).ellipse(120, 46, 58, 17, c.shade("#4a525d")).ellipse(
        120, 44, 26, 8, "#20262d"
    )
    return c.done()


def pipe(material: str) -> str:
    c, base = Canvas(), colour(material)
    with c.turned(-32):
        for y in (66, 102, 138):
            c.rect(12, y, 206, 32, c.shade(base, across=False), r=2).ellipse(218, y + 16, 8, 16, "#39424d")
            c.ellipse(218, y + 16, 8, 16, "none", width=0, stroke=tone(base, 0.2), stroke_width=3)
        c.rect(60, 60, 14, 116, "#39424d", r=3, width=0, opacity=0.85).rect(
            158, 60, 14, 116, "#39424d", r=3, width=0, opacity=0.85
        )
    return c.done()


def pump() -> str:
    c, green = Canvas(), "#3f8f8a"
    c.ground(y=206, rx=96)
    c.rect(112, 84, 104, 92, c.shade("#4a7fb5", across=False), r=10)
    for y in range(98, 170, 11):
        c.stroke(f"M136 {y}H204", "#33597f", 3)
    c.circle(78, 134, 58, c.glow(green)).circle(78, 134, 22, "#39424d").circle(
        78, 134, 30, "none", width=0, stroke=tone(green, 0.4), stroke_width=4
    )
    c.path("M56 84V40H100V86Z", c.shade(green)).rect(46, 32, 64, 16, c.shade(tone(green, -0.2)), r=4)
    return c.rect(40, 186, 172, 16, c.shade("#4a525d", across=False), r=4).done()


DRAWINGS = {
    "bearing": bearing, "pillow_block": pillow_block, "belt": belt, "chain": chain, "oil_seal": oil_seal,
    "coupling": coupling, "motor": motor, "hose": hose, "fitting": fitting, "valve": valve, "cylinder": cylinder,
    "tube": tube, "quick_coupling": quick_coupling, "gauge": gauge, "filter_element": filter_element, "pipe": pipe,
    "pump": pump,
}  # fmt: skip
