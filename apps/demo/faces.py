"""Faces of the distributor's people, drawn by the program: each from a few features, no two the same."""

from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from apps.demo.chance import dice
from apps.demo.pictures.ink import Canvas, tone

FOLDER = "reps"
SKINS = ("#f2c9a8", "#e3ab82", "#c98a5f", "#a06a44", "#7b4b2f", "#f6d7bd")
HAIRS = ("#2b2220", "#4a3326", "#7a4f2a", "#b98545", "#9aa1a8", "#8f3f24", "#d9b877")
CLOTHES = ("#2f6690", "#3d5a45", "#7a3e48", "#4b4f74", "#8a5a2b", "#2f7d78", "#5b4a68")
GROUNDS = ("#cfe0ee", "#dbe8d8", "#f1dfd0", "#e2dcef", "#f0e4c4", "#d3e8e6")
LONG = ("long", "bob", "bun", "scarf", "curls")
SHORT = ("short", "side", "bald", "crop", "quiff")


class Features(NamedTuple):
    skin: int
    hair: int
    style: str
    clothes: int
    ground: int
    glasses: bool = False
    beard: bool = False


# Those the demo shows first are cast by hand.
CAST = {
    "Helen Marsh": Features(0, 5, "bob", 0, 0),
    "Daniel Okoro": Features(4, 0, "crop", 3, 4, beard=True),
    "Sunita Rao": Features(2, 0, "long", 2, 2),
    "Iain Campbell": Features(5, 5, "quiff", 1, 1, beard=True),
    "Megan Price": Features(0, 3, "bun", 5, 3, glasses=True),
    "Lukas Weber": Features(5, 6, "side", 4, 5, glasses=True),
    "Ploy Siriwan": Features(1, 0, "bob", 6, 0, glasses=False),
    "Farid Nazari": Features(1, 0, "short", 0, 4, beard=True),
    "Sam Adeyemi": Features(3, 0, "crop", 5, 1, glasses=True),
    "Ruth Bellamy": Features(0, 4, "curls", 3, 2, glasses=True),
    "Victoria Lindgren": Features(5, 6, "long", 6, 5),
}


def save_face(number: int, name: str) -> str:
    """Draw the face of a person and return its name under the media root."""
    file = f"{FOLDER}/{number:03d}-{name.lower().replace(' ', '-')}.svg"
    path = Path(settings.MEDIA_ROOT) / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(face(CAST.get(name) or _features(number, name)))
    return file


def _features(number: int, name: str) -> Features:
    chance = dice(f"face {name}")
    style = chance.choice(LONG if number % 2 else SHORT)
    beard = style in SHORT and chance.random() < 0.4
    picks = (chance.randrange(len(choices)) for choices in (SKINS, HAIRS))
    return Features(*picks, style, number % len(CLOTHES), number % len(GROUNDS), chance.random() < 0.3, beard)


def face(has: Features) -> str:
    """A portrait as SVG."""
    c, skin, hair = Canvas(), SKINS[has.skin], HAIRS[has.hair]
    c.rect(0, 0, 240, 240, GROUNDS[has.ground], width=0)
    _behind(c, has.style, hair)
    _body(c, CLOTHES[has.clothes], skin)
    c.ellipse(68, 122, 10, 15, tone(skin, -0.06), width=0)
    c.ellipse(172, 122, 10, 15, tone(skin, -0.06), width=0)
    c.path(
        "M70 96C70 60 92 44 120 44C148 44 170 60 170 96V124C170 160 146 184 120 184C94 184 70 160 70 124Z",
        skin,
        width=0,
    )
    if has.beard:
        _beard(c, hair)
    _look(c, skin, hair)
    _hair(c, has.style, hair)
    if has.glasses:
        _glasses(c)
    return c.done()


def _body(c: Canvas, cloth: str, skin: str) -> None:
    c.path("M22 240C24 202 62 190 96 184H144C178 190 216 202 218 240Z", cloth, width=0)
    c.path("M100 162H140V190C140 206 100 206 100 190Z", tone(skin, -0.12), width=0)
    c.path("M96 184L84 194L108 222L120 206L132 222L156 194L144 184C140 204 100 204 96 184Z", "#f6f8fa", width=0)
    c.path("M84 194L76 200L100 240H112L108 222ZM156 194L164 200L140 240H128L132 222Z", tone(cloth, -0.2), width=0)


def _look(c: Canvas, skin: str, hair: str) -> None:
    """Brows, eyes, nose, a friendly mouth."""
    brow = tone(hair, -0.15)
    c.stroke("M86 100C92 95 102 95 107 99", brow, 4)
    c.stroke("M133 99C138 95 148 95 154 100", brow, 4)
    for x in (97, 143):
        c.ellipse(x, 114, 8.5, 6.5, "#ffffff", width=0)
        c.circle(x, 114, 5, "#3a2d26", width=0)
        c.circle(x + 1.8, 112, 1.6, "#ffffff", width=0)
    c.stroke("M120 116C118 126 115 132 117 136C119 138 123 138 126 136", tone(skin, -0.22), 3)
    c.path("M100 150C108 156 132 156 140 150C138 168 102 168 100 150Z", "#ffffff", width=0)
    c.stroke("M98 149C108 157 132 157 142 149", tone(skin, -0.42), 3)
    c.ellipse(84, 138, 9, 5, "#d9514c", width=0, opacity=0.13)
    c.ellipse(156, 138, 9, 5, "#d9514c", width=0, opacity=0.13)


def _behind(c: Canvas, style: str, hair: str) -> None:
    if style == "long":
        c.path(
            "M56 112C50 40 190 40 184 112C190 150 192 182 186 206H54C48 182 50 150 56 112Z", tone(hair, -0.12), width=0
        )
    elif style == "bob":
        c.path(
            "M56 112C50 40 190 40 184 112C186 136 186 154 180 170H60C54 154 54 136 56 112Z", tone(hair, -0.12), width=0
        )
    elif style == "bun":
        c.circle(120, 34, 25, tone(hair, -0.1), width=0)
    elif style == "scarf":
        c.path(
            "M52 116C46 34 194 34 188 116C192 150 190 180 200 208H40C50 180 48 150 52 116Z", tone(hair, 0.25), width=0
        )
    elif style == "curls":
        for x, y in ((62, 96), (58, 124), (62, 150), (178, 96), (182, 124), (178, 150), (78, 68), (162, 68), (120, 50)):
            c.circle(x, y, 25, tone(hair, -0.1), width=0)


def _hair(c: Canvas, style: str, hair: str) -> None:
    fronts = {
        "long": "M66 108C64 56 92 36 122 38C154 38 178 60 174 108C168 86 156 74 140 68C120 84 92 84 78 82"
        "C72 90 68 98 66 108Z",
        "bob": "M64 112C62 54 92 36 120 36C150 36 178 54 176 112C172 94 166 84 160 78C130 84 96 82 82 74"
        "C72 84 66 98 64 112Z",
        "bun": "M66 104C66 58 92 40 120 40C148 40 174 58 174 104C164 78 146 66 120 66C94 66 76 78 66 104Z",
        "scarf": "M62 112C62 52 92 34 120 34C148 34 178 52 178 112C172 80 152 66 120 66C88 66 68 80 62 112Z",
        "curls": "M66 104C62 66 84 44 104 50C116 36 136 40 144 52C166 48 178 72 174 104C162 84 146 76 120 76"
        "C94 76 78 84 66 104Z",
        "short": "M66 106C62 58 90 34 122 36C156 36 178 60 174 106C170 92 168 84 162 78C140 76 104 78 82 74"
        "C74 82 70 92 66 106Z",
        "side": "M66 108C60 56 92 32 124 34C160 34 180 62 174 108C170 92 166 84 158 80C128 80 104 74 92 60"
        "C86 74 72 84 66 108Z",
        "crop": "M68 98C66 60 92 42 120 42C148 42 174 60 172 98C168 78 154 66 120 66C86 66 72 78 68 98Z",
        "quiff": "M66 104C60 60 86 44 98 46C100 30 150 22 162 46C176 56 178 78 174 104C170 88 164 78 156 74"
        "C130 80 100 78 84 74C74 82 70 92 66 104Z",
    }
    if style in fronts:
        c.path(fronts[style], tone(hair, 0.25) if style == "scarf" else hair, width=0)


def _beard(c: Canvas, hair: str) -> None:
    c.path(
        "M70 118C72 166 96 188 120 188C144 188 168 166 170 118"
        "C164 136 156 142 144 142C134 138 106 138 96 142C84 142 76 136 70 118Z",
        hair, width=0,
    )  # fmt: skip


def _glasses(c: Canvas) -> None:
    for x in (78, 124):
        c.rect(x, 100, 38, 28, "none", r=11, width=0, stroke="#2f3843", stroke_width=4)
    c.stroke("M116 110C118 107 122 107 124 110M78 110L68 106M162 110L172 106", "#2f3843", 4)
