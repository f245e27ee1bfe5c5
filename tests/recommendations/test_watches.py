"""Watches are met by the account's own price and by what can be promised, and told once; sharing stays in the house."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Contact
from apps.accounts.selectors import actor_for
from apps.availability.models import StockLevel
from apps.core.errors import NotAllowed
from apps.core.models import Event
from apps.pricing.models import ContractPrice, Price
from apps.recommendations import services
from apps.recommendations.errors import ColleagueUnknown, ShareRefused, TooMuchShared, WatchNotFound, WatchRefused
from apps.recommendations.models import Watch
from apps.recommendations.selectors import watches_of, watches_on
from apps.recommendations.services.sharing import MOST_A_DAY
from apps.recommendations.tasks import send_shared_product, send_watch_met


@pytest.fixture
def anna(world):
    return actor_for(world.anna.user)


def watch(actor, product, kind, world, **how):
    return services.begin_watch(actor, product, kind, now=world.now, **how)


def met(world) -> int:
    return services.meet_watches(now=world.now + timedelta(minutes=5))


def test_stock_is_waited_for_in_the_quantity_asked(world, anna):
    waits = watch(anna, world.drill, "stock", world, quantity=3)
    assert met(world) == 0
    StockLevel.objects.filter(product=world.drill).update(on_hand=2)
    assert met(world) == 0
    StockLevel.objects.filter(product=world.drill).update(on_hand=3)
    assert met(world) == 1
    waits.refresh_from_db()
    assert (waits.state, waits.met_at) == ("met", world.now + timedelta(minutes=5))


def test_what_is_met_is_told_once_and_never_again(world, anna, mailoutbox):
    watch(anna, world.drill, "stock", world, quantity=3)
    StockLevel.objects.filter(product=world.drill).update(on_hand=3)
    assert [met(world), met(world)] == [1, 0]
    event = Event.objects.get(name="watch.met")
    send_watch_met(event.pk)
    send_watch_met(event.pk)
    assert [(m.to, m.subject) for m in mailoutbox] == [
        (["anna@brightwater.example"], "Back in stock: Cordless drill 18 V")
    ]


def test_the_price_that_counts_is_the_accounts_own(world, anna):
    mine = watch(anna, world.bolt, "price", world, quantity=100)
    theirs = watch(actor_for(world.xaver.user), world.bolt, "price", world, quantity=100)
    assert (mine.below, theirs.below) == (Decimal("0.1600"), Decimal("0.2000"))
    Price.objects.filter(product=world.bolt, min_quantity=1).update(unit_price="0.1900")
    assert met(world) == 1
    assert [w.state for w in (Watch.objects.get(pk=mine.pk), Watch.objects.get(pk=theirs.pk))] == ["open", "met"]
    ContractPrice.objects.filter(product=world.bolt, min_quantity=1).update(unit_price="0.1550")
    assert met(world) == 1
    assert Watch.objects.get(pk=mine.pk).met_price == Decimal("0.1550")


def test_a_price_can_be_named(world, anna):
    watch(anna, world.oil, "price", world, below=Decimal("30"))
    Price.objects.filter(product=world.oil).update(unit_price="31.0000")
    assert met(world) == 0
    Price.objects.filter(product=world.oil).update(unit_price="29.9900")
    assert met(world) == 1


@pytest.mark.parametrize(
    ("product", "kind", "how"),
    [
        ("bolt", "stock", {}),
        ("cutting", "stock", {}),
        ("oil", "price", {"below": Decimal("40")}),
        ("oil", "price", {"below": Decimal("-1")}),
        ("oil", "nonsense", {}),
    ],
)
def test_where_there_is_nothing_to_wait_for_it_says_so(product, kind, how, world, anna):
    with pytest.raises(WatchRefused):
        watch(anna, getattr(world, product), kind, world, **how)


def test_asked_again_it_is_the_same_watch(world, anna):
    watch(anna, world.oil, "price", world)
    watch(anna, world.oil, "price", world, below=Decimal("20"))
    assert [w.below for w in watches_of(anna)] == [Decimal("20")]
    with pytest.raises(IntegrityError), transaction.atomic():
        Watch.objects.create(
            account=world.brightwater, contact=world.anna, product=world.oil, kind="price", below=1, begun_at=world.now
        )


def test_a_watch_is_stopped_by_whose_it_is(world, anna):
    waits = watch(anna, world.oil, "price", world)
    for stranger in (world.xaver, world.boris):
        with pytest.raises(WatchNotFound):
            services.stop_watch(actor_for(stranger.user), waits.pk)
    services.stop_watch(anna, waits.pk)
    assert watches_on(anna, world.oil.pk) == {}
    Price.objects.filter(product=world.oil).update(unit_price="1.0000")
    assert met(world) == 0


def test_who_may_not_see_prices_neither_watches_nor_is_told_them(world, anna):
    with pytest.raises(NotAllowed):
        watch(actor_for(world.rick.user), world.oil, "price", world)
    watch(anna, world.oil, "price", world)
    Contact.objects.filter(pk=world.anna.pk).update(role="receiver")
    Price.objects.filter(product=world.oil).update(unit_price="1.0000")
    assert met(world) == 0


def test_the_sweep_asks_by_account_and_not_by_watch(world):
    def swept() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert met(world) == 0
        return len(asked)

    people = [actor_for(who.user) for who in (world.anna, world.lena)]
    for actor in people:
        watch(actor, world.oil, "price", world)
    few = swept()
    for actor in [*people, actor_for(world.boris.user)]:
        for product in (world.oil, world.drill, world.gloves, world.bolt):
            watch(actor, product, "price", world)
    assert swept() == few


def share(actor, world, to, note="Is this the one?", **how):
    return services.share_product(
        actor, world.oil, colleague_id=to.pk, note=note, quantity=2, now=how.pop("now", world.now)
    )


def test_a_product_is_shared_with_a_colleague_once(world, anna, mailoutbox):
    share(anna, world, world.boris, note="Is this <b>the</b> one?")
    event = Event.objects.get(name="product.shared")
    send_shared_product(event.pk)
    send_shared_product(event.pk)
    (mail,) = mailoutbox
    assert (mail.to, "OIL-5L" in mail.body) == (["boris@brightwater.example"], True)
    assert "<b>the</b>" not in mail.alternatives[0][0]


@pytest.mark.parametrize("who", ["xaver", "lena", "anna"])
def test_nobody_outside_and_not_oneself(who, world, anna):
    with pytest.raises(ColleagueUnknown):
        share(anna, world, getattr(world, who))
    assert not Event.objects.filter(name="product.shared").exists()


def test_who_has_left_gets_nothing(world, anna, mailoutbox):
    share(anna, world, world.boris)
    Contact.objects.filter(pk=world.boris.pk).update(is_active=False)
    send_shared_product(Event.objects.get(name="product.shared").pk)
    assert not mailoutbox


def test_sharing_has_its_limits(world, anna):
    with pytest.raises(ShareRefused):
        share(anna, world, world.boris, note="x" * 501)
    for _ in range(MOST_A_DAY):
        share(anna, world, world.boris)
    with pytest.raises(TooMuchShared):
        share(anna, world, world.boris)
    assert share(anna, world, world.boris, now=world.now + timedelta(days=1, minutes=1)) == world.boris
