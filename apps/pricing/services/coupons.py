"""A coupon is used by an order, within its limits whoever else uses it at the same moment, and given back."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Q

from apps.pricing.errors import CouponRefused
from apps.pricing.models import Coupon, CouponRedemption
from apps.pricing.words import COUPON_REFUSED


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
