"""What a code that a buyer typed would do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from django.db.models import F, Q

from apps.accounts.models import Account
from apps.core.money import ZERO, line_net, step
from apps.core.text import folded
from apps.pricing.models import Coupon, CouponRedemption
from apps.pricing.rules import Ask, Decision, Discount, least_price, with_coupon
from apps.pricing.rules import Coupon as Code
from apps.pricing.selectors.decisions import places_of
from apps.pricing.selectors.margins import costs_of


@dataclass(frozen=True, slots=True)
class Couponed:
    """Decisions with a coupon taken off. `refused` is the reason why it is not (`words.COUPON_REFUSED`), or "".

    `saved` is what it takes off the net of the goods, `freight_up_to` what it takes off the freight at most, `missing`
    what the goods lack to its minimum.
    """

    code: str
    name: str
    prices: Mapping[Ask, Decision]
    saved: Decimal = ZERO
    freight_up_to: Decimal = ZERO
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
    lowered = _lowered(coupon, prices, on) if coupon.percent else prices
    saved = _net(prices) - _net(lowered)
    up_to = coupon.freight_up_to.quantize(step(account.currency), ROUND_DOWN)
    return Couponed(code, coupon.name, lowered, saved, up_to, refused="" if saved or up_to else "nothing_fits")


def _refused(coupon: Coupon | None, account: Account, on: date) -> str:
    """Why the account may not use the coupon. One that is another account's is as good as none."""
    if coupon is None or (coupon.account_id and f"/{coupon.account_id}/" not in account.path):
        return "unknown"
    if coupon.is_automatic and coupon.account_id != account.pk:
        return "unknown"
    if on < coupon.valid_from or on > coupon.valid_until:
        return "not_yet" if on < coupon.valid_from else "over"
    if (coupon.minimum_net or coupon.freight_up_to) and coupon.currency != account.currency:
        return "currency"
    if coupon.limit is not None and coupon.used >= coupon.limit:
        return "used_up"
    if coupon.limit_per_account is None:
        return ""
    uses = CouponRedemption.objects.filter(coupon=coupon, account=account).count()
    return "used_by_account" if uses >= coupon.limit_per_account else ""


def automatic_coupon(account_id: int, on: date) -> str:
    """The code that the account's next cart uses by itself, the largest there is; "" where none is. One query."""
    free = Q(limit=None) | Q(limit__gt=F("used"))
    held = Coupon.objects.in_force(on).filter(free, account=account_id, is_automatic=True)
    return held.order_by("-percent", "-freight_up_to", "valid_until", "pk").values_list("code", flat=True).first() or ""


def _lowered(coupon: Coupon, prices: Mapping[Ask, Decision], on: date) -> dict[Ask, Decision]:
    discount = Discount(coupon.percent, coupon.min_quantity, coupon.category_id, coupon.brand_id)
    code = Code(coupon.code, coupon.name, discount)
    products = {ask.product_id for ask in prices}
    fits = products
    if discount.category_id is not None or discount.brand_id is not None:
        fits = {place.product_id for place in places_of(products) if discount.fits(place)}
    least = _least_prices(coupon, prices, on)
    return {
        ask: with_coupon(decision, code, least[ask]) if ask.product_id in fits and ask in least else decision
        for ask, decision in prices.items()
    }


def _least_prices(coupon: Coupon, prices: Mapping[Ask, Decision], on: date) -> dict[Ask, Decimal]:
    """How far each price may go down with the coupon; without a floor to nothing. What has no cost is missing: whether
    its margin holds is not known."""
    if coupon.floor_percent is None:
        return dict.fromkeys(prices, ZERO)
    costs = costs_of({ask.product_id for ask in prices}, on)
    return {
        ask: least_price(costs[ask.product_id, decision.currency], coupon.floor_percent)
        for ask, decision in prices.items()
        if (ask.product_id, decision.currency) in costs
    }


def _net(prices: Mapping[Ask, Decision]) -> Decimal:
    return sum(
        (line_net(ask.quantity, of.unit_price, of.currency) for ask, of in prices.items() if of.unit_price is not None),
        ZERO,
    )
