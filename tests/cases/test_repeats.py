"""A second failure within 90 days is management's."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.accounts.models import User
from apps.cases import services
from apps.cases.models import Case
from apps.cases.tasks import send_case_opened
from apps.core.models import Event
from apps.insights.selectors import entry_of
from tests.feedback.deliveries import delivered
from tests.ordering.test_races import at_once
from tests.world import build


def case_of(world, ref, *, days=0, account=None, **facts) -> Case:
    facts = {"title": "Late again", "cause": "delivery", "origin": "delivery", "source_ref": ref} | facts
    account = account or world.brightwater
    return services.open_case(account_id=account.pk, **facts, now=world.now + timedelta(days=days))


@pytest.mark.parametrize(
    "first, second, is_repeated",
    [
        ({}, {"days": 89}, True),
        ({}, {"days": 91}, False),
        ({}, {"cause": "price", "origin": "portal"}, False),
        ({"origin": "portal"}, {"origin": "staff"}, True),
        ({"origin": "survey", "cause": "price"}, {"origin": "survey", "cause": "people", "days": 30}, True),
        ({"origin": "survey", "cause": "price"}, {}, False),
        ({"origin": "survey", "cause": "range"}, {"origin": "portal", "cause": "range"}, False),
    ],
)
def test_what_is_repeated(world, first, second, is_repeated):
    earlier = case_of(world, "a", **first)
    case = case_of(world, "b", **second)
    assert (earlier.is_repeated, case.is_repeated) == (False, is_repeated)
    assert (case.owner == world.mona) == is_repeated
    told = Event.objects.filter(name="case.repeated").values_list("subject", "facts__earlier")
    assert list(told) == ([(f"case:{case.number}", earlier.number)] if is_repeated else [])


def test_two_cases_about_one_delivery_are_one_failure_and_strangers_do_not_count(world):
    shipment = delivered(world, is_late=True)
    case_of(world, "a", shipment_id=shipment.pk)
    case_of(world, "c", account=world.calder)
    assert not case_of(world, "b", shipment_id=shipment.pk, origin="survey").is_repeated
    assert case_of(world, "d", shipment_id=delivered(world).pk).is_repeated


def test_without_a_manager_somebody_owns_it_all_the_same(world):
    User.objects.filter(rep=world.mona).update(is_active=False)
    case_of(world, "a")
    again = case_of(world, "b")
    assert (again.owner, again.is_repeated) == (world.sam, True)


def test_it_is_said_on_both_pages_in_the_mail_and_in_the_story(world, signed_in, mailoutbox):
    first, case = case_of(world, "a"), case_of(world, "b")
    event = Event.objects.get(name="case.opened", subject=f"case:{case.number}")
    for _ in range(2):
        send_case_opened(event.pk)
    mail = next(mail for mail in mailoutbox if mail.to == ["mona@harrow.example"])
    assert len(mailoutbox) == 1 and "second failure within 90 days" in mail.body
    assert "second failure within 90 days" in mail.alternatives[0][0]
    told = entry_of(Event.objects.get(name="case.repeated"))
    assert told.text == f"Case {case.number} is the second failure in 90 days, after {first.number}"
    ours = signed_in(world.mona).get(reverse("workspace:case", args=[case.number])).content.decode()
    theirs = signed_in(world.anna).get(reverse("portal:case", args=[case.number])).content.decode()
    assert "Second failure within 90 days" in ours
    assert "Our management takes care of it" in theirs


@pytest.mark.django_db(transaction=True)
def test_of_two_failures_at_the_same_moment_one_is_the_second():
    world = build()
    at_once(lambda ref: case_of(world, ref), ["a", "b"])
    assert sorted(Case.objects.values_list("is_repeated", flat=True)) == [False, True]
