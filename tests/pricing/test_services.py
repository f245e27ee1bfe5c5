"""Credit that cannot be overdrawn, and prices that are loaded in bulk."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from apps.core.models import Event
from apps.pricing import services
from apps.pricing.errors import AmountRefused, PriceRefused
from apps.pricing.models import AccountTerms, ContractPrice, Price
from apps.pricing.rules import Ask
from apps.pricing.selectors import prices_for_account, terms_of


@pytest.mark.parametrize(("amount", "taken"), [("10000", True), ("10000.01", False), ("0.01", True)])
def test_credit_is_taken_up_to_the_limit(world, amount, taken):
    assert services.take_credit(world.calder.pk, Decimal(amount)) is taken
    assert terms_of(world.calder.pk).exposure == (Decimal(amount) if taken else 0)


def test_no_limit_and_no_terms(world):
    AccountTerms.objects.filter(account=world.calder).update(credit_limit=None)
    world.leeds.terms.delete()

    assert services.take_credit(world.calder.pk, Decimal(10**9)) is True
    assert services.take_credit(world.leeds.pk, Decimal(1)) is False


def test_a_release_by_the_credit_desk_counts_above_the_limit(world):
    services.add_exposure(world.calder.pk, Decimal(12_000))
    assert terms_of(world.calder.pk).credit_left == -2_000
    assert services.take_credit(world.calder.pk, Decimal(1)) is False

    services.release_credit(world.calder.pk, Decimal(12_500))
    assert terms_of(world.calder.pk).exposure == 0


@pytest.mark.parametrize("amount", ["-0.01", "NaN", "Infinity"])
@pytest.mark.parametrize("change", [services.take_credit, services.add_exposure, services.release_credit])
def test_an_amount_is_not_below_zero(world, change, amount):
    with pytest.raises(AmountRefused):
        change(world.calder.pk, Decimal(amount))


def test_the_table_refuses_a_negative_exposure(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountTerms.objects.filter(account=world.calder).update(exposure=-1)


@pytest.mark.django_db(transaction=True)
def test_orders_at_once_cannot_pass_the_limit(transactional_db):
    from tests.world import build

    account_id = build().calder.pk

    def order(_):
        try:
            return services.take_credit(account_id, Decimal(1_500))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        taken = sum(pool.map(order, range(16)))

    assert taken == 6
    assert terms_of(account_id).exposure == 9_000


def test_prices_are_loaded_and_loaded_again(world):
    rows = [
        (world.bolt.pk, 1, Decimal("0.2000"), world.base_list.valid_from, None),
        (world.bolt.pk, 500, Decimal("0.1700"), world.base_list.valid_from, None),
        (world.bolt.pk, 5000, Decimal("0.1300"), world.base_list.valid_from, None),
        (world.bolt.pk, 5000, Decimal("0.1200"), world.base_list.valid_from, None),
    ]
    assert services.load_prices(world.base_list, rows) == 2
    assert services.load_prices(world.base_list, iter(rows)) == 0

    prices = Price.objects.filter(price_list=world.base_list, product=world.bolt).order_by("min_quantity")
    assert [f"{price.min_quantity} {price.unit_price}" for price in prices] == [
        "1 0.2000", "500 0.1700", "1000 0.1500", "5000 0.1200",
    ]  # fmt: skip


def test_contract_prices_are_loaded(world):
    rows = [(world.contract.pk, world.drill.pk, 1, "170"), (world.contract.pk, world.bolt.pk, 1, "0.16")]

    assert services.load_contract_prices(rows, on=world.today) == 1
    assert services.load_contract_prices(rows, on=world.today) == 0
    assert ContractPrice.objects.get(product=world.drill).unit_price == 170


def test_a_changed_price_is_recorded(world):
    price = world.contract.prices.get(min_quantity=1)
    price.unit_price = Decimal("0.1500")
    services.set_price(price, now=world.now)

    event = Event.objects.get(name="price.changed")
    assert (event.subject, event.account_ref) == ("contract:C-100", world.brightwater.pk)
    assert event.facts == {"sku": "BLT-M8-40", "min_quantity": 1, "unit_price": "0.1500"}


def test_a_negative_price_is_refused(world):
    price = world.contract.prices.get(min_quantity=1)
    price.unit_price = Decimal(-1)
    with pytest.raises(PriceRefused):
        services.set_price(price, now=world.now)


def test_a_withdrawn_price_ends_and_is_recorded(world):
    services.withdraw_price(world.contract.prices.get(min_quantity=1), now=world.now)

    assert not world.contract.prices.in_force(world.today).filter(min_quantity=1).exists()
    assert world.contract.prices.in_force(world.today - timedelta(1)).filter(min_quantity=1).exists()
    assert Event.objects.get(name="price.changed").facts["unit_price"] is None


def test_a_price_withdrawn_before_it_began_is_gone(world):
    price = Price.objects.create(
        price_list=world.base_list, product=world.drill, unit_price=199, valid_from=world.today + timedelta(9)
    )
    services.withdraw_price(price, now=world.now)

    assert world.base_list.prices.filter(product=world.drill).count() == 1


@pytest.mark.parametrize("of", ["list", "contract"])
def test_the_past_keeps_its_price_when_one_is_changed(world, of):
    price = {"list": world.base_list, "contract": world.contract}[of].prices.get(product=world.bolt, min_quantity=1)
    before, now = ({"list": "0.2000", "contract": "0.1600"}[of], "0.1234")
    price.unit_price = Decimal(now)
    services.set_price(price, now=world.now)

    ask, account = Ask(world.bolt.pk, 100), {"list": world.calder, "contract": world.leeds}[of]
    told = [prices_for_account(account.pk, [ask], world.today - timedelta(days))[ask].unit_price for days in (1, 0)]
    assert told == [Decimal(before), Decimal(now)]


def test_a_price_changed_twice_on_a_day_is_one_price(world):
    for new in ("170", "180"):
        price = world.base_list.prices.in_force(world.today).filter(product=world.drill).latest("valid_from")
        price.unit_price = Decimal(new)
        services.set_price(price, now=world.now)

    assert world.base_list.prices.filter(product=world.drill).count() == 2
