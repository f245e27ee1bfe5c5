"""What comes today and tomorrow, with what is in it, as whoever stands at the gate wants to know it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone

from apps.core.scoping import Actor
from apps.fulfilment.models import ReceivingTerms, Shipment, ShipmentLine
from apps.fulfilment.rules import FAULT_DAYS, may_report_fault
from apps.fulfilment.selectors.shipments import PLACES, UNDER_WAY

CONTENTS = 4  # lines that are named; the others are counted
_LATE_DAYS = 14  # what is overdue for longer has its case, and is no news


@dataclass(frozen=True, slots=True)
class Content:
    """A line of a shipment."""

    quantity: int
    uom: str
    name: str


@dataclass(frozen=True, slots=True)
class Arriving:
    """A shipment by its day: "late", "today", "tomorrow", or "here" where it came today or yesterday.

    `contents` are the first lines, `more` how many others there are. `may_be_faulted`: a fault can still be reported.
    """

    shipment: Shipment
    when: str
    contents: tuple[Content, ...]
    more: int
    may_be_faulted: bool


def arriving(actor: Actor, *, now: datetime, limit: int = 8) -> list[Arriving]:
    """What is due by tomorrow, the longest overdue first, then what has just come. One query."""
    today = timezone.localdate(now)
    lines = ShipmentLine.objects.filter(shipment=OuterRef("pk")).order_by("pk")
    counted = lines.order_by().values("shipment").annotate(n=Count("pk"))
    said = JSONObject(quantity="quantity", uom="order_line__uom", name="order_line__name")
    terms = ReceivingTerms.objects.filter(account=OuterRef("account")).values("fault_days")
    seen = Shipment.objects.visible_to(actor).filter(_near(today)).select_related("order", "account", *PLACES)
    seen = seen.annotate(
        line_count=Coalesce(Subquery(counted.values("n")), 0), said=ArraySubquery(lines.values(said=said)[:CONTENTS]),
        fault_days=Coalesce(Subquery(terms[:1]), FAULT_DAYS),
    )  # fmt: skip
    seen = seen.order_by(F("delivered_at").desc(nulls_first=True), Coalesce("expected_on", "promised_on"), "id")
    return [_arriving(each, today) for each in seen[:limit]]


def _near(today: date) -> Q:
    tomorrow = today + timedelta(days=1)
    days = (today - timedelta(days=_LATE_DAYS), tomorrow)
    first = Q(expected_on=None, promised_on__range=days)
    yesterday = timezone.make_aware(datetime.combine(today - timedelta(days=1), time()))
    return Q(status__in=UNDER_WAY) & (first | Q(expected_on__range=days)) | Q(delivered_at__gte=yesterday)


def _arriving(shipment: Shipment, today: date) -> Arriving:
    contents, came_on = tuple(Content(**line) for line in shipment.said), shipment.delivered_on
    return Arriving(
        shipment,
        "here" if came_on else _when(shipment.comes_on, today),
        contents,
        shipment.line_count - len(contents),
        came_on is not None and may_report_fault(came_on, today, shipment.fault_days),
    )


def _when(day: date, today: date) -> str:
    return "late" if day < today else "today" if day == today else "tomorrow"
