"""Prices, terms and taxes as the world agreed them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from apps.accounts.models import AccountGroup
from apps.catalogue.models import Brand, Category
from apps.core.scoping import Actor
from apps.pricing.models import Contract, ContractDiscount, ContractPrice, Price, PriceList, Promotion
from apps.pricing.rules import Ask, Break
from apps.pricing.selectors import (
    agreed_products,
    prices_for,
    prices_for_account,
    tax_percents,
    tax_percents_for,
    terms_of,
)
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


#: Who buys what on which day of March 2026, and what it costs; see `_agree`.
ON_A_DAY = """
calder     drill  1    9  189.0000 BASE       nothing but the list
calder     drill  1   10  180.0000 BASE       a price that starts later replaces the one before
calder     drill  1   14  180.0000 BASE       on its last day
calder     drill  1   15  189.0000 BASE       then the one before holds again
calder     gloves 1   19    8.5000 BASE       the day before a list begins
calder     gloves 1   20    8.0000 SPRING     on the first day of a list for everybody
calder     gloves 1   22    7.0000 MARCH      two lists overlap: the lower
calder     gloves 1   23    8.0000 SPRING     the other has ended
calder     gloves 1   31    8.5000 BASE       both have
leeds      drill  1   10  180.0000 BASE       the tree's list is dearer
leeds      drill  1   20  185.0000 TREE       the parent's list reaches below
brightwater drill 1   20  185.0000 TREE       and itself
brightwater oil   1   20   29.1600 C-100      ten per cent off a category, by the contract
leeds      oil    1   20   29.1600 C-100      and below
leeds      oil    1   24   30.0000 C-300      Leeds has a contract in its place
brightwater oil   1   24   29.1600 C-100      which does not reach up
brightwater oil   1   25   24.3000 SALE       a promotion on the brand
calder     oil    1   25   24.3000 SALE       for everybody
calder     oil    1   26   32.4000 BASE       for a day
calder     bolt_long 1 20   0.2500 BASE       a list for the parent alone is no stranger's
leeds      bolt_long 1 20   0.2500 BASE       nor the subsidiary's
brightwater bolt_long 1 20  0.2200 ALONE      but its own
"""


def _agree(world):
    day = lambda number: date(2026, 3, number)  # noqa: E731

    def listed(code, product, price, first, last=None, **audience):
        listing = PriceList.objects.create(code=code, name=code, valid_from=day(first), valid_until=last, **audience)
        Price.objects.create(price_list=listing, product=product, unit_price=price, valid_from=day(1))

    Price.objects.create(
        price_list=world.base_list, product=world.drill, unit_price=180, valid_from=day(10), valid_until=day(14)
    )
    listed("SPRING", world.gloves, 8, 20, day(30), is_base=True)
    listed("MARCH", world.gloves, 7, 22, day(22), is_base=True)
    listed("TREE", world.drill, 185, 1, account=world.brightwater, for_tree=True)
    listed("ALONE", world.bolt_long, "0.22", 1, account=world.brightwater)
    ContractDiscount.objects.create(contract=world.contract, category=world.oil.category, percent=10)
    ContractDiscount.objects.create(contract=world.contract, brand=Brand.objects.create(name="X"), percent=90)
    nearer = Contract.objects.create(
        number="C-300", name="Leeds", account=world.leeds, overrides=True, valid_from=day(24)
    )
    ContractPrice.objects.create(contract=nearer, product=world.oil, unit_price=30)
    Promotion.objects.create(
        code="SALE", name="Sale", brand=world.brand, category=world.oil.category, percent=25,
        valid_from=day(25), valid_until=day(25),
    )  # fmt: skip


def test_the_golden_table_of_days(world):
    _agree(world)
    wrong = []
    for line in ON_A_DAY.strip().splitlines():
        account, product, quantity, day, price, ref = line.split()[:6]
        found = price_of(getattr(world, account), getattr(world, product), int(quantity), date(2026, 3, int(day)))
        if (found.unit_price, found.source_ref) != (Decimal(price), ref):
            wrong.append(f"{line} -> {found.unit_price} {found.source_ref}")
    assert not wrong, "\n".join(wrong)


def test_a_discount_means_all_below_its_category(world, django_assert_num_queries):
    above = Category.objects.get(slug="fasteners")
    ContractDiscount.objects.create(contract=world.contract, category=above, percent=50)

    with django_assert_num_queries(2):
        decision = price_of(world.brightwater, world.bolt_long, 1, world.today)
    assert (decision.unit_price, decision.source) == (Decimal("0.1250"), "contract")
    assert price_of(world.brightwater, world.bolt, 1, world.today).unit_price == Decimal("0.1600")


def test_what_is_agreed_with_an_account_is_priced_by_contract_by_discount_or_on_its_own_list(
    world, django_assert_num_queries
):
    _agree(world)

    def agreed(account, day):
        return agreed_products(actor_of(account), date(2026, 3, day))

    ours, theirs = world.bolt_long.pk, world.drill.pk
    assert {world.oil.pk, ours, theirs} <= agreed(world.brightwater, 24)
    assert {world.oil.pk, theirs} <= agreed(world.leeds, 24) and ours not in agreed(world.leeds, 24)
    assert not {world.oil.pk, ours, theirs} & agreed(world.calder, 24)
    with django_assert_num_queries(2):
        agreed(world.brightwater, 24)


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
