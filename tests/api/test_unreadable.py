"""What cannot be read, or leads nowhere, is a problem document like every other refusal."""

import json

import pytest

from tests.api.keys import Machine

pytestmark = pytest.mark.django_db
DEEP = "[" * 100_000
LARGE = json.dumps({"po_number": "x" * 6 * 1024**2})


def refused(machine: Machine, answer: tuple, status: int) -> str:
    """The kind of the problem document that `answer` is."""
    assert machine.response["Content-Type"] == "application/problem+json", answer
    assert answer[0] == answer[1]["status"] == status and answer[1]["detail"]
    return answer[1]["type"].rpartition(":")[2]


@pytest.mark.parametrize("path", ["orders", "prices", "availability"])
@pytest.mark.parametrize("body", [DEEP, '{"a":' * 100_000, "[" * 50_000 + "]" * 50_000])
def test_what_is_nested_without_end_is_refused(procurement, path, body):
    assert refused(procurement, procurement.post(path, body, Idempotency_Key="k"), 400) == "parse_error"


def test_what_is_nested_without_end_is_refused_of_a_carrier_too(carrier):
    assert refused(carrier, carrier.post("shipments/SH-1/delivery", DEEP), 404) == "shipment_not_found"


@pytest.mark.parametrize("body", [LARGE, "x" * (6 * 1024**2)])
def test_a_body_that_is_too_large_is_refused_with_what_is_taken(procurement, body):
    answer = procurement.post("orders", body, Idempotency_Key="k")

    assert refused(procurement, answer, 413) == "too_large"
    assert "at most 5 MB" in answer[1]["detail"]


@pytest.mark.parametrize("path", ["nope", "orders/SO-1/nope", ""])
def test_an_address_that_leads_nowhere_is_said_to_machines_in_their_words(procurement, path):
    assert refused(procurement, procurement.get(path), 404) == "not_found"


def test_what_breaks_on_our_side_is_said_so(procurement, monkeypatch):
    monkeypatch.setattr("apps.api.account.WhoAmI.get", lambda *_: 1 / 0)
    procurement.client.raise_request_exception = False

    answer = procurement.get("me")

    assert refused(procurement, answer, 500) == "broken" and "ZeroDivision" not in str(answer)


def test_people_get_pages(client):
    missing = client.get("/nope/")
    too_much = client.post("/login/", {"username": "x" * 6 * 1024**2})
    wrong_host = client.get("/login/", HTTP_HOST="evil.example")

    assert (missing.status_code, too_much.status_code, wrong_host.status_code) == (404, 413, 400)
    assert "There is nothing here" in missing.text and "That was too much at once" in too_much.text
    assert "This could not be read" in wrong_host.text
