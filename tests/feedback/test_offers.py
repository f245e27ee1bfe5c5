"""Offers: proposed within the margin, approved within the budget, one in 180 days, used by themselves, over in time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Account
from apps.accounts.selectors import actor_for
from apps.cases.models import FollowUp
from apps.core.comparing import is_held_out
from apps.core.scoping import SYSTEM
from apps.delivery.models import SlotRight, SlotWindow
from apps.feedback.errors import OfferDecided, OfferRefused
from apps.feedback.models import Answer, Offer, OfferMonth, OfferTerms
from apps.feedback.selectors import offer_effect
from apps.feedback.services import (
    answer,
    approve_offer,
    close_the_loop,
    decline_offer,
    end_offers,
    follow_use,
    plan_invitation,
    propose_offer,
)
from apps.feedback.services.offers import DRAW
from apps.fulfilment.models import Insert, PromisedInsert
from apps.ordering.models import Cart, Order, OrderLine
from apps.ordering.services import cancel_order
from apps.pricing.models import ContractPrice, Coupon, ProductCost
from tests.feedback.deliveries import delivered
from tests.portal.buying import add, place, placed
from tests.workspace.desk import words

WORDS = "For your next order"


@pytest.fixture
def terms(db) -> OfferTerms:
    return OfferTerms.objects.create(
        pk=1, monthly_budget=1000, floor_percent=20, discount_percent=5, valid_days=60, held_out_percent=0
    )


def bought(account, product, quantity, price, *, days_ago=20):
    n = Order.objects.count() + 1
    at = timezone.now() - timedelta(days=days_ago)
    net = quantity * Decimal(price)
    order = Order.objects.create(
        number=f"SO-7{n}", account=account, currency="GBP", placed_at=at, status="delivered", goods_net=net, gross=net
    )
    OrderLine.objects.create(
        order=order, position=1, product=product, sku=product.sku, name=product.name, quantity=quantity,
        unit_price=price, price_source="list", net=net,
    )  # fmt: skip


def costs(product, cost):
    ProductCost.objects.create(product=product, currency="GBP", unit_cost=cost, valid_from="2025-01-01")


@pytest.fixture
def gloved(world, terms):
    """Brightwater buys gloves at 7.90 a box by tens; a box costs the house 5.00."""
    costs(world.gloves, "5.00")
    bought(world.brightwater, world.gloves, 10, "7.90")
    return world


def proposed(account, ref="answer:1", now=None) -> Offer:
    return propose_offer(account, contact_id=None, why="Cheaper gloves", source_ref=ref, now=now or timezone.now())


def approved(world, offer, **said):
    told = {"kind": "discount", "percent": 5, "words": WORDS, "now": timezone.now()} | said
    return approve_offer(actor_for(world.rhea.user), offer, **told)


def test_what_fits_the_account_is_proposed_once(gloved):
    offer = proposed(gloved.brightwater)
    assert (offer.kind, offer.state, offer.percent, offer.usual_order, offer.cost) == (
        "discount", "proposed", 5, Decimal("79.00"), Decimal("3.95"),
    )  # fmt: skip
    assert proposed(gloved.brightwater) == offer
    assert Offer.objects.count() == 1


def test_nothing_is_proposed_without_terms_and_a_call_where_there_is_no_room(world, db):
    assert proposed(world.brightwater) is None
    OfferTerms.objects.create(pk=1, monthly_budget=1000, floor_percent=50, held_out_percent=0)
    costs(world.gloves, "5.00")
    bought(world.brightwater, world.gloves, 10, "7.90")
    offer = proposed(world.brightwater)
    assert (offer.kind, offer.percent, offer.cost) == ("call", 0, 0)


def test_an_account_has_one_in_180_days(gloved):
    now = timezone.now()
    first = proposed(gloved.brightwater, now=now)
    assert proposed(gloved.brightwater, "answer:2", now + timedelta(days=179)) == first
    assert proposed(gloved.brightwater, "answer:3", now + timedelta(days=180)) != first
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.create(
            account=gloved.brightwater, kind="call", source_ref="x", rest=first.rest, proposed_at=now,
            decide_by=now.date(),
        )  # fmt: skip


def test_a_discount_is_used_by_the_next_cart_of_that_account_alone(gloved, signed_in):
    approved(gloved, proposed(gloved.brightwater))
    anna = signed_in(gloved.anna)
    add(anna, gloved.gloves, 10)
    cart = anna.get(reverse("portal:cart")).text
    assert WORDS in cart
    place(anna)
    order = Order.objects.latest("pk")
    assert (order.coupon_saved, order.lines.get().unit_price) == (Decimal("3.95"), Decimal("7.5050"))
    add(anna, gloved.gloves, 10)
    assert Cart.objects.get(contact=gloved.anna).coupon == ""
    lena = signed_in(gloved.lena)
    add(lena, gloved.gloves, 10)
    assert Cart.objects.get(contact=gloved.lena).coupon == ""
    code = Coupon.objects.get().code
    refused = lena.post(reverse("portal:cart_coupon"), {"code": code})
    assert refused.status_code == 422


def test_a_cart_under_way_uses_it_and_a_typed_code_stays(gloved, signed_in):
    anna = signed_in(gloved.anna)
    add(anna, gloved.gloves, 10)
    boris = signed_in(gloved.boris)
    add(boris, gloved.gloves, 10)
    Cart.objects.filter(contact=gloved.boris).update(coupon="TYPED")
    approved(gloved, proposed(gloved.brightwater))
    code = Coupon.objects.get().code
    assert dict(Cart.objects.values_list("contact__name", "coupon")) == {"Anna": code, "Boris": "TYPED"}


def test_taken_out_it_stays_out_of_that_cart(gloved, signed_in):
    approved(gloved, proposed(gloved.brightwater))
    anna = signed_in(gloved.anna)
    add(anna, gloved.gloves, 10)
    anna.post(reverse("portal:cart_coupon"), {"code": ""})
    add(anna, gloved.gloves, 10)
    assert Cart.objects.get(contact=gloved.anna).coupon == ""


def test_no_price_goes_below_the_margin_whatever_else_lowers_it(gloved, signed_in):
    ContractPrice.objects.create(contract=gloved.contract, product=gloved.gloves, min_quantity=1, unit_price="6.3000")
    offer = proposed(gloved.brightwater)
    assert offer.most_percent == 0
    Offer.objects.update(most_percent=5, kind="discount")
    approved(gloved, Offer.objects.get())
    number = placed(signed_in(gloved.anna), gloved.gloves, 10)
    assert OrderLine.objects.get(order__number=number).unit_price == Decimal("6.2500")  # 5.00 is 80 % of it


def test_what_has_no_cost_is_not_lowered(gloved, signed_in):
    approved(gloved, proposed(gloved.brightwater))
    anna = signed_in(gloved.anna)
    add(anna, gloved.gloves, 10)
    number = placed(anna, gloved.oil, 1)
    assert OrderLine.objects.get(order__number=number, product=gloved.oil).unit_price == Decimal("32.4000")


def test_an_offer_that_ran_out_meanwhile_is_said_at_the_checkout(gloved, signed_in):
    approved(gloved, proposed(gloved.brightwater))
    anna = signed_in(gloved.anna)
    add(anna, gloved.gloves, 10)
    Coupon.objects.update(valid_from="2025-01-01", valid_until="2025-02-01")
    before = Order.objects.count()
    assert place(anna).status_code != 302
    assert Order.objects.count() == before


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"percent": 6}, "percent"),
        ({"percent": 0}, "percent"),
        ({"words": " "}, "words"),
        ({"kind": "gold"}, "kind"),
        ({"kind": "call", "cost": Decimal(-1)}, "cost"),
        ({"kind": "call", "cost": Decimal("NaN")}, "cost"),
        ({"kind": "freight"}, "cost"),
        ({"kind": "freight", "cost": Decimal(0)}, "cost"),
        ({"kind": "freight", "cost": Decimal("NaN")}, "cost"),
        ({"kind": "sample"}, "insert"),
        ({"kind": "sample", "insert_id": 999}, "insert"),
        ({"kind": "slot"}, "kind"),
    ],
)
def test_the_margin_and_the_words_are_owed(said, field, gloved):
    offer = proposed(gloved.brightwater)
    with pytest.raises(OfferRefused) as refused:
        approved(gloved, offer, **said)
    assert field in refused.value.fields
    assert not Coupon.objects.exists()


def test_an_offer_is_decided_once(gloved):
    offer = proposed(gloved.brightwater)
    with pytest.raises(OfferRefused):
        decline_offer(actor_for(gloved.rhea.user), offer, reason=" ", now=timezone.now())
    decline_offer(actor_for(gloved.rhea.user), offer, reason="New terms soon", now=timezone.now())
    with pytest.raises(OfferDecided):
        approved(gloved, offer)


def test_what_is_over_gives_its_budget_back_and_what_was_used_does_not(gloved, signed_in):
    now = timezone.now()
    approved(gloved, proposed(gloved.brightwater))
    proposed(gloved.calder, "answer:2")
    assert end_offers(now=now) == 0
    assert OfferMonth.objects.get().spent == Decimal("3.95")
    number = placed(signed_in(gloved.anna), gloved.gloves, 10)
    assert end_offers(now=now + timedelta(days=90)) == 1
    assert OfferMonth.objects.get().spent == Decimal("3.95")
    cancel_order(SYSTEM, Order.objects.get(number=number), now=now)
    follow_use(gloved.brightwater.pk, now=now)
    assert end_offers(now=now + timedelta(days=90)) == 1
    assert OfferMonth.objects.get().spent == 0
    assert end_offers(now=now + timedelta(days=90)) == 0


def test_the_share_held_out_stays_the_same_and_gets_nothing(gloved):
    OfferTerms.objects.update(held_out_percent=50)
    accounts = [Account.objects.create(number=f"AC-8{n:03}", name=f"Depot {n}", rep=gloved.rhea) for n in range(60)]
    for account in accounts:
        proposed(account, f"answer:{account.pk}")
    held = set(Offer.objects.filter(state="held_out").values_list("account", flat=True))
    assert held == {account.pk for account in accounts if is_held_out(account.pk, DRAW, 50)}
    assert 15 <= len(held) <= 45
    assert {proposed(Account.objects.get(pk=pk), f"answer:again{pk}").state for pk in held} == {"held_out"}
    assert not FollowUp.objects.exists()
    effect = offer_effect(actor_for(gloved.mona.user), now=timezone.now() + timedelta(days=91))
    assert (effect.held_out.accounts, effect.offered.accounts) == (len(held), 60 - len(held))
    assert effect.rate is not None
    assert offer_effect(actor_for(gloved.rhea.user), now=timezone.now()) is None


@pytest.mark.parametrize("score", [7, 8])
def test_a_passive_leads_to_a_proposal_whose_words_name_no_score(score, gloved, signed_in):
    shipment = delivered(gloved, gloved.anna, at=timezone.now())
    invitation = plan_invitation(shipment.pk, now=timezone.now())
    given = answer(invitation, score=score, comment="Cheaper gloves", channel="portal", now=timezone.now())
    close_the_loop(given.pk, now=timezone.now())
    close_the_loop(given.pk, now=timezone.now())
    offer = Offer.objects.get()
    assert (offer.why, offer.source_ref) == ("Cheaper gloves", f"answer:{given.pk}")
    rhea = signed_in(gloved.rhea)
    assert "Brightwater" in words(rhea, "offers")
    page = words(rhea, "offer", offer.pk)
    assert f"{score} of 10" not in page
    assert "Cheaper gloves" in page
    told = {
        "kind": "discount",
        "percent": 4,
        "words": "For your next order",
        "cost": "",
        "reason": "",
        "way": "approve",
    }
    assert rhea.post(reverse("workspace:offer", args=[offer.pk]), told).status_code == 302
    offer.refresh_from_db()
    assert (offer.state, offer.percent, Coupon.objects.get().percent) == ("approved", 4, 4)
    assert FollowUp.objects.get(kind="offer").state == "done"
    assert Answer.objects.get().score == score


def _at_once(tasks):
    def run(task):
        try:
            return task()
        except OfferRefused:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(run, tasks))


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_stay_within_the_budget_of_whatever_kind(world, terms):
    OfferTerms.objects.update(monthly_budget=30)
    accounts = [Account.objects.create(number=f"AC-9{n}", name=f"Depot {n}", rep=world.rhea) for n in range(8)]
    offers = [proposed(account, f"answer:{account.pk}") for account in accounts]
    rhea, now = actor_for(world.rhea.user), timezone.now()
    drill = Insert.objects.create(name="A drill", kind="sample", product=world.drill, cost=10)
    SlotWindow.objects.create(option=world.express, starts_at="07:00", ends_at="08:00", capacity=2, is_priority=True)
    kinds = ({"kind": "freight"}, {"kind": "sample", "insert_id": drill.pk}, {"kind": "slot"}, {"kind": "call"})
    made = _at_once(
        [
            lambda offer=offer, said=kinds[n % 4]: approve_offer(
                rhea, offer, cost=Decimal(10), words=WORDS, now=now, **said
            )
            for n, offer in enumerate(offers)
        ]
    )
    assert len([offer for offer in made if offer]) == 3
    assert OfferMonth.objects.get().spent == 30
    assert Offer.objects.filter(state="approved").count() == 3
    given = (Coupon, PromisedInsert, SlotRight, FollowUp.objects.filter(kind="call"))
    assert sum(getattr(each, "objects", each).count() for each in given) == 3


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_make_one_offer_to_an_account(world, terms):
    found = _at_once([lambda n=n: proposed(world.brightwater, f"answer:{n}") for n in range(8)])
    assert Offer.objects.count() == 1
    assert {offer.pk for offer in found} == {Offer.objects.get().pk}
