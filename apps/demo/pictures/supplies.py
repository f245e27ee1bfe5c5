"""Electrical goods, cleaning, oils and adhesives."""

from apps.demo.pictures.ink import Canvas, colour, tone


def drum(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    c.ground(y=212, rx=84)
    c.ellipse(66, 120, 30, 92, c.shade("#c79a63"))
    c.rect(66, 64, 108, 112, c.shade(base, across=False), width=0)
    for x in range(72, 176, 9):
        c.stroke(f"M{x} 66C{x + 7} 100 {x + 7} 140 {x} 174", tone(base, -0.4), 2.2)
    c.ellipse(174, 120, 30, 92, c.shade("#d9b27c")).ellipse(174, 120, 20, 62, "none", width=2)
    c.ellipse(174, 120, 7, 14, "#39424d")
    return c.tube("M96 176C92 206 60 214 30 208", base, 8).done()


def gland(material: str) -> str:
    c, base = Canvas(), colour(material)
    with c.turned(-26):
        c.rect(16, 106, 60, 28, c.shade("#4a525d", across=False), r=6)
        c.path("M66 80L104 70V170L66 160Z", c.shade(base, across=False))
        c.rect(104, 62, 34, 116, c.shade(base, across=False), r=5).rect(
            138, 74, 20, 92, c.shade(tone(base, -0.15), across=False), r=3
        )
        c.rect(158, 84, 62, 72, c.shade(base, across=False), r=3)
        for x in range(166, 216, 9):
            c.stroke(f"M{x} 86L{x + 4} 154", tone(base, -0.4), 2.4)
        c.stroke("M104 92H138M104 148H138", tone(base, -0.35), 2)
    return c.done()


def ties(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    for at, bend in enumerate((-46, -24, 0, 24, 46)):
        x = 120 + bend * 0.5
        c.stroke(f"M{x} 62C{x + bend} 110 {x + bend} 160 {120 + bend * 1.6:.0f} 216", "#2f3843", 12)
        c.stroke(f"M{x} 62C{x + bend} 110 {x + bend} 160 {120 + bend * 1.6:.0f} 216", base, 8)
        c.rect(x - 12, 30 + at % 2 * 5, 24, 36, c.shade(base), r=4)
        c.rect(x - 6, 42 + at % 2 * 5, 12, 9, "#2f3843", r=2, width=0)
    return c.done()


def breaker(poles: int) -> str:
    c = Canvas()
    c.ground()
    wide = 46
    left = 120 - wide * poles / 2
    for at in range(poles):
        x = left + at * wide
        c.path(f"M{x} 34H{x + wide}V78H{x + wide}V168H{x + wide}V212H{x}Z", c.shade("#e6ebef"))
        c.rect(x + 3, 78, wide - 6, 88, c.shade("#d3dae0"), r=3, width=2)
        c.rect(x + 13, 98, wide - 26, 34, c.shade("#3f7fd6", across=False), r=3)
        c.circle(x + wide / 2, 54, 8, "#8f9aa7", width=2).circle(x + wide / 2, 192, 8, "#8f9aa7", width=2)
    return c.text(120, 156, "I-ON", 15, "#39424d").done()


def contactor() -> str:
    c = Canvas()
    c.ground()
    c.rect(46, 36, 148, 176, c.shade("#e6ebef"), r=6).rect(58, 82, 124, 84, c.shade("#4a525d"), r=5)
    for x in (76, 112, 148):
        c.circle(x + 8, 58, 11, c.glow("#aab4be"), width=2).circle(x + 8, 190, 11, c.glow("#aab4be"), width=2)
        c.stroke(f"M{x + 2} 58H{x + 14}M{x + 2} 190H{x + 14}", "#39424d", 2.5)
    return c.rect(94, 104, 52, 38, c.shade("#d9514c"), r=4).done()


def led_panel() -> str:
    c = Canvas()
    c.path("M28 84L120 34L212 84L120 134Z", c.shade("#c3ccd5")).path(
        "M44 84L120 43L196 84L120 125Z", "#fffbe6", width=1.5
    )
    c.path("M28 84L120 134V144L28 94ZM212 84L120 134V144L212 94Z", "#8f9aa7", width=2)
    for x, y in ((60, 128), (120, 164), (180, 128)):
        c.stroke(f"M{x} {y}V{y + 52}", "#edc531", 5, opacity=0.75)
    return c.done()


def batten() -> str:
    c = Canvas()
    with c.turned(-18):
        c.rect(14, 96, 212, 40, c.shade("#d3dae0", across=False), r=8).rect(
            28, 118, 184, 26, c.shade("#fff6c9", across=False), r=12
        )
        c.rect(10, 92, 20, 54, c.shade("#8f9aa7"), r=5).rect(210, 92, 20, 54, c.shade("#8f9aa7"), r=5)
        for x in (60, 120, 180):
            c.stroke(f"M{x} 160V190", "#edc531", 5, opacity=0.75)
    return c.done()


def high_bay() -> str:
    c = Canvas()
    c.stroke("M120 18V48", "#39424d", 7)
    c.rect(88, 44, 64, 42, c.shade("#59636e"), r=6)
    for x in range(96, 150, 9):
        c.stroke(f"M{x} 48V82", "#39424d", 3)
    c.path("M88 86H152L208 150H32Z", c.shade("#8f9aa7")).ellipse(120, 150, 88, 17, "#fff6c9")
    c.stroke("M56 180L44 206M98 186L94 216M142 186L146 216M184 180L196 206", "#edc531", 5, opacity=0.75)
    return c.done()


def floodlight(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    c.stroke("M44 150C40 206 70 212 120 212C170 212 200 206 196 150", "#2f3843", 13).stroke(
        "M44 150C40 206 70 212 120 212C170 212 200 206 196 150", base, 8
    )
    c.rect(26, 40, 188, 132, c.shade(base, across=False), r=12).rect(42, 56, 156, 100, c.shade("#fff6c9"), r=6)
    for x in (66, 102, 138, 174):
        c.circle(x, 106, 13, "#edc531", width=1.5)
    return c.stroke("M54 68L78 68", "#ffffff", 5).done()


def enclosure(material: str) -> str:
    c, base = Canvas(), colour(material, "#c3ccd5")
    c.ground()
    c.path("M46 40L66 24H204L190 40Z", tone(base, 0.25)).path("M190 40L204 24V196L190 212Z", tone(base, -0.3))
    c.rect(46, 40, 144, 172, c.shade(base), r=4).rect(58, 52, 120, 148, "none", r=3, width=2)
    c.circle(166, 108, 8, c.glow("#4a525d")).circle(166, 144, 8, c.glow("#4a525d"))
    return c.path("M118 78L98 116H114L108 146L132 104H116Z", "#edc531", width=2).done()


def socket(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    with c.turned(-24):
        c.tube("M14 120H66", "#4a525d", 17)
        c.path("M58 94L98 84V156L58 146Z", c.shade("#59636e", across=False))
        c.rect(96, 74, 82, 92, c.shade(base, across=False), r=8).rect(
            168, 66, 24, 108, c.shade(tone(base, -0.15), across=False), r=5
        )
        for y in (90, 114, 138):
            c.rect(190, y, 34, 11, c.shade("#d6ae4e", across=False), r=4, width=2)
    return c.done()


def battery(size: str) -> str:
    c = Canvas()
    c.ground()
    if size == "9V":
        c.rect(70, 62, 100, 150, c.shade("#4a525d"), r=7).rect(70, 62, 100, 42, c.shade("#d6ae4e"), r=7)
        c.circle(96, 50, 13, c.glow("#c3ccd5")).circle(144, 50, 15, c.glow("#c3ccd5"))
        return c.text(120, 166, "9V", 34, "#edc531").done()
    if size.startswith("CR"):
        c.ellipse(120, 142, 88, 50, "#6d7883").ellipse(120, 122, 88, 50, c.glow("#ccd5dd"))
        return c.text(120, 132, size, 26, "#59636e").done()
    for x in (46, 102, 158):
        c.rect(x, 52, 42, 160, c.shade("#4a525d"), r=6).rect(x, 52, 42, 48, c.shade("#d6ae4e"), r=6).rect(
            x + 12, 40, 18, 13, c.shade("#c3ccd5"), r=3
        )
        c.text(x + 21, 162, size, 17, "#edc531")
    return c.done()


def _label(c: Canvas, x: float, y: float, w: float, h: float, base: str) -> None:
    c.rect(x, y, w, h, "#f6f8fa", r=3, width=1.5).rect(x, y, w, h * 0.34, base, r=3, width=0)
    c.rect(x + w * 0.14, y + h * 0.5, w * 0.72, h * 0.1, "#8f9aa7", r=2, width=0)
    c.rect(x + w * 0.14, y + h * 0.7, w * 0.5, h * 0.1, "#b7c1cb", r=2, width=0)


def bottle(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    c.ground(rx=60)
    c.path(
        "M86 92C86 76 102 72 104 58H136C138 72 154 76 154 92V204C154 212 148 216 142 216H98C92 216 86 212 86 204Z",
        c.shade(tone(base, 0.25)),
    )
    c.path("M98 28H152C160 28 164 36 164 46L150 44H136V58H104V44C96 44 92 34 98 28Z", c.shade("#d9514c")).path(
        "M138 46C146 56 150 64 148 76", "none", width=5, stroke="#4a525d"
    )
    _label(c, 92, 112, 56, 72, base)
    return c.done()


def pump_bottle(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    c.ground(rx=66)
    c.path("M110 62V36H84C78 36 74 42 76 50", "none", width=9, stroke="#4a525d").rect(
        102, 56, 36, 22, c.shade("#e6ebef"), r=3
    )
    c.rect(66, 76, 108, 140, c.shade(tone(base, 0.2)), r=18)
    _label(c, 78, 106, 84, 82, base)
    return c.done()


def canister(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    c.ground()
    c.path(
        "M52 84L92 46H178C188 46 194 52 194 62V202C194 210 188 216 180 216H66C58 216 52 210 52 202Z",
        c.shade(tone(base, 0.05)),
    )
    c.path("M104 66H172V92H84Z", "#39424d", width=2, opacity=0.85).rect(66, 44, 34, 24, c.shade("#39424d"), r=4)
    _label(c, 74, 116, 98, 82, base)
    return c.done()


def oil_drum(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    c.ground()
    c.path("M50 46V200C50 222 190 222 190 200V46Z", c.shade(base))
    c.ellipse(120, 46, 70, 19, c.shade(tone(base, 0.2)))
    for y in (96, 150):
        c.path(
            f"M48 {y}C48 {y + 19} 192 {y + 19} 192 {y}V{y + 9}C192 {y + 28} 48 {y + 28} 48 {y + 9}Z",
            c.shade(tone(base, -0.12)),
        )
    c.ellipse(94, 44, 15, 5, "#39424d").ellipse(152, 50, 8, 3, "#39424d")
    return c.done()


def cartridge() -> str:
    c = Canvas()
    c.ground(rx=50)
    c.rect(84, 58, 72, 154, c.shade("#4f93d8"), r=5).rect(80, 44, 80, 20, c.shade("#39424d"), r=4).rect(
        104, 22, 32, 24, c.shade("#39424d"), r=4
    )
    c.rect(80, 204, 80, 12, c.shade("#39424d"), r=3)
    _label(c, 92, 94, 56, 82, "#d9514c")
    return c.done()


def pail() -> str:
    c = Canvas()
    c.ground()
    c.path("M46 70L60 206C60 218 180 218 180 206L194 70Z", c.shade("#4f93d8")).ellipse(
        120, 66, 80, 20, c.shade("#e6ebef")
    ).ellipse(120, 62, 62, 13, "#c3ccd5", width=2)
    c.path("M46 78C24 150 70 150 120 150C170 150 216 150 194 78", "none", width=4, stroke="#6d7883")
    _label(c, 84, 116, 72, 76, "#d9514c")
    return c.done()


SPRAYS = ("#d9514c", "#3f7fd6", "#4da562", "#8a63c9", "#ee8a2e", "#3f8f8a", "#b8577f", "#6d7883")


def aerosol(shape: str) -> str:
    c = Canvas()
    base = SPRAYS[sum(map(ord, shape)) % len(SPRAYS)]
    c.ground(rx=46)
    c.rect(82, 76, 76, 140, c.shade(base), r=6).path(
        "M84 76C86 54 104 50 106 44H134C136 50 154 54 156 76Z", c.shade("#c3ccd5")
    )
    c.rect(102, 20, 36, 28, c.shade("#e6ebef"), r=5).circle(108, 32, 3, "#39424d", width=0)
    _label(c, 90, 104, 60, 78, base)
    return c.done()


def adhesive(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    with c.turned(24):
        c.path(
            "M84 92C84 78 100 76 106 62H134C140 76 156 78 156 92V200C156 208 150 212 144 212H96C90 212 84 208 84 200Z",
            c.shade("#d9514c"),
        )
        c.path("M104 62H136L126 22H114Z", c.shade(base))
        _label(c, 92, 110, 56, 72, base)
    return c.done()


def roll(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    c.ground()
    for x, y in ((126, 74), (74, 132)):
        c.path(
            f"M{x - 34} {y - 32}V{y + 58}C{x - 34} {y + 74} {x + 44} {y + 74} {x + 44} {y + 58}V{y - 32}Z",
            c.shade(tone(base, 0.25)),
        )
        c.ellipse(x + 5, y - 32, 39, 15, tone(base, 0.4)).ellipse(x + 5, y - 32, 13, 5, "#b58a5a")
        c.stroke(
            f"M{x - 30} {y - 4}C{x - 20} {y + 8} {x + 30} {y + 8} {x + 40} {y - 4}M{x - 30} {y + 26}"
            f"C{x - 20} {y + 38} {x + 30} {y + 38} {x + 40} {y + 26}",
            tone(base, -0.15),
            1.8,
            stroke_dasharray="2 6",
        )
    return c.path("M118 158V206L160 214V168Z", c.shade(tone(base, 0.25))).done()


def dispenser(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    c.path(
        "M70 30H170C178 30 184 36 184 44V180C184 188 178 194 170 194H70C62 194 56 188 56 180V44C56 36 62 30 70 30Z",
        c.shade(base),
    )
    c.rect(104, 62, 32, 76, "#bcdcea", r=8).rect(107, 98, 26, 37, "#57a9d8", r=6, width=0).rect(
        92, 168, 56, 34, c.shade(tone(base, -0.3)), r=6
    )
    c.stroke("M112 214C114 208 118 208 120 202", "#57a9d8", 5)
    return c.circle(120, 46, 5, "#39424d").done()


def cloth(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    for at in range(4):
        y = 186 - at * 30
        c.path(
            f"M36 {y - 22}C60 {y - 36} 180 {y - 36} 204 {y - 22}V{y}C204 {y + 12} 36 {y + 12} 36 {y}Z",
            c.shade(tone(base, 0.08 * at), across=False),
        )
        c.stroke(f"M44 {y - 8}C80 {y - 16} 160 {y - 16} 196 {y - 8}", tone(base, -0.3), 1.8, stroke_dasharray="5 4")
    return c.done()


def mop(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    c.stroke("M176 16L118 150", "#2f3843", 13)
    c.stroke("M176 16L118 150", "#d3dae0", 8)
    c.stroke("M176 16L162 48", base, 9)
    c.rect(84, 142, 70, 22, c.shade(base, across=False), r=6)
    for x in range(60, 186, 12):
        c.stroke(f"M{118 + (x - 120) * 0.5:.0f} 164C{x} 176 {x - 4} 196 {x - 2} 212", "#2f3843", 11).stroke(
            f"M{118 + (x - 120) * 0.5:.0f} 164C{x} 176 {x - 4} 196 {x - 2} 212", tone(base, 0.35), 7
        )
    return c.done()


def broom(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    c.stroke("M178 16L124 132", "#2f3843", 13).stroke("M178 16L124 132", "#d9b27c", 8)
    c.path("M52 140C80 122 168 122 194 140L198 160H46Z", c.shade(base, across=False))
    for x in range(52, 196, 8):
        c.stroke(f"M{x} 162L{x + (x - 122) * 0.12:.0f} 212", tone(base, -0.3), 4.5)
    return c.done()


def bin(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    c.ground(rx=66)
    c.path("M58 70H182L170 206C170 212 166 216 160 216H80C74 216 70 212 70 206Z", c.shade(base))
    c.path("M48 58C60 42 180 42 192 58V72H48Z", c.shade(tone(base, -0.18), across=False)).rect(
        98, 34, 44, 14, c.shade(tone(base, -0.3)), r=5
    )
    for x in (92, 120, 148):
        c.stroke(f"M{x} 88L{120 + (x - 120) * 0.86:.0f} 200", tone(base, -0.3), 4)
    return c.done()


DRAWINGS = {
    "drum": drum, "gland": gland, "ties": ties, "breaker": breaker, "contactor": contactor, "led_panel": led_panel,
    "batten": batten, "high_bay": high_bay, "floodlight": floodlight, "enclosure": enclosure, "socket": socket,
    "battery": battery, "bottle": bottle, "pump_bottle": pump_bottle, "canister": canister, "oil_drum": oil_drum,
    "cartridge": cartridge, "pail": pail, "aerosol": aerosol, "adhesive": adhesive, "roll": roll,
    "dispenser": dispenser, "cloth": cloth, "mop": mop, "broom": broom, "bin": bin,
}  # fmt: skip
