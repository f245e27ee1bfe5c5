"""Standing orders by machines and people: the same services as the pages, in the name of somebody who may order."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.ordering.models import Order, StandingOrder
from apps.ordering.services import standing
from tests.api.keys import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(world):
    return {
        "name": "Gloves", "every": 2, "unit": "week", "first_on": timezone.localdate().isoformat(),
        "ship_to": world.dock.pk, "contact": world.anna.email, "lines": [{"code": "GLV-NIT-L", "quantity": 10}],
    }  # fmt: skip


def begin(client, body, key="k-1"):
    return client.post("standing-orders", body, Idempotency_Key=key)


def test_it_is_made_read_and_placed_in_the_name_of_a_contact(world, procurement, body):
    status, made = begin(procurement, body)
    assert (status, made["state"], made["contact"], made["every"], made["unit"]) == (201, "active", "Anna", 2, "week")
    assert [(line["sku"], line["agreed_price"], line["has_risen"]) for line in made["lines"]] == [
        ("GLV-NIT-L", "7.9000", False)
    ]
    assert begin(procurement, body) == (201, made)
    assert procurement.get(f"standing-orders/{made['id']}") == (200, made)
    assert [each["id"] for each in procurement.get("standing-orders")[1]["standing_orders"]] == [made["id"]]
    assert standing.place_due(now=timezone.now()) == 1
    order = Order.objects.get()
    assert (order.contact, order.channel) == (world.anna, "standing")
    assert procurement.get(f"standing-orders/{made['id']}")[1]["last_order"] == order.number


def test_a_date_is_skipped_once_and_it_is_paused_and_taken_up_again(procurement, body):
    made = begin(procurement, body)[1]
    path, skip = f"standing-orders/{made['id']}", {"do": "skip", "date": made["next_on"]}
    status, skipped = procurement.post(path, skip)
    later = timezone.localdate() + timedelta(14)
    assert (status, skipped["next_on"]) == (200, later.isoformat())
    assert procurement.post(path, skip)[0] == 409
    assert procurement.post(path, {"do": "skip"})[0] == 409
    assert procurement.post(path, {"do": "pause"})[1]["state"] == "paused"
    assert procurement.post(path, {"do": "pause"})[0] == 409
    assert procurement.post(path, {"do": "resume"})[1]["state"] == "active"
    assert procurement.post(path, {"do": "end"})[1]["dates"] == []
    assert procurement.post(path, {"do": "order"})[0] == 400


def test_a_person_orders_in_their_own_name(world, body):
    assert begin(person(world.boris), body)[0] == 422
    status, made = begin(person(world.boris), body | {"contact": world.boris.email}, key="k-2")
    assert (status, made["contact"]) == (201, "Boris")


@pytest.mark.parametrize("who", ["fiona", "xaver", "nobody", ""])
def test_a_machine_names_somebody_of_the_account_who_may_order(world, procurement, body, who):
    named = getattr(world, who).email if hasattr(world, who) else who
    status, said = begin(procurement, body | {"contact": named} if named else {**body, "contact": "?"})
    assert (status, list(said["errors"])) == (422, ["contact"])
    assert not StandingOrder.objects.exists()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"first_on": "2020-01-01"}, 422), ({"every": 0}, 400), ({"unit": "day"}, 400), ({"state": "ended"}, 400),
        ({"lines": [{"code": "NOPE", "quantity": 1}]}, 422), ({"lines": []}, 400), ({"ends_on": "2020-01-01"}, 422),
        ({"lines": [{"code": "GLV-NIT-L", "quantity": 1}, {"code": "GLV-NIT-L", "quantity": 2}]}, 422),
        ({"cost_centre": "NOPE"}, 422), ({"rise_percent": 101}, 400),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_leaves_nothing(procurement, body, change, status):
    assert begin(procurement, body | change)[0] == status
    assert not StandingOrder.objects.exists()


def test_a_stranger_sees_and_changes_nothing(procurement, stranger, body):
    made = begin(procurement, body)[1]
    path = f"standing-orders/{made['id']}"
    assert (stranger.get(path)[0], stranger.post(path, {"do": "pause"})[0]) == (404, 404)
    assert stranger.get("standing-orders")[1]["standing_orders"] == []
