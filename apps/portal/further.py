"""The blocks of the checkout for what goes to other ship-tos: the names of their fields end with the ship-to's id."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.lists import whole
from apps.ordering.errors import DateRefused
from apps.ordering.rules.deliveries import DeliveryWish
from apps.ordering.rules.splits import MOST_SHIP_TOS
from apps.ordering.selectors.checkout import CheckoutView
from apps.ordering.selectors.further import FurtherDelivery, FurtherWay
from apps.portal.addresses import address_words
from apps.portal.going import GoingWords, going_words, wish_of

NAMES = ("option", "slot", "branch", "sending", "requested_on")


class FurtherBlock(NamedTuple):
    """What goes to a further ship-to: see portal/checkout/_further.html. `typed_on` is the wished day as typed."""

    delivery: FurtherDelivery
    address: dict
    suffix: str
    typed_on: str
    ways: list[FurtherWay]
    no_ways: list[FurtherWay]
    going: GoingWords | None

    @classmethod
    def of(cls, each: FurtherDelivery, country: str) -> "FurtherBlock":
        suffix, wished = f"-{each.ship_to.pk}", each.wish.requested_on
        return cls(
            delivery=each,
            address=address_words(each.ship_to, country),
            suffix=suffix,
            typed_on=wished.isoformat() if wished else "",
            ways=[way for way in each.ways if not way.refused],
            no_ways=[way for way in each.ways if way.refused],
            going=each.chosen and going_words(each.ship_to, each.lines, each.chosen, each.wish, each.ways, suffix),
        )


def further_said(said: Mapping, *, strict: bool = False) -> list[DeliveryWish]:
    """What a form says of further ship-tos. `strict` refuses a day that is none, which otherwise says nothing."""
    ids = {whole(pk) for name, _dash, pk in (each.rpartition("-") for each in said) if name in NAMES}
    found = [wish_of(said, pk, f"-{pk}") for pk in sorted(filter(None, ids))[:MOST_SHIP_TOS]]
    for each in found if strict else ():
        if each.requested_on is None and said.get(f"requested_on-{each.ship_to_id}"):
            why = _("That is no day. Give a date, or leave it empty for as soon as possible.")
            raise DateRefused(why, fields={f"requested_on-{each.ship_to_id}": [why]})
    return found


def summary_name(view: CheckoutView, chosen) -> str:
    """By which option it goes; how many deliveries there are, where it goes to several ship-tos."""
    count = len(view.further) + 1
    if count > 1:
        return ngettext("%(n)s delivery", "%(n)s deliveries", count) % {"n": count}
    return chosen.option.name if chosen else ""
