"""How a company buys: chains of approvals, deputies, limits for a period, cost centres with budgets."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.core import mail

from apps.accounts.errors import PermissionMissing
from apps.accounts.models import Contact
from apps.core.models import Event
from apps.core.scoping import Actor
from apps.ordering import selectors, services, tasks
from apps.ordering.errors import (
    BudgetExceeded,
    CostCentreRefused,
    DeputyRefused,
    NotTheirStep,
    OrderNotFound,
    OwnOrder,
    ParentDecides,
    PolicyRefused,
    WrongStatus,
)
from apps.ordering.models import Approval, CartLine, CostCentre, Deputy, Order
from apps.ordering.selectors.held import nobody_may_approve
from apps.ordering.services import company
from apps.ordering.services.company import CostCentreWish, PolicyWish, StepWish
from tests.ordering.trade import acting, actor, place
from tests.world import _user


def somebody(world, name, role, account=None):
    user = _user(name, "brightwater.example")
    return Contact.objects.create(
        account=account or world.brightwater, user=user, name=name, email=user.email, role=role
    )


@pytest.fixture
def ellen(world):
    return somebody(world, "Ellen", "administrator")


def centre(world, ellen, code="100", **more):
    wish = CostCentreWish(code, "Depot", **more)
    return company.keep_cost_centre(actor(ellen), world.brightwater, wish, now=world.now)


def policy(world, ellen, *steps, account=None, **fits):
    wish = PolicyWish("Large orders", tuple(StepWish(D(above), role, pk) for above, role, pk in steps), **fits)
    return company.keep_policy(actor(ellen), account or world.brightwater, wish, now=world.now)


@pytest.fixture
def chain(world, ellen):
    """Any approver above 50, then Ellen above 200."""
    return policy(world, ellen, (50, "approver", None), (200, "approver", ellen.pk))


def states(order):
    return list(order.approvals.order_by("position").values_list("reason", "state"))


def test_a_chain_is_asked_one_after_the_other(world, ellen, chain):
    order = place(world, world.anna, (world.gloves, 40))
    assert order.status == "awaiting_approval"
    assert selectors.approvals_waiting(actor(world.boris), world.today) == [order]
    assert not selectors.approvals_waiting(actor(world.anna), world.today)
    order = services.approve(actor(world.boris), order, comment="needed", now=world.now)
    assert order.status == "awaiting_approval"
    assert not selectors.approvals_waiting(actor(world.boris), world.today)
    with pytest.raises(NotTheirStep):
        services.approve(actor(world.boris), order, now=world.now)
    assert services.approve(actor(ellen), order, now=world.now).status == "placed"
    assert [name for name, _state in states(order)] == ["policy", "policy"]
    assert [event.name for event in Event.objects.filter(subject=f"order:{order.number}").order_by("id")] == [
        "order.approval_needed", "order.approved", "order.approval_needed", "order.approved", "order.placed",
    ]  # fmt: skip


def test_each_is_written_to_when_it_is_their_turn(world, ellen, chain):
    order = place(world, world.anna, (world.gloves, 40))
    tasks.send_approval_needed(Event.objects.filter(name="order.approval_needed").latest("id").pk)
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted([world.boris.email, ellen.email])
    assert f"/approvals/{order.number}/" in mail.outbox[0].body and "Large orders" in mail.outbox[0].body
    services.approve(actor(world.boris), order, now=world.now)
    for _delivered_twice in range(2):
        tasks.send_approval_needed(Event.objects.filter(name="order.approval_needed").latest("id").pk)
    assert [letter.to for letter in mail.outbox[2:]] == [[ellen.email]]


def test_one_yes_counts_for_all_steps_that_are_the_same_persons(world, ellen, chain):
    order = place(world, world.anna, (world.gloves, 40))
    assert services.approve(actor(ellen), order, now=world.now).status == "placed"


def test_a_no_at_any_step_ends_it(world, ellen, chain):
    order = place(world, world.anna, (world.gloves, 40))
    services.approve(actor(world.boris), order, now=world.now)
    assert services.decline(actor(ellen), order, comment="too much", now=world.now).status == "declined"
    with pytest.raises(WrongStatus):
        services.approve(actor(ellen), order, now=world.now)


def test_a_policy_asks_approvers_as_well_and_nobody_decides_their_own(world, ellen, chain):
    order = place(world, world.boris, (world.gloves, 10))
    with pytest.raises(OwnOrder):
        services.approve(actor(world.boris), order, now=world.now)
    assert services.approve(actor(ellen), order, now=world.now).status == "placed"


def test_a_step_of_whoever_ordered_falls_to_another_administrator_or_to_nobody(world, ellen, chain):
    order = place(world, ellen, (world.gloves, 40))
    order = services.approve(actor(world.boris), order, now=world.now)
    assert nobody_may_approve(order)
    second = somebody(world, "Edda", "administrator")
    assert not nobody_may_approve(order)
    assert services.approve(actor(second), order, now=world.now).status == "placed"


def test_a_step_of_somebody_who_has_left_falls_to_an_administrator(world, ellen):
    martin = somebody(world, "Martin", "approver")
    policy(world, ellen, (50, "approver", martin.pk))
    order = place(world, world.anna, (world.gloves, 10))
    with pytest.raises(NotTheirStep):
        services.approve(actor(ellen), order, now=world.now)
    Contact.objects.filter(pk=martin.pk).update(is_active=False)
    with pytest.raises(NotTheirStep):
        services.approve(actor(world.boris), order, now=world.now)
    assert not nobody_may_approve(order)
    assert services.approve(actor(ellen), order, now=world.now).status == "placed"


def test_a_deputy_decides_in_the_days_named_and_not_their_own(world, ellen):
    martin = somebody(world, "Martin", "approver")
    policy(world, ellen, (50, "approver", martin.pk))
    days = {"from_on": world.today, "until_on": world.today + timedelta(days=3), "now": world.now}
    named = company.name_deputy(actor(martin), martin, deputy_id=world.boris.pk, **days)
    order = place(world, world.anna, (world.gloves, 10))
    assert selectors.approvals_waiting(actor(world.boris), world.today) == [order]
    assert not selectors.approvals_waiting(actor(world.boris), world.today + timedelta(days=4))
    tasks.send_approval_needed(Event.objects.get(name="order.approval_needed").pk)
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted([world.boris.email, martin.email])
    own = place(world, world.boris, (world.gloves, 10))
    with pytest.raises(OwnOrder):
        services.approve(actor(world.boris), own, now=world.now)
    assert services.approve(actor(world.boris), order, now=world.now).status == "placed"
    company.withdraw_deputy(actor(martin), named, now=world.now)
    assert not Deputy.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"deputy_id": None}, "deputy"),
        ({"deputy_id": "anna"}, "deputy"),
        ({"deputy_id": "boris"}, "deputy"),
        ({"until_on": date(2026, 3, 3)}, "until_on"),
        ({"from_on": date(2026, 3, 6)}, "until_on"),
        ({"until_on": date(2030, 1, 1)}, "until_on"),
    ],
)
def test_a_deputy_who_cannot_be(world, change, field):
    wish = {"deputy_id": "boris", "from_on": date(2026, 3, 4), "until_on": date(2026, 3, 5)} | change
    wish["deputy_id"] = getattr(world, wish["deputy_id"] or "", None) and getattr(world, wish["deputy_id"]).pk
    with pytest.raises(DeputyRefused) as refused:
        company.name_deputy(actor(world.boris), world.boris, **wish, now=world.now)
    assert field in refused.value.fields


def test_policies_look_at_category_cost_centre_and_address(world, ellen):
    depot = centre(world, ellen)
    fits = {"category_id": world.bolts.parent_id, "cost_centre_id": depot.pk, "ship_to_id": world.dock.pk}
    policy(world, ellen, (10, "approver", None), **fits)
    both = ((world.bolt, 100), (world.gloves, 10))  # 16.00 of bolts
    assert place(world, world.anna, *both).status == "placed"
    assert place(world, world.anna, *both, cost_centre_id=depot.pk).status == "awaiting_approval"
    assert place(world, world.anna, (world.gloves, 10), cost_centre_id=depot.pk).status == "placed"


def test_policies_reach_down_the_tree_unless_somebody_above_says_otherwise(world, ellen, chain):
    leeds = {"ship_to": world.leeds_dock}
    lea = somebody(world, "Lea", "administrator", world.leeds)
    assert place(world, world.lena, (world.gloves, 10), **leeds).status == "awaiting_approval"
    own = {"needs_cost_centre": False, "own_policies_only": True, "now": world.now}
    with pytest.raises(ParentDecides):
        company.keep_rules(actor(lea), world.leeds, **own)
    company.keep_rules(actor(ellen), world.leeds, **own)
    assert place(world, world.lena, (world.gloves, 10), **leeds).status == "placed"
    policy(world, lea, (5, "approver", lea.pk), account=world.leeds)
    assert place(world, world.lena, (world.gloves, 10), **leeds).status == "awaiting_approval"


@pytest.mark.parametrize(
    ("steps", "fits", "field"),
    [
        ((), {}, "steps"),
        (((50, "approver", None), (50, "administrator", None)), {}, "steps"),
        (((-1, "approver", None),), {}, "steps"),
        ((("NaN", "approver", None),), {}, "steps"),
        (((1, "buyer", None),), {}, "steps"),
        (((1, "approver", "anna"),), {}, "steps"),
        (((1, "approver", "xaver"),), {}, "steps"),
        (((1, "approver", None),), {"cost_centre_id": 0}, "cost_centre"),
        (((1, "approver", None),), {"ship_to_id": 0}, "ship_to"),
        (((1, "approver", None),), {"category_id": 0}, "category"),
    ],
)
def test_a_policy_that_cannot_be(world, ellen, steps, fits, field):
    steps = [(above, role, getattr(world, whom).pk if whom else None) for above, role, whom in steps]
    with pytest.raises(PolicyRefused) as refused:
        policy(world, ellen, *steps, **fits)
    assert list(refused.value.fields) == [field]


def test_a_policy_changed_later_leaves_waiting_orders_as_they_are(world, ellen, chain):
    order = place(world, world.anna, (world.gloves, 40))
    company.withdraw_policy(actor(ellen), chain, now=world.now)
    assert services.approve(actor(world.boris), order, now=world.now).status == "awaiting_approval"
    assert place(world, world.anna, (world.gloves, 40)).status == "placed"


def test_a_limit_for_a_period_counts_what_was_ordered_in_it(world):
    Contact.objects.filter(pk=world.anna.pk).update(period_limit=170, limit_period="month")
    first = place(world, world.anna, (world.gloves, 10))  # 85.90 net
    assert first.status == "placed"
    second = place(world, world.anna, (world.gloves, 10))
    assert states(second) == [("period_limit", "waiting")]
    services.cancel_order(actor(world.anna), second, now=world.now)
    assert place(world, world.anna, (world.gloves, 8)).status == "placed", "what was cancelled counts no more"
    later = world.now + timedelta(days=28)
    assert place(world, world.anna, (world.gloves, 10), now=later).status == "placed", "a new month"


def test_a_key_and_a_rep_are_no_way_around_a_limit_for_a_period(world):
    Contact.objects.filter(pk=world.anna.pk).update(period_limit=100)
    machine = Actor(role="machine", account_id=world.brightwater.pk, account_ids=(world.brightwater.pk,), name="ERP")
    wish = {"ship_to_id": world.dock.pk, "option_id": world.standard.pk, "now": world.now}
    orders = [services.place_lines(machine, lines=[(world.gloves.pk, 10)], key=key, **wish) for key in "ab"]
    assert [order.status for order in orders] == ["placed", "awaiting_approval"]
    own = [place(world, world.anna, (world.gloves, 10), by=acting(world.rhea, world.anna)) for _again in range(2)]
    assert [order.status for order in own] == ["placed", "awaiting_approval"]


@pytest.mark.parametrize(("when_over", "status"), [("warn", "placed"), ("ask", "awaiting_approval"), ("block", None)])
def test_a_budget_warns_asks_or_refuses(world, ellen, when_over, status):
    depot = centre(world, ellen, budget=D(100), when_over=when_over)
    assert place(world, world.anna, (world.gloves, 10), cost_centre_id=depot.pk).status == "placed"
    if status is None:
        with pytest.raises(BudgetExceeded, match=r"14\.10"):
            place(world, world.anna, (world.gloves, 10), cost_centre_id=depot.pk)
        assert Order.objects.count() == 1
        return
    order = place(world, world.anna, (world.gloves, 10), cost_centre_id=depot.pk)
    assert (order.status, order.cost_centre_text) == (status, "100 Depot")
    [seen] = selectors.visible_budgets(actor(world.fiona), world.now)
    assert (seen.used, seen.left, seen.waiting > 0) == (D("171.80"), D("-71.80"), status == "awaiting_approval")


def test_a_cost_centre_is_asked_for_where_the_account_says_so(world, ellen):
    depot, office = (
        centre(world, ellen),
        centre(world, ellen, code="200", for_everybody=False, people=(world.boris.pk,)),
    )
    company.keep_rules(actor(ellen), world.brightwater, needs_cost_centre=True, own_policies_only=False, now=world.now)
    assert place(world, world.anna, (world.gloves, 1)).cost_centre == depot, "the only one she orders on"
    with pytest.raises(CostCentreRefused):
        place(world, world.boris, (world.gloves, 1))
    with pytest.raises(CostCentreRefused):
        place(world, world.anna, cost_centre_id=office.pk)
    assert place(world, world.boris, cost_centre_id=office.pk).cost_centre == office


def test_a_closed_cost_centre_takes_no_orders_and_a_strangers_never(world, ellen):
    depot = centre(world, ellen)
    foreign = CostCentre.objects.create(account=world.calder, code="100", name="Calder")
    company.keep_cost_centre(
        actor(ellen), world.brightwater, CostCentreWish("100", "Depot", is_active=False), kept=depot, now=world.now
    )
    for each in (depot, foreign):
        with pytest.raises(CostCentreRefused):
            place(world, world.anna, cost_centre_id=each.pk)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "a-100"}, "code"),
        ({"code": "x" * 21}, "code"),
        ({"name": " "}, "name"),
        ({"budget": D(-1)}, "budget"),
        ({"budget": D("Infinity")}, "budget"),
        ({"period": "week"}, "period"),
        ({"when_over": "shout"}, "when_over"),
    ],
)
def test_a_cost_centre_that_cannot_be(world, ellen, change, field):
    centre(world, ellen, code="A-100")
    with pytest.raises(CostCentreRefused) as refused:
        company.keep_cost_centre(
            actor(ellen), world.brightwater, CostCentreWish(**{"code": "1", "name": "One"} | change), now=world.now
        )
    assert list(refused.value.fields) == [field]


def test_what_is_changed_after_the_yes_asks_anew(world):
    order = place(world, world.anna, (world.oil, 12), (world.gloves, 100))
    services.approve(actor(world.boris), order, now=world.now)
    with pytest.raises(OrderNotFound):
        services.take_back(actor(world.boris), order, now=world.now)
    added, gone = services.take_back(actor(world.anna), order, now=world.now)
    assert (len(added), gone, CartLine.objects.count()) == (2, [], 2)
    again = place(world, world.anna, (world.oil, 1))
    assert again.status == "awaiting_approval"
    assert not Approval.objects.filter(order=again, state="approved").exists()
    order.refresh_from_db()
    assert order.status == "cancelled"


def test_what_is_being_picked_cannot_be_taken_back(world):
    order = services.confirm_order(actor(world.otto), place(world), now=world.now)
    with pytest.raises(WrongStatus):
        services.take_back(actor(world.anna), order, now=world.now)


def test_only_the_administrator_says_how_the_company_buys(world, ellen):
    for who in (world.boris, world.fiona, world.anna):
        with pytest.raises(PermissionMissing):
            centre(world, who)
    with pytest.raises(PermissionMissing):
        policy(world, world.boris, (1, "approver", None))
    assert not CostCentre.objects.exists()
