"""Operations keep prices and contracts in the admin; each change is recorded."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.core.models import Event


@pytest.fixture
def otto(world, signed_in):
    return signed_in(world.otto)


@pytest.mark.parametrize(
    "model", [
        "pricelist", "price", "contract", "contractprice", "promotion", "coupon", "couponredemption", "accountterms",
        "taxrate", "exchangerate",
    ],
)  # fmt: skip
def test_every_list_opens_at_a_constant_number_of_queries(world, otto, model, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        answer = otto.get(reverse(f"admin:pricing_{model}_changelist"))
    assert answer.status_code == 200


def test_the_prices_of_one_list(world, otto):
    answer = otto.get(reverse("admin:pricing_price_changelist"), {"price_list__id__exact": world.base_list.pk})

    assert answer.status_code == 200
    assert answer.context["cl"].result_count == 9


def test_a_price_is_changed(world, otto):
    price = world.base_list.prices.get(product=world.drill)
    data = {
        "price_list": world.base_list.pk,
        "product": world.drill.pk,
        "min_quantity": 1,
        "unit_price": "179.50",
        "valid_from": "2025-01-01",
    }

    assert otto.post(reverse("admin:pricing_price_change", args=[price.pk]), data).status_code == 302
    event = Event.objects.get(name="price.changed")
    assert (event.subject, event.actor_name) == ("price_list:BASE", "Otto")
    assert event.facts == {"sku": "DRL-18V", "min_quantity": 1, "unit_price": "179.50"}


def test_a_contract_is_changed_with_its_prices(world, otto):
    cheap, cheaper = world.contract.prices.order_by("min_quantity")
    data = {
        "number": "C-100",
        "account": world.brightwater.pk,
        "name": "Fasteners 2026",
        "currency": "GBP",
        "valid_from": "2026-01-01",
        "discounts-TOTAL_FORMS": 1,
        "discounts-INITIAL_FORMS": 0,
        "discounts-0-category": world.oil.category.pk,
        "discounts-0-min_quantity": 1,
        "discounts-0-percent": "12.5",
        "discounts-0-valid_from": "2026-01-01",
        "prices-TOTAL_FORMS": 2,
        "prices-INITIAL_FORMS": 2,
        "prices-0-id": cheap.pk,
        "prices-0-contract": world.contract.pk,
        "prices-0-product": world.bolt.pk,
        "prices-0-min_quantity": 1,
        "prices-0-unit_price": "0.1550",
        "prices-0-valid_from": "1900-01-01",
        "prices-1-id": cheaper.pk,
        "prices-1-contract": world.contract.pk,
        "prices-1-product": world.bolt.pk,
        "prices-1-min_quantity": 1000,
        "prices-1-unit_price": "0.1400",
        "prices-1-valid_from": "1900-01-01",
        "prices-1-DELETE": "on",
    }

    assert otto.get(reverse("admin:pricing_contract_change", args=[world.contract.pk])).status_code == 200
    assert otto.post(reverse("admin:pricing_contract_change", args=[world.contract.pk]), data).status_code == 302
    today = timezone.localdate()
    told = {day: world.contract.prices.in_force(day) for day in (today - timedelta(1), today)}
    assert [sorted(str(price.unit_price) for price in prices) for prices in told.values()] == [
        ["0.1400", "0.1600"], ["0.1550"],
    ]  # fmt: skip
    assert world.contract.discounts.get().percent == Decimal("12.5")
    assert Event.objects.filter(name="price.changed", subject="contract:C-100").count() == 2


def test_exposure_is_not_edited_by_hand(world, otto):
    form = otto.get(reverse("admin:pricing_accountterms_change", args=[world.calder.terms.pk]))

    assert "exposure" not in form.context["adminform"].form.fields
