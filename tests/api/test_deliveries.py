"""From a shipment on its way to its delivery, its question and its invoice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.core.models import Event
from apps.core.scoping import SYSTEM
from apps.feedback.models import Answer, AnswerRevision
from apps.feedback.services import bring_forward, plan_invitation
from apps.fulfilment.models import Shipment, TrackingEvent
from apps.fulfilment.services import Packed, dispatch_shipment, pack, plan_shipments, take_in
from apps.fulfilment.services.messages import carrier_actor
from apps.invoicing.models import Issuer
from apps.invoicing.services import issue_invoice
from apps.ordering.models import Order
from apps.ordering.services import confirm_order
from tests.api.keys import machine, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def shipment(world, procurement) -> Shipment:
    body = {"ship_to": world.dock.pk, "lines": [{"code": "OIL-5L", "quantity": 2}, {"code": "SVC-CUT", "quantity": 1}]}
    number = procurement.post("orders", body, Idempotency_Key="k")[1]["order"]["number"]
    order, otto = Order.objects.get(number=number), actor_for(world.otto)
    order.contact = world.anna
    order.save()
    confirm_order(otto, order, now=order.placed_at)
    [planned] = plan_shipments(order.pk, now=order.placed_at)
    return dispatch_shipment(otto, planned, tracking_code="NP-1", now=order.placed_at)


def delivered(shipment, **more) -> dict:
    at = (shipment.shipped_at + timedelta(seconds=1)).isoformat()
    return {"message_id": "m-1", "delivered_at": at, "received_by": "Rick", **more}


def test_a_carrier_reports_and_delivers_and_the_account_reads_it(shipment, carrier, procurement):
    seen = {"message_id": "t-1", "kind": "in_transit", "happened_at": shipment.shipped_at.isoformat(), "place": "York"}
    path = f"shipments/{shipment.number}"
    assert carrier.post(f"{path}/tracking", seen)[0] == 200
    status, page = carrier.post(f"{path}/delivery", delivered(shipment))
    assert (status, page["shipment"]["status"], page["shipment"]["received_by"]) == (200, "delivered", "Rick")
    status, read = procurement.get(path)
    assert (status, [line["delivered_quantity"] for line in read["lines"]]) == (200, [2, 1][: len(read["lines"])])
    assert [event["kind"] for event in read["tracking"]] == ["in_transit", "delivered"]
    assert procurement.get("shipments", status="delivered")[1]["shipments"][0]["number"] == shipment.number


def test_the_same_message_twice_is_one_delivery(shipment, carrier):
    path = f"shipments/{shipment.number}"
    for _ in range(2):
        assert carrier.post(f"{path}/delivery", delivered(shipment))[0] == 200
    assert Event.objects.filter(name="shipment.delivered").count() == 1
    seen = {"message_id": "t-1", "kind": "in_transit", "happened_at": shipment.shipped_at.isoformat()}
    assert carrier.post(f"{path}/tracking", seen) == carrier.post(f"{path}/tracking", seen)
    assert TrackingEvent.objects.filter(message_id="t-1").count() == 1


def test_what_was_short_or_damaged_is_said_by_line(shipment, erp):
    lines = [{"position": 1, "delivered": 1, "damaged": 1}]
    status, page = erp.post(f"shipments/{shipment.number}/delivery", delivered(shipment, lines=lines))
    assert status == 200
    assert (page["lines"][0]["delivered_quantity"], page["lines"][0]["damaged_quantity"]) == (1, 1)
    shipment.refresh_from_db()
    assert (shipment.is_short, shipment.is_damaged) == (True, True)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"lines": [{"position": 9, "delivered": 1}]}, 422),
        ({"lines": [{"position": 1, "delivered": 99}]}, 422),
        ({"delivered_at": "2099-01-01T00:00:00Z"}, 422),
        ({"delivered_at": "yesterday"}, 400),
        ({"status": "delivered"}, 400),
        ({"message_id": ""}, 400),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_delivered(shipment, carrier, change, status):
    assert carrier.post(f"shipments/{shipment.number}/delivery", delivered(shipment) | change)[0] == status
    shipment.refresh_from_db()
    assert shipment.status == "shipped"


def test_what_is_in_which_parcel_is_read_with_what_was_said_of_it(shipment, carrier, procurement):
    path, oil = f"shipments/{shipment.number}", shipment.lines.get(order_line__sku="OIL-5L")
    assert procurement.get(path)[1]["parcels"] == []
    boxes = [Packed("NP-1", {oil.pk: 1}), Packed("", {oil.pk: 1})]
    pack(SYSTEM, shipment, boxes, now=shipment.shipped_at)
    seen = {"message_id": "e-1", "tracking_number": "NP-1", "kind": "delivered", "received_by": "Rick"}
    seen["happened_at"] = shipment.shipped_at.isoformat()
    take_in(carrier_actor("Northern Parcels"), [seen], channel="api", now=shipment.shipped_at + timedelta(minutes=1))
    first, second = procurement.get(path)[1]["parcels"]
    assert first["lines"] == [{"position": 1, "sku": "OIL-5L", "quantity": 1}] == second["lines"]
    assert (first["tracking_number"], [event["kind"] for event in first["tracking"]]) == ("NP-1", ["delivered"])
    assert (second["position"], second["tracking_number"], second["tracking"]) == (2, "", [])


def test_the_stranger_sees_no_shipment_and_no_account_confirms_as_a_carrier(shipment, stranger, procurement):
    path = f"shipments/{shipment.number}"
    assert stranger.get(path)[0] == 404
    assert stranger.get("shipments")[1]["shipments"] == []
    assert procurement.post(f"{path}/delivery", delivered(shipment))[0] == 403


def test_a_carrier_sees_shipments_and_nothing_else(shipment, carrier):
    assert carrier.get(f"shipments/{shipment.number}")[0] == 200
    assert [carrier.get(path)[0] for path in ("orders", "invoices", "cases", "surveys", "ship-tos")] == [
        403, 403, 403, 403, 200,
    ]  # fmt: skip
    assert carrier.get("ship-tos")[1] == {"ship_tos": []}


def test_another_carrier_sees_and_moves_nothing_of_it(world, shipment, carrier):
    other, path = machine(world, "carrier", carrier="Southern Freight"), f"shipments/{shipment.number}"
    seen = {"message_id": "t-1", "kind": "delivered", "happened_at": shipment.shipped_at.isoformat()}

    assert other.get("shipments")[1]["shipments"] == [] and other.get(path)[0] == 404
    assert other.post(f"{path}/delivery", delivered(shipment))[0] == 404
    assert other.post(f"{path}/tracking", seen)[0] == 404
    assert [each["number"] for each in carrier.get("shipments")[1]["shipments"]] == [shipment.number]


def test_a_position_said_twice_is_refused(shipment, carrier):
    lines = [{"position": 1, "delivered": 1}, {"position": 1, "delivered": 1}]

    status, problem = carrier.post(f"shipments/{shipment.number}/delivery", delivered(shipment, lines=lines))

    assert status == 422 and problem["errors"] == {"lines": ["Line 1 is there more than once."]}
    shipment.refresh_from_db()
    assert (shipment.status, shipment.is_short) == ("shipped", False)


def test_the_erp_corrects_a_delivery_and_takes_it_back_and_nobody_else_does(world, shipment, carrier):
    path, erp = f"shipments/{shipment.number}/delivery", machine(world, "erp")
    said = {name: value for name, value in delivered(shipment, reason="Counted anew").items() if name != "message_id"}
    assert erp.post(f"{path}/correction", said)[0] == 409
    carrier.post(path, delivered(shipment, lines=[{"position": 1, "delivered": 1}]))
    for who in (carrier, person(world.rick)):
        for deed, body in (("correction", said), ("void", {"reason": "Elsewhere"})):
            assert who.post(f"{path}/{deed}", body)[0] == 403
    assert erp.post(f"{path}/correction", said | {"reason": ""})[0] == 400
    for _sent_twice in range(2):
        status, page = erp.post(f"{path}/correction", said)
        assert (status, page["lines"][0]["delivered_quantity"]) == (200, 2)
    assert Event.objects.filter(name="shipment.corrected").count() == 1
    assert erp.post(f"{path}/void", {})[0] == 400
    status, page = erp.post(f"{path}/void", {"reason": "Elsewhere"})
    assert (status, page["shipment"]["status"], page["shipment"]["delivered_at"]) == (200, "shipped", None)
    assert erp.post(f"{path}/void", {"reason": "Elsewhere"})[0] == 409
    assert carrier.post(path, delivered(shipment))[1]["shipment"]["status"] == "shipped"  # the message of before


def test_the_contact_who_was_asked_answers_once(world, shipment, carrier):
    carrier.post(f"shipments/{shipment.number}/delivery", delivered(shipment))
    shipment.refresh_from_db()
    plan_invitation(shipment.pk, now=shipment.delivered_at)
    anna, xaver = person(world.anna), person(world.xaver)
    assert anna.get("surveys")[1]["surveys"] == []  # its hour has not come
    bring_forward(now=shipment.delivered_at - timedelta(minutes=1))
    [question] = anna.get("surveys")[1]["surveys"]
    assert question["shipment"] == shipment.number
    assert question["question"] == "How likely are you to recommend us to a colleague in your trade?"
    path = f"surveys/{shipment.number}/answer"
    assert xaver.post(path, {"score": 0})[0] == anna.put(path, {"score": 0})[0] == 404
    assert anna.post(path, {"score": 11})[0] == 400
    status, given = anna.post(path, {"score": 3, "drivers": ["delivery"], "comment": "Late."})
    assert (status, given["score"], given["drivers"]) == (200, 3, ["delivery"])
    assert anna.post(path, {"score": 9})[1] == given
    assert anna.get("surveys")[1]["surveys"] == []
    assert anna.put(path, {"score": 9, "comment": "It came."})[1]["score"] == 9
    assert xaver.put(path, {"score": 0})[0] == 404
    Answer.objects.update(answered_at=timezone.now() - timedelta(hours=25))
    status, problem = anna.put(path, {"score": 10})
    assert (status, problem["type"]) == (409, "urn:tradewell:problem:survey_answer_locked")
    assert AnswerRevision.objects.values_list("old_score", "new_score", "channel").get() == (3, 9, "api")


def test_an_invoice_is_read_as_data_and_as_pdf_by_its_account_alone(world, shipment, procurement, stranger):
    invoice = issue_invoice(shipment.pk, now=world.now)
    status, page = procurement.get(f"invoices/{invoice.number}")
    assert status == 200
    assert page["invoice"]["gross"] == str(invoice.gross)
    assert [tax["percent"] for tax in page["taxes"]] == ["20.00"]
    assert procurement.get("invoices", status="open")[1]["invoices"][0]["number"] == invoice.number
    status, pdf = procurement.get(f"invoices/{invoice.number}/pdf")
    assert (status, pdf[:5], procurement.response["Content-Type"]) == (200, b"%PDF-", "application/pdf")
    assert page["parts"] == [{"due_on": invoice.due_on.isoformat(), "amount": str(invoice.gross)}]
    assert procurement.get(f"invoices/{invoice.number}/e-invoice")[0] == 409  # without our own VAT number
    Issuer.objects.create(name="Harrow & Vale", vat_number="GB123456782")
    status, xml = procurement.get(f"invoices/{invoice.number}/e-invoice")
    assert (status, invoice.number.encode() in xml) == (200, True)
    for path in (f"invoices/{invoice.number}{kind}" for kind in ("", "/pdf", "/e-invoice")):
        assert stranger.get(path)[0] == 404
    assert stranger.get("invoices")[1]["invoices"] == []
