"""Tools, heating and ventilation, storage and handling."""

from math import cos, pi, sin

from apps.demo.pictures.ink import Canvas, colour, tone

STEEL = "#c3ccd5"


def drill(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    c.rect(10, 82, 34, 8, c.shade(STEEL, across=False), r=3, width=2).path(
        "M40 70H70V102H40L34 94V78Z", c.shade("#4a525d", across=False)
    )
    c.path("M68 60H168C190 60 206 72 208 92C206 110 190 116 170 116H68Z", c.shade(base, across=False))
    c.path("M128 112H178L190 176H146Z", c.shade(tone(base, -0.12))).path(
        "M142 128C148 140 152 150 154 162L166 160L160 120Z", "#39424d", width=2
    )
    c.rect(122, 174, 88, 38, c.shade("#39424d", across=False), r=7)
    c.rect(134, 186, 26, 12, "#4da562", r=3, width=0)
    c.path("M116 116H136L130 136C122 136 116 128 116 116Z", "#d9514c")
    for x in (92, 104, 116):
        c.stroke(f"M{x} 74V102", tone(base, -0.45), 4)
    return c.done()


def grinder() -> str:
    c = Canvas()
    with c.turned(-18):
        c.rect(92, 92, 132, 54, c.shade("#ee8a2e", across=False), r=22).rect(
            60, 84, 48, 66, c.shade("#8f9aa7", across=False), r=8
        )
        c.stroke("M130 104H200M130 118H200", "#8a4d16", 3).rect(70, 36, 20, 52, c.shade("#39424d"), r=8)
        c.ellipse(62, 156, 58, 15, c.shade("#59636e")).ellipse(62, 154, 15, 5, "#c3ccd5")
        c.path("M14 148C18 128 92 124 106 146L96 150C80 140 40 140 24 152Z", c.shade("#4a525d"))
    return c.done()


def drill_bit(material: str) -> str:
    c, base = Canvas(), colour(material, "#aab4be")
    with c.turned(42):
        for shift, w in ((-36, 13), (0, 19), (42, 26)):
            x = 120 + shift
            c.rect(x - w / 2, 24, w, 66, c.shade(tone(base, 0.15)), r=2, width=2)
            c.path(f"M{x - w / 2} 88H{x + w / 2}V206L{x} 222L{x - w / 2} 206Z", c.shade(base))
            for y in range(96, 200, 22):
                c.stroke(
                    f"M{x - w / 2 + 1} {y + 14}C{x - 2} {y + 12} {x + 2} {y + 2} {x + w / 2 - 1} {y}",
                    tone(base, -0.5),
                    3.6,
                )
    return c.done()


def disc(shape: str) -> str:
    c = Canvas()
    base = "#c3ccd5" if "Diamond" in shape else "#b06a3c" if "Flap" in shape or "Sanding" in shape else "#59636e"
    c.circle(124, 126, 92, tone(base, -0.45)).circle(118, 118, 92, c.glow(base))
    if "Flap" in shape or "Diamond" in shape:
        for at in range(24):
            x, y = cos(2 * pi * at / 24), sin(2 * pi * at / 24)
            c.stroke(
                f"M{118 + 88 * x:.1f} {118 + 88 * y:.1f}L{118 + 52 * x:.1f} {118 + 52 * y:.1f}", tone(base, -0.4), 2.6
            )
    c.circle(118, 118, 46, c.glow("#d9514c" if base != "#c3ccd5" else "#3f7fd6"), width=2)
    c.circle(118, 118, 36, "none", width=0, stroke="#f6f8fa", stroke_width=2.5, stroke_dasharray="20 7")
    return c.circle(118, 118, 17, c.glow(STEEL)).circle(118, 118, 10, "#39424d").done()


def spanner() -> str:
    c = Canvas()
    with c.turned(45):
        c.path(
            "M108 70C84 58 80 26 102 12V38L120 48L138 38V12C160 26 156 58 132 70L130 170"
            "C150 178 152 214 130 226C122 230 118 230 110 226C88 214 90 178 110 170Z",
            c.shade(STEEL),
        )
        c.circle(120, 200, 15, "#59636e").stroke("M120 84V156", tone(STEEL, -0.3), 6)
    return c.done()


def socket_tool() -> str:
    c = Canvas()
    c.ground()
    c.rect(72, 90, 96, 118, c.shade(STEEL), r=10).ellipse(120, 90, 48, 19, c.shade(tone(STEEL, 0.2)))
    c.path("M92 90L106 79H134L148 90L134 101H106Z", "#39424d")
    c.rect(72, 150, 96, 14, tone(STEEL, -0.3), width=1.5)
    return c.stroke("M84 112V142M156 112V142", tone(STEEL, 0.6), 4).done()


def screwdriver(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    with c.turned(40):
        c.rect(114, 104, 12, 104, c.shade(STEEL), r=2).path("M112 206H128L125 226H115Z", c.shade("#8f9aa7"))
        c.path("M96 26C96 10 144 10 144 26L148 84C148 96 138 106 130 108H110C102 106 92 96 92 84Z", c.shade(base))
        for x in (104, 120, 136):
            c.stroke(f"M{x} 26V88", tone(base, -0.4), 5)
    return c.done()


def pliers(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    c.stroke("M110 118C84 150 78 180 84 218", "#2f3843", 26).stroke("M110 118C84 150 78 180 84 218", base, 20)
    c.stroke("M132 118C158 150 164 180 158 218", "#2f3843", 26).stroke(
        "M132 118C158 150 164 180 158 218", tone(base, -0.1), 20
    )
    c.path("M100 122L94 70C94 46 104 26 117 18V96ZM142 122L148 70C148 46 138 26 125 18V96Z", c.shade(STEEL))
    return (
        c.stroke("M112 34H116M110 46H116M126 34H130M126 46H132", tone(STEEL, -0.45), 2)
        .circle(121, 112, 20, c.glow(STEEL))
        .circle(121, 112, 6, "#39424d")
        .done()
    )


def hammer(material: str) -> str:
    c, base = Canvas(), colour(material)
    with c.turned(36):
        c.rect(109, 66, 22, 158, c.shade(base), r=8).rect(106, 156, 28, 66, c.shade("#39424d"), r=9)
        c.path("M70 34H146C164 34 182 44 190 62C176 56 160 58 148 64H70Z", c.shade(STEEL, across=False)).rect(
            48, 26, 28, 46, c.shade(STEEL), r=5
        )
    return c.done()


def torque_wrench() -> str:
    c = Canvas()
    with c.turned(-38):
        c.rect(34, 108, 130, 22, c.shade(STEEL, across=False), r=6).circle(40, 119, 27, c.glow(STEEL)).rect(
            31, 110, 18, 18, "#39424d", r=2
        )
        c.rect(122, 100, 36, 38, c.shade("#d6ae4e", across=False), r=4).rect(
            156, 98, 76, 42, c.shade("#39424d", across=False), r=14
        )
        c.stroke("M128 110H152M128 119H146M128 128H152", "#59636e", 2)
        for x in range(170, 224, 9):
            c.stroke(f"M{x} 102V136", "#6d7883", 3)
    return c.done()


def tape_measure(shade: str = "Yellow") -> str:
    c, base = Canvas(), colour(shade)
    c.ground(rx=90)
    c.path("M152 186H232V200H152Z", c.shade("#edc531", across=False))
    for x in range(164, 230, 8):
        c.stroke(f"M{x} 188V{194 if x % 3 else 198}", "#39424d", 1.8)
    c.rect(226, 180, 9, 30, c.shade(STEEL), r=2)
    c.path(
        "M58 50H122C156 50 172 80 172 116V194C172 204 166 210 156 210H58C44 210 34 200 34 186V74C34 60 44 50 58 50Z",
        c.shade(base),
    )
    return c.circle(102, 128, 44, c.glow("#4a525d")).text(102, 140, "m", 34, "#edc531").done()


def caliper() -> str:
    c = Canvas()
    with c.turned(-26):
        c.rect(20, 84, 204, 26, c.shade(STEEL, across=False), r=2).path(
            "M20 84V44L34 84V110H46L32 196L20 178Z", c.shade(STEEL)
        )
        c.path("M66 76H134V118H98L82 196L70 178V118H66Z", c.shade("#aab4be"))
        c.rect(82, 80, 48, 30, "#20262d", r=4)
        c.text(106, 101, "8.25", 18, "#8fd0a0").circle(116, 130, 11, c.glow("#59636e"))
        for x in range(146, 220, 7):
            c.stroke(f"M{x} 86V{94 if x % 2 else 99}", "#39424d", 1.6)
    return c.done()


def level() -> str:
    c = Canvas()
    with c.turned(-22):
        c.rect(10, 92, 220, 50, c.shade("#edc531", across=False), r=6).rect(
            92, 102, 56, 28, c.shade("#b9e08a", across=False), r=12
        )
        c.ellipse(120, 114, 13, 8, "#eaf7da", width=1.5).stroke("M106 104V128M134 104V128", "#39424d", 2)
        c.circle(44, 117, 15, c.glow("#b9e08a")).circle(196, 117, 15, c.glow("#b9e08a"))
    return c.done()


def air_filter() -> str:
    c = Canvas()
    c.path("M52 40L72 24H206L188 40Z", "#e6dfc9").path("M188 40L206 24V188L188 206Z", "#a58b62")
    c.rect(52, 40, 136, 166, c.shade("#c9a06c"), r=2).rect(64, 52, 112, 142, "#eef2f5", width=2)
    for x in range(70, 174, 9):
        c.stroke(f"M{x} 56L{x + 4} 124L{x} 190", "#aab8c4", 3)
    return c.stroke(
        "M12 96H40M12 124H40M12 152H40M34 90L42 96L34 102M34 118L42 124L34 130M34 146L42 152L34 158", "#57a9d8", 4
    ).done()


def fan() -> str:
    c = Canvas()
    c.rect(30, 30, 180, 180, c.shade("#8f9aa7"), r=16).circle(120, 120, 80, "#2f3843")
    for at in range(7):
        with c.turned(at * 360 / 7):
            c.path("M120 120C104 96 108 62 132 46C150 62 146 96 126 118Z", c.shade("#c3ccd5"), width=2)
    c.circle(120, 120, 24, c.glow("#4f93d8"))
    for r in (48, 66):
        c.circle(120, 120, r, "none", width=0, stroke="#dfe5ea", stroke_width=2, opacity=0.7)
    return c.done()


def duct() -> str:
    c, base = Canvas(), "#bac5ce"
    with c.turned(-28):
        c.rect(18, 72, 190, 96, c.shade(base, across=False), width=2.5)
        for x in range(30, 208, 19):
            c.stroke(f"M{x} 72C{x + 12} 100 {x + 12} 140 {x} 168", tone(base, -0.35), 3)
        c.ellipse(208, 120, 19, 48, "#4a525d").ellipse(
            208, 120, 19, 48, "none", width=0, stroke="#dfe5ea", stroke_width=4
        )
    return c.done()


def thermostat() -> str:
    c = Canvas()
    c.rect(40, 36, 160, 168, c.shade("#e6ebef"), r=20).rect(62, 58, 116, 74, "#2b3640", r=9)
    c.text(114, 112, "21.5", 42, "#8fd0f0").text(166, 92, "°C", 13, "#8fd0f0")
    c.circle(84, 168, 15, c.glow("#c3ccd5"), width=2).circle(156, 168, 15, c.glow("#c3ccd5"), width=2)
    return c.stroke("M77 168H91M149 168H163M156 161V175", "#39424d", 3).done()


def castor() -> str:
    c = Canvas()
    c.ground(rx=60)
    c.rect(60, 30, 120, 16, c.shade(STEEL, across=False), r=3).circle(76, 38, 5, "#39424d", width=0).circle(
        164, 38, 5, "#39424d", width=0
    )
    c.rect(96, 46, 48, 18, c.shade("#8f9aa7"), r=4)
    c.path("M90 62H150L166 156H134V110H106V156H74Z", c.shade(STEEL))
    return (
        c.circle(120, 154, 62, c.glow("#4a525d"))
        .circle(120, 154, 40, c.glow("#4f93d8"))
        .circle(120, 154, 14, c.glow(STEEL))
        .circle(120, 154, 6, "#39424d")
        .path("M110 64H130L124 154H116Z", c.shade(STEEL))
        .done()
    )


def pallet_truck(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    c.ground(y=214, rx=100)
    c.stroke("M170 168L208 46", "#2f3843", 13).stroke("M170 168L208 46", base, 8).path(
        "M190 22H230V46H198Z", "none", width=8, stroke="#39424d"
    )
    c.path("M14 182L142 158H196V190H150L24 202C14 202 10 196 14 182Z", c.shade(base, across=False)).path(
        "M150 120H188V172H150Z", c.shade(tone(base, -0.15))
    )
    return (
        c.circle(172, 200, 18, c.glow("#39424d"))
        .circle(172, 200, 7, STEEL, width=2)
        .circle(44, 204, 11, c.glow("#39424d"))
        .done()
    )


def trolley(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    c.ground(y=216, rx=96)
    c.stroke("M198 180V38C198 32 194 28 188 28H176", "#2f3843", 11).stroke(
        "M198 180V38C198 32 194 28 188 28H176", STEEL, 6
    )
    c.path("M24 164L60 144H206L190 164Z", c.shade(tone(base, 0.3))).rect(
        24, 164, 166, 18, c.shade(base, across=False), r=3
    )
    c.path("M60 92H132V144L120 152H52V100Z", c.shade("#c9a06c")).stroke("M86 94V150", "#e6dfc9", 8)
    return (
        c.circle(52, 198, 16, c.glow("#39424d"))
        .circle(168, 198, 16, c.glow("#39424d"))
        .circle(52, 198, 6, STEEL, width=1.5)
        .circle(168, 198, 6, STEEL, width=1.5)
        .done()
    )


def shelving() -> str:
    c = Canvas()
    c.ground(y=216, rx=94)
    for x in (30, 198):
        c.rect(x, 22, 12, 194, c.shade("#4a7fb5"), r=2)
    for y in (46, 104, 162):
        c.rect(30, y + 36, 180, 10, c.shade("#ee8a2e", across=False), r=2)
        for at, shade in enumerate(("#c9a06c", "#d9514c", "#8f9aa7", "#c9a06c")):
            c.rect(46 + at * 38, y + 6 + at % 2 * 6, 32, 30 - at % 2 * 6, c.shade(shade), r=2, width=2)
    return c.done()


def sling(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    c.stroke("M76 70C50 130 56 186 120 196C184 186 190 130 164 70", "#2f3843", 22).stroke(
        "M76 70C50 130 56 186 120 196C184 186 190 130 164 70", base, 17
    )
    c.stroke("M76 70C50 130 56 186 120 196C184 186 190 130 164 70", tone(base, -0.35), 2, stroke_dasharray="7 6")
    c.path(
        "M120 20C140 20 152 34 152 50L168 72C172 84 160 94 148 86L120 62L92 86C80 94 68 84 72 72L88 50"
        "C88 34 100 20 120 20Z",
        c.shade(STEEL),
    )
    return (
        c.circle(120, 42, 12, "#39424d")
        .rect(104, 172, 32, 44, "#f6f8fa", r=3, width=2)
        .text(120, 200, "CE", 15, "#39424d")
        .done()
    )


def ladder(material: str) -> str:
    c, base = Canvas(), colour(material)
    c.ground(y=222, rx=74)
    c.stroke("M150 28L196 218", "#2f3843", 10).stroke("M150 28L196 218", tone(base, -0.25), 6)
    for y in range(64, 210, 32):
        left, right = 104 - (y - 20) * 0.3, 140 - (y - 20) * 0.02
        c.path(f"M{left:.0f} {y}H{right:.0f}V{y + 11}H{left:.0f}Z", c.shade(tone(base, 0.1), across=False), width=2)
    for d in ("M104 20L44 222", "M140 20L134 222"):
        c.stroke(d, "#2f3843", 12).stroke(d, base, 8)
    return c.rect(94, 14, 66, 18, c.shade("#d9514c", across=False), r=5).done()


DRAWINGS = {
    "drill": drill, "grinder": grinder, "drill_bit": drill_bit, "disc": disc, "spanner": spanner,
    "socket_tool": socket_tool, "screwdriver": screwdriver, "pliers": pliers, "hammer": hammer,
    "torque_wrench": torque_wrench, "tape_measure": tape_measure, "caliper": caliper, "level": level,
    "air_filter": air_filter, "fan": fan, "duct": duct, "thermostat": thermostat, "castor": castor,
    "pallet_truck": pallet_truck, "trolley": trolley, "shelving": shelving, "sling": sling, "ladder": ladder,
}  # fmt: skip
