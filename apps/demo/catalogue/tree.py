"""Categories, brands and attributes."""

from django.utils.text import slugify

from apps.catalogue.models import Attribute, Brand, Category
from apps.demo.catalogue.attributes import ATTRIBUTES
from apps.demo.catalogue.services_offered import SERVICES
from apps.demo.catalogue.shelf import FAMILIES
from apps.demo.load import copy_rows

OWN = "Nordhaven"  # of its makers the third in most families, and so the one that costs least


class Tree:
    """The ids of categories by their path, and of brands by their name."""

    def __init__(self):
        self.categories: dict[tuple[str, ...], int] = {}
        self._rows: list[tuple] = []
        paths = [family.path for family in FAMILIES] + [("Services", service.category) for service in SERVICES]
        for path in paths:
            self._grow(path)
        names = dict.fromkeys(brand for family in FAMILIES for brand in family.brands)
        self.brands = {name: pk for pk, name in enumerate(names, 1)}

    def _grow(self, path: tuple[str, ...]) -> int:
        if path in self.categories:
            return self.categories[path]
        parent = self._grow(path[:-1]) if len(path) > 1 else None
        pk = self.categories[path] = len(self.categories) + 1
        above = self._rows[parent - 1][4] if parent else "/"
        self._rows.append((pk, parent, path[-1], self._slug(path), f"{above}{pk}/", len(path) - 1, pk))
        return pk

    def _slug(self, path: tuple[str, ...]) -> str:
        taken = {row[3] for row in self._rows}
        slug = slugify(path[-1])
        return slug if slug not in taken else slugify(" ".join(path[-2:]))

    def save(self) -> None:
        copy_rows(Category, ("id", "parent_id", "name", "slug", "path", "depth", "position"), self._rows)
        brands = ((pk, name, slugify(name), name == OWN) for name, pk in self.brands.items())
        copy_rows(Brand, ("id", "name", "slug", "is_own"), brands)
        copy_rows(
            Attribute,
            ("id", "code", "name", "kind", "unit", "position"),
            ((pk, code, *says, pk) for pk, (code, says) in enumerate(ATTRIBUTES.items(), 1)),
        )
