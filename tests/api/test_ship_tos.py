"""How goods are received at a ship-to, read and changed by machines."""

import pytest

from apps.accounts.models import ShipTo
from apps.core.models import Event
from tests.api.keys import person

PROFILE = {
    "contact_name": "Dora Dock",
    "phone": "+44 1904 1",
    "receiving_from": "07:30",
    "receiving_to": "14:00",
    "receiving_days": "1245",
    "closed_days": [{"from_on": "2026-12-24", "until_on": "2027-01-02"}, {"from_on": "2026-08-03"}],
    "preferred_weekday": 4,
    "gate": "Gate 4",
    "unloading": "Tail lift",
    "markings": "Line 3",
    "delivery_note": "Two signed copies",
    "is_blind": True,
    "prefers_complete": True,
}


@pytest.fixture
def there(world):
    return f"ship-tos/{world.dock.pk}"


def test_a_profile_is_changed_as_a_whole_and_in_part(world, procurement, there):
    status, said = procurement.patch(there, PROFILE)
    told = PROFILE | {
        "closed_days": [
            {"from_on": "2026-08-03", "until_on": "2026-08-03"},
            {"from_on": "2026-12-24", "until_on": "2027-01-02"},
        ]
    }
    assert status == 200 and {name: said[name] for name in PROFILE} == told
    assert procurement.patch(there, {"gate": "Gate 5", "closed_days": [], "preferred_weekday": None})[0] == 200

    status, said = procurement.get(there)
    changed = {"gate": "Gate 5", "closed_days": [], "preferred_weekday": None}
    assert {name: said[name] for name in PROFILE} == told | changed
    assert said in procurement.get("ship-tos")[1]["ship_tos"]
    assert Event.objects.filter(name="ship_to.changed", account_ref=world.brightwater.pk).count() == 2


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"receiving_to": "06:00"}, "receiving_to", "must end after it starts"),
        ({"receiving_from": "25:00"}, "receiving_from", ""),
        ({"receiving_days": "531"}, "receiving_days", "at least one day"),
        ({"receiving_days": ""}, "receiving_days", ""),
        ({"preferred_weekday": 7}, "preferred_weekday", "choose one of the receiving days"),
        ({"closed_days": [{"from_on": "2026-12-24", "until_on": "2026-12-01"}]}, "closed_days", "2026-12-24"),
        ({"closed_days": [{"from_on": "2026-02-30"}]}, "closed_days", ""),
        ({"gate": "x" * 81}, "gate", ""),
        ({"phone": "\0"}, "phone", ""),
        ({"street": "Elsewhere 1"}, "street", "not known here"),
        ({"account": 1}, "account", "not known here"),
        ({"is_default": True}, "is_default", "not known here"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_changes_nothing(world, procurement, there, change, field, words):
    before = ShipTo.objects.filter(pk=world.dock.pk).values().get()
    status, said = procurement.patch(there, change | {"markings": "Line 9"})

    assert status in (400, 422) and words in str(said["errors"][field])
    assert ShipTo.objects.filter(pk=world.dock.pk).values().get() == before


def test_nobody_else_reads_or_changes_it(world, procurement, stranger, erp, there):
    for machine in (stranger, erp):
        assert machine.get(there)[0] == 404
    assert (stranger.patch(there, {"gate": "9"})[0], erp.patch(there, {"gate": "9"})[0]) == (404, 403)
    assert procurement.patch("ship-tos/99999999999999999999", {"gate": "9"})[0] == 404
    assert person(world.rick).patch(there, {"gate": "9"})[0] == 403
    assert person(world.anna).patch(there, {"gate": "9"})[0] == 200
    ShipTo.objects.update(is_active=False)
    assert procurement.get(there)[0] == 404


def test_dates_follow_at_once(world, procurement, there):
    asks = {"ship_to": world.dock.pk, "asks": [{"code": "OIL-5L", "quantity": 1}]}
    day = procurement.post("delivery-options", asks)[1]["options"][0]["arrives_on"]
    procurement.patch(there, {"closed_days": [{"from_on": day}]})

    assert procurement.post("delivery-options", asks)[1]["options"][0]["arrives_on"] > day
