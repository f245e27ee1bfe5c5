"""What machines are told could be ordered besides, and what runs short."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.availability.models import StockLevel
from apps.recommendations.models import RangeGap, Shortage
from tests.api.keys import machine
from tests.recommendations.test_suggestions import order

pytestmark = pytest.mark.django_db
URL, SHORT = "suggestions", "shortages"


@pytest.fixture
def key(world):
    return machine(world, account=world.brightwater)


def asked(key, **body):
    """(status, the suggestions)."""
    status, document = key.post(URL, body)
    return status, document.get("suggestions")


def test_each_suggestion_has_its_kind_and_facts_by_sku(world, key):
    for n in range(3, 6):
        order(world.brightwater, timezone.localdate() - timedelta(days=7 * n), (world.bolt, 100), (world.gloves, 3))
    RangeGap.objects.create(account=world.brightwater, product=world.drill, accounts=31, of_accounts=40, place=1)
    StockLevel.objects.create(warehouse=world.north, product=world.bolt_long, on_hand=50_000)
    _status, told = asked(key, items=[{"code": world.bolt.sku, "quantity": 9_000}])
    by_kind = {each["kind"]: each for each in told}
    assert list(by_kind) == ["usually_added", "substitute", "service", "missing_range"]
    assert by_kind["usually_added"] == {
        "kind": "usually_added", "sku": "GLV-NIT-L", "name": world.gloves.name, "quantity": 3,
        "because": {"together": 3, "of": 3, "with": "BLT-M8-40"},
    }  # fmt: skip
    assert by_kind["substitute"]["because"]["instead"] == "BLT-M8-40"
    assert by_kind["missing_range"]["because"] == {"accounts": 31, "of": 40, "category": "Power tools", "beside": ""}
    key.post("next-order/dismissals", {"sku": "DRL-18V", "kind": "never"})
    assert asked(key) == (200, [])


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 200), ({"items": [{"code": "NO-SUCH", "quantity": 1}]}, 422), ({"limit": 0}, 400), ({"kind": "x"}, 400)],
)
def test_bad_asks_are_refused(key, body, status):
    assert asked(key, **body)[0] == status


def test_what_runs_short(world, key):
    assert key.get(SHORT) == (200, {"shortages": []})
    day = timezone.localdate()
    Shortage.objects.create(
        account=world.brightwater, product=world.gloves, needed_on=day, quantity=60, on_hand=40, ready_on=day,
        noticed_at=world.now,
    )  # fmt: skip
    [short] = key.get(SHORT)[1]["shortages"]
    assert (short["sku"], short["quantity"], short["on_hand"], short["comes_on"]) == ("GLV-NIT-L", 60, 40, None)
    assert (short["substitute"], short["substitute_on"], short["substitute_quantity"]) == (None, None, None)
