"""The facts of a delivery as they are told on: to whoever asks how it was, to whoever opens a case."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Q

from apps.core.money import line_net
from apps.fulfilment.models import DeliveryFact, LineFact, Shipment
from apps.pricing.selectors import house_rate

_BESIDE = tuple(
    f"shipment__{goes}__{which}_option" for goes in ("order", "destination") for which in ("delivery", "direct")
)


def facts_of(shipment: Shipment) -> dict:
    """The frozen facts of a delivered shipment, JSON-ready, to be kept with what follows from it (an answer, a case).

    `promised_on`, `delivered_on` (at the place of delivery), `days_late`, `late`, `short`, `damaged`, `wrong`, `otif`,
    the lines that had a fault, carrier, delivery option, ship-to, the supplier who sent it straight there, net value
    and currency. What a receiver has reported by now counts. Two queries. Raises
    `DeliveryFact.DoesNotExist` where nothing was frozen yet.
    """
    fact = DeliveryFact.objects.select_related(*_BESIDE).get(shipment=shipment)
    lines = list(fact.lines.select_related("order_line").order_by("line"))
    late_by = (fact.delivered_on - fact.first_promised_on).days if fact.first_promised_on else 0
    wrong = {
        "late": late_by > 0,
        "short": any(line.delivered - line.missing < line.shipped for line in lines),
        "damaged": any(line.damaged for line in lines),
        "wrong": any(line.wrong or not line.papers_right for line in lines),
    }
    order, goes = fact.shipment.order, fact.shipment.goes
    option = goes.option_from(fact.shipment.supplier)
    return {
        "shipment": shipment.number,
        "order": order.number,
        "promised_on": fact.first_promised_on.isoformat() if fact.first_promised_on else None,
        "delivered_on": fact.delivered_on.isoformat(),
        "days_late": max(late_by, 0),
        **wrong,
        "otif": not any(wrong.values()),
        "faults": [_fault(line) for line in lines if _has_fault(line)],
        "lines": len(lines),
        "carrier": fact.carrier,
        "option": option.code if option else "",
        "ship_to": goes.place,
        "supplier": fact.shipment.supplier,
        "received_by": shipment.received_by,
        "net": str(sum(line_net(line.shipped, line.unit_price, fact.currency) for line in lines)),
        "currency": fact.currency,
    }


class Outcome(NamedTuple):
    """How a delivery went: its net value in the house's currency (None without a rate), and whether it was perfect."""

    net: Decimal | None
    perfect: bool


def outcomes_of(shipment_ids: Iterable[int]) -> dict[int, Outcome]:
    """Shipment id -> how it went, by the frozen facts as `facts_of` judges them; without facts it is left out.

    One query.
    """
    lines = LineFact.objects.filter(fact=OuterRef("pk"))
    missing = Q(delivered__lt=F("shipped") + F("missing"))
    at_fault = lines.filter(missing | Q(damaged__gt=0) | Q(wrong__gt=0) | Q(papers_right=False))
    facts = DeliveryFact.objects.filter(shipment__in=list(shipment_ids)).order_by().annotate(
        rate=house_rate(at="frozen_at"),
        late=Q(delivered_on__gt=F("first_promised_on"), first_promised_on__isnull=False),
        faulty=Exists(at_fault),
    )  # fmt: skip
    rows = facts.values_list("shipment", "net", "rate", "late", "faulty")
    return {
        pk: Outcome(None if rate is None else net * rate, not late and not bad) for pk, net, rate, late, bad in rows
    }


def _has_fault(line: LineFact) -> bool:
    return bool(line.delivered < line.shipped or line.missing or line.damaged or line.wrong or not line.papers_right)


def _fault(line: LineFact) -> dict:
    """What was shipped and received; what else was wrong is named only where it was."""
    more = {"missing": line.missing, "wrong": line.wrong}
    return {
        "sku": line.order_line.sku,
        "shipped": line.shipped,
        "delivered": line.delivered,
        "damaged": line.damaged,
        **{name: pieces for name, pieces in more.items() if pieces},
        **({} if line.papers_right else {"papers_right": False}),
    }
