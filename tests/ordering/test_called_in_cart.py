"""Called off by way of the cart: at the agreed price, never more than is left, nothing taken beforehand."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.urls import reverse

from apps.accounts.models import ShipTo
from apps.ordering import services
from apps.ordering.errors import CallOffRefused, WrongStatus
from apps.ordering.models import Cart, CartLine, OrderLine
from apps.ordering.rules.deliveries import DeliveryWish
from apps.ordering.selectors import cart_of
from apps.ordering.services import blankets, carts
from apps.ordering.services.called_in_cart import put_call_off_in_cart
from apps.ordering.services.splitting import split_line
from apps.pricing.models import Coupon
from tests.ordering.test_blankets import accepted, accepted_quote, agree, blanket, call, left  # noqa: F401 (fixtures)
from tests.ordering.test_races import at_once
from tests.ordering.trade import actor, fill, place


def put(world, blanket, bolts=None, oil=None, who=None):  # noqa: F811
    bolt, can = blanket.lines.order_by("pk")
    wished = {line.pk: quantity for line, quantity in ((bolt, bolts), (can, oil)) if quantity is not None}
    return put_call_off_in_cart(actor(who or world.anna), blanket, quantities=wished, now=world.now)


def order(world, key="one", who=None):
    return place(world, who, key=key)


def test_it_is_ordered_with_other_goods_at_the_agreed_price(world, blanket):  # noqa: F811
    put(world, blanket, bolts=1000)
    fill(world, world.anna, (world.gloves, 10))
    assert left(blanket) == [5000, 20], "nothing is taken before it is ordered"
    view = cart_of(actor(world.anna), world.now)
    assert [(line.decision.unit_price, line.decision.source, line.problem) for line in view.lines] == [
        (D("0.1200"), "blanket", ""),
        (D("7.9000"), "list", ""),
    ]
    placed = order(world)
    assert set(placed.lines.values_list("unit_price", "price_source", "price_source_ref")) == {
        (D("0.1200"), "blanket", blanket.number),
        (D("7.9000"), "list", "BASE"),
    }
    assert (placed.channel, left(blanket)) == ("portal", [4000, 20])
    assert order(world) == placed and left(blanket) == [4000, 20], "a second click"
    with pytest.raises(WrongStatus):
        services.take_back(actor(world.anna), placed, now=world.now)
    services.cancel_order(actor(world.anna), placed, now=world.now)
    assert left(blanket) == [5000, 20]


def test_a_code_lowers_only_the_rest_of_the_cart(world, blanket):  # noqa: F811
    Coupon.objects.create(
        code="TEN", name="Ten", percent=10, valid_from=world.today, valid_until=world.today + timedelta(9)
    )
    put(world, blanket, bolts=1000)
    fill(world, world.anna, (world.gloves, 10))
    assert carts.set_coupon(actor(world.anna), "TEN", now=world.now).saved == D("7.90")
    assert cart_of(actor(world.anna), world.now).goods_net == D("191.10")  # 120.00 and 71.10
    assert (order(world).goods_net, order(world).coupon_saved) == (D("191.10"), D("7.90"))


def test_what_is_no_longer_left_is_said_and_refused(world, blanket):  # noqa: F811
    put(world, blanket, oil=15)
    call(world, blanket, oil=10, who=world.boris)
    assert [line.problem for line in cart_of(actor(world.anna), world.now).lines] == ["not_left"]
    with pytest.raises(CallOffRefused):
        order(world)
    line = CartLine.objects.get()
    carts.set_quantity(actor(world.anna), line.pk, 10, now=world.now)
    assert order(world).lines.get().unit_price == D("30.0000")
    assert left(blanket) == [5000, 0]


def test_the_odd_rest_can_be_kept_in_the_cart(world, blanket):  # noqa: F811
    blanket.lines.filter(product=world.bolt).update(agreed=150)
    [line] = put(world, blanket, bolts=150)
    carts.set_quantity(actor(world.anna), line.pk, "150", now=world.now)
    assert order(world).lines.get().quantity == 150
    assert left(blanket)[0] == 0


def test_one_product_has_one_price_in_a_cart(world, blanket):  # noqa: F811
    fill(world, world.anna, (world.bolt, 100))
    with pytest.raises(CallOffRefused) as refusal:
        put(world, blanket, bolts=1000, oil=1)
    assert "BLT-M8-40" in str(refusal.value.detail)
    assert CartLine.objects.count() == 1
    Cart.objects.all().delete()
    put(world, blanket, bolts=1000)
    fill(world, world.anna, (world.bolt, 100))  # more of it is called off, too
    assert order(world).lines.get().quantity == 1100
    assert left(blanket) == [3900, 20]


def test_an_agreement_that_is_over_is_not_ordered_from(world, blanket):  # noqa: F811
    put(world, blanket, oil=1)
    blankets.lapse_blankets(now=world.now + timedelta(101))
    assert cart_of(actor(world.anna), world.now).problems
    with pytest.raises(CallOffRefused):
        order(world)


def test_a_buyer_puts_it_into_the_cart_from_the_page(world, blanket, signed_in):  # noqa: F811
    anna, can = signed_in(world.anna), blanket.lines.get(product=world.oil)
    blanket.ends_on += timedelta(3650)
    blanket.save()
    review = anna.get(reverse("portal:call_off", args=[blanket.number]), {f"call-{can.pk}": "2"}).content.decode()
    assert "Put it into the cart instead" in review
    answer = anna.post(reverse("portal:call_off_to_cart", args=[blanket.number]), {f"call-{can.pk}": "2"}, follow=True)
    page = answer.content.decode()
    assert "£30.00" in page and blanket.name in page
    refused = anna.post(reverse("portal:call_off_to_cart", args=[blanket.number]), {f"call-{can.pk}": "21"})
    assert (refused.status_code, "OIL-5L" in refused.content.decode()) == (422, True)


@pytest.mark.django_db(transaction=True)
def test_two_carts_over_the_same_rest_are_one_order(transactional_db):
    from tests.world import build

    world = build()
    agreed = agree(world, accepted_quote(world))
    for who in (world.anna, world.boris):
        put(world, agreed, oil=15, who=who)
    done = at_once(lambda who: order(world, who=who, key=f"k-{who.pk}"), (world.anna, world.boris))
    assert sum(isinstance(each, CallOffRefused) for each in done) == 1
    assert left(agreed) == [5000, 5]
    assert OrderLine.objects.filter(price_source="blanket").count() == 1


def test_what_is_called_off_goes_to_several_ship_tos_at_the_agreed_price(world, blanket):  # noqa: F811
    site = ShipTo.objects.create(
        account=world.brightwater, code="HUL", name="Hull site", street="2 Dock Road", city="Hull"
    )
    put(world, blanket, bolts=1000)
    line = CartLine.objects.get()
    split_line(actor(world.anna), line.pk, {site.pk: 400}, main=world.dock.pk, now=world.now)
    placed = place(world, key="one", further=[DeliveryWish(site.pk, world.standard.pk)])
    lines = placed.lines.order_by("position").values_list("quantity", "unit_price", "price_source", "destination")
    assert list(lines) == [
        (600, D("0.1200"), "blanket", None),
        (400, D("0.1200"), "blanket", placed.destinations.get(ship_to=site).pk),
    ]
    assert left(blanket) == [4000, 20]
