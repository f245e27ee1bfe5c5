"""What home says on an occasion: which rule fits whom, in which words, and what was put away."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from apps.accounts.models import Account, User
from apps.accounts.selectors import actor_for, contact_of
from apps.core.errors import NotAllowed
from apps.insights.models import Greeting, GreetingPutAway, GreetingText
from apps.insights.rules.greetings import Facts, is_due, occasion_of, unknown_names, worded
from apps.insights.selectors.greetings import greeting_for
from apps.insights.services.greetings import put_greeting_away
from tests.portal.buying import placed

ON = date(2026, 3, 4)
DAY = timedelta(days=1)

# trigger, number, facts -> day and key of the occasion
OCCASIONS = [
    ("first_log_in", None, Facts(first_log_in_on=ON), (ON, "first_log_in")),
    ("first_log_in", None, Facts(), None),
    ("first_delivery", None, Facts(first_delivery_on=ON - DAY), (ON - DAY, "first_delivery")),
    ("nth_order", 10, Facts(orders=10, last_order_on=ON), (ON, "order 10")),
    ("nth_order", 10, Facts(orders=11, last_order_on=ON), None),
    ("anniversary", None, Facts(since_on=date(2021, 3, 2)), (date(2026, 3, 2), "year 2026")),
    ("anniversary", None, Facts(since_on=date(2021, 3, 5)), (date(2025, 3, 5), "year 2025")),
    ("anniversary", None, Facts(since_on=date(2026, 3, 4)), None),
    ("anniversary", None, Facts(since_on=date(2024, 2, 29)), (date(2026, 3, 1), "year 2026")),
    ("contract", None, Facts(contract_from_on=ON), (ON, "contract 2026-03-04")),
    ("back", 90, Facts(last_order_on=ON, order_before_on=ON - 90 * DAY), (ON, "back 2026-03-04")),
    ("back", 90, Facts(last_order_on=ON, order_before_on=ON - 89 * DAY), None),
    ("back", 90, Facts(last_order_on=ON), None),
    ("days", None, Facts(), (ON, "days 2026-03-04")),
]


@pytest.mark.parametrize(("trigger", "number", "facts", "said"), OCCASIONS)
def test_occasions(trigger, number, facts, said):
    found = occasion_of(trigger, number, facts, ON, from_on=ON)

    assert (found and (found.on, found.key)) == said


SINCE = [(0, False, True), (13, False, True), (14, False, False), (40, True, True)]


@pytest.mark.parametrize(("days", "calendar", "due"), SINCE)
def test_an_occasion_passes(days, calendar, due):
    occasion = occasion_of("days", None, Facts(), ON, from_on=ON - days * DAY)

    assert is_due(occasion, ON, 14, is_calendar=calendar) is due


def test_words_are_filled_in_once():
    assert worded("Hello {contact} of {account}, {years} years", {"contact": "{rep}", "account": "B"}) == (
        "Hello {rep} of B, years"
    )
    assert unknown_names("{contact} {price} {price}") == ["price"]


def greeting(trigger="days", title="Hello {contact}", **fields) -> Greeting:
    today = timezone.localdate()
    days = {"from_on": today - DAY, "until_on": today + DAY} if trigger == "days" else {}
    made = Greeting.objects.create(name=f"{trigger} {fields}", trigger=trigger, **days | fields)
    GreetingText.objects.create(greeting=made, title=title, body="{rep} is glad.")
    return made


def read(contact):
    actor = actor_for(contact.user)
    return greeting_for(actor, contact_of(actor), now=timezone.now())


# what the rule says -> whether Anna, a buyer in facilities, is shown it
FITS = [
    ({}, True),
    ({"segment": "facilities"}, True),
    ({"segment": "engineering"}, False),
    ({"persona": "operator"}, True),
    ({"persona": "gatekeeper"}, False),
    ({"language": "en"}, True),
    ({"language": "de"}, False),
    ({"is_active": False}, False),
    ({"until_on": timezone.localdate() - DAY}, False),
]


@pytest.mark.parametrize(("fields", "fits"), FITS)
def test_whom_it_fits(fields, fits, world):
    greeting(**fields)

    assert bool(read(world.anna)) is fits


def test_one_is_shown_signed_by_the_rep_and_stays_away(world, signed_in):
    greeting(priority=50, title="Second")
    greeting(priority=10, title="First, {contact}")
    anna = signed_in(world.anna)
    shown = anna.get(reverse("portal:home")).context["greeting"]
    assert (shown.title, shown.body, shown.signed) == ("First, Anna", "Rhea is glad.", "Rhea")

    for _again in range(2):
        assert anna.post(reverse("portal:put_away"), {"greeting": shown.key}).status_code == 302
    assert GreetingPutAway.objects.count() == 1
    assert anna.get(reverse("portal:home")).context["greeting"].title == "Second"
    assert read(world.boris).title == "First, Boris"


@pytest.mark.parametrize("said", ["", "0:days", "nothing", "7:" + "x" * 80])
def test_what_is_no_message_is_not_put_away(said, world, signed_in):
    greeting()

    assert signed_in(world.anna).post(reverse("portal:put_away"), {"greeting": said}).status_code == 404


def test_nobody_puts_it_away_in_anothers_place(world):
    made, actor = greeting(), actor_for(world.rhea.user, acting_contact_id=world.anna.pk)
    assert actor.acting_for == world.anna.pk

    with pytest.raises(NotAllowed):
        put_greeting_away(actor, made.pk, "days", now=world.now)


def test_the_words_are_those_of_the_readers_language(world):
    made = greeting()
    GreetingText.objects.create(greeting=made, language="de", title="Hallo {contact}", body="Schön.")
    with translation.override("de"):
        assert read(world.anna).title == "Hallo Anna"
    with translation.override("th"):
        assert read(world.anna).title == "Hello Anna"


def test_facts_of_the_account_at_a_constant_number_of_queries(world, signed_in):
    greeting("nth_order", number=2, title="Your order number {number}")
    anna = signed_in(world.anna)
    placed(anna, world.gloves, 1)
    assert read(world.anna) is None
    placed(anna, world.gloves, 1)
    for trigger in ("anniversary", "contract", "first_delivery"):
        greeting(trigger, priority=200)
    actor = actor_for(world.anna.user)
    contact = contact_of(actor)
    with CaptureQueriesContext(connection) as asked:
        assert greeting_for(actor, contact, now=timezone.now()).title == "Your order number 2"
    assert len(asked) == 1


def test_years_as_a_customer(world):
    today = timezone.localdate()
    Account.objects.filter(pk=world.brightwater.pk).update(since_on=today.replace(year=today.year - 5, day=1))
    greeting("anniversary", shown_days=60, title="{years} years")

    assert read(world.anna).title == "5 years"


def test_the_first_log_in_is_welcomed_once(world, client):
    greeting("first_log_in", title="Welcome")
    assert read(world.anna) is None
    for _time in range(2):
        client.post(reverse("login"), {"username": world.anna.email, "password": world.password})
    first = User.objects.get(pk=world.anna.user_id).first_log_in_at

    assert isinstance(first, datetime) and read(world.anna).title == "Welcome"
    assert User.objects.get(pk=world.boris.user_id).first_log_in_at is None


def test_words_with_an_unknown_name_are_refused():
    with pytest.raises(ValidationError):
        GreetingText(title="{contact}", body="{discount}").clean()
