"""Operations set up options, lanes and holidays in the admin."""

import pytest
from django.urls import reverse


@pytest.mark.parametrize("model", ["deliveryoption", "lane", "holiday", "zone", "closure", "slot"])
def test_every_list_opens_at_a_constant_number_of_queries(world, signed_in, model, django_assert_max_num_queries):
    client = signed_in(world.otto)
    with django_assert_max_num_queries(12):
        answer = client.get(reverse(f"admin:delivery_{model}_changelist"))
    assert answer.status_code == 200


def test_an_option_shows_its_rates_and_then_its_lanes(world, signed_in):
    answer = signed_in(world.otto).get(reverse("admin:delivery_deliveryoption_change", args=[world.standard.pk]))

    assert answer.context["inline_admin_formsets"][1].formset.total_form_count() == 2
