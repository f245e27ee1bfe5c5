"""Who may do what, and what an address needs."""

from datetime import time

import pytest
from django.core.exceptions import ValidationError

from apps.accounts.rules import (
    NOT_ON_BEHALF,
    PERMISSIONS,
    address_problems,
    closed_periods,
    days_of,
    ids_on_path,
    may,
    next_code,
    path_of,
    periods_text,
)


@pytest.mark.parametrize(
    ("role", "permission", "allowed"),
    [
        ("nobody", "catalogue.read", False),
        ("buyer", "order.place", True),
        ("buyer", "order.approve", False),
        ("approver", "order.approve", True),
        ("finance", "invoice.read", True),
        ("finance", "order.place", False),
        ("receiver", "delivery.confirm", True),
        ("receiver", "price.read", False),
        ("rep", "account.act_for", True),
        ("service", "order.place", False),
        ("machine", "order.place", True),
        ("machine", "delivery.confirm", False),
        ("carrier", "delivery.confirm", True),
        ("carrier", "invoice.read", False),
        ("a role nobody heard of", "catalogue.read", False),
    ],
)
def test_a_role_is_a_set_of_permissions(role, permission, allowed):
    assert may(role, permission) is allowed


@pytest.mark.parametrize("permission", sorted(NOT_ON_BEHALF))
@pytest.mark.parametrize("role", sorted(PERMISSIONS))
def test_what_is_personal_is_never_done_on_behalf(role, permission):
    assert not may(role, permission, acting_for=7)


def test_a_path_ends_in_the_account_itself():
    assert path_of(None, 12) == "/12/"
    assert path_of("/12/", 45) == "/12/45/"
    assert ids_on_path("/12/45/") == (12, 45)


ADDRESS = {
    "name": "Main dock",
    "street": "1 Mill Lane",
    "city": "York",
    "postal_code": "YO1 1AA",
    "country": "GB",
    "contact_name": "",
    "phone": "",
    "gate": "",
    "unloading": "",
    "markings": "",
    "receiving_from": time(8),
    "receiving_to": time(16),
    "receiving_days": "12345",
    "closed_days": "",
    "delivery_note": "",
    "preferred_weekday": None,
}


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({}, {}),
        ({"postal_code": ""}, {}),
        ({"postal_code": "D02 AF30", "country": "IE"}, {}),
        ({"postal_code": "10110", "country": "TH"}, {}),
        ({"street": ""}, {"street": "missing"}),
        ({"gate": "G" * 81}, {"gate": "too_long"}),
        ({"country": "UKR"}, {"country": "not_a_country"}),
        ({"postal_code": "<script>"}, {"postal_code": "not_a_postal_code"}),
        ({"receiving_to": time(8)}, {"receiving_to": "not_after_start"}),
        ({"receiving_days": ""}, {"receiving_days": "not_weekdays"}),
        ({"receiving_days": "18"}, {"receiving_days": "not_weekdays"}),
        ({"receiving_days": "55"}, {"receiving_days": "not_weekdays"}),
        ({"closed_days": "2026-12-24 – 2027-01-02, 2027-05-14"}, {}),
        ({"closed_days": "2026-02-30"}, {"closed_days": "not_days"}),
        ({"closed_days": "2027-01-02 – 2026-12-24"}, {"closed_days": "not_days"}),
        ({"closed_days": "2026-01-01 – 9999-12-31"}, {"closed_days": "not_days"}),
        ({"closed_days": "Christmas"}, {"closed_days": "not_days"}),
        ({"preferred_weekday": 2}, {}),
        ({"preferred_weekday": 6}, {"preferred_weekday": "not_a_receiving_day"}),
    ],
)
def test_an_address_is_refused_field_by_field(change, wrong):
    found = address_problems(ADDRESS | change)
    assert found.items() >= wrong.items()
    assert set(found) == set(wrong)


@pytest.mark.parametrize(("codes", "free"), [([], "1"), (["MAIN"], "1"), (["1", "9", "MAIN", "10"], "11")])
def test_the_next_code_is_one_above_the_highest(codes, free):
    assert next_code(codes) == free


def test_closed_days_are_read_as_they_are_kept():
    periods = closed_periods("2027-05-14,2026-12-30 - 2027-01-02, 2028-02-29")

    assert periods_text(periods) == "2026-12-30 – 2027-01-02, 2027-05-14, 2028-02-29"
    assert closed_periods(periods_text(periods)) == periods
    assert len(days_of(periods)) == 6


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "GMT+1"])
def test_an_account_is_in_a_time_zone_that_there_is(world, zone):
    with pytest.raises(ValidationError) as refused:
        world.brightwater.time_zone = zone
        world.brightwater.full_clean()
    assert "time_zone" in refused.value.message_dict
