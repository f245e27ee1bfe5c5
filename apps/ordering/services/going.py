"""How an order goes to its buyer: the way, the slot or branch, on one day or as it is ready."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from apps.accounts.models import ShipTo
from apps.availability.rules import Ask, Lot, Promise
from apps.core.money import ZERO
from apps.delivery.errors import SlotTaken
from apps.delivery.models import DeliveryOption
from apps.delivery.rules import Calendar, Goods, SlotOffer, first_shared, slot_named
from apps.delivery.selectors import BranchOffer, OptionQuote, arrivals_for
from apps.delivery.services import book_slot
from apps.ordering.errors import DateRefused, OptionRefused
from apps.ordering.models.destinations import GoesSomewhere
from apps.ordering.rules.deliveries import DeliveryWish

_NAMED = 3  # free slots in a refusal


@dataclass(frozen=True, slots=True)
class Going:
    """What was chosen; without a way nothing travels. What `is_free` costs nothing, whatever the way does; a code takes
    `off` what the way costs."""

    quote: OptionQuote | None = None
    ship_to: ShipTo | None = None
    is_complete: bool = False
    slot: SlotOffer | None = None
    branch: BranchOffer | None = None
    now: datetime | None = None
    is_free: bool = False
    off: Decimal = ZERO

    @property
    def option(self):
        return self.quote and self.quote.option

    @property
    def goes_directly(self) -> bool:
        """Whether what suppliers send straight to the receiver goes so: as all of it does, or beside what we send."""
        if self.quote is None:
            return False
        is_all = self.option.kind == DeliveryOption.Kind.DROP_SHIP
        return is_all or (self.quote.direct is not None and not self.is_complete)

    @property
    def charge(self) -> Decimal:
        return self.quote.charged(is_complete=self.is_complete) - self.off if self.quote and not self.is_free else ZERO

    @property
    def terms(self) -> dict[str, str]:
        """What the way says of later, as an order keeps it: each delivery after the first costs so much more."""
        if self.quote is None or self.is_free:
            return {}
        return {"part_charge": str(self.option.part_charge)}

    def keep_on(self, goes: GoesSomewhere) -> None:
        """Write on the order, or on a further ship-to of it, what was decided; it stands whatever becomes of the slot's
        hours or the branch."""
        goes.is_complete, goes.delivery_option = self.is_complete, self.option
        goes.direct_option = self.quote.direct if self.goes_directly else None
        if self.slot:
            zone = ZoneInfo(self.ship_to.time_zone)
            goes.slot_from = datetime.combine(self.slot.day_on, self.slot.starts_at, zone)
            goes.slot_to = datetime.combine(self.slot.day_on, self.slot.ends_at, zone)
        if self.branch:
            goes.branch_id, goes.branch_text = self.branch.id, self.branch.name


NOWHERE = Going()


def chosen_going(
    wanted: DeliveryWish, ship_to: ShipTo, goods: Goods, quotes: Sequence[OptionQuote], now: datetime
) -> Going:
    """The way that was chosen for these goods among those that were quoted for them.

    Raises `OptionRefused`, `SlotTaken` with the next free ones, and `DateRefused` for a wished day on which nothing is
    received.
    """
    quote = next((quote for quote in quotes if quote.option.pk == wanted.option_id), None)
    if quote is None or quote.refused or quote.arrives_on is None:
        why = (quote.refused if quote else None) or _("Choose one of the ways of delivery offered for this address.")
        raise OptionRefused(why, fields={"option": [why]})
    branch = quote.branch(wanted.branch_id)
    if branch is None and (quote.branches or wanted.branch_id is not None):
        why = _("Choose one of the branches at which everything can be picked up.")
        raise OptionRefused(why, fields={"branch": [why]})
    slot = _slot(quote, wanted.slot)
    is_complete = quote.goes_complete(wanted.is_complete, prefers=ship_to.prefers_complete)
    if wanted.requested_on is not None and goods.lines:
        _refuse_closed(wanted.requested_on, *_calendars(quote, branch), slot)
    return Going(quote, ship_to, is_complete or slot is not None, slot, branch, now)


def _calendars(quote: OptionQuote, branch: BranchOffer | None) -> tuple[Calendar, Calendar]:
    """The days of the carrier and of the receiver; at a branch it is handed over on its own days."""
    if branch:
        return (quote.atlas.origins[branch.id].calendar,) * 2
    return quote.atlas.carrier(quote.option) or quote.atlas.receiver, quote.atlas.receiver


def _slot(quote: OptionQuote, code: str) -> SlotOffer | None:
    if not quote.has_slots:
        if code:
            why = _("This way of delivery has no time slots.")
            raise OptionRefused(why, fields={"slot": [why]})
        return None
    if not code:
        why = _("Choose a time slot: %(slots)s.") % {"slots": slots_words(quote.slots)}
        raise OptionRefused(why, fields={"slot": [why]})
    slot = quote.slot(code)
    if slot is None and slot_named(code) is None:
        why = _("That is no time slot. Free are: %(slots)s.") % {"slots": slots_words(quote.slots)}
        raise OptionRefused(why, fields={"slot": [why]})
    if slot is None:
        raise _taken(quote.slots)
    return slot


def _taken(free: Sequence[SlotOffer]) -> SlotTaken:
    why = _("That time slot cannot be had any more. The next free ones are: %(slots)s.")
    if not free:
        why = _("That time slot cannot be had any more, and no other is free. Choose another way of delivery.")
    told = why % {"slots": slots_words(free)} if free else why
    return SlotTaken(told, fields={"slot": [told]}, free=[each.code for each in free])


def slots_words(slots: Sequence[SlotOffer], most: int = _NAMED) -> str:
    """The first slots in words: "Thu 5 Mar, 08:00-10:00; ..."."""
    return "; ".join(
        _("%(day)s, %(start)s–%(end)s")
        % {
            "day": date_format(each.day_on, "D j M"),
            "start": time_format(each.starts_at, "H:i"),
            "end": time_format(each.ends_at, "H:i"),
        }
        for each in slots[:most]
    )


def _refuse_closed(wished: date, carrier: Calendar, receiver: Calendar, slot: SlotOffer | None) -> None:
    """A promise is never for a day on which nothing is brought or received, nor later than the slot that was chosen."""
    why = ""
    if slot and slot.day_on < wished:
        why = _("The time slot is before the day you wish for: choose a later one.")
    elif not receiver.is_open(wished):
        why = _("Nothing is received there on %(day)s. The next day is %(next)s.")
    elif not carrier.is_open(wished):
        why = _("This way of delivery does not run on %(day)s. The next day is %(next)s.")
    if why:
        days = {"day": wished, "next": first_shared(wished, carrier, receiver) or receiver.next_open(wished)}
        why = why % {name: date_format(day, "l j F Y") for name, day in days.items()}
    if why:
        raise DateRefused(why, fields={"requested_on": [why]})


def hold_slot(going: Going, ref: str) -> int | None:
    """The id of the slot in which a delivery has a place now; `SlotTaken` with the next free ones where it is full."""
    if going.slot is None:
        return None
    try:
        slot, on = going.slot, going.quote.atlas.today_there
        return book_slot(ref, window_id=slot.window_id, day_on=slot.day_on, account_id=going.ship_to.account_id, on=on)
    except SlotTaken:
        raise _taken([each for each in going.quote.slots if each != going.slot]) from None


def when_each_arrives(going: Going, products: Sequence[int], lots: Sequence[tuple[Lot, ...]]) -> dict[int, date]:
    """When each product arrives: product id -> date. All on one day in a slot, or where it is sent complete."""
    if going.quote is None:
        return {}
    promises = {
        Ask(product_id, sum(lot.quantity for lot in parts)): Promise(max(lot.ready_on for lot in parts), parts, 0, 0)
        for product_id, parts in zip(products, lots, strict=True)
        if parts
    }
    if going.slot:
        return {ask.product_id: going.slot.day_on for ask in promises}
    arrivals = arrivals_for(
        going.ship_to,
        promises,
        going.now,
        option=going.option,
        branch_id=going.branch and going.branch.id,
        atlas=going.quote.atlas,
        direct=going.goes_directly,
    )
    found = {ask.product_id: day or going.quote.arrives_on for ask, day in arrivals.items()}
    return dict.fromkeys(found, max(found.values(), default=None)) if going.is_complete else found
