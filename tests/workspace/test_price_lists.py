"""The rep has an account's price list made, and sent to one of its contacts again and again."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from apps.core.models import Event
from apps.pricing.models import PriceListFile, PriceListSchedule
from apps.pricing.tasks import make_price_list, send_price_list
from tests.workspace.desk import look, press, words

pytestmark = pytest.mark.django_db


def asked(**said):
    return {"kind": "csv", "on_day": timezone.localdate().isoformat(), "contact": "", "rhythm": ""} | said


def made():
    for event in Event.objects.filter(name="price_list.requested"):
        make_price_list(event.pk)
    for event in Event.objects.filter(name="price_list.made"):
        send_price_list(event.pk)


def test_it_is_made_kept_and_sent(world, signed_in):
    rhea = signed_in(world.rhea)
    assert reverse("workspace:price_lists", args=["AC-1"]) in words(rhea, "account", "AC-1")
    press(rhea, "price_lists", "AC-1", **asked(contact=world.anna.pk))
    assert "<progress" in words(rhea, "price_lists", "AC-1")
    made()
    paper = PriceListFile.objects.get()
    assert (paper.state, paper.asked_by_name, paper.contact) == ("ready", world.rhea.user.name, world.anna)
    assert [letter.to for letter in mail.outbox] == [[world.anna.email]]
    content = b"".join(look(rhea, "price_file", paper.pk).streaming_content).decode("utf-8-sig")
    assert "BLT-M8-40" in content and "0.16" in content  # their contract, not the list
    assert look(signed_in(world.ruben), "price_file", paper.pk).status_code == 404


def test_it_is_scheduled_for_a_contact_and_stopped(world, signed_in):
    rhea = signed_in(world.rhea)
    press(rhea, "price_lists", "AC-1", **asked(contact=world.fiona.pk, rhythm="weekly"))
    schedule = PriceListSchedule.objects.get()
    assert (schedule.contact, schedule.next_on) == (world.fiona, timezone.localdate() + timedelta(7))
    assert world.fiona.email in words(rhea, "price_lists", "AC-1")
    press(rhea, "stop_price_list", schedule.pk)
    assert not PriceListSchedule.objects.exists()


@pytest.mark.parametrize(
    ("who", "said"), [("rick", {}), ("xaver", {}), ("", {"rhythm": "weekly"}), ("", {"on_day": "1990-01-01"})]
)
def test_who_sees_no_prices_is_not_sent_any_and_what_cannot_be_is_said(world, signed_in, who, said):
    contact = getattr(world, who).pk if who else ""
    answer = press(signed_in(world.rhea), "price_lists", "AC-1", **asked(contact=contact) | said)
    assert answer.status_code == 422
    assert not PriceListFile.objects.exists() and not PriceListSchedule.objects.exists()
