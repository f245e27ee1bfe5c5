"""Pages cost the same number of queries however much stands on them, and never more than twenty."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.catalogue.models import Product
from apps.catalogue.services import reindex
from apps.ordering.models import CartLine
from apps.pricing.models import Price
from apps.recommendations.models import NextLine, Pick
from tests.portal.buying import add, placed

MOST = 20


def more_bolts(world) -> list[Product]:
    """Thirty more bolts, priced and found by the search."""
    bolts = Product.objects.bulk_create(
        Product(sku=f"BLT-{n}", name=f"Hex bolt number {n}", category=world.bolts, brand=world.brand) for n in range(30)
    )
    Price.objects.bulk_create(
        Price(price_list=world.base_list, product=bolt, unit_price=1, valid_from=timezone.localdate()) for bolt in bolts
    )
    reindex()
    return bolts


@pytest.fixture
def many(world) -> list[Product]:
    return more_bolts(world)


def count(client, name, *args, **query) -> int:
    address = reverse(f"portal:{name}", args=args)
    client.get(address, query)  # the first asks for what is then remembered
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address, query).status_code == 200
    return len(asked)


@pytest.mark.parametrize("query", [{}, {"q": "bolt"}, {"view": "table", "in_stock": "1"}])
def test_listing(query, world, signed_in):
    anna = signed_in(world.anna)
    few = count(anna, "category", world.bolts.slug, **query)
    more_bolts(world)

    assert count(anna, "category", world.bolts.slug, **query) == few <= MOST


def test_product(world, signed_in):
    after_the_answer = 1  # that it was looked at
    assert count(signed_in(world.anna), "product", world.bolt.sku) <= MOST + after_the_answer


def test_cart_and_checkout(world, signed_in, many):
    anna = signed_in(world.anna)
    add(anna, world.gloves, 1)
    few = [count(anna, "cart"), count(anna, "checkout")]
    cart = CartLine.objects.get().cart
    CartLine.objects.bulk_create(CartLine(cart=cart, product=bolt, quantity=1, shown_price=1) for bolt in many)

    assert [count(anna, "cart"), count(anna, "checkout")] == few
    assert few[0] <= 13
    assert few[1] <= MOST


@pytest.mark.parametrize("who", ["anna", "boris", "fiona", "rick"])
def test_home(who, world, signed_in, many):
    placed(signed_in(world.anna), world.drill, 6)
    today = timezone.localdate()

    def suggest(products):
        last = str(today - timedelta(days=30))
        NextLine.objects.bulk_create(
            NextLine(
                account=world.brightwater, product=each, place=1, quantity=2, due_on=today, expected_on=today,
                kind="rhythm", because={"times": 5, "gap": 30, "last": last},
            )
            for each in products
        )  # fmt: skip
        Pick.objects.bulk_create(
            Pick(account=world.brightwater, product=each, rep=world.rhea, picked_at=timezone.now()) for each in products
        )

    suggest(many[:1])
    few = count(signed_in(getattr(world, who)), "home")
    suggest(many[1:])

    assert count(signed_in(getattr(world, who)), "home") == few <= 23
    if who in ("anna", "boris"):
        assert count(signed_in(getattr(world, who)), "next_order") <= 19


def test_order_and_orders(world, signed_in, many):
    anna = signed_in(world.anna)
    first = placed(anna, world.gloves, 1)
    few = [count(anna, "order", first), count(anna, "orders")]
    for bolt in many[:3]:
        add(anna, bolt, 1)
    second = placed(anna, world.gloves, 1)

    assert [count(anna, "order", second), count(anna, "orders")] == few
    assert max(few) <= 14


def test_a_cart_of_an_upload_is_shown_in_parts(world, signed_in, many, monkeypatch):
    monkeypatch.setattr("apps.portal.cart.PAGE", 20)
    anna = signed_in(world.anna)
    add(anna, world.gloves, 1)
    cart = CartLine.objects.get().cart
    CartLine.objects.bulk_create(CartLine(cart=cart, product=bolt, quantity=1, shown_price=1) for bolt in many)
    page = anna.get(reverse("portal:cart"), {"page": "2"})
    assert [line.sku for line in page.context["lines"]] == [bolt.sku for bolt in many[19:]]
    assert "Lines 21 to 31 of 31" in page.content.decode().replace("<bdi>", "").replace("</bdi>", "")
    last = CartLine.objects.last()
    changed = anna.post(reverse("portal:cart_update"), {f"quantity-{last.pk}": "7", "page": "2"})
    assert changed.url == reverse("portal:cart") + "?page=2"
    last.refresh_from_db()
    assert last.quantity == 7
