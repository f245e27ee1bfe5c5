"""One order to several ship-tos: the rule, what is kept, and that nothing is bypassed by it."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from apps.accounts.errors import ShipToUnknown
from apps.accounts.models import ShipTo
from apps.availability.models import StockLevel, SupplierOffer
from apps.availability.services import change_offer
from apps.core.scoping import SYSTEM
from apps.delivery.errors import SlotTaken
from apps.delivery.models import DeliveryOption, Lane, Slot, SlotBooking, SlotWindow
from apps.fulfilment import papers
from apps.fulfilment.errors import DeliveryRefused
from apps.fulfilment.models import DeliveryFact, LineFact, Shipment, Slip, Tour
from apps.fulfilment.selectors.picking import shipment_to_pick
from apps.fulfilment.selectors.proofs import stops_of
from apps.fulfilment.services import (
    confirm_delivery,
    dispatch_shipment,
    follow_supply,
    plan_shipments,
    plan_tour,
    take_in,
)
from apps.fulfilment.services.facts import freeze_facts
from apps.fulfilment.services.messages import carrier_actor
from apps.ordering import services
from apps.ordering.errors import BudgetExceeded, OptionRefused, ShipToRefused
from apps.ordering.models import ApprovalPolicy, CartLine, CartSplit, CostCentre, Order, PolicyStep
from apps.ordering.rules.deliveries import DeliveryWish
from apps.ordering.rules.splits import Share, ordered, share_refused, shares_of, split
from apps.ordering.selectors.carts import cart_of
from apps.ordering.services.splitting import split_line
from apps.pricing.models import AccountTerms
from tests.ordering.trade import actor, fill, place

YORK, LEEDS, HULL = 1, 2, 3
FRIDAY = date(2026, 3, 6)


@pytest.mark.parametrize(
    ("quantity", "shares", "goes"),
    [
        (10, [], {YORK: 10}),
        (10, [(LEEDS, 4)], {YORK: 6, LEEDS: 4}),
        (10, [(LEEDS, None)], {LEEDS: 10}),
        (10, [(LEEDS, None), (HULL, 3)], {LEEDS: 7, HULL: 3}),
        (10, [(HULL, 3), (LEEDS, 4)], {YORK: 3, LEEDS: 4, HULL: 3}),  # the main one first, then by id
        (5, [(HULL, 3), (LEEDS, 4)], {LEEDS: 2, HULL: 3}),  # a smaller line takes from the last
        (3, [(HULL, 3), (LEEDS, 4)], {HULL: 3}),
        (10, [(YORK, 4), (LEEDS, 2)], {YORK: 8, LEEDS: 2}),  # the main one's share joins what is left
        (10, [(YORK, 4), (LEEDS, None)], {YORK: 4, LEEDS: 6}),
    ],
)
def test_where_a_line_goes(quantity, shares, goes):
    found = split(quantity, [Share(*share) for share in shares], main=YORK)

    assert list(found.items()) == list(goes.items())
    assert sum(found.values()) == quantity


@pytest.mark.parametrize(
    ("wished", "multiple", "why"),
    [
        ({LEEDS: 4}, 1, ""),
        ({LEEDS: 0, HULL: 10}, 1, ""),
        ({LEEDS: "some"}, 1, "not_whole"),
        ({LEEDS: -1}, 1, "not_whole"),
        ({LEEDS: 4}, 5, "not_in_multiples"),
        ({LEEDS: 5, HULL: 5}, 5, ""),
        ({LEEDS: 6, HULL: 5}, 1, "too_much"),
    ],
)
def test_which_shares_can_be(wished, multiple, why):
    assert share_refused(wished, 10, multiple=multiple) == why


def test_what_has_all_of_a_line_has_it_whatever_it_becomes():
    assert shares_of({LEEDS: 10, YORK: 0}, 10, main=YORK) == [Share(LEEDS, None)]
    assert shares_of({LEEDS: 4, YORK: 6}, 10, main=YORK) == [Share(LEEDS, 4)]
    assert ordered([HULL, LEEDS], main=YORK) == [LEEDS, HULL]


@pytest.fixture
def site(world):
    """Brightwater's second place, in Hull, which receives on Tuesdays and Thursdays."""
    return ShipTo.objects.create(
        account=world.brightwater, code="HUL", name="Hull site", street="2 Dock Road", postal_code="HU1 1AA",
        city="Hull", receiving_days="24", gate="Gate 9",
    )  # fmt: skip


def gives(world, site, quantity, product=None, who=None):
    who = who or world.anna
    line = CartLine.objects.get(cart__contact=who, product=product or world.gloves)
    return split_line(actor(who), line.pk, {site.pk: quantity}, main=world.dock.pk, now=world.now)


def split_order(world, site, *, way=None, key="k", **more):
    """Ten boxes of gloves and a hundred bolts: four boxes go to Hull, by express if nothing else is said."""
    if not CartLine.objects.exists():
        fill(world, world.anna, (world.gloves, 10), (world.bolt, 100))
        gives(world, site, 4)
    wish = way or DeliveryWish(site.pk, world.express.pk)
    return place(world, key=key, further=[wish], **more)


def test_one_order_goes_to_two_places_each_with_its_way_day_and_freight(world, site):
    order = split_order(world, site)
    [hull] = order.destinations.all()
    here = [(line.sku, line.quantity, line.destination_id, line.promised_on) for line in order.lines.all()]

    assert here == [
        ("GLV-NIT-L", 6, None, FRIDAY),
        ("BLT-M8-40", 100, None, FRIDAY),
        ("GLV-NIT-L", 4, hull.pk, date(2026, 3, 5)),
    ]
    assert (hull.delivery_option, hull.freight_net, hull.promised_on) == (
        world.express, Decimal("14.50"), date(2026, 3, 5)
    )  # fmt: skip
    assert (order.freight_net, order.promised_on) == (Decimal("21.40"), FRIDAY)
    assert "Gate 9" in hull.ship_to_text
    assert {line.unit_price for line in order.lines.filter(sku="GLV-NIT-L")} == {Decimal("7.90")}  # that of ten
    assert order.goods_net == Decimal("95.00")
    assert not CartSplit.objects.exists()


def test_the_cart_promises_each_place_what_the_order_then_keeps(world, site):
    world.standard.free_from = None
    fill(world, world.anna, (world.gloves, 60))
    gives(world, site, 30)
    [line] = cart_of(actor(world.anna), world.now).lines
    shown = {share.ship_to: share.arrives_on for share in line.shares}
    order = place(world, key="k", is_complete=False, further=[DeliveryWish(site.pk, world.standard.pk)])

    assert shown[world.dock] == FRIDAY  # the first place is served first
    assert shown == {line.goes.ship_to: line.promised_on for line in order.lines.select_related("destination__ship_to")}


def test_what_goes_elsewhere_whole_leaves_the_first_place_out(world, site):
    fill(world, world.anna, (world.gloves, 10))
    gives(world, site, 10)
    order = place(world, key="k", further=[DeliveryWish(site.pk, world.express.pk)])

    assert (order.ship_to, order.delivery_option) == (site, world.express)
    assert not order.destinations.exists()


@pytest.mark.parametrize("above", [80, 100])
def test_limits_look_at_the_whole_order(world, site, above):
    """95.00 of goods and 21.40 of freight, neither part of which is above the limit."""
    world.anna.spend_limit = above
    world.anna.save()

    assert split_order(world, site).status == "awaiting_approval"


def test_credit_looks_at_the_whole_order(world, site):
    AccountTerms.objects.filter(account=world.brightwater).update(credit_limit=100)

    assert split_order(world, site).status == "awaiting_release"


def test_a_budget_that_blocks_looks_at_the_whole_order(world, site):
    centre = CostCentre.objects.create(
        account=world.brightwater, code="D", name="Depot", budget=110, period="month", when_over="block"
    )
    fill(world, world.anna, (world.gloves, 10), (world.bolt, 100))
    gives(world, site, 4)
    with pytest.raises(BudgetExceeded):
        split_order(world, site, cost_centre_id=centre.pk)
    assert not Order.objects.exists()


def test_a_policy_of_one_place_asks_for_an_order_that_goes_there_among_others(world, site):
    policy = ApprovalPolicy.objects.create(account=world.brightwater, name="Hull", ship_to=site)
    PolicyStep.objects.create(policy=policy, above=90, role="approver")

    assert split_order(world, site).status == "awaiting_approval"  # 32.00 of it goes to Hull


def test_a_slot_taken_meanwhile_at_one_place_leaves_all_as_it_was(world, site):
    van = SlotWindow.objects.create(option=world.express, starts_at=time(8), ends_at=time(10), capacity=1)
    Slot.objects.create(window=van, day_on=date(2026, 3, 5), capacity=1, booked=1)
    fill(world, world.anna, (world.gloves, 10), (world.bolt, 100))
    gives(world, site, 4)
    with pytest.raises(SlotTaken, match="Hull site: That time slot cannot be had") as refusal:
        split_order(world, site, way=DeliveryWish(site.pk, world.express.pk, f"{van.pk}@2026-03-05"))

    assert refusal.value.fields.keys() == {f"slot-{site.pk}"}
    assert refusal.value.facts["free"]
    assert (Order.objects.count(), CartLine.objects.count(), CartSplit.objects.count()) == (0, 2, 1)
    assert sum(StockLevel.objects.values_list("reserved", flat=True)) == 0


def test_each_delivery_has_its_own_place_in_a_slot_and_gives_it_back(world, site):
    van = SlotWindow.objects.create(option=world.express, starts_at=time(8), ends_at=time(10), capacity=2)
    slot = f"{van.pk}@2026-03-05"
    order = split_order(world, site, way=DeliveryWish(site.pk, world.express.pk, slot), option=world.express, slot=slot)

    assert (Slot.objects.get().booked, SlotBooking.objects.count()) == (2, 2)
    assert order.destinations.get().slot_id == order.slot_id
    services.cancel_order(actor(world.anna), order, now=world.now)
    assert (Slot.objects.get().booked, SlotBooking.objects.count()) == (0, 0)


def test_an_order_taken_back_to_be_changed_is_split_as_it_was(world, site):
    order = split_order(world, site)
    services.take_back(actor(world.anna), order, now=world.now)

    assert [(each.line.product, each.ship_to, each.quantity) for each in CartSplit.objects.all()] == [
        (world.gloves, site, 4)
    ]


@pytest.mark.parametrize("of", ["calder_dock", "leeds_dock"])
def test_a_strangers_or_a_subsidiarys_address_is_none(world, of):
    fill(world, world.anna, (world.gloves, 10))
    with pytest.raises(ShipToUnknown):
        gives(world, getattr(world, of), 4)

    assert not CartSplit.objects.exists()


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"country": "IE"}, "Hull site is in another country than Main dock"),
        ({"street": " "}, "Nobody can deliver to Hull site"),
    ],
)
def test_a_place_that_cannot_be_is_said(world, site, fields, why):
    ShipTo.objects.filter(pk=site.pk).update(**fields)
    with pytest.raises(ShipToRefused, match=why):
        split_order(world, site)
    assert not Order.objects.exists()


def test_a_place_given_up_meanwhile_is_a_problem_of_the_cart(world, site):
    fill(world, world.anna, (world.gloves, 10))
    gives(world, site, 4)
    ShipTo.objects.filter(pk=site.pk).update(is_active=False)

    assert [line.problem for line in cart_of(actor(world.anna), world.now).lines] == ["ship_to_gone"]
    with pytest.raises(ShipToUnknown):
        split_order(world, site)


def test_without_a_way_to_the_further_place_nothing_is_ordered(world, site):
    with pytest.raises(OptionRefused, match="Hull site: Choose one of the ways"):
        split_order(world, site, way=DeliveryWish(site.pk))
    assert not Order.objects.exists()


@pytest.mark.parametrize("typed", ["11", "-1", "a few", "1.5"])
def test_shares_that_cannot_be_change_nothing(world, site, typed):
    fill(world, world.anna, (world.gloves, 10))
    gives(world, site, "4")
    with pytest.raises(ShipToRefused):
        gives(world, site, typed)
    assert CartSplit.objects.get().quantity == 4


def test_shipments_go_each_to_its_place_and_so_do_the_facts(world, site):
    order = services.confirm_order(SYSTEM, split_order(world, site), now=world.now)
    shipments = plan_shipments(order.pk, now=world.now)

    assert [(each.goes.place, each.carrier) for each in shipments] == [
        ("Main dock", "Northern Parcels"), ("Hull site", ""),
    ]  # fmt: skip
    slip = papers._sheet(shipment_to_pick(SYSTEM, shipments[1].number), [])
    assert "Hull site" in slip["ship_to"][0]
    assert any("Gate 9" in hint for hint in slip["hints"])
    assert {*plan_shipments(order.pk, now=world.now)} == {*shipments}  # safe to repeat
    sent = [dispatch_shipment(SYSTEM, each, now=world.now) for each in shipments]
    for each in sent:
        confirm_delivery(SYSTEM, each, received_by="Rick", delivered_at=world.now, now=world.now)
    assert Order.objects.get().status == "delivered"
    freeze_facts([each.pk for each in sent], now=world.now)
    assert DeliveryFact.objects.count() == 2


def test_the_desk_sees_what_each_ship_to_asks_for(world, site, signed_in, django_assert_max_num_queries):
    world.dock.gate = "Gate 1"
    world.dock.save()
    order = split_order(world, site)
    with django_assert_max_num_queries(30):
        page = signed_in(world.rhea).get(f"/workspace/orders/{order.number}/").content.decode()
    for words in ("For <bdi>Main dock</bdi>", "Gate 1", "For <bdi>Hull site</bdi>", "Gate 9"):
        assert words in page.replace("\u2068", "").replace("\u2069", ""), words


@pytest.fixture
def maker(world):
    """Torvik sends drills straight to whoever ordered them: of three, one is in Leeds."""
    world.drill.offers.update(ships_directly=True)
    option = DeliveryOption.objects.create(
        code="direct", name="Straight from the maker", kind="drop_ship", carrier="Maker's Haulage", position=9
    )
    Lane.objects.create(option=option, warehouse=world.north, country="GB", transit_days=1)
    return option


def test_a_part_comes_straight_from_its_maker_to_the_end(world, maker):
    order = place(world, world.anna, (world.drill, 3), (world.gloves, 10), is_complete=False)
    assert order.direct_option == maker

    order = services.confirm_order(SYSTEM, order, now=world.now)
    shipments = plan_shipments(order.pk, now=world.now)
    assert [(each.supplier, each.warehouse, each.carrier) for each in shipments] == [
        ("", world.north, "Northern Parcels"), ("Torvik", None, "Maker's Haulage"),
    ]  # fmt: skip
    assert {line.order_line.sku: line.quantity for line in shipments[1].lines.all()} == {"DRL-18V": 2}

    theirs = dispatch_shipment(SYSTEM, shipments[1], now=world.now)
    assert Shipment.objects.get(pk=theirs.pk).status == "shipped"
    offer = world.drill.offers.get()
    assert (offer.stock, offer.reserved) == (23, 0)
    assert StockLevel.objects.get(product=world.drill).reserved == 1  # what lies in Leeds is still held
    dispatch_shipment(SYSTEM, shipments[0], now=world.now)
    assert StockLevel.objects.get(product=world.drill).on_hand == 0
    confirm_delivery(SYSTEM, theirs, received_by="Rick", delivered_at=world.now, now=world.now)
    freeze_facts([theirs.pk], now=world.now)
    assert LineFact.objects.get(line__shipment=theirs).supplier == "Torvik"


def note(world, of, number="1", **more):
    at = (world.now + timedelta(hours=1)).isoformat()
    said = {"message_id": number, "kind": "dispatched", "shipment": of.number, "happened_at": at} | more
    [message] = take_in(carrier_actor("torvik"), [said], channel="api", now=world.now + timedelta(hours=2))
    return message


def test_the_suppliers_dispatch_note_says_that_it_has_left_and_how_it_is_known(world, maker):
    order = place(world, world.anna, (world.drill, 3), (world.gloves, 10), is_complete=False)
    order = services.confirm_order(SYSTEM, order, now=world.now)
    ours, theirs = plan_shipments(order.pk, now=world.now)
    for wrong, why in (
        ({"shipment": ours.number}, "Nothing that this supplier sends"),
        ({"shipment": "", "order": ""}, "names the shipment"),
        ({"lines": [{"position": 1, "quantity": 3}]}, "other goods"),
        ({"lines": "all"}, "cannot be read"),
        ({"happened_at": "today"}, "when it happened"),
    ):
        message = note(world, theirs, str(wrong), **wrong)
        assert (message.state, why in message.reason) == ("quarantined", True), message.reason
    goes = {"tracking_number": "JD-1", "carrier": "Parcel Post", "lines": [{"position": 1, "quantity": 2}]}
    message = note(world, theirs, shipment="", order=order.number, **goes)
    assert (message.state, message.reason) == ("applied", "")
    assert note(world, theirs, shipment="", order=order.number, **goes).pk == message.pk  # sent again
    theirs.refresh_from_db()
    assert (theirs.status, theirs.carrier, theirs.tracking_code) == ("shipped", "Parcel Post", "JD-1")
    assert theirs.shipped_at == world.now + timedelta(hours=1)
    assert world.drill.offers.get().reserved == 0
    at = (world.now + timedelta(hours=2)).isoformat()
    seen = {"message_id": "9", "kind": "delivered", "tracking_number": "JD-1", "happened_at": at}
    take_in(carrier_actor("Parcel Post"), [seen], channel="webhook", now=world.now + timedelta(hours=3))
    theirs.refresh_from_db()
    ours.refresh_from_db()
    assert (theirs.status, ours.status) == ("delivered", "planned")
    assert note(world, theirs, "late", tracking_number="JD-2").reason == "the shipment was delivered already"


def test_a_note_after_it_was_marked_by_hand_brings_its_number_and_another_suppliers_is_none(world, maker):
    order = place(world, world.anna, (world.drill, 3), is_complete=False)
    order = services.confirm_order(SYSTEM, order, now=world.now)
    theirs = next(each for each in plan_shipments(order.pk, now=world.now) if each.supplier)
    at = (world.now + timedelta(hours=1)).isoformat()
    said = {"message_id": "1", "kind": "dispatched", "shipment": theirs.number, "happened_at": at}
    [other] = take_in(carrier_actor("Somebody"), [said], channel="api", now=world.now + timedelta(hours=2))
    assert (other.state, "Nothing that this supplier" in other.reason) == ("quarantined", True)
    dispatch_shipment(SYSTEM, theirs, now=world.now)
    note(world, theirs, tracking_number="JD-1")
    theirs.refresh_from_db()
    assert (theirs.status, theirs.tracking_code, theirs.carrier) == ("shipped", "JD-1", "Maker's Haulage")


def test_sent_complete_everything_comes_through_us(world, maker):
    order = place(world, world.anna, (world.drill, 3), is_complete=True)
    assert order.direct_option is None

    order = services.confirm_order(SYSTEM, order, now=world.now)
    [shipment] = plan_shipments(order.pk, now=world.now)
    assert (shipment.supplier, shipment.warehouse) == ("", world.north)
    dispatch_shipment(SYSTEM, shipment, now=world.now)
    assert world.drill.offers.get().reserved == 0


def test_what_is_sent_straight_by_its_option_alone_never_comes_to_a_warehouse(world, maker):
    StockLevel.objects.filter(product=world.drill).update(on_hand=0)
    order = place(world, world.anna, (world.drill, 3), option=maker, is_complete=True)

    order = services.confirm_order(SYSTEM, order, now=world.now)
    [shipment] = plan_shipments(order.pk, now=world.now)
    assert (shipment.supplier, shipment.warehouse, shipment.carrier) == ("Torvik", None, "Maker's Haulage")
    dispatch_shipment(SYSTEM, shipment, now=world.now)
    assert (world.drill.offers.get().stock, world.drill.offers.get().reserved) == (22, 0)


def direct_shipment(world):
    """Two drills that Torvik sends straight to Anna's dock, beside what comes from us."""
    order = place(world, world.anna, (world.drill, 3), (world.gloves, 10), is_complete=False)
    order = services.confirm_order(SYSTEM, order, now=world.now)
    ours, theirs = plan_shipments(order.pk, now=world.now)
    return ours, theirs


def test_what_a_supplier_sends_is_on_no_driver_s_tour(world, maker):
    ours, theirs = direct_shipment(world)
    with pytest.raises(DeliveryRefused, match=f"Take out {theirs.number}: the supplier sends it straight"):
        plan_tour(SYSTEM, [ours, theirs], driver="Dan", now=world.now)

    assert not Tour.objects.exists()
    assert [each.pk for each in stops_of(plan_tour(SYSTEM, [ours], driver="Dan", now=world.now))] == [ours.pk]


def test_what_the_supplier_s_carrier_says_is_taken(world, maker):
    _ours, theirs = direct_shipment(world)
    Shipment.objects.filter(pk=theirs.pk).update(tracking_code="MH-1")
    for number, kind in (("1", "picked_up"), ("2", "delivered")):
        at = world.now + timedelta(hours=int(number))
        row = {"message_id": number, "tracking_number": "MH-1", "kind": kind, "happened_at": at.isoformat()}
        [kept] = take_in(carrier_actor("Maker's Haulage"), [row], channel="api", now=at + timedelta(hours=1))
        assert (kept.state, kept.reason) == ("applied", "")

    theirs.refresh_from_db()
    assert theirs.status == "delivered"
    assert world.drill.offers.get().reserved == 0


def test_a_supplier_who_takes_longer_is_noticed_for_what_comes_straight_from_there(world, maker):
    _ours, theirs = direct_shipment(world)
    offer = world.drill.offers.get()
    change_offer(offer, stock=offer.stock, lead_days=offer.lead_days + 7, now=world.now, on=world.today)
    assert follow_supply(world.drill.sku, because="offer", now=world.now) == 1

    [slip] = Slip.objects.all()
    theirs.refresh_from_db()
    assert (slip.quantity, slip.comes_on, theirs.supplier) == (2, theirs.comes_on, "Torvik")
    assert slip.comes_on > slip.first_on


def test_what_a_supplier_no_longer_has_comes_through_us_and_has_a_day(world, maker):
    _ours, theirs = direct_shipment(world)
    change_offer(world.drill.offers.get(), stock=0, lead_days=6, now=world.now, on=world.today)
    follow_supply(world.drill.sku, because="offer", now=world.now)

    theirs.refresh_from_db()
    assert theirs.status == "cancelled"
    [slip] = Slip.objects.all()
    [anew] = Shipment.objects.filter(order=theirs.order_id, status="planned", ready_on__gt=theirs.ready_on)
    assert (anew.supplier, anew.warehouse, anew.comes_on) == ("", world.north, slip.comes_on)


def test_what_a_supplier_no_longer_has_comes_straight_from_another_who_has_it(world, maker):
    _ours, theirs = direct_shipment(world)
    SupplierOffer.objects.create(product=world.drill, supplier="Zeno", stock=9, lead_days=8, ships_directly=True)
    change_offer(world.drill.offers.get(supplier="Torvik"), stock=0, lead_days=6, now=world.now, on=world.today)
    follow_supply(world.drill.sku, because="offer", now=world.now)

    anew = Shipment.objects.get(order=theirs.order_id, supplier="Zeno")
    assert (anew.warehouse, anew.status, anew.comes_on) == (None, "planned", Slip.objects.get().comes_on)
