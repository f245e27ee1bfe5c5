"""Setting documents with Typst: the fonts of this machine, and files that a template may read.

1. What arrives from the database reaches a template as data (JSON), never as markup.
2. Fonts are those of the system; without them Typst's own (Latin only) stand in.
3. A template sees a folder of its own with itself and the pictures handed over, and nothing else of the machine.
"""

import json
import shutil
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

WANTED_FONTS = (
    "Noto Sans",
    "DejaVu Sans",
    "Liberation Sans",
    "Noto Sans Arabic",
    "Noto Naskh Arabic",
    "Noto Sans Thai",
    "Noto Sans CJK KR",
    "Noto Sans KR",
)
_OWN_FONT = "Libertinus Serif"


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """The fonts of this machine, looked for once."""
    return typst.Fonts()


@lru_cache(maxsize=1)
def font_names() -> tuple[str, ...]:
    """The wanted families that are there, in order of preference, and Typst's own last."""
    there = set(fonts().families())
    return (*(name for name in WANTED_FONTS if name in there), _OWN_FONT)


def set_pdf(template: Path, document: Mapping, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """`template` set with `document` as JSON; `pictures` lie beside it under their names. Raises `typst.TypstError`."""
    with TemporaryDirectory(prefix="typst-") as folder:
        main = Path(shutil.copy(template, folder))
        for name, content in (pictures or {}).items():
            (main.parent / name).write_bytes(content)
        compiler = typst.Compiler(str(main), root=folder, font_paths=fonts())
        return compiler.compile(format="pdf", sys_inputs={"document": json.dumps(document, ensure_ascii=False)})
