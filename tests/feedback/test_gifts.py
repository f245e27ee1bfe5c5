"""What each kind of offer gives is used by itself, once, and is over in time; what it did not need is free again."""

from datetime import time, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Account
from apps.accounts.selectors import actor_for
from apps.availability.models import StockLevel
from apps.cases.models import FollowUp
from apps.cases.services import settle_follow_up
from apps.core.models import Event
from apps.core.scoping import SYSTEM
from apps.delivery.models import SlotRight, SlotWindow
from apps.feedback.errors import OfferRefused
from apps.feedback.models import Offer, OfferMonth, OfferTerms
from apps.feedback.selectors import offer_effect, usual_freight
from apps.feedback.services import approve_offer, end_offers, follow_use, propose_offer
from apps.fulfilment.models import Insert, PromisedInsert, Shipment
from apps.fulfilment.services import confirm_picks, dispatch_shipment, release_wave
from apps.fulfilment.services.planning import plan_shipments
from apps.ordering.models import Order
from apps.ordering.services import cancel_order, confirm_order
from apps.pricing.models import Coupon, ExchangeRate
from tests.portal.buying import add, checkout_form, place, placed
from tests.workspace.desk import words

WORDS = "For your next order"
KINDS = ("discount", "freight", "sample", "slot", "call")


@pytest.fixture
def house(world, db):
    """Terms, a sample that costs 4.00, and a priority slot before the others of the van."""
    OfferTerms.objects.create(pk=1, monthly_budget=100, floor_percent=20, valid_days=60, held_out_percent=0)
    world.sample = Insert.objects.create(name="A drill to try", kind="sample", product=world.drill, cost=4)
    for starts, is_priority in ((10, False), (14, True)):
        SlotWindow.objects.create(
            option=world.express, starts_at=time(starts), ends_at=time(starts + 2), capacity=3, is_priority=is_priority
        )
    return world


def made(world, kind, account=None, **said) -> Offer:
    now = timezone.now()
    account = account or world.brightwater
    offer = propose_offer(account, contact_id=None, why="Dear gloves", source_ref=f"answer:{account.pk}", now=now)
    if kind == "discount":
        Offer.objects.filter(pk=offer.pk).update(most_percent=5, usual_order=80)
        said = {"percent": 5} | said
    if kind == "sample":
        said = {"insert_id": world.sample.pk} | said
    if kind == "freight":
        said = {"cost": Decimal(15)} | said
    return approve_offer(actor_for(world.rhea.user), offer, kind=kind, words=WORDS, now=now, **said)


def followed(world) -> Offer:
    follow_use(world.brightwater.pk, now=timezone.now())
    follow_use(world.brightwater.pk, now=timezone.now())
    return Offer.objects.get(account=world.brightwater)


def spent() -> Decimal:
    return OfferMonth.objects.get().spent


def test_freight_is_off_the_next_order_and_what_it_did_not_need_is_free_again(house, signed_in):
    made(house, "freight")
    assert spent() == 15
    anna = signed_in(house.anna)
    order = Order.objects.get(number=placed(anna, house.gloves, 2))
    assert (order.freight_net, order.coupon_saved) == (0, Decimal("6.90"))
    offer = followed(house)
    assert offer.used_at is not None
    assert (offer.cost, spent()) == (Decimal("6.90"), Decimal("6.90"))
    assert Event.objects.filter(name="offer.used", subject=f"offer:{offer.pk}").count() == 1
    assert "They used what they were offered" in words(signed_in(house.rhea), "account", house.brightwater.number)

    cancel_order(SYSTEM, order, now=timezone.now())
    offer = followed(house)
    assert (offer.used_at, offer.cost, spent()) == (None, 15, 15)
    assert Order.objects.get(number=placed(signed_in(house.anna), house.gloves, 2)).freight_net == 0


def test_free_again_takes_no_more_than_the_month_has_left(house, signed_in):
    made(house, "freight")
    order = Order.objects.get(number=placed(signed_in(house.anna), house.gloves, 2))
    followed(house)
    OfferMonth.objects.update(budget=10)
    cancel_order(SYSTEM, order, now=timezone.now())
    assert (followed(house).cost, spent()) == (10, 10)


def test_freight_is_what_they_usually_pay_in_their_own_currency(house, signed_in):
    placed(signed_in(house.anna), house.gloves, 2)
    assert usual_freight(house.brightwater.pk, timezone.localdate()) == Decimal("6.90")
    offer = made(house, "freight", cost=None)
    assert (offer.cost, offer.coupon.freight_up_to) == (Decimal("6.90"), Decimal("6.90"))
    house.calder.currency = "EUR"
    house.calder.save()
    with pytest.raises(OfferRefused) as refused:
        made(house, "freight", house.calder)
    assert "EUR" in refused.value.fields["kind"][0]
    ExchangeRate.objects.create(currency="EUR", rate="0.9", valid_from="2025-01-01")
    offer = made(house, "freight", house.calder)
    assert (offer.coupon.currency, offer.coupon.freight_up_to) == ("EUR", Decimal("16.66"))


def boxed(world, client):
    """The next shipment of Brightwater, its wave released."""
    order = Order.objects.get(number=placed(client, world.gloves, 2))
    now = timezone.now()
    [shipment] = plan_shipments(confirm_order(SYSTEM, order, now=now).pk, now=now)
    release_wave(SYSTEM, world.north, now=now)
    return Shipment.objects.get(pk=shipment.pk)


def test_a_sample_lies_in_the_next_box_and_is_used_once_it_left(house, signed_in):
    offer = made(house, "sample")
    assert (offer.cost, spent()) == (4, 4)
    first = boxed(house, signed_in(house.anna))
    row = first.inserts.get()
    assert (row.insert, row.state, row.why) == (house.sample, "chosen", "Promised to the account")
    assert StockLevel.objects.get(product=house.drill).reserved == 1
    assert end_offers(now=timezone.now() + timedelta(days=90)) == 0, "it is on its way"
    confirm_picks(SYSTEM, first, {}, put_in=(), now=timezone.now())
    assert PromisedInsert.objects.get().state == "waiting"
    assert StockLevel.objects.get(product=house.drill).reserved == 0
    assert followed(house).used_at is None

    second = boxed(house, signed_in(house.anna))
    confirm_picks(SYSTEM, second, {}, put_in={second.inserts.get().pk}, now=timezone.now())
    dispatch_shipment(SYSTEM, second, now=timezone.now())
    assert (PromisedInsert.objects.get().state, followed(house).used_at is not None) == ("gone", True)
    assert not boxed(house, signed_in(house.anna)).inserts.exists()


def test_a_sample_that_is_not_there_waits_and_is_beside_what_rules_choose(house, signed_in):
    made(house, "sample")
    StockLevel.objects.filter(product=house.drill).update(on_hand=0)
    assert not boxed(house, signed_in(house.anna)).inserts.exists()
    assert PromisedInsert.objects.get().state == "waiting"


def test_a_priority_slot_is_seen_by_right_alone_chosen_by_itself_and_given_back(house, signed_in):
    anna = signed_in(house.anna)
    by_van = {"option": house.express.pk, "show": "1"}
    add(anna, house.gloves, 2)
    plain = anna.post(reverse("portal:checkout"), checkout_form(anna) | by_van)
    assert not [slot for slot in plain.context["going"].slots if slot.is_priority]
    hidden = SlotWindow.objects.get(is_priority=True).pk
    day = plain.context["going"].slots[0].day_on
    assert place(anna, option=house.express.pk, slot=f"{hidden}@{day}").status_code == 409

    made(house, "slot", cost=Decimal(5))
    shown = anna.post(reverse("portal:checkout"), checkout_form(anna) | by_van)
    going = shown.context["going"]
    assert going.slot.is_priority
    assert "priority slot" in shown.text
    answer = place(anna, option=house.express.pk, slot=going.slot.code)
    order = Order.objects.get(number=answer.url.rstrip("/").rpartition("/")[2])
    assert followed(house).used_at is not None
    assert spent() == 5
    add(anna, house.gloves, 2)
    again = anna.post(reverse("portal:checkout"), checkout_form(anna) | by_van)
    assert not [slot for slot in again.context["going"].slots if slot.is_priority]
    cancel_order(SYSTEM, order, now=timezone.now())
    assert followed(house).used_at is None
    assert SlotRight.objects.get().order_number == ""


def test_a_call_is_a_task_of_the_rep_and_used_once_it_is_done(house):
    offer = made(house, "call")
    task = FollowUp.objects.get(kind="call")
    assert (task.owner, task.state, WORDS in task.title, "Dear" in task.title) == (house.rhea, "open", True, False)
    assert followed(house).used_at is None
    settle_follow_up(actor_for(house.rhea.user), task, done=True, outcome="Done", now=timezone.now())
    assert followed(house).used_at is not None
    assert offer.cost == 0


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_over_in_time_and_nobody_can_use_it_then(house, signed_in, kind):
    more = {} if kind == "sample" else {"cost": Decimal(9)}
    made(house, kind, **more)
    promised = spent()
    assert promised > 0
    later = timezone.now() + timedelta(days=61)
    assert end_offers(now=timezone.now() + timedelta(days=60)) == 0
    assert end_offers(now=later) == 1
    assert end_offers(now=later) == 0
    assert (Offer.objects.get().state, spent()) == ("expired", 0)
    assert not Coupon.objects.in_force(later.date()).exists()
    assert not SlotRight.objects.exists()
    assert not PromisedInsert.objects.filter(state="waiting").exists()
    assert not FollowUp.objects.filter(state="open", kind="call").exists()


def test_the_rep_makes_each_kind_at_the_desk_and_reads_whether_it_is_used(house, signed_in):
    rhea = signed_in(house.rhea)
    accounts = (house.brightwater, Account.objects.create(number="AC-81", name="Depot", rep=house.rhea))
    for account, kind, told in zip(
        accounts, ("sample", "slot"), ("A drill to try", "offered at the next checkout by itself"), strict=True
    ):
        offer = propose_offer(account, contact_id=None, why="x", source_ref=f"a:{account.pk}", now=timezone.now())
        page = words(rhea, "offer", offer.pk)
        for choice in ("used by itself", "put in by itself", "at the next checkout by itself", "Usual freight"):
            assert choice in page
        form = {"kind": kind, "insert": house.sample.pk, "cost": "", "percent": "0", "words": WORDS, "way": "approve"}
        assert rhea.post(reverse("workspace:offer", args=[offer.pk]), form).status_code == 302
        assert told in words(rhea, "offer", offer.pk)
    effect = offer_effect(actor_for(house.mona.user), now=timezone.now())
    assert [(each.made, each.used) for each in effect.kinds] == [(1, 0), (1, 0)]
    assert "1 made, 0 used" in words(signed_in(house.mona), "offers")


def test_what_the_house_has_not_is_not_offered(house, signed_in):
    SlotWindow.objects.all().delete()
    Insert.objects.update(is_active=False)
    offer = propose_offer(house.brightwater, contact_id=None, why="x", source_ref="a:1", now=timezone.now())
    page = words(signed_in(house.rhea), "offer", offer.pk)
    assert "put in by itself" not in page
    assert "at the next checkout" not in page


def test_what_the_rep_saw_to_before_offers_were_used_by_themselves_stays_used(world):
    month = OfferMonth.objects.create(month=world.today.replace(day=1), budget=500, spent=40)
    offer = Offer.objects.create(
        account=world.brightwater, kind="freight", state="approved", source_ref="old:1", cost=40, month=month,
        rest=(world.today, world.today + timedelta(days=180)), proposed_at=world.now, decide_by=world.today,
        decided_at=world.now, used_at=world.now, valid_until=world.today + timedelta(days=30),
    )  # fmt: skip
    assert follow_use(world.brightwater.pk, now=world.now + timedelta(days=1)) == 0
    offer.refresh_from_db()
    assert (offer.used_at, offer.cost) == (world.now, 40)
