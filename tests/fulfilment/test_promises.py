"""How often the first promise was kept."""

from datetime import timedelta

import pytest

from apps.fulfilment.models import PromiseRecord, ShipmentLine
from apps.fulfilment.rules import promise_rate
from apps.fulfilment.selectors import promise_rate_of
from apps.fulfilment.services import reckon_promises
from apps.ordering.models import OrderLine
from tests.feedback.deliveries import delivered


@pytest.mark.parametrize(
    ("product", "category", "told"),
    [
        ((0, 0), (0, 0), None),
        ((9, 9), (9, 9), None),
        ((10, 9), (500, 400), (10, 9, False)),
        ((9, 9), (10, 8), (10, 8, True)),
        ((40, 0), (0, 0), (40, 0, False)),
    ],
)
def test_a_product_speaks_for_itself_from_ten_lines_on(product, category, told):
    found = promise_rate(product, category)
    assert (found and (found.lines, found.kept, found.of_category)) == told


def test_late_and_short_lines_break_the_promise_and_old_ones_do_not_count(world):
    for _ in range(8):
        delivered(world, days_ago=5)
    late, short = delivered(world, days_ago=5), delivered(world, days_ago=6)
    OrderLine.objects.filter(order=late.order).update(promised_on=late.delivered_at.date() - timedelta(days=1))
    ShipmentLine.objects.filter(shipment=short).update(delivered_quantity=60)
    delivered(world, days_ago=500)
    reckon_promises(now=world.now)
    reckon_promises(now=world.now)
    found = promise_rate_of(world.bolt.pk, world.bolt.category_id)
    assert (found.lines, found.kept, found.of_category) == (10, 8, False)
    assert promise_rate_of(world.bolt_long.pk, world.bolts.pk).of_category
    assert promise_rate_of(world.oil.pk, world.oil.category_id) is None
    assert PromiseRecord.objects.count() == 2


def test_what_is_still_under_way_is_not_counted(world):
    shipment = delivered(world, days_ago=1)
    shipment.status = "shipped"
    shipment.save()
    assert reckon_promises(now=world.now) == 0
