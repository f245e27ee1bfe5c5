"""Every way to have something delivered, with its price, its dates, or why not."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, TextField
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.core.formatting import number_writer
from apps.core.money import ZERO
from apps.delivery.models import DeliveryOption, Rate, Slot, SlotWindow
from apps.delivery.rules import (
    BEYOND_RATES,
    TOO_LIGHT,
    Goods,
    Journey,
    RateRow,
    Rates,
    SlotOffer,
    Window,
    charge,
    free_slots,
    latest,
    refused,
    slot_named,
)
from apps.delivery.selectors.arrivals import arrives_on
from apps.delivery.selectors.ways import Atlas, PlaceToGo, atlas_of


class BranchOffer(NamedTuple):
    """A branch at which everything can be picked up, from when, and the hours of its counter."""

    id: int
    name: str
    city: str
    opens_at: time | None
    closes_at: time | None
    journey: Journey

    @property
    def ready_on(self) -> date:
        return self.journey.arrives_on


@dataclass(frozen=True, slots=True)
class OptionQuote:
    """An option for one delivery. `refused` says in words why it cannot be chosen.

    The dates are None where nothing goes that way. `free_gap` is how much more the goods would have to cost for the
    charge to fall away; None where it never does or has. `branches` are where a pick-up can be, the first to be ready
    first; `slots` the free ones of an option that `has_slots`. `days` are those on which something arrives where it is
    sent as it is ready, and `parts_charge` what it costs then. `pallets` is 0 where they are not counted.
    `atlas` is what it was worked out from, for `arrivals_for`.
    """

    option: DeliveryOption
    charge: Decimal
    dispatch_on: date | None
    arrives_on: date | None
    free_gap: Decimal | None = None
    refused: str | None = None
    branches: tuple[BranchOffer, ...] = ()
    has_slots: bool = False
    slots: tuple[SlotOffer, ...] = ()
    days: tuple[date, ...] = ()
    parts_charge: Decimal = ZERO
    pallets: int = 0
    atlas: Atlas | None = field(default=None, repr=False, compare=False)

    @property
    def pick_up_at(self) -> str:
        """The branch of a pick-up that is ready first."""
        return self.branches[0].name if self.branches else ""

    def branch(self, branch_id: int | None) -> BranchOffer | None:
        """The branch with this id; without one, that which is ready first."""
        if branch_id is None:
            return self.branches[0] if self.branches else None
        return next((each for each in self.branches if each.id == branch_id), None)

    def slot(self, code: str) -> SlotOffer | None:
        """The free slot that a code names."""
        return next((each for each in self.slots if (each.window_id, each.day_on) == slot_named(code)), None)

    def goes_complete(self, said: bool | None, *, prefers: bool) -> bool:
        """Whether it goes on one day: as was said, else as the ship-to prefers; nobody pays for parts unasked."""
        return prefers or self.parts_charge > self.charge if said is None else said

    def charged(self, *, is_complete: bool) -> Decimal:
        """What it costs, on one day or in parts."""
        return self.charge if is_complete else self.parts_charge


def options_for(*, ship_to: PlaceToGo, goods: Goods, currency: str, now: datetime) -> list[OptionQuote]:
    """Every active option for one delivery, in two queries.

    The charge is for the whole delivery, from however many warehouses it comes; it arrives when its last lot does.
    Without lots (services alone) nothing has to travel.
    """
    atlas = atlas_of(ship_to, goods.lots, now)
    return [_quote(option, atlas, goods, currency) for option in _options(atlas.today_there)]


def _options(today: date):
    """The active options with their rate tables and time slots, in one query."""
    text = lambda name: Cast(name, TextField())  # noqa: E731  a number of JSON would come back as a float
    rates = Rate.objects.filter(option=OuterRef("pk")).values(
        json=JSONObject(
            price=text("price"), per_kg=text("per_kg"), per_pallet=text("per_pallet"), zone_id="zone_id",
            up_to_kg=text("up_to_kg"), up_to_m3=text("up_to_m3"), from_net=text("from_net"),
        )
    )  # fmt: skip
    days = Slot.objects.filter(window=OuterRef("pk"), day_on__gte=today).values(
        json=JSONObject(day="day_on", left=F("capacity") - F("booked"))
    )
    windows = SlotWindow.objects.filter(option=OuterRef("pk")).values(
        json=JSONObject(
            id="pk", weekdays="weekdays", starts_at="starts_at", ends_at="ends_at", capacity="capacity",
            days=ArraySubquery(days),
        )
    )  # fmt: skip
    active = DeliveryOption.objects.filter(is_active=True)
    return active.annotate(rate_rows=ArraySubquery(rates), window_rows=ArraySubquery(windows))


def _quote(option: DeliveryOption, atlas: Atlas, goods: Goods, currency: str) -> OptionQuote:
    rates = _rates(option)
    amount, gap = charge(rates, goods, currency=currency, depths=atlas.depths)
    branches = _branches(option, atlas, goods)
    journey = branches[0].journey if branches else _whole_journey(option, atlas, goods)
    slots = _slots(option, atlas, journey)
    if slots:
        journey = Journey(journey.dispatch_on, slots[0].day_on)
    days = _days(option, atlas, goods, branches[0].id if branches else None) if journey and not slots else ()
    return OptionQuote(
        option=option,
        charge=amount,
        dispatch_on=journey and journey.dispatch_on,
        arrives_on=journey and journey.arrives_on,
        free_gap=gap,
        refused=_not_this_way(option, currency, journey, goods, atlas)
        or _not_these_goods(option, goods)
        or _not_so_much(rates, goods, atlas.depths)
        or _no_slot(option, slots),
        branches=branches,
        has_slots=bool(option.window_rows),
        slots=slots,
        days=days,
        parts_charge=amount + option.part_charge * max(len(days) - 1, 0),
        pallets=rates.pallets(goods),
        atlas=atlas,
    )


def _rates(option: DeliveryOption) -> Rates:
    number = lambda text: None if text is None else Decimal(text)  # noqa: E731
    return Rates(
        option.base_rate,
        option.rate_per_kg,
        option.free_from,
        option.min_weight_kg,
        option.max_weight_kg,
        option.pallet_kg,
        option.pallet_m3,
        tuple(
            RateRow(**{name: value if name == "zone_id" else number(value) for name, value in row.items()})
            for row in option.rate_rows
        ),
    )


def _whole_journey(option: DeliveryOption, atlas: Atlas, goods: Goods) -> Journey | None:
    if not goods.lines:
        return Journey(atlas.today_there, atlas.today_there)
    if option.kind == DeliveryOption.Kind.PICK_UP:
        return None
    return _journey(option, atlas, goods)


def _journey(option: DeliveryOption, atlas: Atlas, goods: Goods, branch_id: int | None = None) -> Journey | None:
    apart = {(lot.warehouse_id, lot.ready_on, lot.source): lot for lot in goods.lots}  # the rest travels with these
    journeys = [atlas.journey(lot, option, branch_id) for lot in apart.values()]
    return None if None in journeys else latest(journeys)


def _branches(option: DeliveryOption, atlas: Atlas, goods: Goods) -> tuple[BranchOffer, ...]:
    if option.kind != DeliveryOption.Kind.PICK_UP or not goods.lines:
        return ()
    found = [
        BranchOffer(pk, branch.name, branch.city, *branch.hours, journey)
        for pk, branch in atlas.branches.items()
        if (journey := _journey(option, atlas, goods, pk))
    ]
    return tuple(sorted(found, key=lambda each: each.ready_on))


def _days(option: DeliveryOption, atlas: Atlas, goods: Goods, branch_id: int | None) -> tuple[date, ...]:
    days = {arrives_on(atlas, lots, option, branch_id, {}) for lots in goods.lines}
    return tuple(sorted(day for day in days if day is not None))


def _slots(option: DeliveryOption, atlas: Atlas, journey: Journey | None) -> tuple[SlotOffer, ...]:
    carrier = atlas.carrier(option)
    if not option.window_rows or journey is None or carrier is None:
        return ()
    clock = time.fromisoformat
    windows = [
        Window(
            row["id"],
            row["weekdays"],
            clock(row["starts_at"]),
            clock(row["ends_at"]),
            row["capacity"],
            {date.fromisoformat(each["day"]): each["left"] for each in row["days"]},
        )
        for row in option.window_rows
    ]
    return free_slots(
        windows,
        from_on=journey.arrives_on,
        now_there=atlas.now_there,
        carrier=carrier,
        receiver=atlas.receiver,
        hours=atlas.hours,
    )


def _not_this_way(
    option: DeliveryOption, currency: str, journey: Journey | None, goods: Goods, atlas: Atlas
) -> str | None:
    if option.currency != currency:
        return _("Its rates are in %(currency)s only.") % {"currency": option.currency}
    if journey is not None:
        return None
    if option.kind == DeliveryOption.Kind.PICK_UP:
        return _("Not everything is at one branch.")
    if option.kind == DeliveryOption.Kind.DROP_SHIP and any(lot.source != "supplier" for lot in goods.lots):
        return _("It is for what the supplier sends to you directly; part of this comes from us.")
    if (carrier := atlas.carrier(option)) and not carrier.meets(atlas.receiver):
        return _("It does not run on any day on which you receive goods.")
    return _("It does not go from our warehouse to your country.")


def _not_these_goods(option: DeliveryOption, goods: Goods) -> str | None:
    if goods.dangerous and not option.carries_dangerous:
        return _("It does not carry dangerous goods: %(names)s.") % {"names": _named(goods.dangerous)}
    if goods.bulky and not option.carries_bulky:
        return _("It does not carry what is bulky: %(names)s.") % {"names": _named(goods.bulky)}
    return None


def _named(names: tuple[str, ...], most: int = 3) -> str:
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")


def _not_so_much(rates: Rates, goods: Goods, depths: dict[int, int]) -> str | None:
    why = refused(rates, goods, depths)
    if why is None:
        return None
    write = number_writer(get_language(), 0, 2).write
    if why == BEYOND_RATES:
        text = _("It has no rate for %(weight)s kg and %(volume)s m³ to this address.")
        return text % {"weight": write(goods.weight_kg), "volume": write(goods.volume_m3)}
    if why == TOO_LIGHT:
        text, limit = _("It begins at %(limit)s kg; this weighs %(weight)s kg."), rates.min_weight_kg
    else:
        text, limit = _("It carries up to %(limit)s kg; this weighs %(weight)s kg."), rates.max_weight_kg
    return text % {"limit": write(limit), "weight": write(goods.weight_kg)}


def _no_slot(option: DeliveryOption, slots: tuple[SlotOffer, ...]) -> str | None:
    if not option.window_rows or slots:
        return None
    return _("No slot within your receiving hours is free in the next three weeks.")
