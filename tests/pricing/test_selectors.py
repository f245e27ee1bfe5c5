"""Prices, terms and taxes as the world agreed them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from apps.accounts.models import AccountGroup
from apps.core.scoping import Actor
from apps.pricing.models import Contract, ContractPrice, Price, PriceList
from apps.pricing.rules import Ask, Break
from apps.pricing.selectors import prices_for, prices_for_account, tax_percents, tax_percents_for, terms_of
from apps.pricing.words import explain


def actor_of(account):
    return Actor(role="buyer", account_id=account.pk, account_ids=(account.pk,))


def price_of(account, product, quantity, on):
    ask = Ask(product.pk, quantity)
    return prices_for(actor_of(account), [ask], on)[ask]


def test_a_contract_holds_for_its_account_and_below(world):
    own, below, stranger = (
        price_of(account, world.bolt, 100, world.today) for account in (world.brightwater, world.leeds, world.calder)
    )

    assert (own.unit_price, own.source, own.source_ref) == (Decimal("0.1600"), "contract", "C-100")
    assert below == own
    assert (stranger.unit_price, stranger.source) == (Decimal("0.2000"), "list")
    assert own.list_price == Decimal("0.2000")


def test_the_nearest_contract_wins_a_tie(world):
    nearer = Contract.objects.create(number="C-200", account=world.leeds, name="Leeds", valid_from=world.today)
    ContractPrice.objects.create(contract=nearer, product=world.bolt, unit_price="0.1600")

    assert price_of(world.leeds, world.bolt, 100, world.today).source_ref == "C-200"
    assert price_of(world.brightwater, world.bolt, 100, world.today).source_ref == "C-100"


@pytest.mark.parametrize(
    ("days", "price"), [(-63, "0.2000"), (-62, "0.1600"), (0, "0.1600"), (7, "0.1600"), (8, "0.2000")]
)
def test_prices_are_as_of_a_date(world, days, price):
    world.contract.valid_until = world.today + timedelta(days=7)
    world.contract.save()

    assert price_of(world.brightwater, world.bolt, 100, world.today + timedelta(days)).unit_price == Decimal(price)


def test_a_later_start_replaces_an_earlier_price(world):
    Price.objects.create(
        price_list=world.base_list, product=world.drill, unit_price="199.0000", valid_from=date(2026, 4, 1)
    )

    assert price_of(world.calder, world.drill, 1, date(2026, 3, 31)).unit_price == Decimal("189.0000")
    assert price_of(world.calder, world.drill, 1, date(2026, 4, 1)).unit_price == Decimal("199.0000")


@pytest.mark.parametrize(("reach", "source"), [("terms", "account"), ("group", "group"), ("both", "group")])
def test_lists_reach_an_account_by_its_terms_or_its_group(world, reach, source):
    group = AccountGroup.objects.create(code="TRADE", name="Trade")
    special = PriceList.objects.create(code="SPECIAL", name="Special", valid_from=world.today)
    Price.objects.create(price_list=special, product=world.drill, unit_price="150", valid_from=world.today)
    if reach in ("group", "both"):
        special.group = world.calder.group = group
        special.save()
        world.calder.save()
    if reach in ("terms", "both"):
        world.calder.terms.price_list = special
        world.calder.terms.save()

    decision = price_of(world.calder, world.drill, 1, world.today)
    assert (decision.unit_price, decision.source) == (Decimal("150.0000"), source)
    assert [passed.source for passed in decision.passed_over] == ["list"]
    assert price_of(world.brightwater, world.drill, 1, world.today).unit_price == Decimal("189.0000")


def test_another_currency_is_no_price(world):
    PriceList.objects.create(code="EUR", name="Euro list", currency="EUR", is_base=True, valid_from=date(2025, 1, 1))
    world.calder.currency = "EUR"
    world.calder.save()

    decision = price_of(world.calder, world.drill, 1, world.today)
    assert (decision.unit_price, decision.currency) == (None, "EUR")


def test_who_has_no_account_is_told_the_base_list(world):
    ask = Ask(world.bolt.pk, 500)

    decision = prices_for(Actor(role="rep"), [ask], world.today)[ask]
    assert (decision.unit_price, decision.source, decision.currency) == (Decimal("0.1800"), "list", "GBP")


def test_an_account_that_is_not_there_has_no_prices(world):
    ask = Ask(world.bolt.pk, 1)

    assert prices_for_account(-1, [ask], world.today)[ask].unit_price is None


def test_one_product_may_be_asked_for_in_several_quantities(world):
    asks = [Ask(world.bolt.pk, 100), Ask(world.bolt.pk, 1000)]

    found = prices_for(actor_of(world.brightwater), asks, world.today)
    assert [found[ask].unit_price for ask in asks] == [Decimal("0.1600"), Decimal("0.1400")]
    assert found[asks[0]].next_break == Break(1000, Decimal("0.1400"))


@pytest.mark.parametrize("many", [1, 6])
def test_the_number_of_queries_does_not_grow_with_the_asks(world, django_assert_num_queries, many):
    products = [world.bolt, world.bolt_long, world.gloves, world.drill, world.oil, world.cutting][:many]

    with django_assert_num_queries(2):
        found = prices_for(actor_of(world.leeds), [Ask(product.pk, 1) for product in products], world.today)
    assert all(decision.unit_price for decision in found.values())


def test_nothing_asked_is_nothing_read(world, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert prices_for(actor_of(world.leeds), [], world.today) == {}


def test_a_decision_in_words(world):
    assert explain(price_of(world.brightwater, world.bolt, 100, world.today)) == [
        "Your contract “Fasteners 2026” sets £0.16.",
        "“Base list” would be £0.20, which is more.",
        "“Base list” has £0.18 from 500 on.",
        "With 900 more you pay £0.14 each.",
    ]


def test_terms(world):
    assert terms_of(world.calder.pk).credit_left == Decimal(10_000)
    world.calder.terms.delete()
    assert (terms_of(world.calder.pk).credit_left, terms_of(world.calder.pk).net_days) == (0, 0)


@pytest.mark.parametrize(
    ("country", "tax_class", "percent"),
    [("GB", "standard", 20), ("IE", "standard", 23), ("IE", "books", 23), ("FR", "standard", 20)],
)
def test_tax_of_a_country(world, country, tax_class, percent):
    assert tax_percents(country, [tax_class], world.today) == {tax_class: Decimal(percent)}


@pytest.mark.parametrize(("verified", "percent"), [(True, 0), (False, 23)])
def test_only_a_verified_number_moves_the_tax_to_the_receiver(world, verified, percent):
    world.calder.country, world.calder.vat_number, world.calder.vat_verified = "IE", "IE6388047V", verified

    assert tax_percents_for(world.calder, "IE", ["standard"], world.today) == {"standard": Decimal(percent)}
    assert tax_percents_for(world.calder, "GB", ["standard"], world.today) == {"standard": Decimal(20)}
