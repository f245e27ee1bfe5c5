"""What is kept of one commit of the index: bounded, and right after the next one."""

from dataclasses import dataclass

import pytest

from apps.availability.models import StockLevel
from apps.catalogue.index import reading
from apps.catalogue.index.kept import Kept
from apps.catalogue.models import AssortmentRule, Brand, Category, Product
from apps.catalogue.search import Query, find
from apps.catalogue.services import ProductRow, load_products
from apps.core.scoping import NOBODY, Actor


@dataclass(frozen=True)
class Thing:
    weight: int = 1

    def handed_on(self, before, now, ids):
        return self


def test_what_was_not_asked_for_the_longest_goes_first():
    kept = Kept(most=4)
    for name in "abcd":
        kept.put(name, Thing())
    kept.get("a")
    kept.put("e", Thing())
    assert [name for name in "abcde" if kept.get(name)] == ["a", "c", "d", "e"]
    assert [name for name, _thing in kept.latest(2)] == ["d", "e"]


def test_what_is_put_again_weighs_once_and_what_is_too_heavy_is_not_kept():
    kept = Kept(most=8)
    for _ in range(9):
        kept.put("a", Thing(2))
    kept.put("b", Thing(1))
    kept.put("c", Thing(3))
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == (Thing(2), Thing(1), None)


def told(found) -> tuple:
    """What a listing shows: its products, how many there are, every facet with its counts."""
    return [product.sku for product in found.products], found.total, found.facets


QUERIES = (
    Query(),
    Query(in_stock=True),
    Query(brands=("torvik",)),
    Query(category="fasteners"),
    Query(category="fasteners", attributes={"thread": ("M8",)}),
    Query("bolt"),
)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        lambda w: Product.objects.filter(pk=w.bolt.pk).update(popularity=99),
        lambda w: Product.objects.filter(pk=w.bolt.pk).update(status="hidden"),
        lambda w: Product.objects.filter(pk=w.oil.pk).update(category=w.bolts),
        lambda w: Product.objects.filter(pk=w.oil.pk).update(brand=Brand.objects.create(name="Norrfast", slug="n")),
        lambda w: Product.objects.filter(pk=w.bolt.pk).update(attributes={"thread": "M10"}),
        lambda w: Category.objects.filter(slug="fasteners").update(name="Fixings"),
        lambda w: StockLevel.objects.filter(product=w.bolt).delete(),
        lambda w: w.drill.delete(),
        lambda w: load_products([ProductRow("NEW-1", "New bolt", "hex-bolts", "Torvik", popularity=5)]),
    ],
)
def test_after_a_change_a_listing_is_what_it_would_be_if_nothing_had_been_kept(world, change):
    for query in QUERIES:
        find(NOBODY, query)
    change(world)
    shown = [told(find(NOBODY, query)) for query in QUERIES]
    reading.forget()
    assert shown == [told(find(NOBODY, query)) for query in QUERIES]


@pytest.mark.django_db
def test_counts_of_the_whole_catalogue_are_handed_on_and_not_made_anew(world, monkeypatch):
    find(NOBODY, Query())
    Product.objects.filter(pk=world.bolt.pk).update(status="hidden")
    after = reading.opened()
    kinds = [type(value).__name__ for _key, value in after.kept.latest(9)]
    assert sorted(kinds) == ["_Counting", "_Ranks"]
    monkeypatch.setattr("apps.catalogue.search.counting._count", None)
    assert find(NOBODY, Query()).total == 5


@pytest.mark.django_db
def test_two_accounts_with_different_assortments_are_never_told_the_same_counts(world):
    anna, xaver = (Actor("buyer", account_id=account.pk) for account in (world.brightwater, world.calder))
    AssortmentRule.objects.create(account=world.calder, effect="exclude", category=world.safety)
    assert [find(actor, Query()).total for actor in (anna, xaver, anna)] == [6, 5, 6]


@pytest.mark.django_db
def test_what_depends_on_who_asks_is_not_kept(world):
    anna = Actor("buyer", account_id=world.brightwater.pk, account_ids=(world.brightwater.pk,))
    for query in (Query(bought_before=True), Query(among={"mine": frozenset([world.bolt.pk])})):
        find(anna, query)
    assert reading.opened().kept.latest(9) == []
