"""Buying as a company in the browser: the administrator's pages, cost centres at checkout, the chain of approvals."""

import re
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import Contact
from apps.ordering.models import ApprovalPolicy, BuyingRules, CostCentre, Order
from tests.portal.buying import add, checkout_form, place, placed
from tests.portal.test_queries import MOST
from tests.world import _user


@pytest.fixture
def ellen(world):
    user = _user("Ellen", "brightwater.example")
    return Contact.objects.create(
        account=world.brightwater, user=user, name="Ellen", email=user.email, role="administrator"
    )


@pytest.fixture
def company(world, ellen, signed_in):
    """Ellen's browser."""
    return signed_in(ellen)


def read(answer) -> str:
    """The words of a page."""
    return re.sub(r"<[^>]+>", "", answer.content.decode())


def page(name, *args):
    return reverse(f"portal:{name}", args=args)


def test_the_administrator_sets_everything_up(world, ellen, company):
    number = world.brightwater.number
    budget = {"budget": "500", "period": "month", "when_over": "block", "is_active": "on"}
    company.post(page("new_cost_centre", number), {"code": "100", "name": "Depot", **budget})
    depot = CostCentre.objects.get()
    steps = {"above_0": "50", "who_0": "approver", "above_1": "200", "who_1": f"contact:{ellen.pk}"}
    company.post(page("new_policy", number), {"name": "Large orders", "cost_centre": depot.pk, **steps})
    company.post(page("company_rules", number), {"needs_cost_centre": "on"})
    limits = {"spend_limit": "900", "period_limit": "2000", "limit_period": "quarter"}
    company.post(page("person", world.anna.pk), {"role": "buyer", "cost_centres": depot.pk, **limits})
    world.anna.refresh_from_db()
    assert (world.anna.period_limit, world.anna.limit_period) == (D(2000), "quarter")
    assert list(world.anna.cost_centres.all()) == [depot]
    kept = ApprovalPolicy.objects.get()
    assert [(step.above, step.contact) for step in kept.steps.all()] == [(50, None), (200, ellen)]
    assert BuyingRules.objects.get().needs_cost_centre
    shown = read(company.get(page("company", number)))
    said = ("Policy Large orders was made", "Cost centre 100 was opened", "Limits or role of Anna were changed")
    for words in ("Large orders", "Depot", "Anna", "£2,000.00", "£500.00 left of £500.00", *said):
        assert words in shown
    assert company.get(page("policy", kept.pk)).status_code == 200


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("new_cost_centre", {"code": "", "name": "x", "period": "month", "when_over": "ask"}),
        ("new_cost_centre", {"code": "1", "name": "x", "budget": "-5", "period": "month", "when_over": "ask"}),
        ("new_policy", {"name": "x"}),
        ("new_policy", {"name": "x", "above_0": "5"}),
        ("new_policy", {"name": "x", "above_0": "1e400", "who_0": "approver"}),
        ("new_policy", {"name": "x", "above_0": "5", "who_0": "contact:1"}),
        ("invite", {"name": "x", "email": "x", "role": "buyer"}),
        ("invite", {"name": "x", "email": "x@x.example", "role": "manager"}),
    ],
)
def test_what_makes_no_sense_is_said_in_the_form(world, company, name, form):
    answer = company.post(page(name, world.brightwater.number), form)
    assert answer.status_code == 422
    assert "Please check what you entered" in answer.content.decode()


def test_only_the_own_company_and_what_is_below_it(world, company):
    foreign = CostCentre.objects.create(account=world.calder, code="1", name="Calder")
    theirs = ApprovalPolicy.objects.create(account=world.calder, name="Theirs")
    assert company.get(page("company", world.leeds.number)).status_code == 200
    for address in (
        page("company", world.calder.number), page("invite", world.calder.number), page("person", world.xaver.pk),
        page("cost_centre", foreign.pk), page("policy", theirs.pk), page("new_policy", world.calder.number),
    ):  # fmt: skip
        assert company.get(address).status_code == 404, address
    for address in (
        page("end_access", world.xaver.pk), page("withdraw_policy", theirs.pk),
        page("company_rules", world.calder.number), page("invite_again", world.xaver.pk),
    ):  # fmt: skip
        assert company.post(address).status_code == 404, address


def test_the_last_administrators_button_says_why_it_does_nothing(world, ellen, company):
    answer = company.post(page("end_access", ellen.pk))
    assert answer.status_code == 409 and "last administrator" in answer.content.decode()


def test_the_buyer_chooses_a_cost_centre_and_sees_what_is_left(world, signed_in):
    depot = CostCentre.objects.create(
        account=world.brightwater, code="100", name="Depot", budget=100, when_over="block"
    )
    CostCentre.objects.create(account=world.brightwater, code="200", name="Office")
    BuyingRules.objects.create(account=world.brightwater, needs_cost_centre=True)
    anna = signed_in(world.anna)
    add(anna, world.gloves, 10)
    refused = place(anna)
    assert refused.status_code == 422 and "Choose the cost centre" in refused.content.decode()
    shown = read(anna.post(page("checkout"), checkout_form(anna) | {"cost_centre": depot.pk, "show": "1"}))
    assert "£100.00 left of £100.00" in shown
    number = place(anna, cost_centre=depot.pk).url.rstrip("/").rpartition("/")[2]
    assert "100 Depot" in anna.get(page("order", number)).content.decode()
    add(anna, world.gloves, 10)
    over = place(anna, cost_centre=depot.pk)
    assert over.status_code == 409 and "£14.10 left" in read(over)
    assert Order.objects.count() == 1


def test_the_letter_leads_to_a_page_that_wants_a_log_in_and_a_button(world, ellen, signed_in, client):
    policy = ApprovalPolicy.objects.create(account=world.brightwater, name="Large orders")
    policy.steps.create(above=50)
    policy.steps.create(above=100, role="administrator", contact=ellen)
    number = placed(signed_in(world.anna), world.gloves, 20)
    link = page("decide", number)
    client.logout()
    assert client.get(link).url.startswith(reverse("login"))
    boris = signed_in(world.boris)
    shown = boris.get(link).content.decode()
    assert 'value="approve"' in shown and "Large orders" in shown and "Ellen" in shown
    assert Order.objects.get().status == "awaiting_approval", "opening it decides nothing"
    said = boris.post(link, {"decision": "approve", "comment": "for the depot"}, follow=True).content.decode()
    assert "the next in the chain is asked" in said
    assert 'value="approve"' not in boris.get(link).content.decode()
    assert "for the depot" in signed_in(world.anna).get(page("order", number)).content.decode()
    signed_in(ellen).post(link, {"decision": "approve"})
    assert Order.objects.get().status == "placed"


def test_an_order_is_taken_back_and_asks_anew(world, signed_in):
    anna = signed_in(world.anna)
    number = placed(anna, world.oil, 40)
    assert anna.post(page("change_order", number)).url == page("cart")
    assert re.search("taken back", anna.get(page("cart")).content.decode())
    again = place(anna).url.rstrip("/").rpartition("/")[2]
    assert Order.objects.get(number=again).status == "awaiting_approval"


def test_finance_sees_what_is_used_and_left(world, signed_in):
    CostCentre.objects.create(account=world.brightwater, code="100", name="Depot", budget=400)
    placed(signed_in(world.anna), world.gloves, 10, cost_centre=CostCentre.objects.get().pk)
    shown = read(signed_in(world.fiona).get(page("budgets")))
    assert "£314.10" in shown and "£85.90" in shown


def count(client, address) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_pages_cost_the_same_number_of_queries_however_large_the_company(world, ellen, company, signed_in):
    addresses = [page("company", world.brightwater.number), page("budgets")]
    CostCentre.objects.create(account=world.brightwater, code="0", name="Depot", budget=400)
    ApprovalPolicy.objects.create(account=world.brightwater, name="First").steps.create(above=50, contact=ellen)
    few = [count(company, address) for address in addresses]
    for n in range(1, 8):
        CostCentre.objects.create(account=world.brightwater, code=str(n), name="Depot", budget=400)
        ApprovalPolicy.objects.create(account=world.brightwater, name=f"No. {n}").steps.create(above=n, contact=ellen)
        Contact.objects.create(account=world.brightwater, name=f"Nell {n}", role="buyer")
    assert [count(company, address) for address in addresses] == few
    assert max(few) <= 20


def test_a_checkout_with_everything_that_can_decide_stays_cheap(world, ellen, signed_in):
    own = {"account": world.brightwater}
    CostCentre.objects.create(**own, code="100", name="Depot", budget=400)
    BuyingRules.objects.create(**own, needs_cost_centre=True)
    Contact.objects.filter(pk=world.anna.pk).update(period_limit=1000)
    policy = ApprovalPolicy.objects.create(**own, name="Gloves", category=world.safety)
    policy.steps.create(above=50, contact=ellen)
    anna = signed_in(world.anna)
    add(anna, world.gloves, 10)
    assert "“Gloves” asks for one more yes" in read(anna.get(page("checkout")))
    assert count(anna, page("checkout")) <= MOST + 4, (
        "where a policy of a category, a limit and a budget are met at once"
    )
