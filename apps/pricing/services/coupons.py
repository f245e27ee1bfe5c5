"""A coupon is used by an order, within its limits whoever else uses it at the same moment, and given back."""

from datetime import date, datetime
from decimal import Decimal
from secrets import choice

from django.db import transaction
from django.db.models import F, Q

from apps.accounts.models import Account
from apps.core.money import ZERO
from apps.pricing.errors import CouponRefused
from apps.pricing.models import Coupon, CouponRedemption
from apps.pricing.words import COUPON_REFUSED

#: Letters and digits that nobody takes for one another on paper.
_CLEAR = "ACDEFGHJKLMNPQRTUVWXY34679"


def issue_coupon(
    account_id: int, *, name: str, percent: int = 0, freight_up_to: Decimal = ZERO, valid_from: date, valid_until: date,
    is_automatic: bool = False, floor_percent: Decimal | None = None,
) -> str:  # fmt: skip
    """A code of its own for one account and those below, for one order; the code, with 54 bits of chance.

    An automatic one is the account's alone, and its next cart uses it by itself. With a floor no price goes below that
    margin, in percent of the price. `freight_up_to` is net, in the account's currency.
    """
    code = "-".join("".join(choice(_CLEAR) for _ in range(4)) for _ in range(3))
    Coupon.objects.create(
        code=code,
        name=name,
        account_id=account_id,
        currency=Account.objects.values_list("currency", flat=True).get(pk=account_id),
        percent=percent,
        freight_up_to=freight_up_to,
        limit=1,
        is_automatic=is_automatic,
        floor_percent=floor_percent,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    return code


def withdraw_coupon(code: str) -> bool:
    """A code that never reached anybody is no more; whether it was there and unused."""
    return bool(Coupon.objects.filter(code=code, used=0, redemptions=None).delete()[0])


@transaction.atomic
def redeem_coupon(code: str, account_id: int, *, order_number: str, saved: Decimal, on: date, now: datetime) -> None:
    """Note that an order uses the coupon; `CouponRefused` where it is used up or over.

    The coupon's row is counted up on the condition of its limit. Whoever comes second waits for that row, and then
    finds the uses of the account as they are: both limits hold.
    """
    within = Q(limit=None) | Q(limit__gt=F("used"))
    taken = Coupon.objects.in_force(on).filter(within, code=code).update(used=F("used") + 1)
    if not taken:
        raise CouponRefused(COUPON_REFUSED["used_up"])
    coupon = Coupon.objects.get(code=code)
    uses = CouponRedemption.objects.filter(coupon=coupon, account=account_id).count()
    if coupon.limit_per_account is not None and uses >= coupon.limit_per_account:
        raise CouponRefused(COUPON_REFUSED["used_by_account"])
    CouponRedemption.objects.create(
        coupon=coupon, account_id=account_id, order_number=order_number, saved=saved, redeemed_at=now
    )


@transaction.atomic
def give_back_coupon(order_number: str) -> None:
    """The order was called off: whoever has the code may use it once more."""
    found = CouponRedemption.objects.select_for_update().filter(order_number=order_number).first()
    if found:
        found.delete()
        Coupon.objects.filter(pk=found.coupon_id).update(used=F("used") - 1)
