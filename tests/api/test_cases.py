"""Cases and conversations by key: read, opened and written to, once for a key, with files."""

import base64
import io
from datetime import timedelta

import pytest
from PIL import Image

from apps.accounts.selectors import actor_for
from apps.cases.models import Case, CaseFile, CaseMessage, Conversation, Utterance
from apps.cases.services import add_note
from tests.api.keys import person
from tests.feedback.deliveries import delivered
from tests.workspace.desk import case_of


def picture() -> str:
    kept = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(kept, "PNG")
    return base64.b64encode(kept.getvalue()).decode()


def test_a_case_is_opened_once_for_a_key_with_its_file_and_gone_on_with(world, procurement, stranger):
    shipment = delivered(world)
    body = {"body": "Two boxes were wet.", "cause": "delivery", "shipment": shipment.number}
    body["files"] = [{"name": "wet.png", "content": picture()}]
    made = [procurement.post("cases", body, Idempotency_Key="one") for _time in range(2)]
    assert made[0] == made[1] and made[0][0] == 201 and Case.objects.count() == 1
    page = made[0][1]
    number, [file] = page["case"]["number"], page["messages"][0]["files"]
    assert (page["case"]["order"], page["case"]["title"]) == (shipment.order.number, "Two boxes were wet.")
    said = [procurement.post(f"cases/{number}/messages", {"body": "Three."}, Idempotency_Key="two") for _ in range(2)]
    assert said[0] == said[1] and said[0][0] == 201
    assert [each["body"] for each in said[0][1]["messages"]] == ["Two boxes were wet.", "Three."]
    status, content = procurement.get(f"cases/{number}/files/{file['id']}")
    assert (status, content[:3]) == (200, b"\xff\xd8\xff")
    for call in (stranger.get(f"cases/{number}"), stranger.get(f"cases/{number}/files/{file['id']}")):
        assert call[0] == 404
    assert stranger.post(f"cases/{number}/messages", {"body": "?"}, Idempotency_Key="x")[0] == 404
    add_note(actor_for(world.sam.user), Case.objects.get(), body="Ours", now=world.now)
    assert "Ours" not in str(procurement.get(f"cases/{number}")[1])


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"body": ""}, 400),
        ({"order": "SO-0"}, 404),
        ({"cause": "weather"}, 400),
        ({"files": [{"name": "x", "content": "§"}]}, 400),
        ({"files": [{"name": "x", "content": base64.b64encode(b"MZ").decode()}]}, 422),
        ({"files": [{"name": "x", "content": "QQ=="}] * 6}, 400),
        ({"owner": "me"}, 400),
    ],
)
def test_what_cannot_be_taken_is_refused_and_opens_nothing(procurement, change, status):
    assert procurement.post("cases", {"body": "x"} | change, Idempotency_Key="one")[0] == status
    assert not Case.objects.exists()
    assert not CaseFile.objects.exists()


def test_a_person_talks_and_a_company_s_system_does_not(world, procurement):
    anna, boris = person(world.anna), person(world.boris)
    status, page = anna.post("conversations", {"body": "When does it come?"}, Idempotency_Key="one")
    number = page["conversation"]["number"]
    assert (status, [line["body"] for line in page["lines"]]) == (201, ["When does it come?"])
    for _time in range(2):
        status, news = anna.post(f"conversations/{number}/lines", {"body": "And how?"}, Idempotency_Key="two")
    assert (status, [line["body"] for line in news["lines"]]) == (201, ["And how?"])
    assert Utterance.objects.count() == 2
    first = page["lines"][0]["id"]
    assert [line["body"] for line in anna.get(f"conversations/{number}?after={first}")[1]["lines"]] == ["And how?"]
    assert [each["number"] for each in anna.get("conversations")[1]["conversations"]] == [number]
    for other in (boris, procurement):
        assert other.get("conversations")[1]["conversations"] == []
        assert other.get(f"conversations/{number}")[0] == 404
    assert procurement.post("conversations", {"body": "Hello"}, Idempotency_Key="x")[0] == 404
    assert Conversation.objects.count() == 1


def test_pages_cost_the_same_for_many(world, procurement, django_assert_max_num_queries):
    for key in "abc":
        procurement.post("cases", {"body": f"{key}?"}, Idempotency_Key=key)
    number = Case.objects.first().number
    for at in range(5):
        CaseMessage.objects.create(case=Case.objects.first(), author_name="x", body=f"{at}", written_at=world.now)
    with django_assert_max_num_queries(12):
        assert len(procurement.get(f"cases/{number}")[1]["messages"]) == 6


def test_a_list_of_cases_is_read_page_by_page_however_many_were_opened_at_once(world, procurement):
    cases = [
        case_of(world.brightwater, world.anna, ref=f"one:{at}", now=world.now - timedelta(hours=at // 3)).number
        for at in range(7)
    ]
    read, place = [], {}
    while place is not None:
        status, page = procurement.get("cases", size=2, **place)
        assert status == 200
        read += [each["number"] for each in page["cases"]]
        place = {"after": page["next"]} if page["next"] else None
    assert sorted(read) == sorted(cases)
