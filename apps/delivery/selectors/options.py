"""Every way to have something delivered, with its price, its dates, or why not."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.availability.rules import Lot
from apps.core.formatting import number_writer
from apps.delivery.models import DeliveryOption
from apps.delivery.rules import TOO_LIGHT, Journey, Rates, charge, latest, refused_for_weight
from apps.delivery.selectors.ways import Atlas, PlaceToGo, atlas_of


@dataclass(frozen=True, slots=True)
class OptionQuote:
    """An option for one delivery. `refused` says in words why it cannot be chosen.

    The dates are None where nothing goes that way. `free_gap` is how much more the goods would have to cost for the
    charge to fall away; None where it never does or has. `pick_up_at` names the branch of a pick-up.
    `atlas` is what it was worked out from, for `arrivals_for`.
    """

    option: DeliveryOption
    charge: Decimal
    dispatch_on: date | None
    arrives_on: date | None
    free_gap: Decimal | None = None
    refused: str | None = None
    pick_up_at: str = ""
    atlas: Atlas | None = field(default=None, repr=False, compare=False)


def options_for(
    *,
    ship_to: PlaceToGo,
    lots: Sequence[Lot],
    weight_kg: Decimal,
    goods_net: Decimal,
    currency: str,
    now: datetime,
) -> list[OptionQuote]:
    """Every active option for one delivery, in two queries.

    The charge is for the whole delivery, from however many warehouses it comes; it arrives when its last lot does. A
    pick-up is for what lies at one branch. Without lots (services alone) nothing has to travel.
    """
    atlas = atlas_of(ship_to, lots, now)
    options = DeliveryOption.objects.filter(is_active=True)
    return [_quote(option, atlas, lots, weight_kg, goods_net, currency) for option in options]


def _quote(
    option: DeliveryOption, atlas: Atlas, lots: Sequence[Lot], weight_kg: Decimal, goods_net: Decimal, currency: str
) -> OptionQuote:
    rates = Rates(option.base_rate, option.rate_per_kg, option.free_from, option.min_weight_kg, option.max_weight_kg)
    amount, gap = charge(rates, weight_kg=weight_kg, goods_net=goods_net, currency=currency)
    journey = _whole_journey(option, atlas, lots)
    picks_up = option.kind == DeliveryOption.Kind.PICK_UP
    return OptionQuote(
        option=option,
        charge=amount,
        dispatch_on=journey and journey.dispatch_on,
        arrives_on=journey and journey.arrives_on,
        free_gap=gap,
        refused=_not_this_way(option, currency, journey) or _not_this_weight(rates, weight_kg),
        pick_up_at=atlas.origins[lots[0].warehouse_id].name if picks_up and journey and lots else "",
        atlas=atlas,
    )


def _whole_journey(option: DeliveryOption, atlas: Atlas, lots: Sequence[Lot]) -> Journey | None:
    if not lots:
        return Journey(atlas.today_there, atlas.today_there)
    if option.kind == DeliveryOption.Kind.PICK_UP and len({lot.warehouse_id for lot in lots}) > 1:
        return None
    apart = {(lot.warehouse_id, lot.ready_on): lot for lot in lots}  # the rest travels with one of these
    journeys = [atlas.journey(lot, option) for lot in apart.values()]
    return None if None in journeys else latest(journeys)


def _not_this_way(option: DeliveryOption, currency: str, journey: Journey | None) -> str | None:
    if option.currency != currency:
        return _("Its rates are in %(currency)s only.") % {"currency": option.currency}
    if journey is not None:
        return None
    if option.kind == DeliveryOption.Kind.PICK_UP:
        return _("Not everything is at one branch.")
    return _("It does not go from our warehouse to your country.")


def _not_this_weight(rates: Rates, weight_kg: Decimal) -> str | None:
    refused = refused_for_weight(rates, weight_kg)
    if refused is None:
        return None
    if refused == TOO_LIGHT:
        text, limit = _("It begins at %(limit)s kg; this weighs %(weight)s kg."), rates.min_weight_kg
    else:
        text, limit = _("It carries up to %(limit)s kg; this weighs %(weight)s kg."), rates.max_weight_kg
    write = number_writer(get_language(), 0, 2).write
    return text % {"limit": write(limit), "weight": write(weight_kg)}
