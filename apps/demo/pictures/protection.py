"""What people wear: gloves, helmets, glasses, muffs, masks, vests, jackets, boots."""

from apps.demo.pictures.ink import Canvas, colour, tone

HAND = (
    "M78 212V150C60 134 46 118 42 104C40 94 52 88 60 96L80 118V60C80 46 102 46 102 60V104V44"
    "C102 30 125 30 125 44"
    "V104V50C125 36 147 36 147 50V108V66C147 53 167 53 167 66V150C167 170 162 186 160 212Z"
)


def glove(shade: str, kind: str) -> str:
    c, base = Canvas(), colour(shade)
    knit = {"knit": "#cfd6dc", "cut": "#9fb0bf"}.get(kind, base)
    c.path(HAND, c.shade(knit))
    if kind in ("knit", "cut"):
        palm = (
            "M84 166C66 138 50 118 46 106C46 97 54 96 58 101L84 128V62C84 52 98 52 98 62V116H106V46"
            "C106 36 121 36 121 46V116H129V52C129 42 143 42 143 52V118H151V68C151 60 163 60 163 68V150"
            "C163 158 162 164 161 168Z"
        )
        c.path(palm, c.shade(base), width=1.5)
    else:
        c.stroke("M102 104V128M125 104V130M147 108V130", tone(base, -0.4), 3)
        c.stroke("M84 150C104 140 140 140 160 150", tone(base, -0.35), 3)
    top = 176 if kind == "gauntlet" else 190
    c.rect(72, top, 94, 216 - top, c.shade(tone(knit, -0.12)), r=5)
    for x in range(82, 162, 10):
        c.stroke(f"M{x} {top + 4}V{212}", tone(knit, -0.32), 1.8)
    return c.done()


def glove_box(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    c.ground()
    c.path("M34 110L60 84H206L186 110Z", c.shade("#eef2f5", across=False))
    c.rect(34, 110, 152, 104, c.shade("#dce4ea"), r=3)
    c.path("M186 110L206 84V186L186 214Z", "#b4bfca")
    c.ellipse(122, 97, 48, 8, "#55606c")
    c.path("M92 98C84 62 96 46 106 52C112 34 124 34 126 50C134 36 146 44 142 60C152 56 156 70 150 98Z", c.shade(base))
    c.rect(52, 134, 74, 12, base, r=3, width=0)
    c.rect(52, 154, 112, 7, "#9aa6b2", r=3, width=0)
    c.rect(52, 168, 92, 7, "#9aa6b2", r=3, width=0)
    return c.text(160, 200, "100", 22, tone(base, -0.2)).done()


def sleeve(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    with c.turned(24):
        c.path("M84 26H156L146 190C146 200 132 206 120 206C108 206 94 200 94 190Z", c.shade(base))
        for y in range(44, 190, 13):
            c.stroke(
                f"M{86 + (y - 26) * 0.06:.0f} {y}C108 {y + 6} 132 {y + 6} {154 - (y - 26) * 0.06:.0f} {y}",
                tone(base, -0.25),
                1.6,
            )
        c.rect(82, 22, 76, 20, c.shade(tone(base, -0.3)), r=5)
        c.ellipse(104, 182, 8, 12, "#39424d")
    return c.done()


def helmet(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    c.ground(y=190, rx=90)
    c.path("M38 156C36 92 72 50 122 50C172 50 204 92 204 156Z", c.glow(base))
    c.path("M108 52C106 84 106 120 108 156H138C140 120 140 84 136 52C128 49 116 49 108 52Z", tone(base, 0.22), width=2)
    c.path(
        "M26 156H198C214 158 224 168 222 176C180 168 80 166 30 176C24 172 22 162 26 156Z", c.shade(base, across=False)
    )
    c.stroke("M66 100C72 84 82 74 92 68", tone(base, 0.75), 6)
    for x in (66, 80, 162, 176):
        c.rect(x, 112, 7, 22, tone(base, -0.45), r=3, width=0)
    return c.done()


def glasses(tint: str) -> str:
    c, base = Canvas(), colour(tint, "#bcdcea")
    c.stroke("M40 104C28 112 20 128 22 150M200 104C212 112 220 128 218 150", "#39424d", 9)
    lens = (
        "M36 96C66 84 100 84 120 92C140 84 174 84 204 96C208 128 196 156 164 156C140 156 130 140 126 124"
        "C122 116 118 116 114 124C110 140 100 156 76 156C44 156 32 128 36 96Z"
    )
    c.path(lens, c.shade(base, gloss=0.65), opacity=0.92)
    c.stroke("M36 96C66 84 100 84 120 92C140 84 174 84 204 96", "#39424d", 8)
    c.stroke("M58 112L78 104M146 112L166 104", "#ffffff", 5, opacity=0.8)
    return c.done()


def earmuff(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    c.stroke("M56 140C48 66 82 34 120 34C158 34 192 66 184 140", "#2f3843", 15)
    c.stroke("M56 140C48 66 82 34 120 34C158 34 192 66 184 140", "#6d7883", 9)
    for x in (30, 164):
        c.rect(x, 112, 46, 92, c.shade(base), r=22)
        pad = x + 38 if x < 100 else x - 12
        c.rect(pad, 116, 20, 84, c.shade("#39424d"), r=10)
    return c.done()


def earplugs(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    for x, turn in ((86, -14), (154, 16)):
        with c.turned(turn, x, 120):
            c.path(
                f"M{x - 26} 186V96C{x - 22} 40 {x + 22} 40 {x + 26} 96V186C{x + 14} 196 {x - 14} 196 {x - 26} 186Z",
                c.shade(base),
            )
            c.ellipse(x, 186, 26, 8, tone(base, -0.2))
    return c.stroke("M86 192C80 226 160 226 154 194", "#5a94d6", 4).done()


def mask(kind: str) -> str:
    c = Canvas()
    c.stroke(
        "M54 96C20 82 16 60 34 48M186 96C220 82 224 60 206 48M56 160C28 176 22 194 36 206M184 160"
        "C212 176 218 194 204 206",
        "#e3a13a",
        5,
    )
    c.path(
        "M44 118C58 74 92 58 120 58C148 58 182 74 196 118C188 164 156 190 120 196C84 190 52 164 44 118Z",
        c.shade("#e8edf1"),
    )
    c.stroke("M58 118C90 100 150 100 182 118M62 142C94 126 146 126 178 142", "#b7c1cb", 3)
    c.rect(92, 62, 56, 9, c.shade("#aab4be"), r=4, width=2)
    if kind == "valve":
        c.rect(94, 116, 52, 44, c.shade("#4f93d8"), r=10)
        c.stroke("M104 128H136M104 138H136M104 148H136", "#dfe9f5", 3)
    return c.done()


def vest(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    c.path(
        "M70 26L98 36C104 62 136 62 142 36L170 26L196 74C190 92 186 106 186 120V216H54V120C54 106 50 92 44 74Z",
        c.shade(base),
    )
    c.stroke("M120 60V216", tone(base, -0.45), 3)
    for y in (138, 180):
        c.rect(54, y, 132, 15, "#dde4ea", width=1.5)
    c.path(
        "M78 30L90 34V138H76V112C74 84 72 54 70 40ZM162 30L150 34V138H164V112C166 84 168 54 170 40Z",
        "#dde4ea",
        width=1.5,
    )
    return c.done()


def jacket(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    c.path(
        "M78 40L40 62L22 176L50 186L66 112V214H174V112L190 186L218 176L200 62L162 40C150 52 90 52 78 40Z", c.shade(base)
    )
    c.path("M84 40C92 22 148 22 156 40C146 54 94 54 84 40Z", c.shade(tone(base, -0.25)))
    c.stroke("M120 50V214", tone(base, -0.5), 4)
    c.stroke("M82 168H106M134 168H158M66 112C64 96 66 84 70 74M174 112C176 96 174 84 170 74", tone(base, -0.4), 3)
    if base in (colour("Yellow"), colour("Orange")):
        c.rect(66, 138, 108, 14, "#dde4ea", width=1.5)
        c.path("M32 118L56 124L53 138L29 132ZM208 118L184 124L187 138L211 132Z", "#dde4ea", width=1.5)
    return c.done()


def boot(shade: str) -> str:
    c, base = Canvas(), colour(shade)
    c.ground(y=212, rx=90)
    c.path(
        "M62 40C84 30 118 32 130 40L134 118C152 132 194 134 212 154C220 164 220 178 218 188H58C54 140 54 90 62 40Z",
        c.shade(base),
    )
    c.path(
        "M52 184H222V202C222 208 216 210 210 210H160L154 204H110L104 210H62C54 210 52 206 52 200Z",
        c.shade("#39424d", across=False),
    )
    c.path("M164 138C186 144 206 150 214 160C218 168 218 176 218 184H176C166 170 162 152 164 138Z", tone(base, -0.35))
    c.path("M62 40C84 30 118 32 130 40L131 60C110 52 82 52 60 60Z", tone(base, -0.28))
    for y in (76, 92, 108, 122):
        c.stroke(f"M98 {y}L134 {y - 4}", "#edc531", 4)
    return c.done()


def first_aid() -> str:
    c, green = Canvas(), "#3f9d63"
    c.ground()
    c.path("M88 66V50C88 42 94 38 102 38H138C146 38 152 42 152 50V66", "none", width=9, stroke="#2f3843")
    c.rect(30, 64, 180, 146, c.shade(green, across=False), r=14)
    c.rect(30, 128, 180, 9, tone(green, -0.35), width=0)
    c.circle(120, 136, 46, "#f4f7f9")
    return c.path("M108 106H132V124H150V148H132V166H108V148H90V124H108Z", green, width=0).done()


DRAWINGS = {
    "glove": glove, "glove_box": glove_box, "sleeve": sleeve, "helmet": helmet, "glasses": glasses, "earmuff": earmuff,
    "earplugs": earplugs, "mask": mask, "vest": vest, "jacket": jacket, "boot": boot, "first_aid": first_aid,
}  # fmt: skip
