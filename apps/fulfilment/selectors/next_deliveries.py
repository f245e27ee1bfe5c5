"""What an account received next, and whether that was perfect."""

from dataclasses import dataclass
from datetime import datetime

from apps.fulfilment.models import LineFact, Shipment
from apps.fulfilment.rules.otif import Part, line_verdict
from apps.fulfilment.selectors.shipments import UNDER_WAY


@dataclass(frozen=True, slots=True)
class NextDelivery:
    """A delivery, and whether its order was perfect; None while parts are under way and nothing was wrong so far."""

    shipment_id: int
    number: str
    order_id: int
    is_perfect: bool | None


def next_delivery(account_id: int, *, after: datetime, except_order: int | None) -> NextDelivery | None:
    """The first delivery of another order that an account received after an instant. Three queries at most.

    An order of which a part had come before is not a next one.
    """
    seen = Shipment.objects.filter(account=account_id, status=Shipment.Status.DELIVERED, fact__isnull=False)
    begun = seen.filter(delivered_at__lte=after).values("order")
    found = seen.filter(delivered_at__gt=after).exclude(order=except_order).exclude(order__in=begun)
    first = found.order_by("delivered_at", "id").first()
    if first is None:
        return None
    return NextDelivery(first.pk, first.number, first.order_id, _is_perfect(first.order_id))


def _is_perfect(order_id: int) -> bool | None:
    """By `rules.otif`, from the frozen facts of all the parts of an order."""
    parts: dict[int, list[Part]] = {}
    lines: dict[int, tuple] = {}
    for fact in LineFact.objects.filter(fact__order=order_id).select_related("fact"):
        part = Part(
            fact.fact.delivered_on, fact.delivered, fact.missing, fact.damaged, fact.wrong, fact.papers_right
        )  # fmt: skip
        parts.setdefault(fact.order_line_id, []).append(part)
        lines[fact.order_line_id] = (fact.first_promised_on, fact.ordered)
    under_way = Shipment.objects.filter(order=order_id, status__in=UNDER_WAY).exists()
    verdicts = [line_verdict(*lines[line], came) for line, came in parts.items()]
    if any(not (each.on_time and each.condition_right and each.papers_right) for each in verdicts):
        return False
    missing = any(part.missing for came in parts.values() for part in came)
    if under_way and not missing:
        return None
    return all(each.is_perfect for each in verdicts)
