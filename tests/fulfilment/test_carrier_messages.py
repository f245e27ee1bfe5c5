"""Whatever a carrier sends is kept once, with what became of it."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.core.scoping import SYSTEM
from apps.core.sheets import FileRefused
from apps.fulfilment import services
from apps.fulfilment.carrier_files import rows_of
from apps.fulfilment.models import CarrierMessage, Shipment, TrackingEvent
from apps.fulfilment.rules.signatures import distrust, sign
from apps.fulfilment.services.messages import carrier_actor, secret_of
from tests.ordering.trade import shipped

BODY, AT = b'{"events": []}', 1_770_000_000


@pytest.mark.parametrize(
    ("header", "now", "why"),
    [
        (sign("s", BODY, AT), AT, ""),
        (sign("s", BODY, AT), AT + 300, ""),
        (sign("s", BODY, AT), AT + 301, "stale"),
        (sign("s", BODY, AT), AT - 301, "stale"),
        (sign("other", BODY, AT), AT, "wrong"),
        (sign("s", BODY + b" ", AT), AT, "wrong"),
        (sign("s", BODY, AT).replace(str(AT), str(AT + 1)), AT, "wrong"),
        ("", AT, "wrong"),
        ("t=abc,v1=é", AT, "wrong"),
    ],
)
def test_a_signature_holds_for_its_body_and_for_five_minutes(header, now, why):
    assert distrust(header, BODY, ["old", "s"], now) == why


@pytest.fixture
def under_way(world):
    _order, [shipment] = shipped(world)
    Shipment.objects.filter(pk=shipment.pk).update(tracking_code="NP-77")
    return shipment


def take(world, *rows, carrier="Northern Parcels", after=timedelta(hours=5)):
    took = services.take_in(carrier_actor(carrier), rows, channel="file", now=world.now + after)
    return [(each.state, each.reason) for each in took]


def row(world, number="1", kind="in_transit", hours=1, code="NP-77", **more):
    at = (world.now + timedelta(hours=hours)).isoformat()
    return {"message_id": number, "tracking_number": code, "kind": kind, "happened_at": at, **more}


def test_events_out_of_order_late_and_from_the_future_are_kept_with_their_reason(world, under_way):
    said = take(
        world,
        row(world, "1", "out_for_delivery", 3),
        row(world, "2", "picked_up", 1),
        row(world, "3", "delivered", 4, received_by="Rick"),
        row(world, "4", "in_transit", 2),
        row(world, "5", "in_transit", 30),
    )
    assert [state for state, _reason in said] == ["applied", "applied", "applied", "kept", "kept"]
    assert "delivered already" in said[3][1] and "not come" in said[4][1]
    under_way.refresh_from_db()
    assert (under_way.status, under_way.received_by) == ("delivered", "Rick")
    assert TrackingEvent.objects.filter(shipment=under_way).count() == 5


def test_the_same_message_is_one_row_and_another_text_under_its_number_waits(world, under_way):
    assert take(world, row(world), row(world)) == [("applied", "")] * 2
    assert CarrierMessage.objects.count() == TrackingEvent.objects.count() == 1
    [(state, reason)] = take(world, row(world, kind="delivered"))
    assert state == "quarantined" and "something else" in reason
    under_way.refresh_from_db()
    assert under_way.status == "shipped"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"tracking_number": "NP-0"}, "No shipment"),
        ({"tracking_number": ""}, "names no shipment"),
        ({"kind": "eaten"}, "eaten"),
        ({"happened_at": "yesterday"}, "when it happened"),
        ({"happened_at": "2026-03-04T12:00:00"}, "when it happened"),
        ({"message_id": ""}, "no number of its own"),
        ({"kind": "delivered", "lines": [{"position": 1, "delivered": 99}]}, "cannot be what was received"),
        ({"kind": "delivered", "lines": "all"}, "lines cannot be read"),
    ],
)
def test_what_cannot_be_used_waits_in_quarantine_with_its_reason(world, under_way, change, reason):
    [(state, said)] = take(world, row(world) | change)
    assert state == "quarantined" and reason in said
    under_way.refresh_from_db()
    assert under_way.status == "shipped" and not TrackingEvent.objects.exists()


def test_another_carriers_shipment_is_unknown_and_no_object_is_no_message(world, under_way):
    assert "No shipment" in take(world, row(world), carrier="Southern Freight")[0][1]
    assert take(world, "hello", None, ["x"])[0][0] == "quarantined"
    assert CarrierMessage.objects.count() == 4


def test_the_quarantine_is_worked_off_in_the_admin(world, under_way, signed_in):
    take(world, row(world, code="NP-99"), row(world, "2", code="NP-0"))
    known, unknown = CarrierMessage.objects.order_by("message_id")
    Shipment.objects.filter(pk=under_way.pk).update(tracking_code="NP-99")
    desk, url = signed_in(world.otto), reverse("admin:fulfilment_carriermessage_changelist")
    desk.post(url, {"action": "try_again", "_selected_action": [known.pk, unknown.pk]})
    desk.post(url, {"action": "set_aside", "_selected_action": [unknown.pk]})
    assert list(CarrierMessage.objects.order_by("message_id").values_list("state", flat=True)) == [
        "applied",
        "set_aside",
    ]


def test_a_carriers_file_is_taken_in_twice_and_counts_once(world, under_way, signed_in):
    at = (world.now + timedelta(hours=1)).isoformat()
    content = (
        f"message_id;tracking_number;kind;happened_at;place\n1;NP-77;in_transit;{at};York\n2;NP-0;in_transit;{at};\n"
    )
    desk, url = signed_in(world.otto), reverse("admin:fulfilment_carriermessage_add")
    for _twice in range(2):
        file = BytesIO(content.encode())
        file.name = "events.csv"
        page = desk.post(url, {"carrier": "Northern Parcels", "file": file}, follow=True)
        assert "In quarantine: 1." in page.content.decode()
    assert CarrierMessage.objects.count() == 2 and TrackingEvent.objects.get().place == "York"
    with pytest.raises(FileRefused):
        list(rows_of(b"a,b\n1,2\n"))


def test_a_file_is_taken_in_by_command(world, under_way, tmp_path, capsys):
    file = tmp_path / "events.csv"
    at = (world.now + timedelta(hours=1)).isoformat()
    file.write_text(f"message_id,tracking_number,kind,happened_at\n1,NP-77,in_transit,{at}\n2,NP-0,in_transit,{at}\n")
    call_command("take_in_carrier_events", file, carrier="Northern Parcels")
    said = capsys.readouterr().out
    assert "2: No shipment" in said and "applied 1, quarantined 1" in said


def test_a_webhook_is_signed_and_a_replay_changes_nothing(world, under_way):
    key = services.open_carrier_key(SYSTEM, "Northern Parcels", now=world.now)
    url = reverse("api:carrier_webhook", args=[key.key_id])
    body = json.dumps({"events": [row(world), row(world, "2", code="NP-0")]})
    now = int(timezone.now().timestamp())

    def send(signature, text=body):
        headers = {"Tradewell-Signature": signature}
        return Client().post(url, text, content_type="application/json", headers=headers)

    answers = [send(sign(secret_of(key), body.encode(), now)) for _twice in range(2)]
    assert [each.status_code for each in answers] == [200, 200] and answers[0].json() == answers[1].json()
    assert [each["outcome"] for each in answers[0].json()["events"]] == ["applied", "quarantined"]
    assert TrackingEvent.objects.count() == 1
    assert send(sign(secret_of(key), body.encode(), now - 900)).status_code == 401
    assert send(sign("guessed", body.encode(), now)).status_code == 401
    assert send(sign(secret_of(key), b"[]", now), "[]").status_code == 422
    key.is_active = False
    key.save()
    assert send(sign(secret_of(key), body.encode(), now)).status_code == 401
