"""What a code that a buyer typed would do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.accounts.models import Account
from apps.core.money import ZERO, line_net
from apps.core.text import folded
from apps.pricing.models import Coupon, CouponRedemption
from apps.pricing.rules import Ask, Decision, Discount, with_coupon
from apps.pricing.rules import Coupon as Code
from apps.pricing.selectors.decisions import places_of


@dataclass(frozen=True, slots=True)
class Couponed:
    """Decisions with a coupon taken off. `refused` is the reason why it is not (`words.COUPON_REFUSED`), or "".

    `saved` is what it takes off the net of the goods, `missing` what the goods lack to its minimum.
    """

    code: str
    name: str
    prices: Mapping[Ask, Decision]
    saved: Decimal = ZERO
    missing: Decimal = ZERO
    refused: str = ""


def normal_coupon(text: str) -> str:
    """A code as it is kept: in capitals, without spaces."""
    return "".join(folded(text).upper().split())[:30]


def couponed(account: Account, code: str, prices: Mapping[Ask, Decision], on: date) -> Couponed:
    """What the code does to the prices of a cart, or why it does nothing. Two or three queries."""
    coupon = Coupon.objects.filter(code=code).first()
    if refused := _refused(coupon, account, on):
        return Couponed(code, coupon.name if coupon and refused != "unknown" else "", prices, refused=refused)
    missing = coupon.minimum_net - _net(prices)
    if missing > 0:
        return Couponed(code, coupon.name, prices, missing=missing, refused="below_minimum")
    lowered = _lowered(coupon, prices)
    saved = _net(prices) - _net(lowered)
    return Couponed(code, coupon.name, lowered, saved, refused="" if saved else "nothing_fits")


def _refused(coupon: Coupon | None, account: Account, on: date) -> str:
    """Why the account may not use the coupon. One that is another account's is as good as none."""
    if coupon is None or (coupon.account_id and f"/{coupon.account_id}/" not in account.path):
        return "unknown"
    if on < coupon.valid_from or on > coupon.valid_until:
        return "not_yet" if on < coupon.valid_from else "over"
    if coupon.minimum_net and coupon.currency != account.currency:
        return "currency"
    if coupon.limit is not None and coupon.used >= coupon.limit:
        return "used_up"
    if coupon.limit_per_account is None:
        return ""
    uses = CouponRedemption.objects.filter(coupon=coupon, account=account).count()
    return "used_by_account" if uses >= coupon.limit_per_account else ""


def _lowered(coupon: Coupon, prices: Mapping[Ask, Decision]) -> dict[Ask, Decision]:
    discount = Discount(coupon.percent, coupon.min_quantity, coupon.category_id, coupon.brand_id)
    code = Code(coupon.code, coupon.name, discount)
    if discount.category_id is None and discount.brand_id is None:
        return {ask: with_coupon(decision, code) for ask, decision in prices.items()}
    fits = {place.product_id for place in places_of({ask.product_id for ask in prices}) if discount.fits(place)}
    return {
        ask: with_coupon(decision, code) if ask.product_id in fits else decision for ask, decision in prices.items()
    }


def _net(prices: Mapping[Ask, Decision]) -> Decimal:
    return sum(
        (line_net(ask.quantity, of.unit_price, of.currency) for ask, of in prices.items() if of.unit_price is not None),
        ZERO,
    )
