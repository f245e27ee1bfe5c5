"""How complete product data is: what is asked of whom, what it counts, and what comes first."""

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from apps.catalogue.models import Attribute, Product, ProductDocument
from apps.core.feeds import Told
from apps.core.models import Event
from apps.insights.models import Completeness, CompletenessRule
from apps.insights.services import ensure_usual_rules, reckon_completeness, reckon_completeness_of
from apps.insights.tasks import reckon_completeness as after_rules
from apps.insights.tasks import reckon_completeness_of_price as after_price
from apps.insights.tasks import reckon_completeness_of_priced as after_feed
from apps.insights.tasks import reckon_completeness_of_product as after_change
from apps.pricing.feeding import take_prices
from apps.pricing.models import Price
from apps.pricing.services import set_price, withdraw_price

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule():
    """Asks one thing alone, and tells what products lack."""
    CompletenessRule.objects.all().delete()

    def ask(kind: str, **how) -> CompletenessRule:
        return CompletenessRule.objects.create(kind=kind, **how)

    return ask


def score(product) -> int:
    reckon_completeness()
    return Completeness.objects.get(product=product).score


FULL = {
    "name": {"name": "Hexagon bolt with washer"},
    "description": {"description": "A bolt that holds what it is asked to hold."},
    "picture": {"picture": "products/a.webp"},
    "gtin": {"gtin": "4006381333931"},
    "weight": {"weight_kg": "0.02"},
}


@pytest.mark.parametrize("kind", FULL)
def test_each_part_is_asked_for(kind, rule, world):
    rule(kind, least=10 if kind in ("name", "description") else 1)
    Product.objects.filter(pk=world.bolt.pk).update(
        name="Bolt", description="", picture="", gtin="", weight_kg=0, attributes={}
    )
    assert score(world.bolt) == 0
    Product.objects.filter(pk=world.bolt.pk).update(**FULL[kind])
    assert score(world.bolt) == 100


def test_price_attribute_and_document_are_asked_for(rule, world):
    torque = Attribute.objects.create(code="torque", name="Torque", kind="number")
    rule("price", weight=50)
    lacking = rule("attribute", attribute=torque, weight=30)
    rule("document", document_kind="safety", weight=20)
    reckon_completeness()
    row = Completeness.objects.get(product=world.bolt)
    assert (row.score, row.missing[0]) == (50, lacking.pk)
    world.bolt.attributes = {"torque": 9}
    world.bolt.save()
    assert score(world.bolt) == 80
    ProductDocument(product=world.bolt, kind="safety", title="S").file.save("s.pdf", ContentFile(b"%PDF"))
    assert score(world.bolt) == 100


def test_a_price_that_is_set_or_withdrawn_is_followed(rule, world):
    rule("price")
    Price.objects.filter(product=world.bolt).delete()
    assert score(world.bolt) == 0
    price = Price(
        price_list=world.base_list, product=world.bolt, min_quantity=1, unit_price=Decimal(1), valid_from=world.today
    )
    set_price(price, now=world.now)
    assert after_price(Event.objects.filter(name="price.changed").latest("pk").pk) == 1
    assert Completeness.objects.get(product=world.bolt).score == 100
    withdraw_price(price, now=world.now)
    after_price(Event.objects.filter(name="price.changed").latest("pk").pk)
    assert Completeness.objects.get(product=world.bolt).score == 0


@pytest.mark.parametrize("few", [500, 0])
def test_a_feed_is_followed_for_who_had_no_price(few, rule, world, monkeypatch):
    monkeypatch.setattr("apps.insights.services.completeness._FEW", few)
    rule("price")
    Price.objects.filter(product__in=[world.bolt, world.oil]).delete()
    assert score(world.bolt) == score(world.oil) == 0
    row = {"sku": world.bolt.sku, "price_list": world.base_list.code, "unit_price": "1.00"}
    take_prices([row], Told("test"), now=world.now)
    assert after_feed(Event.objects.get(name="prices.fed").pk) == 1
    assert [Completeness.objects.get(product=one).score for one in (world.bolt, world.oil)] == [100, 0]


def test_a_rule_of_a_category_is_asked_below_it_alone(rule, world):
    rule("document", document_kind="safety", category=world.bolts.parent)
    reckon_completeness()
    scored = set(Completeness.objects.values_list("product__sku", flat=True))
    assert world.bolt.sku in scored and world.oil.sku not in scored


def test_a_service_is_asked_for_no_weight_and_what_is_off_sale_for_nothing(rule, world):
    rule("weight")
    Product.objects.filter(pk=world.bolt.pk).update(status="discontinued")
    reckon_completeness()
    assert not Completeness.objects.filter(product__kind="service").exists()
    assert not Completeness.objects.filter(product=world.bolt).exists()


def test_what_sells_most_and_lacks_most_comes_first_and_nothing_is_written_twice(rule, world):
    rule("picture")
    Product.objects.update(popularity=1, picture="")
    Product.objects.filter(pk=world.oil.pk).update(popularity=90)
    assert reckon_completeness() > 0
    assert Completeness.objects.order_by("-urgency").first().product == world.oil
    assert reckon_completeness() == 0


def test_a_change_is_reckoned_at_once_for_the_product_and_a_rule_for_all(rule, world, signed_in):
    rule("picture", weight=10)
    Product.objects.update(picture="", gtin="")
    reckon_completeness()
    Product.objects.filter(pk=world.bolt.pk).update(picture="products/a.webp")
    assert reckon_completeness_of([world.bolt.sku]) == 1
    otto = signed_in(world.otto)
    gtin = {"kind": "gtin", "category": "", "attribute": "", "document_kind": "", "least": 1, "weight": 30}
    assert otto.post(reverse("admin:insights_completenessrule_add"), gtin).status_code == 302
    after_rules(Event.objects.get(name="completeness_rules.changed").pk)
    assert Completeness.objects.get(product=world.bolt).score == 25
    event = Event.objects.create(
        name="product.changed", subject=f"product:{world.bolt.sku}", occurred_at=timezone.now()
    )
    assert after_change(event.pk) == 0


def test_the_work_list_says_what_is_lacking_in_as_many_queries_for_fifty_as_for_one(
    world, signed_in, django_assert_max_num_queries
):
    ensure_usual_rules()
    Product.objects.update(picture="", description="")
    reckon_completeness()
    otto, page = signed_in(world.otto), reverse("admin:insights_completeness_changelist")
    with django_assert_max_num_queries(12):
        text = otto.get(page).content.decode()
    assert "picture and description" in text and world.bolt.sku in text
    picture = CompletenessRule.objects.get(kind="picture")
    assert world.bolt.sku in otto.get(page, {"lacks": picture.pk}).content.decode()
    assert world.bolt.sku not in otto.get(page, {"score": "whole"}).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"kind": "attribute"}, {"kind": "document"}, {"kind": "name", "document_kind": "safety"}]
)
def test_a_rule_that_does_not_say_what_it_asks_is_refused(wrong, world, signed_in):
    said = {"category": "", "attribute": "", "document_kind": "", "least": 1, "weight": 10} | wrong
    answer = signed_in(world.otto).post(reverse("admin:insights_completenessrule_add"), said)
    assert answer.status_code == 200 and "and only there" in answer.content.decode()
