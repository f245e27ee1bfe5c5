from datetime import date, timedelta
from decimal import Decimal as D

import pytest

from apps.accounts.errors import PermissionMissing, ShipToUnknown
from apps.availability.models import Reservation, StockLevel
from apps.catalogue.errors import QuantityRefused
from apps.core.errors import Invalid
from apps.core.models import Event
from apps.core.scoping import SYSTEM
from apps.ordering import services
from apps.ordering.errors import (
    CartEmpty,
    DateRefused,
    NotOnSale,
    OptionRefused,
    OrderNotFound,
    PriceOnRequest,
    PricesChanged,
    WrongStatus,
)
from apps.ordering.models import Order
from apps.ordering.selectors import bought_history, cart_of, open_orders, order_for, order_page, orders_of
from apps.pricing.models import AccountTerms, ContractPrice
from tests.ordering.trade import acting, actor, fill, place


def exposure(account):
    return AccountTerms.objects.get(account=account).exposure


def reserved(product):
    return sum(StockLevel.objects.filter(product=product).values_list("reserved", flat=True))


def test_an_order_keeps_what_was_decided(world):
    order = place(
        world, world.anna, (world.bolt, 1000), (world.gloves, 60), (world.cutting, 2), po_number="PO-7", notes="gate 3"
    )
    bolt, gloves, cutting = order.lines.all()
    assert order.number.startswith("SO-")
    assert (bolt.unit_price, bolt.price_source, bolt.price_source_ref, bolt.net) == (
        D("0.1400"), "contract", "C-100", D("140.00"),
    )  # fmt: skip
    assert (order.goods_net, order.freight_net) == (D("616.50"), D("0.00"))  # free from 150
    assert (order.tax, order.gross) == (D("123.30"), D("739.80"))
    assert (order.net_days, order.discount_percent, order.discount_days) == (30, D(2), 10)
    assert order.ship_to_text.splitlines()[0] == "Main dock"
    assert gloves.promised_on > bolt.promised_on >= world.today
    assert cutting.promised_on == order.promised_on == gloves.promised_on
    assert reserved(world.bolt) == 1000 and reserved(world.gloves) == 40
    assert exposure(world.brightwater) == order.gross
    assert cart_of(actor(world.anna), world.now).is_empty
    event = Event.objects.get(name="order.placed")
    assert (event.subject, event.account_ref, event.actor_name) == (
        f"order:{order.number}",
        world.brightwater.pk,
        "Anna",
    )


def test_freight_is_taxed_and_a_faster_way_is_promised_earlier(world):
    standard = place(world)
    express = place(world, option=world.express)
    assert (standard.goods_net, standard.freight_net, standard.gross) == (D("79.00"), D("6.90"), D("103.08"))
    assert express.freight_net == D("14.50")
    assert express.promised_on < standard.promised_on


def test_the_same_key_is_the_same_order(world):
    first = place(world, world.anna, (world.gloves, 1), key="k-1")
    fill(world, world.anna, (world.oil, 1))
    again = place(world, key="k-1")
    assert again.pk == first.pk
    assert Order.objects.count() == 1
    assert len(cart_of(actor(world.anna), world.now).lines) == 1  # what came into the cart since is still there


def test_a_key_belongs_to_its_account(world):
    mine = place(world, world.anna, (world.gloves, 1), key="k-1")
    theirs = place(world, world.xaver, (world.gloves, 1), key="k-1", ship_to=world.calder_dock)
    assert mine.pk != theirs.pk


def test_an_order_needs_a_key(world):
    fill(world, world.anna, (world.gloves, 1))
    with pytest.raises(Invalid):
        services.place_order(
            actor(world.anna), ship_to_id=world.dock.pk, option_id=world.standard.pk, key="", now=world.now
        )


def test_a_changed_price_refuses_until_it_is_accepted_and_loses_nothing(world):
    fill(world, world.anna, (world.bolt, 100))
    ContractPrice.objects.filter(min_quantity=1).update(unit_price="0.1750")
    with pytest.raises(PricesChanged) as refused:
        place(world, key="k-1")
    [difference] = refused.value.facts["differences"]
    assert (difference.sku, difference.shown, difference.now) == ("BLT-M8-40", D("0.1600"), D("0.1750"))
    assert not Order.objects.exists() and not Reservation.objects.exists()
    assert exposure(world.brightwater) == 0
    assert len(cart_of(actor(world.anna), world.now).lines) == 1
    order = place(world, key="k-1", accept_changes=True)
    assert order.lines.get().unit_price == D("0.1750")


def test_what_cannot_be_ordered_is_refused_and_leaves_everything(world):
    me = {"ship_to_id": world.dock.pk, "option_id": world.standard.pk, "key": "k", "now": world.now}
    with pytest.raises(CartEmpty):
        services.place_order(actor(world.anna), **me)
    fill(world, world.anna, (world.oil, 1), (world.gloves, 1))
    with pytest.raises(ShipToUnknown):
        services.place_order(actor(world.anna), **{**me, "ship_to_id": world.calder_dock.pk})
    with pytest.raises(OptionRefused):
        services.place_order(actor(world.anna), **{**me, "option_id": 999_999})
    with pytest.raises(DateRefused):
        services.place_order(actor(world.anna), **me, requested_on=world.today - timedelta(days=1))
    with pytest.raises(DateRefused, match="no later than 4 March 2027"):
        services.place_order(actor(world.anna), **me, requested_on=world.today + timedelta(days=366))
    world.oil.status = "discontinued"
    world.oil.save()
    with pytest.raises(NotOnSale) as gone:
        services.place_order(actor(world.anna), **me)
    assert gone.value.facts["skus"] == ["OIL-5L"]
    world.oil.status = "active"
    world.oil.save()
    world.base_list.prices.filter(product=world.oil).delete()
    with pytest.raises(PriceOnRequest):
        services.place_order(actor(world.anna), **me)
    assert not Order.objects.exists() and not Reservation.objects.exists()
    assert len(cart_of(actor(world.anna), world.now).lines) == 2


def test_a_way_too_weak_for_the_weight_is_refused(world):
    fill(world, world.anna, (world.bolt, 2000))  # 40 kg
    with pytest.raises(OptionRefused):
        place(world, key="k", option=world.express)


def test_a_requested_day_is_what_is_promised(world):
    order = place(world, requested_on=date(2026, 4, 20))
    assert order.promised_on == order.lines.get().promised_on == date(2026, 4, 20)


@pytest.mark.parametrize("who", ["fiona", "rick"])
def test_who_may_not_buy_is_refused(world, who):
    with pytest.raises(PermissionMissing):
        place(world, getattr(world, who), key="k")


def test_a_rep_orders_on_behalf_and_it_is_recorded(world):
    order = place(world, by=acting(world.rhea, world.anna))
    assert (order.contact, order.placed_by_name, order.channel) == (world.anna, "Rhea", "rep")
    event = Event.objects.get(name="order.placed")
    assert (event.actor_name, event.acting_for_ref) == ("Rhea", world.anna.pk)


def test_a_machine_orders_lines_with_the_same_outcome(world):
    lines = [(world.gloves.pk, 4), (world.gloves.pk, 6)]
    wish = {"ship_to_id": world.dock.pk, "option_id": world.standard.pk, "now": world.now}
    order = services.place_lines(actor(world.anna), lines=lines, key="k-9", **wish)
    assert (order.lines.get().quantity, order.gross, order.channel) == (10, D("103.08"), "api")
    again = services.place_lines(actor(world.anna), lines=lines, key="k-9", **wish)
    assert again.pk == order.pk
    with pytest.raises(QuantityRefused) as refused:
        services.place_lines(actor(world.anna), lines=[(world.bolt.pk, 30)], key="k-10", **wish)
    assert "multiples of 100" in refused.value.detail
    with pytest.raises(PricesChanged):
        expected = {world.gloves.pk: D("1.00")}
        services.place_lines(actor(world.anna), lines=lines, expected_prices=expected, key="k-11", **wish)


def test_placing_costs_the_same_for_one_line_and_for_many(world, django_assert_max_num_queries):
    anna, boris = actor(world.anna), actor(world.boris)
    fill(world, world.anna, (world.gloves, 1))
    with django_assert_max_num_queries(30) as one:
        place(world, key="one", by=anna)
    fill(world, world.boris, (world.bolt, 100), (world.bolt_long, 100), (world.gloves, 2), (world.oil, 1))
    with django_assert_max_num_queries(len(one)):
        place(world, key="many", by=boris)


def test_operations_confirm_once(world):
    order = place(world)
    services.confirm_order(SYSTEM, order, now=world.now)
    with pytest.raises(WrongStatus):
        services.confirm_order(SYSTEM, order, now=world.now)
    with pytest.raises(PermissionMissing):
        services.confirm_order(actor(world.anna), order, now=world.now)
    assert Event.objects.filter(name="order.confirmed").count() == 1


def test_a_cancelled_order_gives_stock_and_credit_back_once(world):
    order = place(world)
    services.cancel_order(actor(world.anna), order, now=world.now)
    assert (reserved(world.gloves), exposure(world.brightwater)) == (0, 0)
    with pytest.raises(WrongStatus):
        services.cancel_order(actor(world.anna), order, now=world.now)
    assert exposure(world.brightwater) == 0


def test_a_confirmed_order_is_cancelled_by_operations_alone(world):
    order = services.confirm_order(SYSTEM, place(world), now=world.now)
    with pytest.raises(PermissionMissing):
        services.cancel_order(actor(world.anna), order, now=world.now)
    assert services.cancel_order(actor(world.otto), order, now=world.now).status == "cancelled"


def test_the_stranger_finds_nothing(world):
    order = place(world)
    stranger = actor(world.xaver)
    with pytest.raises(OrderNotFound):
        order_for(stranger, order.number)
    with pytest.raises(OrderNotFound):
        services.cancel_order(stranger, order, now=world.now)
    assert not orders_of(stranger).rows and not open_orders(stranger)
    assert not bought_history(stranger, world.gloves.pk)
    assert order_for(actor(world.rhea), order.number) == order
    with pytest.raises(OrderNotFound):
        order_for(actor(world.ruben), order.number)


def test_the_order_page_tells_the_whole_of_it(world, django_assert_num_queries):
    order = place(world, world.anna, (world.gloves, 10), (world.oil, 1))
    me = actor(world.anna)
    with django_assert_num_queries(4):
        page = order_page(me, order.number)
    assert [line.sku for line in page.lines] == ["GLV-NIT-L", "OIL-5L"]
    assert (page.totals.gross, page.totals.tax) == (order.gross, order.tax)
    assert [event.name for event in page.history] == ["order.placed"]


def test_orders_are_paged_and_filtered(world):
    numbers = [place(world, now=world.now + timedelta(minutes=n), po_number=f"PO-{n}").number for n in range(5)]
    me = actor(world.anna)
    first = orders_of(me, size=2)
    second = orders_of(me, size=2, after=first.next_after)
    last = orders_of(me, size=2, after=second.next_after)
    assert [order.number for page in (first, second, last) for order in page] == numbers[::-1]
    assert (first.previous_before, last.next_after) == (None, None)
    assert orders_of(me, size=2, before=last.previous_before).rows == second.rows
    assert [order.number for order in orders_of(me, text="po-3")] == [numbers[3]]
    assert len(orders_of(me, text="glv-nit-l")) == 5
    assert not orders_of(me, text="nothing like it").rows
    assert not orders_of(me, status="delivered").rows and len(orders_of(me, status="open")) == 5
    assert len(orders_of(me, after="never~mind")) == 5


def test_what_was_bought_before_is_told_with_its_price(world):
    order = place(world)
    [bought] = bought_history(actor(world.anna), world.gloves.pk)
    assert (bought.order_number, bought.quantity, bought.unit_price) == (order.number, 10, D("7.9000"))
