"""What to fix first: the causes of failed deliveries by what they cost."""

from apps.accounts.rules import may
from apps.core.scoping import Actor
from apps.insights.models import FailureCost


def failure_costs(actor: Actor) -> list[FailureCost]:
    """The causes, those whose cost is shown first, the dearest first; nothing for who may not read of the house.

    One query; as of the last night.
    """
    return sorted(FailureCost.objects.all(), key=_rank) if may(actor.role, "insight.read") else []


def _rank(cost: FailureCost) -> tuple:
    a_year = cost.a_year
    return a_year is None, a_year is not None and a_year.low <= 0, -a_year.value if a_year else 0, -cost.deliveries
