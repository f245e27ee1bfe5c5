"""What others order together: beside a product, below the cart; only what helps this buyer now."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cases.models import Case
from apps.core.text import isolated
from apps.recommendations.rules import spread
from apps.recommendations.services import rebuild_popularity
from tests.portal.buying import add
from tests.recommendations.test_suggestions import order

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def habits(world):
    """Elsewhere the bolt is ordered with the drill and the gloves."""
    for n in range(2, 6):
        day = world.today - timedelta(days=n)
        order(world.calder, day, (world.bolt, 100), (world.drill, 1), (world.gloves, 1))
    rebuild_popularity()


def beside(client, world) -> str:
    return client.get(reverse("portal:together", args=[world.bolt.sku]), headers=HTMX).content.decode()


@pytest.mark.parametrize(
    ("ranked", "shown"),
    [
        ("", ""),
        ("a1 a2 b1", "a1 a2 b1"),
        ("a1 a2 a3 b1 c1", "a1 a2 b1 c1"),
        ("a1 a2 a3 a4 b1", "a1 a2 b1 a3"),
        ("a1 a2 a3 a4 a5", "a1 a2 a3 a4"),
    ],
)
def test_two_of_a_category_come_first(ranked, shown):
    assert spread(ranked.split(), lambda each: each[0], 4) == shown.split()


def test_a_product_page_says_what_others_order_with_it(world, signed_in, habits):
    anna = signed_in(world.anna)
    page = anna.get(reverse("portal:product", args=[world.bolt.sku])).content.decode()
    assert f'hx-get="{reverse("portal:together", args=[world.bolt.sku])}"' in page
    told = beside(anna, world)
    assert "In 4 recent orders with it" in told
    assert [product.sku in told for product in (world.drill, world.gloves, world.bolt)] == [True, True, False]
    assert "<html" in anna.get(reverse("portal:together", args=[world.bolt.sku])).content.decode()


def test_nothing_that_is_in_the_cart_fresh_or_in_a_case(world, signed_in, habits):
    anna = signed_in(world.anna)
    add(anna, world.drill, 1)
    assert "DRL-18V" not in beside(anna, world)
    anna.post(reverse("portal:cart_empty"))
    assert "DRL-18V" in beside(anna, world)

    yesterday = timezone.localdate() - timedelta(days=1)
    fresh = order(world.brightwater, yesterday, (world.drill, 1), status="confirmed")
    assert "DRL-18V" not in beside(anna, world)
    fresh.status = "cancelled"
    fresh.save(update_fields=["status"])
    assert "DRL-18V" in beside(anna, world)

    old = order(world.brightwater, world.today - timedelta(days=40), (world.drill, 1))
    case = Case.objects.create(
        number="CA-77",
        account=world.brightwater,
        order=old,
        origin="portal",
        source_ref="a drill that smokes",
        title="It smokes",
        opened_at=world.now,
        acknowledge_by=world.now,
        answer_by=world.now,
        resolve_by=world.now,
    )
    assert "DRL-18V" not in beside(anna, world)
    Case.objects.filter(pk=case.pk).update(status="resolved", resolved_at=world.now)
    assert "DRL-18V" in beside(anna, world)


def test_below_the_cart_it_says_beside_which_line(world, signed_in, habits):
    anna = signed_in(world.anna)
    address = reverse("portal:cart_together")
    assert address not in anna.get(reverse("portal:cart")).content.decode()
    add(anna, world.bolt, 100)
    assert f'hx-get="{address}"' in anna.get(reverse("portal:cart")).content.decode()
    told = anna.get(address, headers=HTMX).content.decode()
    assert f"In 4 recent orders with {isolated(world.bolt.name)}" in told


def test_added_below_the_cart_the_page_is_shown_anew(world, signed_in):
    anna = signed_in(world.anna)
    here = HTMX | {"HX-Current-URL": f"http://testserver{reverse('portal:cart')}"}
    answer = anna.post(reverse("portal:cart_add"), {"sku": "DRL-18V", "quantity": "1"}, headers=here)
    assert answer.headers["HX-Refresh"] == "true"


def test_as_many_queries_for_many(world, signed_in, habits, django_assert_max_num_queries):
    anna = signed_in(world.anna)
    beside(anna, world)
    with django_assert_max_num_queries(22):
        beside(anna, world)
