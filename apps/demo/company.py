"""How the demo's account buys: two cost centres with budgets, a policy of two steps, a deputy, and orders on their way
through the chain."""

from datetime import datetime, timedelta
from decimal import ROUND_UP, Decimal

from django.db.models import Case, F, Value, When

from apps.accounts.models import Contact
from apps.core.models import Event
from apps.demo.accounts import STAGE, Party, Someone
from apps.demo.clock import Clock
from apps.ordering.models import (
    Approval,
    ApprovalPolicy,
    BuyingRules,
    CostCentre,
    Deputy,
    Order,
    PolicyStep,
)
from apps.ordering.selectors import budgets_of

# code, name, period, above the budget, the budget as a share of what is used already
CENTRES = (
    ("4100", "Facilities", "month", "ask", Decimal("1.30")),
    ("4200", "Workshop", "quarter", "block", Decimal("1.08")),
)
FIRST_STEP, SECOND_STEP = Decimal(500), Decimal(2500)
POLICY = "Orders above 500"
BOOKED_DAYS = 200  # since when the account's orders name a cost centre
STEP = Decimal(500)


def save_company(parties: list[Party], clock: Clock) -> None:
    party = parties[STAGE - 1]
    approver, administrator = party.who("approver"), party.who("administrator")
    BuyingRules.objects.create(account_id=party.pk, needs_cost_centre=True)
    centres = [
        CostCentre.objects.create(account_id=party.pk, code=code, name=name, period=period, when_over=when_over)
        for code, name, period, when_over, _share in CENTRES
    ]
    _book(party, centres, clock)
    _give_budgets(centres, clock)
    Contact.objects.filter(pk=party.who("buyer").pk).update(period_limit=25_000, limit_period="quarter")
    policy = ApprovalPolicy.objects.create(account_id=party.pk, name=POLICY)
    PolicyStep.objects.create(policy=policy, above=FIRST_STEP)
    PolicyStep.objects.create(policy=policy, above=SECOND_STEP, role="administrator", contact_id=administrator.pk)
    Deputy.objects.create(
        contact_id=administrator.pk,
        deputy_id=approver.pk,
        from_on=clock.today + timedelta(days=10),
        until_on=clock.today + timedelta(days=24),
    )
    _send_through_the_chain(party, approver, administrator, clock)
    _tell_of_the_beginning(party, administrator, approver, clock)


def _book(party: Party, centres: list[CostCentre], clock: Clock) -> None:
    """Every third order is the second one's."""
    first, second = centres
    booked = Order.objects.filter(account=party.pk, placed_at__gte=clock.ago(days=BOOKED_DAYS)).alias(turn=F("pk") % 3)
    booked.update(
        cost_centre=Case(When(turn=0, then=Value(second.pk)), default=Value(first.pk)),
        cost_centre_text=Case(When(turn=0, then=Value(str(second))), default=Value(str(first))),
    )


def _give_budgets(centres: list[CostCentre], clock: Clock) -> None:
    used = budgets_of(
        CostCentre.objects.filter(pk__in=[each.pk for each in centres]).select_related("account"), clock.now
    )
    for centre, (*_about, share) in zip(centres, CENTRES, strict=True):
        wanted = max(used[centre.pk].used, STEP) * share
        centre.budget = (wanted / STEP).to_integral_value(ROUND_UP) * STEP
        centre.save(update_fields=["budget"])


def _send_through_the_chain(party: Party, approver: Someone, administrator: Someone, clock: Clock) -> None:
    """What waits and is large has had its first yes, and waits for the second."""
    for order in Order.objects.filter(account=party.pk, status=Order.Status.AWAITING_APPROVAL):
        if order.goods_net + order.freight_net <= SECOND_STEP:
            continue
        said = {"comment": "For the boiler house, as agreed on Monday."}
        first = order.approvals.filter(state=Approval.State.WAITING)
        first.update(state="approved", decided_by_name=approver.name, decided_at=clock.now, **said)
        order.approvals.create(
            reason="policy", position=1, role="administrator", person_id=administrator.pk, policy=POLICY
        )
        _tell("order.approved", f"order:{order.number}", party, approver, clock.now, **said)


def _tell_of_the_beginning(party: Party, administrator: Someone, approver: Someone, clock: Clock) -> None:
    """What the administrator has set up, so that the company's page can say who did it."""
    subject, days = f"account:{party.number}", iter((41, 41, 40, 39, 2))
    for code, *_about in CENTRES:
        _tell("cost_centre.opened", subject, party, administrator, clock.ago(days=next(days)), code=code)
    _tell("approval_policy.made", subject, party, administrator, clock.ago(days=next(days)), policy=POLICY)
    _tell("buying_rules.changed", subject, party, administrator, clock.ago(days=next(days)), needs_cost_centre=True)
    names = {"contact": administrator.name, "deputy": approver.name}
    _tell("deputy.named", subject, party, administrator, clock.ago(days=next(days)), **names)


def _tell(name: str, subject: str, party: Party, who: Someone, at: datetime, **facts) -> None:
    Event.objects.create(
        name=name,
        subject=subject,
        account_ref=party.pk,
        actor_user_ref=who.user,
        actor_name=who.name,
        facts=facts,
        occurred_at=at,
        dispatched_at=at,
    )
