"""Every drawing by its name."""

from collections.abc import Callable

DRAWINGS: dict[str, Callable[..., str]] = {}
