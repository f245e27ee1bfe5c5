from decimal import Decimal as D

import pytest

from apps.accounts.errors import PermissionMissing
from apps.catalogue.errors import ProductNotFound, QuantityRefused
from apps.ordering import services
from apps.ordering.errors import NoAccountChosen, NotOnSale
from apps.ordering.models import CartLine
from apps.ordering.selectors import cart_count, cart_of, checkout_of
from apps.pricing.models import ContractPrice
from tests.ordering.trade import acting, actor, fill, place


def test_a_quantity_below_the_pack_is_raised_and_said(world):
    [added] = fill(world, world.anna, (world.bolt, 30))
    assert (added.quantity, added.raised_from) == (100, 30)
    assert "multiples of 100" in added.message


def test_the_same_sku_again_adds_to_its_line(world):
    fill(world, world.anna, (world.bolt, 100))
    [added] = fill(world, world.anna, (world.bolt, 200))
    assert added.line.quantity == 300
    assert cart_count(actor(world.anna)) == 1


@pytest.mark.parametrize("wished", ["-3", "0", "NaN", "1e308", "2.5", "", "9999999999999999999999"])
def test_what_is_no_quantity_is_refused_with_the_rule_and_nothing_changes(world, wished):
    fill(world, world.anna, (world.gloves, 2))
    with pytest.raises(QuantityRefused) as refused:
        services.add_to_cart(actor(world.anna), world.gloves.pk, wished, now=world.now)
    assert "whole number" in refused.value.detail
    assert CartLine.objects.get().quantity == 2


def test_the_sum_of_a_line_has_a_limit_too(world):
    fill(world, world.anna, (world.gloves, 9_999_999))
    with pytest.raises(QuantityRefused):
        fill(world, world.anna, (world.gloves, 1))


def test_a_line_is_set_removed_and_emptied(world):
    me = actor(world.anna)
    [bolt, gloves] = fill(world, world.anna, (world.bolt, 100), (world.gloves, 3))
    assert services.set_quantity(me, gloves.line.pk, "7", now=world.now).line.quantity == 7
    assert services.remove_line(me, bolt.line.pk, now=world.now).product == world.bolt
    assert services.empty_cart(me, now=world.now) == 1
    assert cart_of(me, world.now).is_empty


def test_many_quantities_change_together_or_not_at_all(world):
    [bolt, gloves] = fill(world, world.anna, (world.bolt, 100), (world.gloves, 3))
    with pytest.raises(QuantityRefused):
        services.set_quantities(actor(world.anna), {bolt.line.pk: 500, gloves.line.pk: -1}, now=world.now)
    assert {line.quantity for line in CartLine.objects.all()} == {100, 3}


def test_a_cart_is_its_contacts_alone(world):
    [mine] = fill(world, world.anna, (world.gloves, 3))
    with pytest.raises(ProductNotFound):
        services.set_quantity(actor(world.xaver), mine.line.pk, 9, now=world.now)
    assert cart_of(actor(world.xaver), world.now).is_empty


def test_a_receiver_and_a_rep_without_account_have_no_cart(world):
    with pytest.raises(PermissionMissing):
        fill(world, world.rick, (world.gloves, 1))
    with pytest.raises(NoAccountChosen):
        fill(world, world.rhea, (world.gloves, 1))


def test_a_rep_acting_for_a_buyer_fills_the_buyers_cart(world):
    services.add_to_cart(acting(world.rhea, world.anna), world.gloves.pk, 2, now=world.now)
    assert cart_count(actor(world.anna)) == 1


def test_what_is_no_longer_sold_cannot_be_added(world):
    world.drill.status = "discontinued"
    world.drill.save()
    with pytest.raises(NotOnSale):
        fill(world, world.anna, (world.drill, 1))


def test_the_cart_shows_price_arrival_shortage_break_and_tax(world):
    fill(world, world.anna, (world.bolt, 500), (world.gloves, 60), (world.cutting, 4))
    cart = cart_of(actor(world.anna), world.now)
    bolt, gloves, cutting = cart.lines
    assert (bolt.decision.unit_price, bolt.decision.source, bolt.net) == (D("0.1600"), "contract", D("80.00"))
    assert bolt.more_for_break == 500
    assert bolt.arrives_on and bolt.short == 0
    assert gloves.short == 20 and gloves.arrives_on > bolt.arrives_on
    assert cutting.is_service and cutting.short == 0
    assert cart.goods_net == D("80.00") + 60 * D("7.90") + D("5.00")
    assert [tax.percent for tax in cart.taxes] == [D(20)]
    assert cart.short_lines == (gloves,)
    assert cart.arrives_on == gloves.arrives_on


def test_a_price_that_changed_since_it_was_shown_is_told(world):
    fill(world, world.anna, (world.bolt, 100))
    ContractPrice.objects.filter(min_quantity=1).update(unit_price="0.1750")
    cart = cart_of(actor(world.anna), world.now)
    assert cart.lines[0].price_changed_from == D("0.1600")
    assert [(each.shown, each.now) for each in cart.differences] == [(D("0.1600"), D("0.1750"))]


def test_a_sku_without_a_price_stays_in_the_cart_as_a_problem(world):
    world.base_list.prices.filter(product=world.oil).delete()
    fill(world, world.anna, (world.oil, 1))
    [oil] = cart_of(actor(world.anna), world.now).problems
    assert (oil.problem, oil.net) == ("price_on_request", None)


def test_the_checkout_prices_every_way_of_delivery(world):
    fill(world, world.anna, (world.gloves, 10))
    view = checkout_of(actor(world.anna), ship_to=world.dock, now=world.now)
    standard = view.option(world.standard.pk)
    assert (standard.charge, standard.totals.gross) == (D("6.90"), D("103.08"))
    assert standard.free_gap == D("71.00")
    assert view.option(world.express.pk).arrives_on < standard.arrives_on
    assert (view.credit_left, view.spend_limit) == (D(10_000), D(1000))
    assert not standard.needs_approval and not standard.above_credit
    assert view.key


def test_cart_and_checkout_cost_the_same_for_one_line_and_for_many(world, django_assert_max_num_queries):
    counts = []
    for wishes in ([(world.gloves, 1)], [(world.bolt, 100), (world.bolt_long, 100), (world.drill, 1), (world.oil, 2)]):
        fill(world, world.anna, *wishes)
        me = actor(world.anna)
        with django_assert_max_num_queries(12) as cart:
            assert not cart_of(me, world.now).is_empty
        with django_assert_max_num_queries(17) as checkout:
            checkout_of(me, ship_to=world.dock, now=world.now)
        counts.append((len(cart), len(checkout)))
    assert counts[0] == counts[1]


def test_adding_costs_the_same_for_one_line_and_for_many(world, django_assert_max_num_queries):
    fill(world, world.anna, (world.gloves, 1))
    with django_assert_max_num_queries(12) as one:
        services.add_lines(actor(world.anna), [(world.gloves.pk, 1)], now=world.now)
    with django_assert_max_num_queries(len(one)):
        wishes = [(each.pk, 100) for each in (world.gloves, world.bolt, world.bolt_long, world.oil)]
        services.add_lines(actor(world.anna), wishes, now=world.now)


def test_an_order_is_ordered_again_but_for_what_is_gone(world):
    order = place(world, world.anna, (world.gloves, 4), (world.drill, 1))
    world.drill.status = "discontinued"
    world.drill.save()
    added, gone = services.reorder(actor(world.anna), order, now=world.now)
    assert [each.line.product_id for each in added] == [world.gloves.pk]
    assert gone == ["DRL-18V"]
