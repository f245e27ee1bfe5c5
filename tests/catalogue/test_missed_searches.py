"""Searches without a result are kept for the account, by words and day, and never for whoever typed them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from apps.accounts.models import Contact
from apps.accounts.selectors import actor_for
from apps.catalogue.models import MissedSearch
from apps.catalogue.services import forget_missed_searches, keep_missed_search
from apps.catalogue.services.missed_searches import MOST_A_DAY
from apps.core.scoping import NOBODY

DAY = date(2026, 3, 4)


def kept():
    return list(MissedSearch.objects.order_by("text").values_list("account__number", "text", "times"))


def search(client, text, headers=None, **query):
    answer = client.get(reverse("portal:catalogue"), {"q": text, **query}, headers=headers)
    assert answer.status_code == 200


def test_words_sent_off_in_vain_are_kept_for_the_account(world, signed_in):
    anna = signed_in(world.anna)
    search(anna, "Titanium  FLANGE")
    search(anna, "titanium flange")
    search(anna, "hex bolt")
    assert kept() == [("AC-1", "titanium flange", 2)]
    held = {field.name for field in MissedSearch._meta.get_fields()}
    assert not held & {"contact", "user"}


def test_the_category_of_the_nearest_is_kept(world, signed_in):
    search(signed_in(world.anna), "titanium hex bolt zinc")
    missed = MissedSearch.objects.get()
    assert missed.category == world.bolts


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ({"HX-Request": "true"}, {}),
        ({"Sec-Purpose": "prefetch"}, {}),
        ({}, {"in_stock": "1"}),
        ({}, {"after": "x"}),
    ],
)
def test_nothing_is_kept_of_what_nobody_sent_off_or_of_what_filters_hid(headers, query, world, signed_in):
    search(signed_in(world.anna), "titanium flange", headers, **query)
    assert kept() == []


def test_typing_ahead_is_not_kept(world, signed_in):
    signed_in(world.anna).get(reverse("portal:suggest"), {"q": "titanium flange"})
    assert kept() == []


def test_nothing_is_kept_of_who_acts_for_a_buyer_or_is_nobody(world):
    acting = actor_for(world.rhea.user, acting_contact_id=world.anna.pk)
    assert acting.contact_id
    for actor in (acting, NOBODY, actor_for(world.rhea.user)):
        keep_missed_search(actor, "titanium flange", None, on=DAY)
    assert kept() == []


def test_no_address_and_no_scrap_is_kept(world):
    anna = actor_for(world.anna.user)
    for text in ("xaver@calder.example", "ab"):
        keep_missed_search(anna, text, None, on=DAY)
    assert kept() == []


def test_an_account_keeps_so_many_texts_a_day_and_goes_on_counting_them(world):
    anna = actor_for(world.anna.user)
    for n in range(MOST_A_DAY + 5):
        keep_missed_search(anna, f"flange {n:03}", None, on=DAY)
    keep_missed_search(anna, "flange 000", None, on=DAY)
    keep_missed_search(anna, "one more day", None, on=DAY + timedelta(days=1))
    assert MissedSearch.objects.filter(day_on=DAY).count() == MOST_A_DAY
    assert MissedSearch.objects.get(text="flange 000").times == 2
    assert MissedSearch.objects.count() == MOST_A_DAY + 1


def test_they_outlive_the_contact_and_are_forgotten_in_time(world):
    keep_missed_search(actor_for(world.anna.user), "titanium flange", None, on=DAY)
    Contact.objects.filter(pk=world.rick.pk).delete()
    assert forget_missed_searches(on=DAY + timedelta(days=400)) == 0
    assert forget_missed_searches(on=DAY + timedelta(days=401)) == 1
