from datetime import timedelta
from decimal import Decimal as D

import pytest

from apps.accounts.errors import PermissionMissing
from apps.core.errors import Invalid
from apps.core.models import Event
from apps.ordering import services
from apps.ordering.errors import CartEmpty, QuoteExpired, QuoteNotFound, WrongStatus
from apps.ordering.models import Order
from apps.ordering.selectors import cart_count, quote_for, quotes_of, quotes_waiting
from tests.ordering.trade import actor, fill


@pytest.fixture
def asked(world):
    fill(world, world.anna, (world.bolt, 1000), (world.oil, 2))
    return services.request_quote(actor(world.anna), message="for the depot", now=world.now)


def offer(world, quote, prices=("0.1200", "30"), **more):
    lines = quote.lines.order_by("id")
    terms = {"valid_until": world.today + timedelta(days=14), "answer": "our best", "now": world.now} | more
    by_line = {line.pk: D(price) for line, price in zip(lines, prices, strict=False)}
    return services.offer_quote(actor(world.rhea), quote, prices=by_line, **terms)


def accept(world, quote, who=None, key="q-1", now=None):
    me = actor(who or world.anna)
    wish = {"ship_to_id": world.dock.pk, "option_id": world.standard.pk}
    return services.accept_quote(me, quote, **wish, key=key, now=now or world.now)


def test_what_is_in_the_cart_is_asked_for(world, asked):
    assert cart_count(actor(world.anna)) == 0
    assert [(line.quantity, line.current_price) for line in asked.lines.all()] == [
        (1000, D("0.1400")),
        (2, D("32.4000")),
    ]
    assert quotes_waiting(actor(world.rhea)) == [asked]
    assert not quotes_waiting(actor(world.ruben))
    assert Event.objects.get(name="quote.requested").subject == f"quote:{asked.number}"
    with pytest.raises(CartEmpty):
        services.request_quote(actor(world.anna), now=world.now)


def test_an_accepted_offer_is_an_order_at_the_offered_prices(world, asked):
    offer(world, asked)
    order = accept(world, asked)
    lines = order.lines.all()
    assert [(line.unit_price, line.price_source, line.price_source_ref) for line in lines] == [
        (D("0.1200"), "quote", asked.number),
        (D("30.0000"), "quote", asked.number),
    ]
    assert (order.channel, order.goods_net) == ("quote", D("180.00"))
    asked.refresh_from_db()
    assert (asked.status, asked.order) == ("accepted", order)


def test_it_is_accepted_once(world, asked):
    offer(world, asked)
    first = accept(world, asked)
    assert accept(world, asked) == first
    with pytest.raises(WrongStatus):
        accept(world, asked, key="q-2")
    assert Order.objects.count() == 1


def test_the_spend_limit_holds_for_quotes_too(world, asked):
    offer(world, asked, prices=("2", "30"))
    assert accept(world, asked).status == "awaiting_approval"


def test_an_offer_ends_with_its_validity(world, asked):
    offer(world, asked)
    late = world.now + timedelta(days=15)
    with pytest.raises(QuoteExpired):
        accept(world, asked, now=late)
    assert services.expire_quotes(now=world.now) == 0
    assert services.expire_quotes(now=late) == 1
    assert services.expire_quotes(now=late) == 0
    assert Event.objects.filter(name="quote.expired").count() == 1


@pytest.mark.parametrize(
    ("prices", "days"), [(("0.12",), 14), (("0.12", "NaN"), 14), (("-1", "30"), 14), (("0.12", "30"), -1)]
)
def test_an_offer_that_makes_no_sense_is_refused(world, asked, prices, days):
    with pytest.raises(Invalid):
        offer(world, asked, prices, valid_until=world.today + timedelta(days=days))
    asked.refresh_from_db()
    assert asked.status == "requested"


def test_a_buyer_declines(world, asked):
    offer(world, asked)
    assert services.decline_quote(actor(world.anna), asked, reason="too dear", now=world.now).status == "declined"
    with pytest.raises(WrongStatus):
        accept(world, asked)


@pytest.mark.parametrize("price", ["0", "-1", "0.00004", "NaN", "Infinity", "1e9"])
def test_nothing_is_offered_for_nothing(world, asked, price):
    with pytest.raises(Invalid, match="above zero"):
        offer(world, asked, prices=("0.1200", price))
    asked.refresh_from_db()
    assert asked.status == "requested"


def test_only_the_accounts_rep_offers_and_only_its_buyers_accept(world, asked):
    with pytest.raises(PermissionMissing):
        services.offer_quote(actor(world.anna), asked, prices={}, valid_until=world.today, answer="", now=world.now)
    with pytest.raises(QuoteNotFound):
        services.offer_quote(actor(world.ruben), asked, prices={}, valid_until=world.today, answer="", now=world.now)
    offer(world, asked)
    with pytest.raises(QuoteNotFound):
        accept(world, asked, who=world.xaver)
    with pytest.raises(QuoteNotFound):
        quote_for(actor(world.xaver), asked.number)
    assert quotes_of(actor(world.anna)).rows == (asked,)
