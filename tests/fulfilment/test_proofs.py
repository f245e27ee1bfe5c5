"""Goods are handed over with a proof, and what was wrong is reported."""

import base64
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from apps.cases.models import Case
from apps.cases.services import open_case_for_fault
from apps.core.attachments import AttachmentRefused
from apps.core.models import Event
from apps.core.scoping import SYSTEM
from apps.fulfilment import services
from apps.fulfilment.errors import DeliveryRefused, FaultRefused, TourNotFound
from apps.fulfilment.models import DeliveryFile, FaultReport, Proof, ReceivingTerms, Tour
from apps.fulfilment.selectors.proofs import tour_by_token
from apps.fulfilment.services import Pictures
from tests.ordering.trade import actor, shipped


def picture(kind="PNG") -> bytes:
    content = BytesIO()
    Image.new("RGB", (40, 20), "white").save(content, kind)
    return content.getvalue()


@pytest.fixture
def under_way(world):
    order, [shipment] = shipped(world, world.boris, (world.gloves, 10), (world.bolt, 100))
    return order, shipment


def prove(world, shipment, **more):
    said = {"received_by": "Rick", "taken_at": world.now + timedelta(hours=2), "now": world.now + timedelta(hours=2)}
    return services.prove_delivery(SYSTEM, shipment, **said | {"key": "k"} | more)


def test_a_proof_delivers_once_and_a_later_one_is_kept(world, under_way):
    order, shipment = under_way
    gloves, _bolts = order.lines.all()
    proof = prove(world, shipment, lines={gloves.pk: (6, 1, 3)}, pictures=Pictures(picture(), [("a.jpg", picture())]))
    assert prove(world, shipment, received_by="Someone") == proof
    later = prove(world, shipment, key="other", received_by="Someone")
    shipment.refresh_from_db()
    line = shipment.lines.get(order_line=gloves)
    assert (line.delivered_quantity, line.damaged_quantity, line.refused_quantity) == (6, 1, 3)
    assert (shipment.received_by, shipment.is_short, proof.counts, later.counts) == ("Rick", True, True, False)
    assert sorted(proof.files.values_list("kind", flat=True)) == ["photo", "signature"]
    assert Event.objects.filter(name="shipment.delivered").count() == 1


@pytest.mark.parametrize("said", [(8, 0, 3), (10, 0, 1), (11, 0, 0), (4, 5, 0), (4, 0, -1)])
def test_no_more_is_handed_over_or_refused_than_was_shipped(world, under_way, said):
    order, shipment = under_way
    with pytest.raises(DeliveryRefused):
        prove(world, shipment, lines={order.lines.first().pk: said})
    assert not Proof.objects.exists()


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"", b"%PDF-1.7", b"x" * (6 * 1024 * 1024)])
def test_what_is_no_picture_is_refused_and_nothing_is_written(world, under_way, content):
    with pytest.raises(AttachmentRefused):
        prove(world, under_way[1], pictures=Pictures(photos=[("a.jpg", content)]))
    under_way[1].refresh_from_db()
    assert under_way[1].status == "shipped" and not DeliveryFile.objects.exists()


def test_a_driver_hands_over_by_the_link_and_only_the_account_sees_the_pictures(world, under_way, client, signed_in):
    order, shipment = under_way
    desk = signed_in(world.otto)
    url = reverse("admin:fulfilment_shipment_changelist")
    page = desk.post(url, {"action": "plan_tour", "_selected_action": [shipment.pk], "driver": "Dan"}, follow=True)
    tour = Tour.objects.get(driver="Dan")
    assert "/drive/" in page.content.decode()
    client.logout()
    link = f"/drive/{services.token_of(tour)}/"
    assert shipment.number in client.get(link).content.decode()
    line = shipment.lines.order_by("pk").first()
    drawn = "data:image/png;base64," + base64.b64encode(picture()).decode()
    said = {"received_by": "Rick", "signature": drawn, "key": "1", f"refused-{line.pk}": "2"}
    assert client.post(f"{link}{shipment.number}/", said | {"received_by": ""}).status_code == 422
    assert client.post(f"{link}{shipment.number}/", said | {f"missing-{line.pk}": "9"}).status_code == 422
    assert client.post(f"{link}{shipment.number}/", said | {"signature": "data:image/png;base64,!"}).status_code == 422
    for _twice in range(2):
        sent = said | {"files": SimpleUploadedFile("a.png", picture(), "image/png")}
        assert client.post(f"{link}{shipment.number}/", sent).status_code == 302
    proof = Proof.objects.get()
    assert (proof.given_by, proof.source, proof.files.count()) == ("Dan", "driver", 2)
    seen = reverse("portal:delivery_picture", args=[shipment.number, proof.files.first().pk])
    assert seen in signed_in(world.boris).get(f"/orders/{order.number}/").content.decode()
    assert signed_in(world.rick).get(seen)["Content-Type"] == "image/jpeg"
    operations = signed_in(world.otto).get(reverse("admin:fulfilment_shipment_change", args=[shipment.pk]))
    assert f'<img src="{seen}"' in operations.content.decode() and signed_in(world.otto).get(seen).status_code == 200
    assert signed_in(world.xaver).get(seen).status_code == 404
    services.end_tour(SYSTEM, tour, now=world.now)
    assert client.get(link).status_code == 404
    with pytest.raises(TourNotFound):
        tour_by_token("x:y:z")


def test_a_receiver_reports_a_fault_which_opens_a_case(world, under_way, monkeypatch, signed_in):
    _order, shipment = under_way
    gloves, bolts = shipment.lines.order_by("order_line__position")
    rick, at = actor(world.rick), world.now + timedelta(days=1)
    with pytest.raises(FaultRefused):  # it has not arrived
        services.report_fault(rick, shipment, {gloves.pk: ("damaged", 1)}, key="1", now=at)
    prove(world, shipment)
    for wrong in ({}, {gloves.pk: ("damaged", 11)}, {gloves.pk: ("eaten", 1)}, {99_999: ("wrong", 1)}):
        with pytest.raises(FaultRefused):
            services.report_fault(rick, shipment, wrong, key="1", now=at)
    said = {gloves.pk: ("damaged", 2), bolts.pk: ("wrong", 100)}
    report = services.report_fault(rick, shipment, said, note="Wet.", photos=[("a.jpg", picture())], key="1", now=at)
    assert services.report_fault(rick, shipment, said, key="1", now=at) == report
    for _twice in range(2):
        open_case_for_fault(report.pk, now=at)
    case = Case.objects.get(source_ref=f"fault:{report.pk}")
    said = case.messages.get().body
    assert case.shipment == shipment and "2 x GLV-NIT-L" in said and "Wet." in said and report.files.count() == 1


def test_faults_are_reported_within_the_agreed_days(world, under_way):
    _order, shipment = under_way
    prove(world, shipment)
    late = world.now + timedelta(days=8)
    said = {shipment.lines.first().pk: ("missing", 1)}
    with pytest.raises(FaultRefused):
        services.report_fault(actor(world.rick), shipment, said, key="1", now=late)
    ReceivingTerms.objects.create(account=world.brightwater, fault_days=10)
    services.report_fault(actor(world.rick), shipment, said, key="1", now=late)
    assert FaultReport.objects.count() == 1
