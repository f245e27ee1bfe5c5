"""What holds for the cases of an account: what was agreed, and when the account is open."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from apps.accounts.models import Account
from apps.cases import rules
from apps.cases.models import ServiceLevel
from apps.delivery.selectors import closed_days
from apps.pricing.models import Contract

_AHEAD = timedelta(days=500)  # sixty working days, one a week, fall within it


@dataclass(frozen=True, slots=True)
class Service:
    """What was promised, the working time it is counted in, and whether it was agreed with this customer."""

    level: rules.Level
    working: rules.WorkingTime
    is_agreed: bool

    def deadlines(self, now: datetime) -> rules.Deadlines:
        """Of a case opened, or opened again, at `now`."""
        return rules.deadlines(now, self.working, self.level)


def service_of(account: Account, *, now: datetime) -> Service:
    """What holds for a case of that account at `now`, with the days its country is closed. Three queries at most.

    The nearest account on the way to the root decides; a contract in force before the account it is with; then the
    group; then the usual level.
    """
    agreed = _agreed_with(account, now)
    level = agreed.level if agreed else rules.USUAL
    today = account.local_day(now)
    closed = closed_days([account.country], since=today - timedelta(days=1), until=today + _AHEAD)
    working = rules.WorkingTime(
        zone=account.time_zone,
        weekdays=account.working_days,
        opens=level.opens,
        closes=level.closes,
        closed=closed[account.country],
    )
    return Service(level, working, agreed is not None)


def _agreed_with(account: Account, now: datetime) -> ServiceLevel | None:
    lineage = account.lineage
    contracts = Contract.objects.in_force(account.local_day(now)).filter(account__in=lineage)
    asked = Q(account__in=lineage) | Q(contract__in=contracts)
    if account.group_id:
        asked |= Q(group=account.group_id)
    found = ServiceLevel.objects.filter(asked).select_related("contract").order_by("pk")
    return max(found, key=lambda level: _nearness(level, lineage), default=None)


def _nearness(level: ServiceLevel, lineage: tuple[int, ...]) -> tuple[int, bool, int]:
    """How near: the deeper the account the nearer; a group is farther than any of them. The newest where two match."""
    owner = level.contract.account_id if level.contract else level.account_id
    return (lineage.index(owner) if owner else -1, level.contract is not None, level.pk)
