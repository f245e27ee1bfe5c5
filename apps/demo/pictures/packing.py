"""Boxes, tape, wrapping, labels and pallets."""

from apps.demo.pictures.ink import Canvas, colour, tone


def box(height: int) -> str:
    c, base = Canvas(), "#c9a06c"
    h = 50 + min(height, 405) / 405 * 66
    top = 206 - h - 40
    c.ground(y=222, rx=88)
    c.path(f"M28 {top + 40:.0f}L120 {top + 76:.0f}V222L28 {182 if h > 60 else 190}Z", c.shade(base)).path(
        f"M212 {top + 40:.0f}L120 {top + 76:.0f}V222L212 {182 if h > 60 else 190}Z", tone(base, -0.2)
    )
    c.path(f"M28 {top + 40:.0f}L120 {top + 6:.0f}L212 {top + 40:.0f}L120 {top + 76:.0f}Z", tone(base, 0.25))
    c.path(
        f"M66 {top + 26:.0f}L158 {top + 61:.0f}V{top + 82:.0f}L174 {top + 76:.0f}V{top + 55:.0f}L82 {top + 20:.0f}Z",
        "#e6dfc9",
        width=1.5,
    )
    return c.stroke(
        f"M48 {top + 78:.0f}L84 {top + 92:.0f}M48 {top + 90:.0f}L70 {top + 98:.0f}", tone(base, -0.4), 4
    ).done()


def tape(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    c.ground(rx=88)
    c.path("M34 128V158C34 196 206 196 206 158V128Z", c.shade(base)).ellipse(120, 128, 86, 48, tone(base, 0.28))
    c.ellipse(120, 128, 56, 30, "#c9a06c").path(
        "M64 128C64 98 176 98 176 128V134C172 108 68 108 64 134Z", "#9a7444", width=1.5
    )
    return c.path("M190 96C212 84 224 78 230 66L220 54C206 66 184 78 168 90Z", c.shade(base)).done()


def bubble() -> str:
    c, base = Canvas(), "#a9d3e8"
    c.path("M40 76V190C40 220 130 220 130 190V76Z", c.shade(base)).ellipse(85, 76, 45, 20, tone(base, 0.4)).ellipse(
        85, 76, 14, 6, "#c9a06c"
    )
    c.path("M130 100L214 120V216L130 196Z", c.shade(tone(base, 0.2)))
    for row in range(4):
        for at in range(4):
            c.circle(142 + at * 20, 118 + row * 22 + at * 5, 8, c.glow("#d8edf7"), width=1.2)
    return c.done()


def film() -> str:
    c, base = Canvas(), "#bcd6e2"
    with c.turned(-24):
        c.rect(16, 106, 208, 26, c.shade("#c9a06c", across=False), r=6).rect(
            36, 76, 168, 86, c.shade(base, across=False), r=8
        )
        c.stroke("M52 92H188M52 120H188", "#ffffff", 4, opacity=0.7)
    c.path("M60 176C90 190 150 186 186 128L214 180C170 222 96 224 60 212Z", base, width=1.5, opacity=0.6)
    return c.done()


def labels() -> str:
    c = Canvas()
    c.circle(98, 112, 78, c.shade("#f1f4f6")).circle(98, 112, 30, "#c9a06c").circle(98, 112, 20, "#39424d")
    c.path("M98 190C140 196 180 196 222 194V140C200 142 180 140 168 132", c.shade("#f1f4f6"))
    for x in (112, 166):
        c.rect(x, 156, 44, 32, "#ffffff", r=3, width=1.5).rect(x + 6, 162, 32, 6, "#d9514c", width=0)
        for bar in range(8):
            c.rect(x + 6 + bar * 4, 172, 2 if bar % 3 else 3, 11, "#39424d", width=0)
    return c.done()


def pallet(material: str) -> str:
    c, base = Canvas(), colour(material)
    c.ground(y=196, rx=100)
    for at in range(5):
        x, y = 24 + at * 22, 108 - at * 11
        c.path(f"M{x} {y}L{x + 100} {y + 50}L{x + 114} {y + 43}L{x + 14} {y - 7}Z", c.shade(tone(base, 0.12)), width=2)
    c.path("M24 108L124 158V170L24 120Z", tone(base, -0.12), width=2).path(
        "M124 158L228 106V118L124 170Z", tone(base, -0.28), width=2
    )
    for x, y in ((24, 122), (68, 144), (110, 164)):
        c.path(f"M{x} {y}l14 7v16l-14 -7z", tone(base, -0.3), width=2)
    return (
        c.path("M24 138L124 188V198L24 148Z", tone(base, -0.12), width=2)
        .path("M124 188L228 136V146L124 198Z", tone(base, -0.28), width=2)
        .done()
    )


DRAWINGS = {"box": box, "tape": tape, "bubble": bubble, "film": film, "labels": labels, "pallet": pallet}
