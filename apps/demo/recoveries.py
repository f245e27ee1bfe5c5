"""What was agreed about cases, what is changed because of them, and which accounts were won back.

Proven is only what the demo's own deliveries prove, by the same judgement as everywhere.
"""

from datetime import time, timedelta
from decimal import Decimal

from django.utils import timezone

from apps.accounts.models import Account, Rep
from apps.accounts.rules import ids_on_path, path_of
from apps.cases.models import Case, CauseOwner, Improvement, Macro, ServiceLevel
from apps.cases.services import find_price_errors, judge_recoveries, reassign_orphans
from apps.cases.services.prices import LOOK_BACK
from apps.core.events import only_told
from apps.demo.accounts import STAGE
from apps.demo.clock import Clock
from apps.fulfilment.selectors import next_delivery
from apps.ordering.models import OrderLine
from apps.pricing.models import Contract, ContractPrice

LOOKED_AT, TRIES = 120, 20

#: Title, cause, begun and done so many days ago (0: not yet), what is expected, what customers read.
IMPROVED = (
    ("Nets over mixed pallets", "delivery", 75, 60, "Half as many boxes arrive torn.",
     "You told us that boxes arrived torn. Mixed pallets now travel under nets, and the driver photographs each one."),
    ("Call before a late delivery", "delivery", 20, 0, "Who knows by ten can plan; fewer cases are opened.", ""),
    ("A second evening run from the north depot", "delivery", 12, 0,
     "Since the depot is crowded, one order in twelve comes a day late; promises hold again within two months.", ""),
    ("Contract prices on the invoice", "price", 0, 0, "Questions about prices end with the invoice itself.", ""),
)  # fmt: skip

#: Name, cause ("" for all), text.
WORDS = (
    ("We are looking into it", "",
     "Hello {contact},\n\nthank you for telling us. I have {case} in hand and write again by {answer_by} with what we "
     "do about it.\n\n{me}"),
    ("A replacement is on its way", "delivery",
     "Hello {contact},\n\nwe are sorry about delivery {delivery}. A replacement for order {order} leaves today, at no "
     "cost to you.\n\n{me}"),
    ("A credit note follows", "price",
     "Hello {contact},\n\nyou were charged too much on order {order}, and we are sorry for it. A credit note over the "
     "difference goes out today; you need not do anything.\n\n{me}"),
    ("The invoice is corrected", "invoice",
     "Hello {contact},\n\nyou are right about the invoice of order {order}. We correct it today and send it again."
     "\n\n{me}"),
    ("We asked the supplier", "range",
     "Hello {contact},\n\nI have asked our suppliers for what {account} needs and come back to you by {answer_by}."
     "\n\n{me}"),
    ("Thank you for your patience", "",
     "Hello {contact},\n\nthis takes longer than it should, and we are sorry. Here is where {case} stands:\n\n{me}"),
)  # fmt: skip


def save_recoveries(clock: Clock) -> None:
    _save_owners(clock)
    Macro.objects.bulk_create(Macro(name=name, cause=cause, body=body) for name, cause, body in WORDS)
    ServiceLevel.objects.create(
        account_id=STAGE, acknowledge_hours=2, answer_hours=24, resolve_days=5, opens=time(7), closes=time(18)
    )
    owners = list(Rep.objects.exclude(desk=Rep.Desk.SALES).order_by("pk"))
    for at, (title, cause, begun, done, hypothesis, told) in enumerate(IMPROVED):
        Improvement.objects.create(
            title=title, cause=cause, hypothesis=hypothesis, told=told, owner=owners[at % len(owners)],
            started_on=clock.day(-begun) if begun else None, done_on=clock.day(-done) if done else None,
            published_at=clock.ago(days=done - 1) if done else None, created_at=clock.ago(days=begun + 5),
        )  # fmt: skip
    _prove(clock)
    _charge_too_much(clock)


def _save_owners(clock: Clock) -> None:
    """Invoices are the second agent's, people management's; this week the second is away, and the first stands in."""
    (first, second), manager = Rep.objects.filter(desk=Rep.Desk.SERVICE).order_by("pk")[:2], _manager()
    Rep.objects.filter(pk=first.pk).update(deputy=second)
    Rep.objects.filter(pk=second.pk).update(deputy=first, away_from=clock.day(-1), away_until=clock.day(6))
    CauseOwner.objects.bulk_create(
        [
            CauseOwner(cause=Case.Cause.INVOICE, owner=second, deputy=first),
            CauseOwner(cause=Case.Cause.PEOPLE, owner=manager, deputy=second),
        ]
    )
    with only_told():
        reassign_orphans(now=clock.now)


def _manager() -> Rep:
    return Rep.objects.filter(desk=Rep.Desk.MANAGER).order_by("pk")[0]


def _prove(clock: Clock) -> None:
    recent = Case.objects.filter(status=Case.Status.RESOLVED, resolved_at__gt=clock.now - timedelta(days=100))
    found = [case for case in recent.order_by("-resolved_at", "pk")[:LOOKED_AT] if case.owes_proof]
    came = {
        case.pk: next_delivery(case.account_id, after=case.resolved_at, except_order=case.order_id) for case in found
    }
    waiting = [pk for pk, delivery in came.items() if delivery is None or delivery.is_perfect]
    Case.objects.filter(pk__in=waiting).update(awaits_proof=True)
    with only_told():
        judge_recoveries(now=clock.now)


def _charge_too_much(clock: Clock) -> None:
    """A price was agreed before the last orders of another account of the stage's rep, and put in after them: the night
    finds what they cost too much. Not of the stage itself, which is asked nothing while a case is open."""
    stage = Account.objects.get(pk=STAGE)
    contracts = Contract.objects.in_force(clock.today).filter(account__rep=stage.rep_id).order_by("pk")
    agreed = {contract.account_id: contract for contract in contracts.exclude(account__path__startswith=_family(stage))}
    lines = OrderLine.objects.filter(order__account__in=agreed, order__placed_at__gt=clock.now - LOOK_BACK)
    charged = lines.filter(price_source__in=("list", "contract"), quantity__gt=0)
    charged = charged.exclude(order__status__in=("cancelled", "declined"))
    for line in charged.select_related("order").order_by("-net", "pk")[:TRIES]:
        price = ContractPrice.objects.create(
            contract=agreed[line.order.account_id], product_id=line.product_id, min_quantity=1,
            unit_price=(line.unit_price * Decimal("0.92")).quantize(Decimal("0.0001")),
            valid_from=timezone.localdate(line.order.placed_at) - timedelta(days=7),
        )  # fmt: skip
        with only_told():
            if find_price_errors(now=clock.now):
                return
        price.delete()


def _family(account: Account) -> str:
    """The beginning of the paths of an account and of all that belong to the same group."""
    return path_of(None, ids_on_path(account.path)[0])
