"""What a way of delivery would cost and when it would be there, for whoever sets it up."""

from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.availability.rules import Lot
from apps.core.formatting import long_date, money, number_writer
from apps.delivery.models import DeliveryOption
from apps.delivery.rules import Goods, working_days
from apps.delivery.selectors.options import options_for

WEIGHTS = (Decimal(1), Decimal(25), Decimal(250))


def example_of(option: DeliveryOption, *, now: datetime) -> list[str]:
    """A sentence for each of some weights, sent along the option's first lane to a country: price and day, or why not.

    None where it is not active or has no such lane. Two queries for each weight.
    """
    lane = option.lanes.exclude(country="").filter(zone=None, is_served=True).select_related("warehouse").first()
    if lane is None or not option.is_active:
        return []
    place = lane.country, working_days(lane.country), lane.warehouse.time_zone
    lot = Lot(1, timezone.localdate(now), "stock", lane.warehouse_id, None)
    found = []
    for weight in WEIGHTS:
        goods = Goods(((lot,),), weight_kg=weight)
        quotes = options_for(ship_to=place, goods=goods, currency=option.currency, now=now)
        found += [_words(lane, weight, quote) for quote in quotes if quote.option.pk == option.pk]
    return found


def _words(lane, weight: Decimal, quote) -> str:
    said = {
        "weight": number_writer(get_language(), 0, 2).write(weight),
        "warehouse": lane.warehouse.name,
        "country": lane.country,
    }
    if quote.refused or quote.arrives_on is None:
        return _("%(weight)s kg from %(warehouse)s to %(country)s: %(why)s") % {**said, "why": quote.refused or "–"}
    said |= {"price": money(quote.charge, quote.option.currency), "day": long_date(quote.arrives_on, get_language())}
    return _("%(weight)s kg from %(warehouse)s to %(country)s: %(price)s, there on %(day)s.") % said
