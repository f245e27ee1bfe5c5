"""What was charged too much is said and owned before the customer asks: once, and not to everybody at once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Account
from apps.cases import services
from apps.cases.models import Case, WrongPrice
from apps.cases.rules import overcharged
from apps.cases.services.prices import open_cases_for_wrong_prices
from apps.cases.tasks import send_case_opened, send_wrong_prices_left
from apps.core.models import Event
from apps.ordering.models import Order, OrderLine
from apps.pricing.models import ContractPrice


def ordered(world, *, account=None, product=None, quantity=1000, price="0.1500", hours=1, number="SO-9", **line):
    account = account or world.brightwater
    order = Order.objects.create(
        number=number, account=account, contact=world.anna if account == world.brightwater else None, currency="GBP",
        placed_at=world.now - timedelta(hours=hours), channel=line.pop("channel", "portal"),
        status=line.pop("status", "placed"),
    )  # fmt: skip
    product = product or world.bolt
    facts = {"price_source": "list", "net": Decimal(price) * quantity, "sku": product.sku, "name": product.name} | line
    return OrderLine.objects.create(
        order=order, position=1, product=product, quantity=quantity, unit_price=price, **facts
    )


@pytest.mark.parametrize(
    ("quantity", "charged", "right", "much"),
    [
        (100, "0.20", "0.16", "4.00"),
        (100, "0.16", "0.16", "0"),
        (100, "0.16", "0.20", "0"),
        (10, "0.20", "0.16", "0"),  # 40 pence
        (1000, "1.005", "1.00", "0"),  # half a per cent
        (1000, "1.01", "1.00", "10.00"),
        (1, "5", "0", "5.00"),
        (10, "5", None, "0"),
    ],
)
def test_when_a_line_was_charged_too_much(quantity, charged, right, much):
    right = None if right is None else Decimal(right)
    assert overcharged(quantity, Decimal(charged), right, "GBP") == Decimal(much)


def test_a_price_above_the_contract_is_owned_and_said_once(world, mailoutbox):
    ordered(world)  # agreed are 0.14 from 1,000
    assert [services.find_price_errors(now=world.now) for _ in range(2)] == [1, 0]
    case = Case.objects.get()
    assert (case.origin, case.cause, case.owner, case.contact) == ("house", "price", world.rhea, world.anna)
    assert case.title == "A wrong price on order SO-9"
    assert case.owes_proof
    said = case.messages.get().body
    assert "we charged you more than the prices agreed with you" in said
    assert "SO-9: 1000 x BLT-M8-40 at £0.15 instead of £0.14, £10.00 too much" in said
    assert "The difference of £10.00 net is yours" in said
    assert case.number in said
    for _ in range(2):
        send_case_opened(Event.objects.get(name="case.opened").pk)
    assert sorted(mail.to[0] for mail in mailoutbox) == ["anna@brightwater.example", "rhea@harrow.example"]


@pytest.mark.parametrize(
    "facts",
    [
        {"price": "0.1400"},
        {"price_source": "quote"},
        {"price_source": "blanket"},
        {"price_source": "history"},
        {"status": "cancelled"},
        {"channel": "import"},
        {"hours": 24 * 8},
        {"quantity": 900, "cancelled_quantity": 200, "price": "0.1400"},  # ordered at the price of 1,100
    ],
)
def test_what_is_not_a_wrong_price(world, facts):
    ordered(world, **facts)
    assert services.find_price_errors(now=world.now) == 0
    assert not WrongPrice.objects.exists()


def test_what_was_agreed_on_the_day_of_an_order_may_have_been_agreed_after_it(world):
    ContractPrice.objects.filter(contract=world.contract).update(valid_from=world.today)
    ordered(world)
    assert services.find_price_errors(now=world.now) == 0
    ordered(world, hours=-24, number="SO-10")
    assert services.find_price_errors(now=world.now + timedelta(days=1)) == 1


def test_strangers_to_the_contract_and_test_accounts_are_left_alone(world):
    ordered(world, account=world.calder, price="0.5000")
    Account.objects.filter(pk=world.brightwater.pk).update(is_test=True)
    ordered(world, number="SO-8")
    assert services.find_price_errors(now=world.now) == 0


def test_what_is_found_while_the_case_is_open_joins_it(world):
    ordered(world)
    services.find_price_errors(now=world.now)
    ordered(world, number="SO-10", quantity=2000)
    assert services.find_price_errors(now=world.now) == 0
    case = Case.objects.get()
    assert case.wrong_prices.count() == 2
    assert "SO-10: 2000 x" in case.messages.get(is_internal=True).body


def test_of_many_the_dearest_first_and_management_hears_of_the_rest_once(world, mailoutbox):
    ordered(world, quantity=1000)
    ordered(world, account=world.leeds, number="SO-7", quantity=5000)  # the contract is the parent's
    for account, line in ((world.brightwater, "SO-9"), (world.leeds, "SO-7")):
        WrongPrice.objects.create(
            line=OrderLine.objects.get(order__number=line), account=account, because="agreed", right_price="0.14",
            too_much="10" if line == "SO-9" else "50", found_at=world.now,
        )  # fmt: skip
    assert open_cases_for_wrong_prices(now=world.now, limit=1) == 1
    assert Case.objects.get().account == world.leeds
    assert open_cases_for_wrong_prices(now=world.now, limit=0) == 0
    send_wrong_prices_left(Event.objects.get(name="wrong_prices.left").pk)
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["mona@harrow.example"], "Wrong prices: 1 account has not been told yet")
    assert services.find_price_errors(now=world.now + timedelta(days=1)) == 1


def test_looking_costs_the_same_for_more_lines_of_a_day(world):
    def asked() -> int:
        WrongPrice.objects.all().delete()
        Case.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            services.find_price_errors(now=world.now)
        return len(queries)

    ordered(world)
    few = asked()
    for n in range(10):
        ordered(world, number=f"SO-1{n}")
    assert asked() == few
