"""What was decided can be decided again: an order of the past replays from the rows that were agreed."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.ordering.models import Order
from apps.ordering.services import carts
from apps.ordering.services.orders import place_order
from apps.pricing.models import Contract, ContractPrice, Price, PriceList
from apps.pricing.rules import Ask
from apps.pricing.selectors import margins_for, prices_for_account
from apps.pricing.services import load_contract_prices, set_list_prices, set_price, withdraw_price
from apps.pricing.words import explain, margin_words


def replayed(order):
    """Every line of the order as it is decided today for the day it was placed."""
    on = timezone.localdate(order.placed_at)
    lines = list(order.lines.all())
    found = prices_for_account(order.account_id, [Ask(line.product_id, line.quantity) for line in lines], on)
    return [found[Ask(line.product_id, line.quantity)] for line in lines]


def test_last_years_order_line_replays_exactly(world):
    lena = actor_for(world.lena.user)
    wished = [(world.bolt.pk, 1000), (world.gloves.pk, 10), (world.drill.pk, 1), (world.oil.pk, 3)]
    carts.add_lines(lena, wished, now=world.now)
    order = place_order(lena, ship_to_id=world.leeds_dock.pk, option_id=world.standard.pk, key="k", now=world.now)
    paid = [(line.unit_price, line.price_source, line.price_source_ref) for line in order.lines.all()]

    later = world.now + timedelta(200)
    _change_everything(world, later)

    then = replayed(Order.objects.get())
    assert [(each.unit_price, each.source, each.source_ref) for each in then] == paid
    assert explain(then[0])[0] == "Your contract “Fasteners 2026” sets £0.14."
    now = prices_for_account(world.leeds.pk, [Ask(*wish) for wish in wished], later.date())
    assert all(now[Ask(*wish)].unit_price != price for wish, (price, *_source) in zip(wished, paid, strict=True))


def _change_everything(world, later):
    """A price by hand, one withdrawn, a file, contract prices, a nearer contract, a new list."""
    on = later.date()
    contracted = world.contract.prices.get(min_quantity=1000)
    contracted.unit_price = Decimal("0.1111")
    set_price(contracted, now=later)
    withdraw_price(world.base_list.prices.get(product=world.gloves, min_quantity=10), now=later)
    set_list_prices(world.base_list, [world.drill.pk], [(world.drill.pk, 1, Decimal("200"))], on=on)
    load_contract_prices([(world.contract.pk, world.oil.pk, 1, Decimal("30"))], on=on)
    nearer = Contract.objects.create(number="C-9", name="N", account=world.leeds, overrides=True, valid_from=on)
    ContractPrice.objects.create(contract=nearer, product=world.bolt, unit_price="0.1200")
    cheap = PriceList.objects.create(code="CHEAP", name="Cheap", is_base=True, valid_from=on)
    Price.objects.create(price_list=cheap, product=world.oil, unit_price="1", valid_from=on)


def test_the_margin_is_for_the_houses_own_people(world):
    from apps.pricing.models import ProductCost

    for cost, days in (("110", 60), ("120", 30), ("500", -1)):
        day = world.today - timedelta(days)
        ProductCost.objects.create(product=world.drill, unit_cost=cost, valid_from=day)
    ask = Ask(world.drill.pk, 1)
    prices = prices_for_account(world.calder.pk, [ask], world.today)

    told = margins_for(actor_for(world.ruben.user), prices, world.today)[ask]
    assert (told.unit_cost, told.room, told.percent) == (Decimal("120"), Decimal("69"), Decimal("36.5"))
    assert margin_words(told) == "For us: £69.00 of room each (36.5%) above a cost of £120.00."
    assert margins_for(actor_for(world.xaver.user), prices, world.today) == {}
    assert margins_for(actor_for(world.sam.user), prices, world.today) == {}
