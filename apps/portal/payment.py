"""Ways to pay, in money and dates."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.ordering.rules.payment import Schedule, Way, schedule_of
from apps.ordering.words import way_words


@dataclass(frozen=True, slots=True)
class Choice:
    """A way to pay with what it means for the order as it stands. Dates are reckoned from the day the goods leave.

    `schedule` has the parts, and the discount with its date; `credit_after` is what is left on credit afterwards, None
    where there is no limit or none is taken. `too_small` says that the order is below the minimum of the way.
    """

    way: Way
    gross: Decimal
    fee_net: Decimal
    schedule: Schedule
    credit_after: Decimal | None
    is_chosen: bool
    too_small: bool

    @property
    def words(self) -> str:
        return way_words(self.way)


def payment_choices(view, chosen, on: date) -> tuple[Choice, ...]:
    """Every way the account may take for the order (`CheckoutView`), delivered the chosen way (`OptionTotals`)."""
    return tuple(_choice(view, chosen, way, on) for way in view.ways)


def _choice(view, chosen, way: Way, on: date) -> Choice:
    sums = view.sums(chosen, way)
    left = view.credit_left if way.takes_credit else None
    return Choice(
        way=way,
        gross=sums.gross,
        fee_net=sums.fee_net,
        schedule=schedule_of(
            sums.gross,
            way,
            ordered_on=on,
            invoiced_on=chosen.dispatch_on or on,
            currency=view.cart.currency,
        ),
        credit_after=None if left is None else left - sums.gross,
        is_chosen=way == view.way,
        too_small=not view.is_offered(chosen, way),
    )
