"""What goes to each ship-to of an order, by which way, and when it arrives.

1. The ship-tos are those of the account: `ShipToUnknown` for any other. They lie in one country, whose taxes the order
   has, and each has an address at which somebody can deliver.
2. The price of a product is that of all that is ordered of it, wherever it goes; the lines are rounded each.
3. Stock is held for all lines at once; the first ship-to is served first.
4. Each delivery is quoted for what was held for it: its zone, its weight and value, its slots, its own free freight.
   A code that takes freight off takes it off the first delivery first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from apps.accounts.models import ShipTo
from apps.accounts.selectors import ship_tos_by_id
from apps.availability.rules import Demand, Lot
from apps.availability.services import reserve, send_directly
from apps.core.errors import Refusal
from apps.core.money import ZERO, line_net
from apps.core.scoping import Actor
from apps.delivery.rules import Goods
from apps.delivery.selectors import options_to
from apps.ordering.errors import ShipToRefused
from apps.ordering.models import Destination, OrderLine
from apps.ordering.rules.deliveries import DeliveryWish
from apps.ordering.rules.splits import MOST_SHIP_TOS, ordered, split
from apps.ordering.rules.totals import freight_off
from apps.ordering.selectors.further import not_together
from apps.ordering.services.going import NOWHERE, Going, chosen_going, hold_slot, when_each_arrives
from apps.ordering.services.wishes import Priced, Wanted, Wish, refuse_day


@dataclass(frozen=True, slots=True)
class Delivery:
    """The lines that go to one ship-to, with what is held for each and, once that is known, how they go."""

    ship_to: ShipTo
    wish: DeliveryWish
    lines: list[Priced]
    lots: Sequence[tuple[Lot, ...]] = ()
    going: Going = NOWHERE
    slot_id: int | None = None

    @property
    def arrivals(self) -> dict[int, date]:
        """When each product arrives, by its id."""
        return when_each_arrives(self.going, [line.wish.product.pk for line in self.lines], self.lots)

    @property
    def needs_way(self) -> bool:
        """Whether something has to travel, or a way was named though nothing has."""
        return self.wish.option_id is not None or not all(line.is_service for line in self.lines)


def places_of(actor: Actor, wishes: Sequence[Wish], wanted: Wanted, now: datetime) -> list[ShipTo]:
    """The ship-tos to which something goes, in the order of `rules.splits`.

    Raises `ShipToUnknown`, `ShipToRefused` and `DateRefused` for a wished day that is over or too far off.
    """
    parts = [split(wish.quantity, wish.shares, main=wanted.ship_to_id) for wish in wishes]
    used = ordered((pk for part in parts for pk in part), main=wanted.ship_to_id)
    known = ship_tos_by_id(actor, [wanted.ship_to_id, *used])
    places = [known[pk] for pk in used]
    _refuse_places(places)
    for place in places:
        wished = wanted.to(place.pk).requested_on
        if wished is not None:
            refuse_day(wished, now.astimezone(ZoneInfo(place.time_zone)).date())
    return places


def _refuse_places(places: Sequence[ShipTo]) -> None:
    why = next(filter(None, (not_together(each, places[0]) for each in places[1:])), "")
    nameless = [each.name or each.code for each in places if not (each.street.strip() and each.city.strip())]
    if nameless:
        words = _("Nobody can deliver to %(places)s: give the address a street and a town first.")
        why = words % {"places": ", ".join(nameless)}
    elif len(places) > MOST_SHIP_TOS:
        why = _("One order goes to %(most)s addresses at most: order for the others on their own.") % {
            "most": MOST_SHIP_TOS
        }
    if why:
        raise ShipToRefused(why, fields={"ship_to": [why]})


def deliveries_of(lines: Sequence[Priced], places: Sequence[ShipTo], wanted: Wanted, currency: str) -> list[Delivery]:
    """The lines by where they go, at the price of the whole."""
    found = {place.pk: Delivery(place, wanted.to(place.pk), []) for place in places}
    for line in lines:
        for ship_to_id, quantity in split(line.wish.quantity, line.wish.shares, main=wanted.ship_to_id).items():
            wish = replace(line.wish, quantity=quantity)
            net = line.net if quantity == line.wish.quantity else line_net(quantity, line.unit_price, currency)
            found[ship_to_id].lines.append(replace(line, wish=wish, net=net))
    return list(found.values())


def reserve_all(number: str, deliveries: Sequence[Delivery], on: date) -> dict[int, tuple[Lot, ...]]:
    """Hold what every line needs; the lots by the position of the line."""
    demands = {
        position: Demand(OrderLine.ref_of(number, position), line.wish.product.pk, line.wish.quantity)
        for position, line in enumerate((line for each in deliveries for line in each.lines), 1)
        if not line.is_service
    }
    held = reserve(list(demands.values()), on=on) if demands else {}
    return {position: held[demand.ref] for position, demand in demands.items()}


def with_goings(
    deliveries: Sequence[Delivery],
    held: Mapping[int, tuple[Lot, ...]],
    number: str,
    wanted: Wanted,
    currency: str,
    now: datetime,
) -> list[Delivery]:
    """The deliveries with the way each was chosen, for what was held, and its place in a slot; what suppliers send
    straight to the receiver is marked so. Where only services are ordered, none is needed. What stands in for part of
    another order goes free."""
    found, before = [], 0
    for each in deliveries:
        lots = [held.get(before + at, ()) for at in range(1, len(each.lines) + 1)]
        found.append(replace(each, lots=lots))
        before += len(each.lines)
    travelling = [each for each in found if each.needs_way]
    goods = {each.ship_to.pk: _goods(each) for each in travelling}
    asks = [(each.ship_to, goods[each.ship_to.pk]) for each in travelling]
    chosen = [each.wish.option_id for each in travelling]
    found_ways = options_to(asks, currency=currency, now=now, only=chosen) if asks else []
    quotes = dict(zip(goods, found_ways, strict=True))
    for at, each in enumerate(found):
        if each.needs_way:
            pk, is_further = each.ship_to.pk, len(found) > 1
            going = _told_of(each, is_further, chosen_going, each.wish, each.ship_to, goods[pk], quotes[pk], now)
            found[at] = replace(each, going=replace(going, is_free=wanted.instead is not None))
    _send_directly(number, found)
    return _with_slots(number, found)


def with_freight_off(deliveries: Sequence[Delivery], up_to: Decimal) -> tuple[list[Delivery], Decimal]:
    """The deliveries with what a code takes off what they cost, and how much that is in all."""
    off = freight_off([each.going.charge for each in deliveries], up_to)
    lowered = [
        replace(each, going=replace(each.going, off=each_off)) for each, each_off in zip(deliveries, off, strict=True)
    ]
    return lowered, sum(off, ZERO)


def _goods(delivery: Delivery) -> Goods:
    lines = zip(delivery.lines, delivery.lots, strict=True)
    return Goods.of([(line.wish.product, line.wish.quantity, line.net, parts) for line, parts in lines])


def _told_of(delivery: Delivery, is_further: bool, do, *about):
    """Do it; where it is refused and there are several deliveries, the words name the one they are about."""
    try:
        return do(*about)
    except Refusal as refusal:
        if not is_further:
            raise
        why = _("%(place)s: %(why)s") % {"place": delivery.ship_to.name, "why": refusal.detail}
        fields = {f"{name}-{delivery.ship_to.pk}": [why] for name in refusal.fields}
        raise type(refusal)(why, fields=fields, **refusal.facts) from None


def _send_directly(number: str, deliveries: Sequence[Delivery]) -> None:
    refs, position = [], 0
    for each in deliveries:
        for lots in each.lots:
            position += 1
            if each.going.goes_directly and any(lot.is_direct for lot in lots):
                refs.append(OrderLine.ref_of(number, position))
    if refs:
        send_directly(refs)


def _with_slots(number: str, deliveries: list[Delivery]) -> list[Delivery]:
    """Each with its place in a slot, taken in one order everywhere."""
    slots = [(each.going.slot[:2], at) for at, each in enumerate(deliveries) if each.going.slot]
    for _slot, at in sorted(slots):
        each = deliveries[at]
        ref = Destination.ref_of(number, at)
        slot_id = _told_of(each, len(deliveries) > 1, hold_slot, each.going, ref)
        deliveries[at] = replace(each, slot_id=slot_id)
    return deliveries
