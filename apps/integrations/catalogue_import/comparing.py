"""What a row would change: its facts against those of the catalogue, and what a new product must have."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from apps.catalogue.selectors import Known, category_names, category_tree, facts_of, plain
from apps.catalogue.selectors.facts import LISTED
from apps.integrations.catalogue_import.values import Reason
from apps.integrations.imports.values import Quarantined
from apps.integrations.models import ImportProfile
from apps.pricing.selectors import list_prices


@dataclass
class Standing:
    """What the catalogue has of some SKUs, and the rules of the profile."""

    profile: ImportProfile
    products: dict[str, Known] = field(default_factory=dict)
    categories: set[str] = field(default_factory=set)
    by_slug: dict[str, str] = field(default_factory=dict)


def standing_of(profile: ImportProfile, skus: Iterable[str], wanted: Iterable[Mapping], *, on: date, locked=False):
    """The `Standing` of these SKUs; as many queries for ten thousand as for one."""
    said = {name.partition(".")[0] for facts in wanted for name in facts}
    products = facts_of(skus, listed=[part for part in LISTED if part in said], locked=locked)
    if "prices" in said and profile.price_list_id:
        prices = list_prices(profile.price_list_id, [known.id for known in products.values()], on)
        for known in products.values():
            if breaks := prices.get(known.id):
                known.facts["prices"] = [[quantity, plain(price)] for quantity, price in breaks]
    names = category_names()
    slugs = {node.slug: names[node.id] for top in category_tree(empty=True) for node in top.walk()}
    return Standing(profile, products, set(names.values()), slugs)


def completed(wanted: dict, standing: Standing, known: Known | None) -> dict:
    """The wanted facts with the category by its names, and with what a new product takes from the profile.

    Raises `Quarantined` for a new product without a name or a category, and for a category that may not be made.
    """
    category = wanted.get("category", "")
    if not category and known is None:
        category = standing.profile.category
    if known is None and not wanted.get("name"):
        raise Quarantined(Reason.NO_NAME, _("There is no such product yet, and the row has no name for it."))
    if known is None and not category:
        raise Quarantined(
            Reason.NO_CATEGORY, _("There is no such product yet; neither row nor profile name a category.")
        )
    if category and category not in standing.categories:
        category = standing.by_slug.get(category, category)
    if category and category not in standing.categories and not standing.profile.make_categories:
        raise Quarantined(Reason.UNKNOWN_CATEGORY, _("There is no category “%(name)s”.") % {"name": category[:120]})
    return wanted | {"category": category} if category else wanted


def differences(wanted: Mapping, known: Known) -> dict[str, list]:
    """Fact -> [what the catalogue has, what the row wants], where they differ."""
    had = known.facts
    return {name: [had.get(name), value] for name, value in wanted.items() if not same(had.get(name), value)}


def same(one: object, other: object) -> bool:
    """Whether two facts are equal; an empty text or list is as good as none."""
    return one == other or (one in (None, "", []) and other in (None, "", []))
