"""A quick order from what was sent to the cart: what each line means, and that nothing is lost or put in twice."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import ShipTo
from apps.catalogue.models import AssortmentRule, CustomerPartNumber, Product, ProductCode, ProductRelation
from apps.ordering.errors import TooManyLines
from apps.ordering.models import CartLine, QuickOrder, QuickOrderLine
from apps.ordering.rules.sheets import MOST_LINES, Wish
from apps.ordering.selectors import answers_for, nearest_to, quick_order_of
from apps.ordering.selectors.carts import cart_of
from apps.ordering.services import quick_orders as services
from tests.ordering.test_races import at_once
from tests.ordering.trade import actor
from tests.world import build


@pytest.fixture
def codes(world):
    """The bolt under every kind of code; an old drill that has a successor, and an older one that has none."""
    for product, kind, code in (
        (world.bolt, "superseded", "OLD-M8-40"),
        (world.bolt, "competitor", "RS-123-456"),
        (world.gloves, "mpn", "SHARED-1"),
        (world.oil, "mpn", "SHARED-1"),
    ):
        ProductCode.objects.create(product=product, kind=kind, code=code)
    CustomerPartNumber.objects.create(account=world.brightwater, product=world.bolt, code="BW 0815")
    for sku in ("DRL-12V", "DRL-9V"):
        gone = Product.objects.create(
            sku=sku, name="Cordless drill", category=world.drill.category, status="discontinued"
        )
        ProductCode.objects.create(product=gone, kind="sku", code=sku)
    ProductRelation.objects.create(product=Product.objects.get(sku="DRL-12V"), other=world.drill, kind="successor")


def answered(world, who, *wishes):
    return answers_for(actor(who), [Wish(*wish) for wish in wishes], world.dock, world.now)


def means(answer) -> tuple[str, str | list[str]]:
    meaning = answer.meaning
    return str(meaning.verdict), meaning.product.sku if meaning.product else [p.sku for p in meaning.candidates]


@pytest.mark.parametrize(
    ("code", "meant"),
    [
        ("BLT-M8-40", ("found", "BLT-M8-40")),
        ("blt m8 40", ("found", "BLT-M8-40")),
        ("TV-M8X40", ("found", "BLT-M8-40")),
        ("04006381333931", ("found", "BLT-M8-40")),
        ("bw-815", ("unknown", [])),  # zeros count inside a number
        ("BW0815", ("found", "BLT-M8-40")),
        ("RS123456", ("found", "BLT-M8-40")),
        ("OLD-M8-40", ("replaced", "BLT-M8-40")),
        ("DRL-12V", ("replaced", "DRL-18V")),
        ("DRL-9V", ("gone", [])),
        ("SHARED-1", ("several", ["GLV-NIT-L", "OIL-5L"])),
        ("BLT-M8", ("unknown", [])),
        ("", ("no_code", [])),
    ],
)
def test_what_a_code_means(world, codes, code, meant):
    assert means(answered(world, world.anna, (code, "100")).lines[0]) == meant


def test_another_account_does_not_know_our_number(world, codes):
    assert means(answered(world, world.xaver, ("BW0815", "100")).lines[0]) == ("unknown", [])


def test_a_product_outside_the_assortment_is_unknown_also_where_it_was_chosen(world, codes):
    AssortmentRule.objects.create(effect="exclude", account=world.brightwater, product=world.bolt)
    lines = answered(world, world.anna, ("BLT-M8-40", "100"), ("OLD-M8-40", "100", world.bolt.pk)).lines
    assert [means(line) for line in lines] == [("unknown", [])] * 2
    assert world.bolt not in {found for each in nearest_to(actor(world.anna), lines).values() for found in each}


def test_a_fragment_and_a_slip_are_answered_with_what_was_likely_meant(world, codes):
    lines = answered(world, world.anna, ("M8-40", "1"), ("BLT-M8-4l", "1"), ("nitrile gloves", "1")).lines
    nearest = nearest_to(actor(world.anna), lines)
    found = [[product.sku for product in nearest[line.wish.code]] for line in lines]
    assert found[0] == ["BLT-M8-40"]
    assert "BLT-M8-40" in found[1]
    assert found[2] == ["GLV-NIT-L"]


def test_every_line_is_priced_and_promised_for_what_it_comes_to(world):
    answers = answered(world, world.anna, ("BLT-M8-40", "950"), ("GLV-NIT-L", "2"), ("BLT-M8-40", "50"), ("?", "1"))
    bolt, gloves, again, unknown = answers.lines
    assert (bolt.counted.quantity, str(bolt.decision.unit_price), str(bolt.net)) == (1000, "0.1400", "140.00")
    assert bolt.arrives_on == gloves.arrives_on
    assert (again.counted.with_line, again.net, unknown.net) == (0, None, None)
    assert (answers.ready, answers.waiting, str(answers.goods_net)) == (3, 1, "157.00")


def test_thousands_of_lines_cost_as_many_queries_as_two(world, codes):
    few = [Wish("BLT-M8-40", "100", place=world.dock.code), Wish("DRL-12V", "1", place="No such")]
    anna = actor(world.anna)

    def queries(wishes):
        with CaptureQueriesContext(connection) as asked:
            answers_for(actor(world.anna), wishes, world.dock, world.now)
        return len(asked)

    assert anna.contact_id
    assert queries(few) == queries(few * 300 + [Wish(f"NO-{n}", "1") for n in range(300)])


def test_the_cart_gets_what_is_ready_once_and_the_rest_stays(world, codes):
    anna = actor(world.anna)
    wishes = [("BLT-M8-40", "60"), ("OLD-M8-40", "40"), ("SHARED-1", "1"), ("GLV-NIT-L", "1.000"), ("NO-SUCH", "1")]
    services.add_wishes(anna, [Wish(*wish) for wish in wishes], now=world.now)
    key = quick_order_of(anna, world.dock, world.now).key

    filled = services.fill_cart(anna, key, now=world.now)
    assert (filled.lines, filled.products, filled.left) == (2, 1, 3)
    assert services.fill_cart(anna, key, now=world.now).before
    assert CartLine.objects.get().quantity == 100
    assert list(QuickOrderLine.objects.values_list("code", flat=True)) == ["SHARED-1", "GLV-NIT-L", "NO-SUCH"]


@pytest.fixture
def site(world):
    return ShipTo.objects.create(
        account=world.brightwater, code="HUL", name="Hull site", street="2 Dock Road", city="Hull", receiving_days="24"
    )


def goes(world) -> dict[str, list[tuple[str, int]]]:
    lines = cart_of(actor(world.anna), world.now).lines
    return {each.product.sku: [(part.ship_to.code, part.quantity) for part in each.apart] for each in lines}


def filled_with(world, *wishes):
    anna = actor(world.anna)
    services.add_wishes(anna, [Wish(code, quantity, place=place) for code, quantity, place in wishes], now=world.now)
    key = quick_order_of(anna, world.dock, world.now).key
    return services.fill_cart(anna, key, now=world.now)


def test_a_line_goes_to_the_ship_to_it_names_and_waits_where_there_is_none(world, site):
    wishes = [("GLV-NIT-L", "3", ""), ("GLV-NIT-L", "4", "hull site"), ("GLV-NIT-L", "5", "Leeds")]
    filled = filled_with(world, *wishes)
    assert (filled.lines, filled.products, filled.left) == (2, 1, 1)
    assert goes(world) == {"GLV-NIT-L": [(world.dock.code, 3), ("HUL", 4)]}
    filled_with(world, ("GLV-NIT-L", "1", "HUL"))  # on top of what the cart has
    assert goes(world) == {"GLV-NIT-L": [(world.dock.code, 3), ("HUL", 5)]}
    line = QuickOrderLine.objects.get()
    services.send_to(actor(world.anna), line.pk, "HUL", now=world.now)
    services.fill_cart(actor(world.anna), str(QuickOrder.objects.get().key), now=world.now)
    assert goes(world) == {"GLV-NIT-L": [(world.dock.code, 3), ("HUL", 10)]}


def test_a_whole_line_goes_there_and_what_names_none_stays_where_it_goes(world, site):
    filled_with(world, ("GLV-NIT-L", "3", "HUL"), ("BLT-M8-40", "100", ""))
    assert goes(world) == {"GLV-NIT-L": [("HUL", 3)], "BLT-M8-40": [(world.dock.code, 100)]}
    filled_with(world, ("GLV-NIT-L", "2", ""))
    assert goes(world) == {"GLV-NIT-L": [("HUL", 5)], "BLT-M8-40": [(world.dock.code, 100)]}
    filled_with(world, ("GLV-NIT-L", "1", ""), ("GLV-NIT-L", "1", "HUL"))
    assert goes(world)["GLV-NIT-L"] == [(world.dock.code, 1), ("HUL", 6)]


def test_the_day_of_a_line_is_that_of_its_ship_to(world, site):
    here, there = (
        answers_for(actor(world.anna), [Wish("GLV-NIT-L", "3", place=place)], world.dock, world.now).lines[0]
        for place in ("", "HUL")
    )
    assert there.arrives_on.isoweekday() in (2, 4)
    assert there.arrives_on > here.arrives_on


def test_another_accounts_ship_to_is_unknown(world, site):
    wish = Wish("GLV-NIT-L", "3", place="HUL")
    assert answers_for(actor(world.xaver), [wish], world.dock, world.now).lines[0].place.refused == "unknown_ship_to"


@pytest.mark.django_db(transaction=True)
def test_eight_presses_fill_the_cart_once():
    world = build()
    anna = actor(world.anna)
    services.add_wishes(anna, [Wish("GLV-NIT-L", "3")], now=world.now)
    key = str(QuickOrder.objects.get().key)
    filled = at_once(lambda _press: services.fill_cart(actor(world.anna), key, now=world.now), range(8))
    assert sum(each.lines for each in filled) == 1
    assert CartLine.objects.get().quantity == 3


def test_a_choice_is_kept_until_the_code_is_another(world, codes):
    anna = actor(world.anna)
    services.add_wishes(anna, [Wish("SHARED-1", "2")], now=world.now)
    line = QuickOrderLine.objects.get()
    services.choose(anna, line.pk, world.oil, now=world.now)
    services.change_lines(anna, {line.pk: ("SHARED-1", "3")}, now=world.now)
    assert means(quick_order_of(anna, world.dock, world.now).answers.lines[0]) == ("found", "OIL-5L")
    services.change_lines(anna, {line.pk: ("GLV-NIT-L", "3")}, now=world.now)
    assert means(quick_order_of(anna, world.dock, world.now).answers.lines[0]) == ("found", "GLV-NIT-L")


def test_the_same_code_scanned_again_counts_up(world):
    anna = actor(world.anna)
    for code in ("GLV-NIT-L", "glv nit l", "OIL-5L"):
        services.add_one(anna, code, "1", now=world.now)
    assert list(QuickOrderLine.objects.values_list("code", "quantity")) == [("GLV-NIT-L", "2"), ("OIL-5L", "1")]


def test_more_lines_than_fit_are_refused_and_none_is_kept(world):
    anna = actor(world.anna)
    services.add_wishes(anna, [Wish("X", "1")], now=world.now)
    with pytest.raises(TooManyLines, match="5,001"):
        services.add_wishes(anna, [Wish("Y", "1")] * MOST_LINES, now=world.now)
    assert QuickOrderLine.objects.count() == 1


def test_what_nobody_touches_is_forgotten(world):
    services.add_wishes(actor(world.anna), [Wish("X", "1")], now=world.now)
    services.add_wishes(actor(world.xaver), [Wish("Y", "1")], now=world.now + timedelta(days=30))
    assert services.forget_quick_orders(now=world.now + timedelta(days=61)) == 1
    assert QuickOrderLine.objects.get().code == "Y"
