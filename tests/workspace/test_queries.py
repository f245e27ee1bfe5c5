"""A desk costs the same however many accounts stand behind it, and never more than some twenty queries a page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import Account, Contact
from apps.cases.models import Case
from apps.recommendations.models import Pick
from tests.portal.buying import placed
from tests.workspace.desk import case_of, look, quote_asked, to_do

MOST = 21
MOST_OF_AN_ACCOUNT = 22  # with what is picked for it, and what is never suggested to it
MOST_OF_THE_HOUSE = 27  # its figures, what each account summed up to, and five of the journey
MOST_OF_NEEDS = 29  # who needs somebody is gathered from everything that there is about an account


def count(client, name, *args) -> int:
    look(client, name, *args)
    with CaptureQueriesContext(connection) as asked:
        assert look(client, name, *args).status_code == 200
    return len(asked)


@pytest.fixture
def busy(world, signed_in):
    """An account with one of everything."""
    anna = signed_in(world.anna)
    number = placed(anna, world.gloves, 1)
    quote = quote_asked(anna, world.bolt, 5000)
    case = case_of(world.brightwater, world.anna, ref="busy")
    to_do(world.brightwater, world.anna)
    return number, quote.number, case.number


def fifty_more(world):
    """Fifty accounts of Rhea's, each with a contact, a case and something to do."""
    for n in range(50):
        account = Account.objects.create(number=f"AC-5{n:02}", name=f"Depot {n:02}", rep=world.rhea, segment="depots")
        contact = Contact.objects.create(account=account, name=f"Buyer {n}", email=f"b{n}@depot.example")
        case_of(account, contact, ref=f"depot:{n}", now=timezone.now() - timedelta(hours=n))
        to_do(account, contact, ref=f"depot:{n}")
    Case.objects.filter(account__segment="depots").update(stands_in_for=world.ruben)


@pytest.mark.parametrize("name", ["today", "accounts"])
def test_pages_of_who_needs_somebody(name, world, busy, signed_in):
    few = count(signed_in(world.rhea), name)
    fifty_more(world)

    assert count(signed_in(world.rhea), name) == few <= MOST_OF_NEEDS


@pytest.mark.parametrize("name", ["cases", "quotes", "feedback", "comments"])
def test_pages_over_all_accounts(name, world, busy, signed_in):
    few = count(signed_in(world.rhea), name)
    fifty_more(world)

    assert count(signed_in(world.rhea), name) == few <= MOST


def test_the_account(world, busy, signed_in):
    few = count(signed_in(world.rhea), "account", "AC-1")
    fifty_more(world)
    for n in range(8):
        Contact.objects.create(account=world.brightwater, name=f"Hand {n}", email=f"h{n}@brightwater.example")
        case_of(world.brightwater, world.anna, ref=f"more:{n}")
        to_do(world.brightwater, world.anna, ref=f"more:{n}")
    Pick.objects.bulk_create(
        Pick(account=world.brightwater, product=each, rep=world.rhea, picked_at=timezone.now())
        for each in (world.bolt, world.oil, world.drill)
    )

    # The first picks need their products: one more query, whatever their number.
    assert count(signed_in(world.rhea), "account", "AC-1") <= few + 1 <= MOST_OF_AN_ACCOUNT


@pytest.mark.parametrize(("name", "which"), [("order", 0), ("quote", 1), ("case", 2)])
def test_one_thing(name, which, world, busy, signed_in):
    assert count(signed_in(world.rhea), name, busy[which]) <= MOST


def test_the_house(world, busy, signed_in):
    few = count(signed_in(world.mona), "manager")
    fifty_more(world)

    assert count(signed_in(world.mona), "manager") == few <= MOST_OF_THE_HOUSE
