"""A code that takes freight off: what is shown at the checkout is what is placed, whatever else the order is."""

from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from apps.accounts.models import ShipTo
from apps.invoicing.models import InvoiceLine
from apps.invoicing.services import issue_invoice
from apps.ordering.models import Cart, Order, PaymentPlan
from apps.ordering.rules.deliveries import DeliveryWish
from apps.ordering.rules.totals import freight_off
from apps.ordering.selectors import checkout_of
from apps.ordering.services import cancel_order
from apps.ordering.services.carts import set_coupon
from apps.ordering.services.splitting import split_line
from apps.pricing.models import Coupon, CouponRedemption
from tests.ordering.trade import actor, fill, place, shipped
from tests.portal import buying

CODE = "BY-US"


@pytest.mark.parametrize(
    ("charges", "up_to", "off"),
    [
        ((), "5", []),
        (("6.90",), "0", ["0"]),
        (("6.90",), "5", ["5"]),
        (("6.90",), "6.90", ["6.90"]),
        (("6.90",), "20", ["6.90"]),
        (("6.90", "14.50"), "10", ["6.90", "3.10"]),
        (("0", "14.50", "6.90"), "20", ["0", "14.50", "5.50"]),
    ],
)
def test_it_goes_off_the_first_delivery_first(charges, up_to, off):
    assert freight_off([Decimal(each) for each in charges], Decimal(up_to)) == [Decimal(each) for each in off]


def code(world, up_to="10", **fields):
    given = {"code": CODE, "name": "By us", "percent": 0, "valid_from": "2026-01-01", "valid_until": "2027-12-31"}
    return Coupon.objects.create(**given | {"freight_up_to": up_to, "limit": 1} | fields)


@pytest.fixture
def yard(world):
    """A second ship-to of Brightwater in the same country."""
    return ShipTo.objects.create(
        account=world.brightwater, code="YARD", name="Brightwater Yard", street="2 Yard Lane", city="Hull",
        postal_code="HU1 1AA", country="GB",
    )  # fmt: skip


#: up to how much, percent beside, by which way, how many boxes of gloves, whether some go to the yard
CASES = [
    ("0.01", 0, "standard", 2, False),
    ("6.90", 0, "standard", 2, True),
    ("10", 10, "express", 20, False),
    ("10", 10, "standard", 20, True),
    ("10", 0, "express", 2, True),
    ("500", 0, "standard", 20, False),
    ("500", 10, "express", 20, True),
]


@pytest.mark.parametrize(("up_to", "percent", "way", "boxes", "apart"), CASES)
def test_what_is_placed_is_what_was_shown(world, yard, up_to, percent, way, boxes, apart):
    anna, option = actor(world.anna), getattr(world, way)
    fill(world, world.anna, (world.gloves, boxes))
    if apart:
        line = Cart.objects.get(contact=world.anna).lines.get()
        split_line(anna, line.pk, {yard.pk: 1}, main=world.dock.pk, now=world.now)
    code(world, up_to, percent=percent)
    set_coupon(anna, CODE, now=world.now)
    further = [DeliveryWish(yard.pk, world.express.pk)] if apart else []
    view = checkout_of(anna, ship_to=world.dock, further=further, now=world.now)
    shown = view.option(option.pk)
    charged = shown.charge + view.freight_net
    off = min(charged, Decimal(up_to))
    assert view.saved(shown) == (view.cart.saved + off, off)
    assert shown.totals.freight_net == charged - off

    order = place(world, world.anna, key=view.key, option=option, further=further)
    order.refresh_from_db()
    assert (order.goods_net, order.freight_net, order.tax, order.gross, order.coupon_saved) == (
        shown.totals.goods_net, shown.totals.freight_net, shown.totals.tax, shown.totals.gross, view.saved(shown)[0],
    )  # fmt: skip
    assert sum(each.freight_net for each in order.destinations.all()) <= order.freight_net
    assert (Coupon.objects.get().used, order.coupon) == ((1, CODE) if order.coupon_saved else (0, ""))


def test_a_yes_is_needed_for_what_is_left(world):
    """17.00 of gloves and 6.90 of freight: with the freight off, a buyer who may spend just that needs nobody's yes."""
    world.anna.spend_limit = Decimal("17.00")
    world.anna.save()
    fill(world, world.anna, (world.gloves, 2))
    code(world, "50")
    for typed in ("", CODE):
        set_coupon(actor(world.anna), typed, now=world.now)
        view = checkout_of(actor(world.anna), ship_to=world.dock, now=world.now)
        assert view.option(world.standard.pk).needs_approval == (not typed)
    assert place(world, key=view.key).status == "placed"


def test_a_fee_is_of_what_is_left(world):
    PaymentPlan.objects.create(code="THIRDS", name="In thirds", kind="instalments", parts=3, fee_percent=10)
    fill(world, world.anna, (world.gloves, 2))
    code(world, "5")
    set_coupon(actor(world.anna), CODE, now=world.now)
    view = checkout_of(actor(world.anna), ship_to=world.dock, payment="THIRDS", now=world.now)
    shown = view.option(world.standard.pk).totals
    assert (shown.freight_net, shown.fee_net) == (Decimal("1.90"), Decimal("1.89"))
    order = place(world, key=view.key, payment="THIRDS")
    assert (order.fee_net, order.gross) == (shown.fee_net, shown.gross)


def test_where_no_freight_is_owed_it_stays_for_another_order(world):
    code(world, account=world.brightwater, is_automatic=True)
    free = place(world, world.anna, (world.gloves, 40))
    assert (free.freight_net, free.coupon, Coupon.objects.get().used) == (0, "", 0)
    owed = place(world, world.anna, (world.gloves, 2))
    assert (owed.freight_net, owed.coupon, owed.coupon_saved) == (0, CODE, Decimal("6.90"))
    assert CouponRedemption.objects.get().saved == Decimal("6.90")
    cancel_order(actor(world.anna), owed, now=world.now)
    assert (Coupon.objects.get().used, CouponRedemption.objects.count()) == (0, 0)
    again = place(world, world.anna, (world.gloves, 2))
    assert again.coupon == CODE


def test_the_invoice_has_what_is_left_of_the_freight(world):
    code(world, "5", account=world.brightwater, is_automatic=True)
    order, shipments = shipped(world, world.anna, (world.gloves, 2))
    issue_invoice(shipments[0].pk, now=world.now)
    assert order.freight_net == Decimal("1.90")
    assert InvoiceLine.objects.get(name="Delivery").net == Decimal("1.90")


def test_a_buyer_reads_it_on_every_page(world, client):
    code(world, "5", account=world.brightwater, is_automatic=True)
    client.force_login(world.anna.user)
    buying.add(client, world.gloves, 2)
    assert "Takes up to £5.00 off the delivery." in _words(client, reverse("portal:cart"))
    shown = _words(client, reverse("portal:checkout"))
    assert f"The code {CODE} takes £5.00 off the delivery." in shown
    Coupon.objects.update(percent=10)
    both = _words(client, reverse("portal:checkout"))
    assert f"The code {CODE} saves £6.70 net. £5.00 of it are off the delivery." in both
    Coupon.objects.update(percent=0)
    number = buying.place(client).url.rstrip("/").rpartition("/")[2]
    order = Order.objects.get(number=number)
    assert (order.freight_net, order.gross) == (Decimal("1.90"), Decimal("22.68"))
    for page in ("portal:confirmation", "portal:order"):
        told = _words(client, reverse(page, args=[number]))
        assert "£1.90" in told
        assert "£22.68" in told
    assert "£22.68" in shown
    kept = client.get(reverse("api:order", args=[number])).json()["order"]
    assert (kept["freight_net"], kept["coupon_saved"], kept["gross"]) == ("1.90", "5.00", "22.68")


def test_a_buyer_reads_that_a_free_delivery_leaves_it(world, client):
    code(world, "5", account=world.brightwater, is_automatic=True)
    client.force_login(world.anna.user)
    buying.add(client, world.gloves, 40)
    assert f"This delivery costs nothing: the code {CODE} stays yours" in _words(client, reverse("portal:checkout"))


def _words(client, address) -> str:
    return " ".join(unescape(strip_tags(client.get(address).content.decode())).split())
