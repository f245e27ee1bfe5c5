"""Home of each persona, arranged by its reader, with the rep's card and the call-back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.template.loader import get_template
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Contact, Rep
from apps.cases.models import FollowUp
from apps.fulfilment.models import Shipment, ShipmentLine
from apps.invoicing.models import Invoice
from apps.ordering.models import Order
from apps.portal.arrangement import Place, arranged, moved
from apps.portal.home import BLOCKS, BLOCKS_OF_ROLE, FINDERS, NEEDS, TITLES
from tests.portal.buying import placed

OWN, OTHERS = ("a", "b", "c"), ("d", "e")

# kept -> the order, and what of it is shown
KEPT = [
    (None, "abcde", "abc"),
    ({"order": list("edcba"), "hidden": ["d"]}, "edcba", "ecba"),
    ({"order": list("ca"), "hidden": ["a"]}, "cdeab", "cb"),  # b, d and e have come since
    ({"order": list("xbx"), "hidden": ["y"]}, "abcde", "abc"),  # x is no more
    ({"order": [], "hidden": []}, "abcde", "abc"),
]


@pytest.mark.parametrize(("kept", "order", "shown"), KEPT)
def test_arranged(kept, order, shown):
    places = arranged(OWN, OTHERS, kept)

    assert "".join(place.name for place in places) == order
    assert "".join(place.name for place in places if place.is_shown) == shown
    assert all(isinstance(place, Place) for place in places)


MOVES = [("a", -1, "abc"), ("a", 1, "bac"), ("c", 1, "abc"), ("c", -1, "acb")]


@pytest.mark.parametrize(("name", "by", "order"), MOVES)
def test_moved(name, by, order):
    assert "".join(moved("abc", name, by)) == order


def test_every_block_has_its_title_and_template():
    named = {name for blocks in (*BLOCKS.values(), *BLOCKS_OF_ROLE.values()) for name in blocks}
    assert TITLES.keys() == FINDERS.keys() >= named | NEEDS.keys()
    assert set(BLOCKS) == set(Contact.Persona.values)
    for name in FINDERS:
        get_template(f"portal/home/_{name}.html")


def shown(client) -> list[str]:
    return list(client.get(reverse("portal:home")).context["found"])


def arrange(client, pressed, block=""):
    return client.post(reverse("portal:arrange_home"), {"decision": pressed, "block": block})


def test_who_arranges_home_has_it_so_and_alone(world, signed_in):
    anna = signed_in(world.anna)
    first = shown(anna)
    answer = arrange(anna, "down", first[0])
    arrange(anna, "hide", "picks")
    arrange(anna, "show", "service")

    assert answer.url.endswith(f"#block-{first[0]}")
    assert shown(anna)[:2] == [first[1], first[0]]
    assert "service" in shown(anna) and "picks" not in shown(anna)
    arrange(anna, "reset")
    assert shown(anna) == first
    assert Contact.objects.exclude(home=None).count() == 0


@pytest.mark.parametrize("pressed", [("up", "budget"), ("show", "nothing"), ("sideways", "due"), ("up", "")])
def test_what_the_role_may_not_see_can_not_be_shown(pressed, world, signed_in):
    rick = signed_in(world.rick)

    assert arrange(rick, *pressed).status_code == 422
    Contact.objects.filter(pk=world.rick.pk).update(home={"order": ["savings", "budget"], "hidden": []})
    assert not {"savings", "budget", "due", "quick"} & set(shown(rick))


def test_nobody_arranges_in_anothers_place(world, client):
    client.force_login(world.rhea.user)
    client.post(reverse("workspace:start_acting", args=[world.anna.pk]))

    assert arrange(client, "hide", "due").status_code == 403


def test_what_is_hidden_is_not_asked_for(world, signed_in):
    boris = signed_in(world.boris)
    before = queries(boris)
    for name in ("budget", "service", "savings"):
        arrange(boris, "hide", name)
    asked = queries(boris)
    tables = " ".join(each["sql"] for each in asked)

    assert len(asked) < len(before)
    assert "fulfilment_deliveryfact" not in tables and 'FROM "ordering_costcentre"' not in tables


def queries(client) -> list[dict]:
    client.get(reverse("portal:home"))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("portal:home"))
    return asked.captured_queries


def coming(world, client, days: int, delivered=None) -> Shipment:
    """A shipment of an order of Anna's that is promised in so many days."""
    order = Order.objects.get(number=placed(client, world.gloves, 3))
    shipment, _made = Shipment.objects.get_or_create(
        order=order, defaults={"number": f"S-{order.number}", "account": order.account, "created_at": timezone.now()}
    )
    on = timezone.localdate() + timedelta(days=days)
    Shipment.objects.filter(order=order).update(
        status="delivered" if delivered else "shipped", promised_on=on, expected_on=None, delivered_at=delivered
    )
    line = order.lines.get()
    ShipmentLine.objects.get_or_create(shipment=shipment, order_line=line, defaults={"quantity": line.quantity})
    return shipment


def test_the_receiver_reads_what_comes_and_what_is_in_it(world, signed_in):
    anna = signed_in(world.anna)
    for days in (2, 1, 0, -1):
        coming(world, anna, days)
    coming(world, anna, 0, delivered=timezone.now())
    rick = signed_in(world.rick)
    page = rick.get(reverse("portal:home"))

    assert [each.when for each in page.context["found"]["arriving"]] == ["late", "today", "tomorrow", "here"]
    words = page.content.decode()
    assert words.count(str(world.gloves.name)) >= 4
    assert words.count("Report a fault") == 1
    assert page.context["found"]["arriving"][3].may_be_faulted


def test_the_approver_says_yes_at_home_and_reads_what_is_saved(world, signed_in):
    anna = signed_in(world.anna)
    waiting = placed(anna, world.drill, 6)
    placed(anna, world.bolt, 1000)
    boris = signed_in(world.boris)
    page = boris.get(reverse("portal:home"))

    assert reverse("portal:decide", args=[waiting]) in page.content.decode()
    savings = page.context["found"]["savings"]
    assert (savings.paid, savings.saved) == (1274, 10)  # 140 for bolts that the list has at 150, drills at the list


def test_the_buyer_orders_quickly_from_home(world, signed_in):
    anna = signed_in(world.anna)
    page = anna.get(reverse("portal:home")).content.decode()
    answer = anna.post(reverse("portal:quick_add"), {"code": "BLT-M8-40", "quantity": "200"})

    assert reverse("portal:quick_add") in page and "Welcome to your portal" in page
    assert answer.status_code == 302
    assert "BLT-M8-40" in anna.get(answer.url).content.decode()


def test_the_card_of_a_rep_who_is_away_names_the_deputy(world, signed_in):
    Rep.objects.filter(pk=world.rhea.pk).update(deputy=world.ruben, away_from=timezone.localdate())
    page = signed_in(world.anna).get(reverse("portal:home"))

    rep = page.context["rep"]
    assert (rep["there"], rep["initials"], rep["deputy"]["name"]) == ("away", "R", "Ruben")
    assert "stands in" in page.content.decode()


def test_a_call_is_asked_for_and_taken_back(world, signed_in):
    anna = signed_in(world.anna)
    address = reverse("portal:call_back")
    page = anna.get(address)
    key = page.context["days"][-1][1][0]["key"]
    wrong = anna.post(address, {"decision": "ask", "window": key, "phone": "soon"})
    anna.post(address, {"decision": "ask", "window": key, "phone": "+44 113 496 0111", "about": "A quote"})

    assert wrong.status_code == 422 and 'aria-invalid="true"' in wrong.content.decode()
    assert "calls you" in anna.get(reverse("portal:home")).content.decode()
    asked = FollowUp.objects.get()
    anna.post(address, {"decision": "withdraw", "call_back": asked.pk})
    asked.refresh_from_db()
    assert asked.state == "dropped"
    assert "Ask for a call" in anna.get(reverse("portal:home")).content.decode()


def invoice(world, number: str, due: int, *, early: int | None = None, paid: int = 0) -> None:
    today = timezone.localdate()
    Invoice.objects.create(
        number=number, account=world.brightwater, issued_on=today, due_on=today + timedelta(days=due), currency="GBP",
        net=100, tax=20, gross=120, paid=paid, discount_percent=2 if early is not None else 0,
        discount_until=None if early is None else today + timedelta(days=early),
    )  # fmt: skip


def test_who_pays_reads_what_to_pay_next_and_what_it_saves(world, signed_in):
    invoice(world, "I-LATER", 30)
    invoice(world, "I-EARLY", 40, early=3)
    invoice(world, "I-OVER", -4, early=-20)
    invoice(world, "I-PART", 20, early=2, paid=50)
    invoice(world, "I-PAID", 1, paid=120)
    page = signed_in(world.fiona).get(reverse("portal:home"))

    to_pay = page.context["found"]["invoices"]["to_pay"]
    assert [(each.invoice.number, each.early, each.is_overdue) for each in to_pay] == [
        ("I-OVER", None, True),
        ("I-PART", None, False),  # money that came in costs the discount
        ("I-EARLY", Decimal("117.60"), False),
        ("I-LATER", None, False),
    ]
    assert "then <bdi>£117.60</bdi>" in page.content.decode()


def test_the_approver_reads_how_much_of_their_limits_people_have_used(world, signed_in):
    Contact.objects.filter(pk=world.anna.pk).update(period_limit=400, limit_period="year")
    placed(signed_in(world.anna), world.drill, 1)
    limits = signed_in(world.boris).get(reverse("portal:home")).context["found"]["budget"]["limits"]

    assert [(each.name, each.limit, each.left) for each in limits] == [("Anna", 400, 211)]
