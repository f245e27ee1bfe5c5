"""The pictures that are really needed, each written once: products that look alike share a file."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings

FOLDER = "products"


class Gallery:
    """Hands out the file of a drawing and writes it when it is asked for first."""

    def __init__(self, drawings: dict[str, Callable[..., str]]):
        self.drawings = drawings
        self.folder = Path(settings.MEDIA_ROOT) / FOLDER
        self.folder.mkdir(parents=True, exist_ok=True)
        self._files: dict[tuple, str] = {}

    def picture(self, wanted: tuple) -> str:
        """The name under the media root of what `wanted` (the drawing's name, then what it needs) looks like."""
        found = self._files.get(wanted)
        if found is None:
            found = self._files[wanted] = self._draw(wanted)
        return found

    def _draw(self, wanted: tuple) -> str:
        name, *needs = wanted
        if name not in self.drawings:
            return ""
        drawing = self.drawings[name](*needs)
        file = f"{'-'.join(_plain(part) for part in wanted)}.svg"
        path = self.folder / file
        if not path.exists() or path.read_text() != drawing:
            path.write_text(drawing)
        return f"{FOLDER}/{file}"


def _plain(part: object) -> str:
    return "".join(ch if ch.isascii() and ch.isalnum() else "-" for ch in str(part).lower()).strip("-")
