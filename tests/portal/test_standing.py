"""Standing orders over HTTP: begun from a list, shown with what they cost now, left out once, agreed to anew."""

from datetime import timedelta

from django.core import mail
from django.urls import reverse
from django.utils import timezone

from apps.core.models import Event
from apps.ordering.models import StandingOrder
from apps.ordering.services import lists
from apps.ordering.services import standing as services
from apps.ordering.tasks import send_standing_order_held
from apps.pricing.models import Price
from tests.ordering.trade import actor
from tests.portal.test_quick_order import said


def test_from_a_list_to_a_yes(world, signed_in):
    stores = lists.make_list(
        actor(world.anna), name="Stores", shared=True, lines=[(world.gloves.pk, 10, None, "")], now=world.now
    )
    anna, today = signed_in(world.anna), timezone.localdate()
    address = reverse("portal:new_standing_order")
    assert "Nitrile gloves" in said(anna.get(address, {"list": stores.pk}))
    form = {
        "list": stores.pk, "name": "Gloves", "every": "2", "unit": "week", "first_on": today.isoformat(),
        "ends_on": (today - timedelta(days=1)).isoformat(), "ship_to": world.dock.pk, "rise_percent": "5",
    }  # fmt: skip
    refused = anna.post(address, form)
    assert refused.status_code == 422
    assert "It cannot end before it begins." in said(refused)
    page = anna.post(address, form | {"ends_on": ""}, follow=True)
    assert "every 2 weeks" in said(page)
    standing = StandingOrder.objects.get()
    there = reverse("portal:standing_order", args=[standing.pk])

    Price.objects.filter(product=world.gloves).update(unit_price="9.9900")
    services.place_due(now=timezone.now())
    send_standing_order_held(Event.objects.get(name="standing_order.held").pk)
    assert mail.outbox[0].to == [world.anna.email]
    assert "GLV-NIT-L" in mail.outbox[0].body
    assert "needs your yes" in said(anna.get(there))
    anna.post(there, {"decision": "agree"})
    on = {"decision": "skip", "on": today.isoformat()}
    assert [anna.post(there, on).status_code for _press in range(2)] == [302, 409]
    assert "Gloves" in said(anna.get(reverse("portal:standing_orders")))
    assert signed_in(world.xaver).get(there).status_code == 404


def test_who_does_not_order_sees_it_and_changes_nothing(world, signed_in):
    made = services.make_standing_order(
        actor(world.anna), name="Gloves", lines=[(world.gloves.pk, 10)], ship_to_id=world.dock.pk, every=1,
        unit="month", first_on=world.today, now=world.now,
    )  # fmt: skip
    rick, there = signed_in(world.rick), reverse("portal:standing_order", args=[made.pk])
    page = said(rick.get(there))
    assert "Gloves" in page
    assert "£" not in page
    assert "Pause" not in page
    assert rick.post(there, {"decision": "end"}).status_code == 403


def test_its_lines_are_changed_on_its_page(world, signed_in):
    made = services.make_standing_order(
        actor(world.anna), name="Gloves", lines=[(world.gloves.pk, 10)], ship_to_id=world.dock.pk, every=1,
        unit="month", first_on=world.today, now=world.now,
    )  # fmt: skip
    anna, there = signed_in(world.anna), reverse("portal:standing_order", args=[made.pk])
    keep = {"decision": "keep", f"quantity-{made.lines.get().pk}": "12"}
    assert "Kept" in said(anna.post(there, keep | {"code": "TV-M8X40", "quantity": "250"}, follow=True))
    assert dict(made.lines.values_list("product__sku", "quantity")) == {"GLV-NIT-L": 12, "BLT-M8-40": 300}
    gloves = f"quantity-{made.lines.get(product=world.gloves).pk}"
    for wrong, words in ({"code": "NO-SUCH"}, "NO-SUCH"), ({gloves: "-1"}, "whole number"):
        refused = anna.post(there, {"decision": "keep"} | wrong)
        assert refused.status_code == 422 and words in said(refused)
