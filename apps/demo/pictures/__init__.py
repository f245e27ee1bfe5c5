"""Product pictures, drawn by the program."""

from apps.demo.pictures.gallery import Gallery

__all__ = ["Gallery"]
