"""The page of the next order and its block on the home page: ticked, ordered, dismissed and shown again over HTTP."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.ordering.models import CartLine
from apps.recommendations.models import Dismissal, NextLine

pytestmark = pytest.mark.django_db
PAGE, HOME = reverse("portal:next_order"), reverse("portal:home")


@pytest.fixture
def anna(world, signed_in):
    return signed_in(world.anna)


@pytest.fixture(autouse=True)
def lines(world):
    today = timezone.localdate()
    last = {"times": 4, "gap": 21, "last": str(today - timedelta(days=24))}
    rows = (
        (world.bolt, "rhythm", -3, 130, 72, last),
        (world.bolt_long, "successor", 2, 100, 31, {**last, "replaces": "BLT-OLD"}),
        (world.oil, "bought", 30, 2, None, {**last, "times": 1}),
        (world.gloves, "alike", None, 1, 3, {}),
        (world.drill, "segment", None, 1, None, {"accounts": 4}),
    )
    for place, (product, kind, due, quantity, sure, because) in enumerate(rows, 1):
        day = None if due is None else today + timedelta(days=due)
        NextLine.objects.create(
            account=world.brightwater, product=product, place=place, quantity=quantity, due_on=day, expected_on=day,
            confidence=sure, kind=kind, because=because,
        )  # fmt: skip


def text(answer) -> str:
    return " ".join(answer.content.decode().replace("<bdi>", "").replace("</bdi>", "").split())


def test_every_line_says_why_and_how_sure_it_is(anna):
    said = text(anna.get(PAGE))
    for words in (
        "You order it every 3 weeks, last on", "; due for 3 days", "It replaces BLT-OLD, which you last ordered on",
        "You ordered it once, on", "Ordered by businesses that order what you order",
        "You have not ordered yet: 4 businesses like yours order it",
        "<summary>Often right</summary>", "72% of such suggestions were in the next order",
        "<summary>Sometimes right</summary>", "31% of such", "<summary>Worth a look</summary>", "3% of such",
    ):  # fmt: skip
        assert words in said
    assert said.count(" checked ") == 2  # what is due now


def test_the_home_page_has_what_is_due_with_its_reason(anna):
    said = text(anna.get(HOME))
    assert "You order it every 3 weeks" in said
    assert "It replaces BLT-OLD" in said
    assert "Hydraulic oil" not in said


def test_what_is_ticked_goes_into_the_cart_at_once(world, anna):
    data = {"line": [world.bolt.pk, world.oil.pk], f"quantity-{world.bolt.pk}": "150", f"quantity-{world.oil.pk}": "3"}
    assert anna.post(PAGE, data).url == reverse("portal:cart")
    assert dict(CartLine.objects.values_list("product__sku", "quantity")) == {"BLT-M8-40": 200, "OIL-5L": 3}


@pytest.mark.parametrize("typed", ["0", "-1", "many", "9" * 12])
def test_a_bad_quantity_is_refused_beside_its_line_and_nothing_is_added(world, anna, typed):
    data = {"line": [world.oil.pk, world.gloves.pk], f"quantity-{world.oil.pk}": typed}
    refused = anna.post(PAGE, data)
    assert refused.status_code == 422
    assert f'id="error-{world.oil.pk}"' in refused.content.decode()
    assert f'value="{typed}"' in refused.content.decode()
    assert not CartLine.objects.exists()


@pytest.mark.parametrize("line", ["", "x", "-3"])
def test_nothing_ticked_adds_nothing(anna, line):
    assert "Nothing was ticked" in text(anna.post(PAGE, {"line": line}, follow=True))
    assert not CartLine.objects.exists()


@pytest.mark.parametrize(
    ("kind", "words"),
    [("not_now", "is not suggested before"), ("elsewhere", "is not suggested before"), ("never", "suggested any more")],
)
def test_it_is_dismissed_in_three_ways_and_shown_again(world, anna, kind, words):
    answer = anna.post(reverse("portal:dismiss"), {kind: world.bolt.sku, "from": "next_order"}, follow=True)
    assert answer.redirect_chain[-1][0] == PAGE
    assert words in text(answer)
    assert "Show again" in text(answer)
    assert f'name="line" value="{world.bolt.pk}"' not in answer.content.decode()
    assert "You order it every 3 weeks" not in text(anna.get(HOME))
    again = anna.post(reverse("portal:take_back"), {"sku": world.bolt.sku}, follow=True)
    assert "may be suggested again" in text(again)
    assert "Show again" not in text(again)
    assert f'name="line" value="{world.bolt.pk}"' in again.content.decode()


def test_from_home_one_comes_back_home_and_a_stranger_dismisses_for_themselves_alone(world, anna, signed_in):
    assert anna.post(reverse("portal:dismiss"), {"never": world.bolt.sku}).url == HOME
    signed_in(world.xaver).post(reverse("portal:dismiss"), {"never": world.oil.sku})
    assert set(Dismissal.objects.values_list("account__number", "product__sku")) == {
        ("AC-1", "BLT-M8-40"),
        ("AC-3", "OIL-5L"),
    }
    assert "Hydraulic oil" in text(anna.get(PAGE))


def test_without_anything_to_suggest_the_page_says_so(world, signed_in):
    assert "Nothing to suggest yet" in text(signed_in(world.lena).get(PAGE))


def test_the_api_tells_the_same_and_dismisses(world, anna):
    lines = anna.get(reverse("api:next_order"), {"limit": 2}).json()["lines"]
    assert [(line["sku"], line["quantity"], line["reason"], line["confidence"]) for line in lines] == [
        ("BLT-M8-40", 200, "rhythm", 72),
        ("BLT-M8-60", 100, "successor", 31),
    ]
    assert anna.get(reverse("api:next_order"), {"limit": 61}).status_code == 400
    said = {"sku": "BLT-M8-40", "kind": "never"}
    made = anna.post(reverse("api:dismissals"), said, content_type="application/json")
    assert (made.status_code, made.json()) == (201, {**said, "until": None})
    bad = anna.post(reverse("api:dismissals"), {**said, "kind": "maybe"}, content_type="application/json")
    assert bad.status_code == 400
    assert len(anna.get(reverse("api:next_order")).json()["lines"]) == 4
