"""Signs, and what stands for services."""

from apps.demo.pictures.ink import Canvas

STEEL = "#c3ccd5"
_GREEN, _BLUE = "#3f9d63", "#3f7fd6"
SIGNS = {
    "Fire exit": _GREEN,
    "First aid": _GREEN,
    "Assembly point": _GREEN,
    "Mandatory": _BLUE,
    "Car park": _BLUE,
    "Prohibition": "#f6f8fa",
}


def sign(shape: str) -> str:
    c, base = Canvas(), SIGNS.get(shape, "#edc531")
    if shape == "Warning":
        c.path("M120 30L220 204H20Z", c.shade(base), width=7)
        return c.rect(111, 88, 18, 62, "#2f3843", r=8, width=0).circle(120, 174, 11, "#2f3843", width=0).done()
    if shape in ("Mandatory", "Prohibition"):
        c.circle(120, 120, 92, base)
        if shape == "Prohibition":
            c.circle(120, 120, 82, "none", width=0, stroke="#d9514c", stroke_width=19)
            c.stroke("M120 70V150M120 172V174", "#2f3843", 17)
            c.stroke("M64 64L176 176", "#d9514c", 17)
            return c.done()
        c.path("M76 122C76 76 164 76 164 122ZM66 122H174V134H66Z", "#ffffff", width=0)
        return c.circle(120, 152, 30, "none", width=0, stroke="#ffffff", stroke_width=9).done()
    c.rect(24, 44, 192, 152, c.shade(base, gloss=0.15), r=10).rect(
        34, 54, 172, 132, "none", r=6, width=0, stroke="#ffffff", stroke_width=4
    )
    if shape == "First aid":
        return c.path("M104 74H136V104H166V136H136V166H104V136H74V104H104Z", "#ffffff", width=0).done()
    if shape == "Car park":
        return c.text(120, 158, "P", 108, "#ffffff", weight=800).done()
    c.circle(92, 84, 13, "#ffffff", width=0).stroke(
        "M92 104L84 134L66 160M84 134L104 146L100 170M90 110L112 124", "#ffffff", 12
    )
    return c.path("M132 112H168V94L200 120L168 146V128H132Z", "#ffffff", width=0).done()


def service(kind: str) -> str:
    c, base = Canvas(), "#4f93d8"
    c.circle(120, 120, 96, c.shade("#dfeaf6", across=False), width=0).circle(120, 120, 96, "none", width=3)
    {
        "cutting": _cutting,
        "kitting": _kitting,
        "calibration": _calibration,
        "engraving": _engraving,
        "assembly": _assembly,
    }.get(kind, _visit)(c, base)
    return c.done()


def _cutting(c: Canvas, base: str) -> None:
    c.rect(44, 138, 72, 20, c.shade(STEEL, across=False), r=3)
    c.rect(128, 138, 68, 20, c.shade(STEEL, across=False), r=3)
    c.stroke("M122 62V184", "#d9514c", 3.5, stroke_dasharray="9 7").circle(122, 92, 34, c.glow("#8f9aa7")).circle(
        122, 92, 9, "#39424d"
    )


def _kitting(c: Canvas, base: str) -> None:
    for x, y, shade in ((62, 74, "#c9a06c"), (126, 74, "#4da562"), (62, 130, "#ee8a2e"), (126, 130, base)):
        c.rect(x, y, 54, 46, c.shade(shade), r=6).rect(x + 9, y + 10, 36, 8, "#f6f8fa", r=3, width=0)


def _calibration(c: Canvas, base: str) -> None:
    c.circle(120, 112, 56, "#f6f8fa").stroke("M84 142A46 46 0 1 1 156 142", "#8f9aa7", 6).stroke(
        "M120 114L144 84", "#d9514c", 5
    ).circle(120, 114, 7, "#39424d")
    c.path("M92 164L112 182L150 144", "none", width=11, stroke="#3f9d63", stroke_linecap="round")


def _engraving(c: Canvas, base: str) -> None:
    c.rect(58, 128, 124, 44, c.shade(STEEL), r=6).text(112, 159, "H&amp;V", 26, "#59636e")
    c.path("M132 122L166 62L186 74L150 132L130 140Z", c.shade(base))


def _assembly(c: Canvas, base: str) -> None:
    for at in range(8):
        with c.turned(at * 45, 104, 124):
            c.rect(96, 64, 16, 22, STEEL, r=3, width=2)
    c.circle(104, 124, 44, c.glow(STEEL)).circle(104, 124, 17, "#39424d")
    c.stroke("M140 152L184 84", "#2f3843", 19).stroke("M140 152L184 84", base, 13)


def _visit(c: Canvas, base: str) -> None:
    c.path("M48 156V98C48 90 54 86 60 86H138V156Z", c.shade("#f6f8fa")).path(
        "M138 104H166L190 130V156H138Z", c.shade(base)
    )
    c.path("M150 112H164L178 130H150Z", "#dfeaf6", width=2).circle(80, 160, 18, c.glow("#39424d")).circle(
        160, 160, 18, c.glow("#39424d")
    )


DRAWINGS = {"sign": sign, "service": service}
