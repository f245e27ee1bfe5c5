"""What becomes of suggestions: seen, opened, put into the cart, ordered; and of whom nothing is kept."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.accounts.selectors.actors import acting_for
from apps.core.models import Event
from apps.core.scoping import SYSTEM
from apps.ordering.models import Order, OrderLine, QuickOrder
from apps.privacy.selectors import copy_of
from apps.privacy.services import erase_person, sweep
from apps.recommendations.models import SuggestionDay, SuggestionSale, SuggestionTrace
from apps.recommendations.services import Noted, note_added, note_bought, note_suggestions
from apps.recommendations.services.measuring import MOST_A_DAY
from apps.recommendations.tasks import count_bought
from config.reactions import REACTIONS
from tests.portal.buying import add, placed
from tests.recommendations.test_suggestions import order

pytestmark = pytest.mark.django_db
DUE, GOES = ("next_order", "home"), ("goes_with", "cart")


@pytest.fixture
def anna(world):
    return actor_for(world.anna.user)


def note(actor, step, where, *products, days_ago=0):
    noted = [Noted(step, *where, product.sku) for product in products]
    note_suggestions(actor, noted, now=timezone.now() - timedelta(days=days_ago))


def days() -> set:
    """(kind, place, shown, clicked, added) over all days."""
    return set(SuggestionDay.objects.values_list("kind", "place", "shown", "clicked", "added"))


def sales() -> set:
    return set(SuggestionSale.objects.values_list("line__order__number", "line__sku", "kind", "place"))


def test_each_counts_once_a_day_for_a_contact_a_product_and_a_place(world, anna):
    for _again in range(3):
        note(anna, "shown", DUE, world.bolt, world.gloves, world.bolt)
    note(anna, "shown", GOES, world.bolt)
    note(anna, "clicked", DUE, world.bolt)
    note(actor_for(world.xaver.user), "shown", DUE, world.bolt)
    assert days() == {(*DUE, 3, 1, 0), (*GOES, 1, 0, 0)}
    note(anna, "shown", DUE, world.bolt, days_ago=-1)
    assert SuggestionDay.objects.get(on=timezone.localdate() + timedelta(days=1)).shown == 1
    assert SuggestionTrace.objects.filter(contact=world.anna).count() == 3


@pytest.mark.parametrize(
    "noted",
    [
        ("shown", "next_order", "nowhere", "BLT-M8-40"),
        ("shown", "nothing", "home", "BLT-M8-40"),
        ("dropped", "next_order", "home", "BLT-M8-40"),
        ("shown", "next_order", "home", "NO-SUCH-SKU"),
        ("shown", "next_order", "home", "' OR 1=1"),
    ],
)
def test_what_is_no_suggestion_is_left_out(world, anna, noted):
    note_suggestions(anna, [Noted(*noted)], now=timezone.now())
    assert not SuggestionTrace.objects.exists()


def test_nothing_is_kept_of_who_acts_for_a_contact_and_of_our_own(world):
    rhea = actor_for(world.rhea.user)
    for actor in (rhea, acting_for(rhea, world.anna), SYSTEM):
        note(actor, "shown", DUE, world.bolt)
        note_added(actor, [world.bolt.sku], "next_order:home", now=timezone.now())
    assert not SuggestionTrace.objects.exists()


def test_a_contact_who_sends_too_much_is_heard_no_more(world, anna, monkeypatch):
    on = timezone.localdate()
    trace = {"account": world.brightwater, "contact": world.anna, "kind": "pick", "touched_at": timezone.now()}
    products = [type(world.bolt)(sku=f"X-{n}", name="x", category=world.bolts) for n in range(MOST_A_DAY)]
    type(world.bolt).objects.bulk_create(products)
    SuggestionTrace.objects.bulk_create(
        SuggestionTrace(**trace, product=product, place="home", shown_on=on) for product in products
    )
    note(anna, "shown", DUE, world.bolt)
    assert not days()


@pytest.mark.parametrize(
    ("done", "source", "found"),
    [
        ([("shown", DUE, 2)], "", {DUE}),
        ([("shown", DUE, 8)], "", set()),
        ([("clicked", DUE, 5), ("shown", GOES, 1)], "", {DUE}),
        ([("shown", DUE, 5), ("shown", GOES, 1)], "", {GOES}),
        ([("clicked", DUE, 30), ("shown", DUE, 3), ("shown", GOES, 1)], "", {GOES}),
        ([("shown", DUE, 1)], "goes_with:cart", {GOES}),
        ([], "goes_with:cart", {GOES}),
        ([], "", set()),
        ([("shown", DUE, 1)], "no:sense", {DUE}),
    ],
)
def test_what_is_put_into_the_cart_comes_from_the_form_else_from_what_was_clicked_or_shown(
    world, anna, done, source, found
):
    for step, where, ago in done:
        note(anna, step, where, world.bolt, days_ago=ago)
    for _again in range(2):
        note_added(anna, [world.bolt.sku, world.drill.sku][:1], source, now=timezone.now())
    assert {(kind, place) for kind, place, _s, _c, added in days() if added == 1} == found


def bought(world, *products, ago=0, **changes):
    made = order(world.brightwater, timezone.localdate() - timedelta(days=ago), *((each, 100) for each in products))
    Order.objects.filter(pk=made.pk).update(contact=world.anna, **changes)
    return made


@pytest.mark.parametrize(
    ("step", "ago", "changes", "counts"),
    [
        ("added", 14, {}, True),
        ("added", 15, {}, False),
        ("clicked", 3, {}, True),
        ("shown", 0, {}, False),
        ("added", 0, {"channel": "standing"}, False),
        ("added", 0, {"channel": "blanket"}, False),
        ("added", 0, {"status": "declined"}, False),
        ("added", 0, {"status": "awaiting_payment"}, True),
    ],
)
def test_a_line_comes_from_what_was_added_or_clicked_within_two_weeks(world, anna, step, ago, changes, counts):
    note(anna, step, DUE, world.bolt, days_ago=ago)
    made = bought(world, world.bolt, world.drill, **changes)
    assert note_bought(made.number) == counts
    assert note_bought(made.number) == 0
    assert sales() == ({(made.number, "BLT-M8-40", *DUE)} if counts else set())


def test_what_was_added_long_ago_counts_for_less_than_what_was_clicked_lately(world, anna):
    note(anna, "added", DUE, world.bolt, days_ago=30)
    note(anna, "clicked", DUE, world.bolt, days_ago=3)
    note(anna, "clicked", GOES, world.bolt, days_ago=1)
    made = bought(world, world.bolt)
    note_bought(made.number)
    assert sales() == {(made.number, "BLT-M8-40", *GOES)}


def test_what_was_added_once_was_ordered_once(world, anna):
    note(anna, "added", DUE, world.bolt, days_ago=2)
    first, second = bought(world, world.bolt, ago=1), bought(world, world.bolt)
    assert [note_bought(each.number) for each in (first, second)] == [1, 0]
    note(anna, "added", GOES, world.bolt, days_ago=-1)
    third = bought(world, world.bolt, ago=-1)
    assert note_bought(third.number) == 1
    assert (third.number, "BLT-M8-40", *GOES) in sales()


@pytest.mark.parametrize("status", ["cancelled", "declined"])
def test_the_order_that_replaces_one_that_does_not_stand_counts(world, anna, status):
    note(anna, "added", DUE, world.bolt, days_ago=2)
    first, second = bought(world, world.bolt, ago=1), bought(world, world.bolt)
    note_bought(first.number)
    Order.objects.filter(pk=first.pk).update(status=status)
    assert note_bought(second.number) == 1


def test_of_the_one_who_ordered_before_that_of_a_colleague_never_that_of_a_stranger(world, anna):
    note(actor_for(world.xaver.user), "added", GOES, world.bolt)
    made = bought(world, world.bolt)
    assert note_bought(made.number) == 0
    note(actor_for(world.boris.user), "added", ("pick", "home"), world.bolt)
    note(anna, "added", DUE, world.bolt, days_ago=3)
    note_bought(made.number)
    assert sales() == {(made.number, "BLT-M8-40", *DUE)}


def test_from_the_block_to_the_order_over_http(world, signed_in):
    client = signed_in(world.anna)
    client.post(f"{reverse('portal:cart_add')}?suggestion=next_order:home", {"sku": "GLV-NIT-L", "quantity": "2"})
    number = placed(client, world.bolt)
    (event,) = Event.objects.filter(subject=f"order:{number}", name__in=("order.placed", "order.approval_needed"))
    count_bought(event.pk)
    assert sales() == {(number, "GLV-NIT-L", *DUE)}
    assert days() == {(*DUE, 0, 0, 1)}
    for name in ("order.placed", "order.approved"):
        assert "apps.recommendations.tasks.count_bought" in REACTIONS[name]


def test_what_was_seen_counts_as_added_also_from_the_quick_order_and_a_former_order(world, anna, signed_in):
    note(anna, "shown", DUE, world.bolt)
    note(anna, "clicked", GOES, world.gloves)
    client = signed_in(world.anna)
    client.post(reverse("portal:quick_add"), {"code": "BLT-M8-40", "quantity": "100"})
    client.post(reverse("portal:quick_cart"), {"key": QuickOrder.objects.get(contact=world.anna).key})
    assert days() == {(*DUE, 1, 0, 1), (*GOES, 0, 1, 0)}
    former = bought(world, world.gloves)
    client.post(reverse("portal:reorder", args=[former.number]))
    assert days() == {(*DUE, 1, 0, 1), (*GOES, 0, 1, 1)}


SEEN = reverse("portal:seen")


def test_a_page_tells_what_was_seen_and_opened(world, signed_in):
    client = signed_in(world.anna)
    told = {
        "shown": ["next_order home BLT-M8-40", "next_order mail OIL-5L", "nonsense", "\0 home x", "goes_with cart A B"],
        "clicked": "goes_with cart GLV-NIT-L",
    }
    assert client.post(SEEN, told).status_code == 204
    assert days() == {(*DUE, 1, 0, 0), (*GOES, 0, 1, 0), ("next_order", "mail", 0, 1, 0)}


def test_who_is_logged_out_or_no_buyer_is_not_heard_nor_kept_waiting(world, client, signed_in):
    told = {"shown": "next_order home BLT-M8-40"}
    assert client.post(SEEN, told).status_code == 204
    assert "held_post" not in client.session
    assert signed_in(world.rhea).post(SEEN, told).status_code == 204
    assert client.get(SEEN).status_code == 405
    assert not days()


def test_a_telling_takes_a_constant_number_of_queries(world, anna, django_assert_num_queries):
    with django_assert_num_queries(1):
        note(anna, "shown", DUE, world.bolt, world.gloves, world.drill, world.oil)
    with django_assert_num_queries(1):
        note_added(anna, [world.bolt.sku, world.gloves.sku], "", now=timezone.now())
    made = bought(world, world.bolt, world.gloves)
    assert note_bought(made.number) == 2
    assert OrderLine.objects.filter(order=made).count() == 2


def test_the_blocks_say_what_they_are(world, signed_in):
    client = signed_in(world.anna)
    add(client, world.bolt)
    page = client.get(reverse("portal:product", args=[world.bolt.sku])).content.decode()
    assert f'data-seen="{SEEN}"' in page


def test_to_whom_it_was_suggested_is_forgotten_and_what_was_sold_stays(world, anna):
    note(anna, "added", DUE, world.bolt)
    note_bought(bought(world, world.bolt).number)
    for late, left in ((50, 1), (70, 0)):
        sweep(now=timezone.now() + timedelta(days=late))
        assert (SuggestionTrace.objects.count(), SuggestionSale.objects.exclude(contact=None).count()) == (left, left)
    assert SuggestionSale.objects.count() == SuggestionDay.objects.count() == 1


def test_a_person_gets_a_copy_of_it_and_when_erased_leaves_only_the_sale(world, anna):
    note(anna, "added", DUE, world.bolt)
    note_bought(bought(world, world.bolt).number)
    copied = {table.name for table in copy_of([world.anna])}
    assert {"recommendations.SuggestionTrace", "recommendations.SuggestionSale"} <= copied
    erase_person(SYSTEM, world.anna, now=timezone.now())
    assert not SuggestionTrace.objects.exists()
    assert SuggestionSale.objects.get().contact is None
