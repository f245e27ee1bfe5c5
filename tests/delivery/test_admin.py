"""Operations set up options, lanes and holidays in the admin."""

from datetime import time

import pytest
from django.urls import reverse

from apps.delivery.models import Lane, Rate, Slot, SlotWindow


@pytest.mark.parametrize("model", ["deliveryoption", "lane", "holiday", "zone", "closure", "slot"])
def test_every_list_opens_at_a_constant_number_of_queries(world, signed_in, model, django_assert_max_num_queries):
    client = signed_in(world.otto)
    with django_assert_max_num_queries(13):
        answer = client.get(reverse(f"admin:delivery_{model}_changelist"))
    assert answer.status_code == 200


def test_an_option_shows_its_rates_and_then_its_lanes(world, signed_in):
    answer = signed_in(world.otto).get(reverse("admin:delivery_deliveryoption_change", args=[world.standard.pk]))

    assert answer.context["inline_admin_formsets"][1].formset.total_form_count() == 2


def form_of(client, url) -> dict:
    """What the page would send as it stands."""
    context = client.get(url).context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    said = {field.html_name: field.value() for form in forms for field in form}
    return {name: value for name, value in said.items() if value is not None and value is not False}


def rows(prefix, *given) -> dict:
    said = {f"{prefix}-TOTAL_FORMS": len(given)}
    return said | {f"{prefix}-{at}-{name}": value for at, row in enumerate(given) for name, value in row.items()}


RATE = {"from_net": "0", "price": "5", "per_kg": "0", "per_pallet": "0"}
SLOT = {"weekdays": "12345", "capacity": "4", "starts_at": "08:00", "ends_at": "10:00"}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (rows("rates", RATE, RATE), "two rows have the same limits"),
        (rows("rates", RATE | {"from_net": "50"}), "no rate below a net value of 50"),
        (rows("rates", RATE | {"up_to_kg": "10"}) | {"max_weight_kg": "30"}, "the rates end at 10 kg"),
        (rows("windows", SLOT, SLOT | {"weekdays": "56", "starts_at": "09:00"}), "at the same time"),
        (rows("windows", SLOT | {"weekdays": "Mon"}), "Write the weekdays as figures"),
        (rows("windows", SLOT | {"ends_at": "07:00"}), "It ends after it begins"),
        ({"working_days": "89"}, "Write the weekdays as figures"),
        ({"min_weight_kg": "50", "max_weight_kg": "30"}, "more than the weight it begins at"),
    ],
)
def test_what_does_not_fit_together_is_refused_in_words(world, signed_in, change, why):
    client, url = signed_in(world.otto), reverse("admin:delivery_deliveryoption_change", args=[world.standard.pk])
    answer = client.post(url, form_of(client, url) | change)

    assert answer.status_code == 200 and why in answer.content.decode()
    assert not Rate.objects.exists() and not SlotWindow.objects.exists()


def test_what_fits_is_kept_and_previewed(world, signed_in):
    client, url = signed_in(world.otto), reverse("admin:delivery_deliveryoption_change", args=[world.standard.pk])
    table = rows("rates", RATE | {"up_to_kg": "10"}, RATE | {"price": "9"})
    slots = rows("windows", SLOT, SLOT | {"starts_at": "10:00", "ends_at": "12:00"})
    answer = client.post(url, form_of(client, url) | table | slots)
    assert answer.status_code == 302, answer.context["errors"]

    page = client.get(url).content.decode()
    assert "1 kg from Leeds to GB: £5.00, there on" in page and "25 kg from Leeds to GB: £9.00" in page
    listed = client.get(reverse("admin:delivery_deliveryoption_changelist")).content.decode()
    assert "rate table" in listed


def test_a_capacity_below_what_is_booked_is_refused_in_words(world, signed_in):
    window = SlotWindow.objects.create(option=world.express, starts_at=time(8), ends_at=time(10), capacity=4)
    slot = Slot.objects.create(window=window, day_on=world.today, capacity=4, booked=3)
    client, url = signed_in(world.otto), reverse("admin:delivery_slot_change", args=[slot.pk])
    answer = client.post(url, {"window": window.pk, "day_on": world.today, "capacity": "2"})

    assert "3 orders are booked already: it cannot serve fewer." in answer.content.decode()
    there = reverse("admin:delivery_slot_changelist")
    form = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": slot.pk, "form-0-capacity": "2", "_save": "1"}
    assert "3 orders are booked already" in client.post(there, form).content.decode()
    slot.refresh_from_db()
    assert slot.capacity == 4


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"time_zone": "Europe/Londn"}, "There is no time zone “Europe/Londn”"),
        ({"time_zone": ""}, "This field is required"),
        ({"working_days": "89"}, "Write the weekdays as figures"),
        ({"opens_at": "12:00", "closes_at": "08:00"}, "closes after it opens"),
    ],
)
def test_a_warehouse_has_a_clock_and_days(world, signed_in, change, why):
    client, url = signed_in(world.otto), reverse("admin:availability_warehouse_change", args=[world.north.pk])
    answer = client.post(url, form_of(client, url) | change)

    assert answer.status_code == 200 and why in answer.content.decode()


def test_a_country_is_kept_in_capitals(world):
    lane = Lane(option=world.express, warehouse=world.south, country="fr", transit_days=1)
    lane.full_clean()
    assert lane.country == "FR"
