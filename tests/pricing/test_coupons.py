"""Codes: what they save, what they lack, and limits that hold."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.urls import reverse
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.ordering.models import Cart, Order, OrderLine
from apps.ordering.selectors import cart_of
from apps.ordering.services import carts
from apps.ordering.services.orders import cancel_order, place_order
from apps.pricing.errors import CouponRefused
from apps.pricing.models import Coupon, CouponRedemption
from apps.pricing.rules import Ask
from apps.pricing.selectors import couponed, prices_for_account
from apps.pricing.services import redeem_coupon


def coupon(world, **fields):
    start, end = world.today - timedelta(10), world.today + timedelta(10)
    given = {"code": "SPRING-10", "name": "Ten off", "percent": 10, "valid_from": start, "valid_until": end}
    return Coupon.objects.create(**given | fields)


def place(world, actor, key):
    return place_order(actor, ship_to_id=world.calder_dock.pk, option_id=world.standard.pk, key=key, now=world.now)


@pytest.fixture
def xaver(world):
    actor = actor_for(world.xaver.user)
    carts.add_lines(actor, [(world.gloves.pk, 10), (world.oil.pk, 1)], now=world.now)
    return actor


@pytest.mark.parametrize(
    ("fields", "refused", "saved"),
    [
        pytest.param({}, "", "11.14", id="ten per cent of 79.00 and of 32.40"),
        pytest.param({"minimum_net": "111.40"}, "", "11.14", id="the minimum is just reached"),
        pytest.param({"minimum_net": "111.41"}, "below_minimum", "0", id="a penny short of the minimum"),
        pytest.param({"valid_from": "2026-03-05"}, "not_yet", "0", id="tomorrow"),
        pytest.param({"valid_until": "2026-03-03"}, "over", "0", id="yesterday"),
        pytest.param({"valid_from": "2026-03-04", "valid_until": "2026-03-04"}, "", "11.14", id="today alone"),
        pytest.param({"limit": 3, "used": 3}, "used_up", "0", id="used up"),
        pytest.param({"code": "OTHER"}, "unknown", "0", id="no such code"),
        pytest.param({"minimum_net": 1, "currency": "EUR"}, "currency", "0", id="a minimum in another currency"),
        pytest.param({"min_quantity": 10}, "", "7.90", id="only lines from ten on"),
        pytest.param({"min_quantity": 11}, "nothing_fits", "0", id="no line is large enough"),
        pytest.param({"min_quantity": 11, "freight_up_to": 5}, "", "0", id="no line is large enough, but freight"),
        pytest.param({"freight_up_to": 5, "currency": "EUR"}, "currency", "0", id="freight in another currency"),
    ],
)  # fmt: skip
def test_what_a_code_does(world, fields, refused, saved):
    coupon(world, **fields)
    prices = prices_for_account(world.calder.pk, [Ask(world.gloves.pk, 10), Ask(world.oil.pk, 1)], world.today)
    found = couponed(world.calder, "SPRING-10", prices, world.today)

    assert (found.refused, found.saved) == (refused, Decimal(saved))
    assert (found.prices == prices) == (found.saved == 0)


def test_a_code_for_a_category_and_one_for_an_account(world):
    coupon(world, category=world.safety)
    coupon(world, code="OURS", account=world.brightwater)
    asks = [Ask(world.gloves.pk, 10), Ask(world.oil.pk, 1)]
    prices = prices_for_account(world.calder.pk, asks, world.today)

    assert couponed(world.calder, "SPRING-10", prices, world.today).saved == Decimal("7.90")
    assert couponed(world.calder, "OURS", prices, world.today).refused == "unknown"
    assert couponed(world.leeds, "OURS", prices, world.today).refused == ""


def test_a_code_lowers_the_cart_and_stays_on_the_order(world, xaver):
    coupon(world)
    carts.set_coupon(xaver, " spring-10 ", now=world.now)

    view = cart_of(xaver, world.now)
    assert (view.coupon.saved, view.goods_net, view.differences) == (Decimal("11.14"), Decimal("100.26"), ())
    order = place(world, xaver, "one")
    assert (order.coupon, order.coupon_saved, order.goods_net) == ("SPRING-10", Decimal("11.14"), Decimal("100.26"))
    assert set(OrderLine.objects.values_list("price_source", "price_source_ref")) == {("coupon", "SPRING-10")}
    assert (Coupon.objects.get().used, Cart.objects.get(contact=world.xaver).coupon) == (1, "")

    carts.add_lines(xaver, [(world.oil.pk, 1)], now=world.now)
    with pytest.raises(CouponRefused):
        carts.set_coupon(xaver, "SPRING-10", now=world.now)
    cancel_order(xaver, order, now=world.now)
    assert (Coupon.objects.get().used, CouponRedemption.objects.count()) == (0, 0)
    assert carts.set_coupon(xaver, "SPRING-10", now=world.now).saved == Decimal("3.24")


def test_a_code_that_is_over_by_the_time_of_ordering_refuses_the_order(world, xaver):
    coupon(world)
    carts.set_coupon(xaver, "SPRING-10", now=world.now)
    Coupon.objects.update(limit=1, used=1)

    with pytest.raises(CouponRefused) as refusal:
        place(world, xaver, "one")
    assert "SPRING-10" in str(refusal.value.detail)
    assert not Order.objects.exists()
    carts.set_coupon(xaver, "", now=world.now)
    assert place(world, xaver, "one").goods_net == Decimal("111.40")


def test_a_buyer_types_a_code(world, signed_in, xaver):
    coupon(world, minimum_net=200, valid_until=timezone.localdate() + timedelta(1))
    browser = signed_in(world.xaver.user)

    wrong = browser.post(reverse("portal:cart_coupon"), {"code": "spring"})
    assert wrong.status_code == 422
    assert "no such code" in wrong.content.decode()
    browser.post(reverse("portal:cart_coupon"), {"code": "spring-10"})
    page = browser.get(reverse("portal:cart")).content.decode()
    assert "88.60" in page
    Coupon.objects.update(minimum_net=0)
    for name in ("portal:cart", "portal:checkout"):
        assert "11.14" in browser.get(reverse(name)).content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"percent": 0},
        {"percent": -1, "freight_up_to": 5},
        {"freight_up_to": -1},
        {"percent": 0, "freight_up_to": -5},
        {"percent": 101},
    ],
)
def test_a_code_takes_something_off_and_nothing_adds(world, fields):
    with pytest.raises(IntegrityError):
        coupon(world, **fields)


@pytest.mark.django_db(transaction=True)
def test_sixteen_at_once_keep_within_the_limits(transactional_db):
    from tests.world import build

    world = build()
    coupon(world, limit=5, limit_per_account=3)
    accounts = [world.calder.pk, world.leeds.pk, world.brightwater.pk, world.calder.pk]

    def order(number):
        try:
            redeem_coupon(
                "SPRING-10", accounts[number % 4], order_number=f"SO-{number}", saved=Decimal(1), on=world.today,
                now=world.now,
            )  # fmt: skip
        except CouponRefused:
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(16) as pool:
        taken = sum(pool.map(order, range(16)))

    uses = list(CouponRedemption.objects.values_list("account_id", flat=True))
    assert taken == len(uses) == Coupon.objects.get().used == 5
    assert max(map(uses.count, uses)) <= 3
