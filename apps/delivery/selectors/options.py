"""Every way to have something delivered, with its price, its dates, or why not."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal

from apps.availability.rules import Lot
from apps.core.money import ZERO
from apps.delivery.models import DeliveryOption, SlotWindow
from apps.delivery.rules import (
    Goods,
    Journey,
    RateRow,
    Rates,
    SlotOffer,
    Window,
    charge,
    free_slots,
    latest,
)
from apps.delivery.selectors.arrivals import arrives_on
from apps.delivery.selectors.quotes import BranchOffer, OptionQuote
from apps.delivery.selectors.refusals import no_slot, not_so_much, not_these_goods, not_this_way
from apps.delivery.selectors.ways import Atlas, PlaceToGo, atlases_of

# The active options with their rate tables and free time slots, in one statement. Put together from expressions it cost
# more than to run it. A number of JSON would come back as a float.
_OPTIONS = """
SELECT o.*, ARRAY(
    SELECT json_build_object(
        'price', r.price::text, 'per_kg', r.per_kg::text, 'per_pallet', r.per_pallet::text, 'zone_id', r.zone_id,
        'up_to_kg', r.up_to_kg::text, 'up_to_m3', r.up_to_m3::text, 'from_net', r.from_net::text
    ) FROM delivery_rate r LEFT JOIN delivery_zone z ON z.id = r.zone_id
    WHERE r.option_id = o.id ORDER BY z.name, r.up_to_kg, r.up_to_m3, r.from_net DESC
) AS rate_rows, ARRAY(
    SELECT json_build_object(
        'id', w.id, 'weekdays', w.weekdays, 'starts_at', w.starts_at, 'ends_at', w.ends_at, 'capacity', w.capacity,
        'is_priority', w.is_priority, 'is_open', NOT w.is_priority OR EXISTS (
            SELECT FROM delivery_slotright r
            WHERE r.account_id = %(account)s AND r.order_number = ''
            AND %(today)s BETWEEN r.valid_from AND r.valid_until
        ),
        'days', ARRAY(
            SELECT json_build_object('day', s.day_on, 'left', s.capacity - s.booked)
            FROM delivery_slot s WHERE s.window_id = w.id AND s.day_on >= %(today)s
        )
    ) FROM delivery_slotwindow w WHERE w.option_id = o.id ORDER BY w.starts_at, w.ends_at
) AS window_rows
FROM delivery_deliveryoption o WHERE o.is_active ORDER BY o.position, o.code
"""


def options_for(*, ship_to: PlaceToGo, goods: Goods, currency: str, now: datetime) -> list[OptionQuote]:
    """Every active option for one delivery, in two queries.

    The charge is for the whole delivery, from however many warehouses it comes; it arrives when its last lot does.
    Without lots (services alone) nothing has to travel.
    """
    return options_to([(ship_to, goods)], currency=currency, now=now)[0]


def options_to(
    deliveries: Sequence[tuple[PlaceToGo, Goods]],
    *,
    currency: str,
    now: datetime,
    only: Sequence[int | None] | None = None,
) -> list[list[OptionQuote]]:
    """The same for several deliveries at once, each for itself, in two queries as well.

    With `only`, no more than the option of that id is quoted for each: what was chosen, when it is ordered. A priority
    slot is offered for the first delivery, where its account has the right to one: a right is for one booking.
    """
    atlases = atlases_of(
        [place for place, _goods in deliveries], [lot for _, goods in deliveries for lot in goods.lots], now
    )
    today = min(atlas.today_there for atlas in atlases)
    about = {"today": today, "account": getattr(deliveries[0][0], "account_id", None)}
    options = {option.pk: option for option in DeliveryOption.objects.raw(_OPTIONS, about)}
    asked = [options] * len(atlases) if only is None else [options.keys() & {pk} for pk in only]
    return [
        [_quote(options[pk], options, atlas, goods, currency, with_priority=at == 0) for pk in of]
        for at, (of, atlas, (_place, goods)) in enumerate(zip(asked, atlases, deliveries, strict=True))
    ]


def _quote(
    option: DeliveryOption,
    options: Mapping[int, DeliveryOption],
    atlas: Atlas,
    goods: Goods,
    currency: str,
    *,
    with_priority: bool,
) -> OptionQuote:
    rates = _rates(option)
    amount, gap = charge(rates, goods, currency=currency, depths=atlas.depths)
    branches = _branches(option, atlas, goods)
    journey = branches[0].journey if branches else _whole_journey(option, atlas, goods)
    slots = _slots(option, atlas, journey, with_priority=with_priority)
    if slots:
        journey = Journey(journey.dispatch_on, slots[0].day_on)
    lots_apart = goods.lines if journey and not slots else ()
    days = _days(option, atlas, lots_apart, branches[0].id if branches else None)
    quote = OptionQuote(
        option=option,
        charge=amount,
        dispatch_on=journey and journey.dispatch_on,
        arrives_on=journey and journey.arrives_on,
        free_gap=gap,
        refused=not_this_way(option, currency, journey, goods, atlas)
        or not_these_goods(option, goods)
        or not_so_much(rates, goods, atlas.depths)
        or no_slot(option, slots),
        branches=branches,
        has_slots=bool(option.window_rows),
        slots=slots,
        days=days,
        parts_charge=amount + option.part_charge * max(len(days) - 1, 0),
        first_charge=amount,
        pallets=rates.pallets(goods),
        atlas=atlas,
    )
    direct = _direct(option, options, atlas, goods, currency) if not option.window_rows else None
    return _with_direct(quote, direct, goods, currency) if direct else quote


def _direct(
    option: DeliveryOption, options: Mapping[int, DeliveryOption], atlas: Atlas, goods: Goods, currency: str
) -> DeliveryOption | None:
    """The option by which suppliers send a part straight to the receiver while the rest comes by `option`."""
    direct = options.get(atlas.direct_way(goods.lots)) if goods.direct else None
    if direct is None or direct.currency != currency:
        return None
    if option.kind in (DeliveryOption.Kind.DROP_SHIP, DeliveryOption.Kind.PICK_UP):
        return None
    cannot = not_these_goods(direct, goods.direct) or not_so_much(_rates(direct), goods.direct, atlas.depths)
    return None if cannot else direct


def _with_direct(quote: OptionQuote, direct: DeliveryOption, goods: Goods, currency: str) -> OptionQuote:
    """The quote with what suppliers send straight to the receiver where it is sent as it is ready."""
    option, atlas, rates = quote.option, quote.atlas, _rates(quote.option)
    direct_charge, _gap = charge(_rates(direct), goods.direct, currency=currency, depths=atlas.depths)
    amount = charge(rates, goods.ours, currency=currency, depths=atlas.depths)[0] if goods.ours.lines else ZERO
    whole_journey = _journey(option, atlas, goods, direct=True)
    our_days = _days(option, atlas, goods.ours.lines, None)
    refused = quote.refused and (
        not_this_way(option, currency, whole_journey, goods, atlas)
        or not_these_goods(option, goods.ours)
        or (not_so_much(rates, goods.ours, atlas.depths) if goods.ours.lines else None)
    )
    return replace(
        quote,
        charge=quote.charge if not quote.refused else amount + direct_charge,
        dispatch_on=quote.dispatch_on or (whole_journey and whole_journey.dispatch_on),
        arrives_on=quote.arrives_on or (whole_journey and whole_journey.arrives_on),
        refused=refused,
        only_in_parts=bool(quote.refused) and not refused,
        days=_days(option, atlas, goods.lines, None, direct=True),
        parts_charge=amount + option.part_charge * max(len(our_days) - 1, 0) + direct_charge,
        first_charge=amount,
        direct=direct,
        direct_charge=direct_charge,
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


def _journey(
    option: DeliveryOption, atlas: Atlas, goods: Goods, branch_id: int | None = None, *, direct: bool = False
) -> Journey | None:
    apart = {(lot.warehouse_id, lot.ready_on, lot.direct_from): lot for lot in goods.lots}  # the rest goes with these
    journeys = [atlas.journey(lot, option, branch_id, direct=direct) for lot in apart.values()]
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


def _days(
    option: DeliveryOption,
    atlas: Atlas,
    lines: Sequence[Sequence[Lot]],
    branch_id: int | None,
    *,
    direct: bool = False,
) -> tuple[date, ...]:
    known: dict = {}
    if direct:  # what comes straight from its supplier is a delivery of its own
        lines = [[lot for lot in lots if lot.is_direct == one] for lots in lines for one in (True, False)]
    days = {arrives_on(atlas, lots, option, branch_id, known, direct=direct) for lots in lines if lots}
    return tuple(sorted(day for day in days if day is not None))


def has_priority_slots() -> bool:
    """Whether there is a priority slot that a right could be for. One query."""
    return SlotWindow.objects.filter(is_priority=True, option__is_active=True).exists()


def _slots(
    option: DeliveryOption, atlas: Atlas, journey: Journey | None, *, with_priority: bool
) -> tuple[SlotOffer, ...]:
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
            row["is_priority"],
        )
        for row in option.window_rows
        if not row["is_priority"] or (with_priority and row["is_open"])
    ]
    return free_slots(
        windows,
        from_on=journey.arrives_on,
        now_there=atlas.now_there,
        carrier=carrier,
        receiver=atlas.receiver,
        hours=atlas.hours,
    )
