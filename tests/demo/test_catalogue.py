"""The demo's catalogue: codes that hold, prices and weights that make sense, names that fit."""

import re

import pytest
from stdnum import ean

from apps.demo.catalogue.attributes import ATTRIBUTES
from apps.demo.catalogue.products import attributes_of, gtin_of
from apps.demo.catalogue.services_offered import SERVICES
from apps.demo.catalogue.shelf import FAMILIES, Shelf

SOME = 600


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.code)
def test_each_family_makes_products_that_hold(family):
    variants = list(family.variants(SOME))
    skus = {variant.sku for variant in variants}
    assert len(skus) == SOME
    for variant in variants:
        assert re.fullmatch(r"[A-Z0-9-]{5,40}", variant.sku)
        assert len(variant.name) <= 200 and len(family.about.format(**variant.values)) <= 300
        assert float(family.price(variant.values)) > 0 and float(family.weight(variant.values)) > 0
        assert set(attributes_of(variant)) <= set(ATTRIBUTES)


def test_families_go_with_families_and_services_that_exist():
    codes, services = {family.code for family in FAMILIES}, {service.sku for service in SERVICES}
    assert len(codes) == len(FAMILIES)
    for family in FAMILIES:
        assert set(family.goes_with) <= codes and set(family.services) <= services


@pytest.mark.parametrize("skus", [200, 5_000, 20_011])
def test_the_shelf_holds_as_many_products_as_wished(skus):
    shelf = Shelf(skus)
    goods = [pk for of in shelf.ranges for pk, _ in of.products()]
    assert goods == list(range(1, shelf.goods + 1))
    assert [pk for pk, _ in shelf.services()] == list(range(shelf.goods + 1, skus + 1))


def test_gtins_are_valid_and_different():
    gtins = [gtin_of(pk, level=level) for pk in (1, 2, 77, 999_999) for level in (0, 1, 2)]
    assert all(ean.is_valid(gtin) for gtin in gtins) and len(set(gtins)) == len(gtins)
