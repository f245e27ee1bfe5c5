"""Who may stand at a desk, and what they see from there."""

import pytest
from django.urls import reverse

from apps.cases.models import Case
from apps.core.models import Event
from apps.ordering.models import Order, Quote
from tests.portal.buying import placed
from tests.workspace.desk import case_of, look, press, quote_asked, to_do, words

PAGES = ["today", "accounts", "cases", "quotes", "feedback"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["rhea", "sam", "mona", "otto"])
def test_an_empty_desk_has_its_pages_and_says_what_will_stand_there(name, who, world, signed_in):
    assert "<h1>" in words(signed_in(getattr(world, who)), name)


@pytest.mark.parametrize("who", ["anna", "boris", "fiona", "rick", "xaver"])
def test_buyers_have_no_desk(who, world, signed_in):
    contact = signed_in(getattr(world, who))

    assert {look(contact, name).status_code for name in (*PAGES, "manager")} == {403}
    assert press(contact, "start_acting", world.anna.pk).status_code == 403


def test_nobody_is_asked_to_log_in(client, db):
    assert look(client, "today").url == f"/login/?next={reverse('workspace:today')}"


@pytest.mark.parametrize(("who", "status"), [("rhea", 403), ("sam", 403), ("mona", 200), ("otto", 200)])
def test_how_the_house_does_is_for_managers(who, status, world, signed_in):
    desk = signed_in(getattr(world, who))

    assert look(desk, "manager").status_code == status
    assert (reverse("workspace:manager") in words(desk, "today")) == (status == 200)


@pytest.fixture
def brightwaters(world, signed_in):
    """Something of Brightwater's behind every kind of address."""
    anna = signed_in(world.anna)
    number = placed(anna, world.gloves, 1)
    return {
        "account": world.brightwater.number,
        "order": number,
        "case": case_of(world.brightwater, world.anna).number,
        "quote": quote_asked(anna, world.bolt, 5000).number,
        "settle_follow_up": to_do(world.brightwater, world.anna).pk,
        "start_acting": world.anna.pk,
    }


@pytest.mark.parametrize("name", ["account", "order", "case", "quote"])
def test_a_rep_finds_nothing_of_a_strangers_account(name, world, brightwaters, signed_in):
    mine = look(signed_in(world.rhea), name, brightwaters[name])
    strangers = look(signed_in(world.ruben), name, brightwaters[name])
    absent = look(signed_in(world.ruben), name, "AC-999")

    assert (mine.status_code, strangers.status_code, absent.status_code) == (200, 404, 404)


@pytest.mark.parametrize(
    ("name", "of", "said"),
    [
        ("welcome", "account", {"text": "Hello"}),
        ("pick", "account", {"code": "OIL-5L"}),
        ("unpick", "account", {"sku": "OIL-5L"}),
        ("release", "order", {"decision": "release"}),
        ("acknowledge_case", "case", {}),
        ("answer_case", "case", {"body": "Sorry"}),
        ("note_case", "case", {"body": "Hm"}),
        ("resolve_case", "case", {"cause": "delivery", "resolution": "Sent again"}),
        ("quote", "quote", {"valid_until": "2099-01-01"}),
        ("settle_follow_up", "settle_follow_up", {"decision": "done"}),
        ("start_acting", "start_acting", {}),
    ],
)
def test_a_strangers_rep_changes_nothing(name, of, said, world, brightwaters, signed_in):
    before = Event.objects.count()

    assert press(signed_in(world.ruben), name, brightwaters[of], **said).status_code == 404

    assert Event.objects.count() == before
    assert Order.objects.get().status == "placed" and Quote.objects.get().status == "requested"
    assert Case.objects.get().messages.count() == 1


def test_a_rep_sees_their_own_and_the_desks_see_all(world, signed_in):
    assert "Calder" not in words(signed_in(world.rhea), "accounts")
    for who in (world.sam, world.mona, world.otto):
        everybody = words(signed_in(who), "accounts")
        assert "Calder Engineering" in everybody and "Brightwater Leeds" in everybody


def test_the_service_desk_works_cases_and_neither_curates_nor_offers(world, brightwaters, signed_in):
    sam = signed_in(world.sam)

    assert press(sam, "answer_case", brightwaters["case"], body="A new box is on its way.").status_code == 302
    assert press(sam, "welcome", "AC-1", text="Hello").status_code == 403
    assert reverse("workspace:pick", args=["AC-1"]) not in words(sam, "account", "AC-1")
    assert 'name="valid_until"' not in words(sam, "quote", brightwaters["quote"])
