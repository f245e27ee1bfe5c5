"""An order past its promise says so, and what follows."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.ordering.models import Order
from tests.portal.buying import placed

PAST = [  # the order's status, what its page says
    ("confirmed", "Late: it was promised for"),
    ("awaiting_approval", "Nothing leaves before somebody approves it"),
    ("awaiting_release", "Nothing leaves before our credit desk releases it"),
]


@pytest.mark.parametrize(("status", "words"), PAST)
def test_an_order_past_its_promise_says_so_and_what_follows(status, words, world, signed_in):
    anna = signed_in(world.anna)
    number = placed(anna, world.gloves, 1, po_number="PO-7")
    Order.objects.update(status=status, promised_on=timezone.localdate() - timedelta(days=3))

    page = anna.get(f"/orders/{number}/").content.decode()

    assert words in page
    assert "PO-7" in page and "PO <bdi" not in page
