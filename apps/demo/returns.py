"""Returns of the demo's buyer in every state, and the terms they come back on.

Told by the same services as everywhere.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from apps.accounts.models import Contact
from apps.accounts.selectors import actor_for
from apps.cases.models import NotReturnable, Return, ReturnReasonTerms, ReturnTerms
from apps.cases.rules.returns import USUAL
from apps.cases.services import returns as services
from apps.cases.services.returns import Arrived, Wanted
from apps.catalogue.models import Category
from apps.core.events import only_told
from apps.core.scoping import SYSTEM, Actor
from apps.demo.accounts import STAGE
from apps.demo.clock import Clock
from apps.fulfilment.models import Shipment, ShipmentLine
from apps.invoicing.models import Invoice, Payment

DESK = Actor(role="service", name="Sandra Kaye")
GOODS_IN = Actor(role="operations", name="Olive Penrose")
_WITHIN = 24  # days since the delivery


@dataclass(frozen=True, slots=True)
class Scene:
    """A return: for which reason, in whose words, how far it has come, so many hours ago."""

    reason: str
    note: str
    goes_to: str
    hours: int
    wish: str = "credit"


_SCENES = (
    Scene("faulty", "Two of them stop after a minute. The serial numbers are on the photograph.", "requested", 3),
    Scene("ordered_wrong", "We took the size next to it on the page.", "approved", 26, "replacement"),
    Scene("wrong_item", "Another article was in the bag.", "settled", 70),
    Scene("changed_mind", "The job was called off.", "sent", 50),
    Scene("faulty", "Does not hold its setting.", "refused", 90),
    Scene("damaged", "The box was crushed.", "arriving", 60),
)
_NO = "Our bench found the setting within tolerance. Call us: we show you how it is adjusted."
_HOW = "Northern Parcels collects on working days between 8:00 and 16:00. Or drop it off at any of our branches."


def save_returns(clock: Clock) -> None:
    _terms()
    buyer = Contact.objects.filter(account=STAGE, role="buyer", user__isnull=False).order_by("pk").first()
    lines = _lines(clock)
    with only_told():
        for scene, line in zip(_SCENES, lines, strict=False):
            _play(scene, actor_for(buyer.user), line, clock.now)
    ReturnTerms.objects.update(automatic_below=50)
    for note in Invoice.objects.filter(of_return__isnull=False):  # the same day makes the same demo
        mine = Payment.objects.filter(Q(invoice=note) | Q(reference=note.number))
        mine.update(booking=f"demo-{note.number}")


def _terms() -> None:
    rows = [
        ReturnReasonTerms(
            reason=reason,
            days=terms.days,
            fee_percent=terms.fee_percent,
            we_pay_freight=terms.we_pay_freight,
            is_automatic=terms.is_automatic,
        )
        for reason, terms in USUAL.items()
    ]
    ReturnReasonTerms.objects.bulk_create(rows, ignore_conflicts=True)  # a new house has them already
    ReturnTerms.objects.create(automatic_below=0, instructions=_HOW)
    hygiene = Category.objects.filter(parent=None, name__icontains="hygiene").first()
    if hygiene:
        NotReturnable.objects.create(category=hygiene, why=NotReturnable.Why.HYGIENE)


def _lines(clock: Clock) -> list[ShipmentLine]:
    """The latest delivered lines of goods that can come back, each of another order, the dearest ones first."""
    came = ShipmentLine.objects.filter(
        shipment__account=STAGE,
        shipment__status=Shipment.Status.DELIVERED,
        shipment__delivered_at__gte=clock.now - timedelta(days=_WITHIN),
        shipment__invoice__isnull=False,
        delivered_quantity__gte=2,
        order_line__product__kind="goods",
        order_line__product__is_dangerous=False,
    )
    barred = [row.category.path for row in NotReturnable.objects.select_related("category").exclude(category=None)]
    for path in barred:
        came = came.exclude(order_line__product__category__path__startswith=path)
    found: dict[int, ShipmentLine] = {}
    for line in came.select_related("shipment__order", "order_line").order_by("-order_line__net", "pk"):
        found.setdefault(line.shipment.order_id, line)
    return list(found.values())


def _play(scene: Scene, buyer: Actor, line: ShipmentLine, now: datetime) -> None:
    asked_at = max(line.shipment.delivered_at + timedelta(hours=1), now - timedelta(hours=scene.hours))
    pieces = min(2, line.delivered_quantity)
    shown = services.ask_return(
        buyer,
        line.shipment.order,
        {line.order_line_id: Wanted(pieces, scene.reason)},
        note=scene.note,
        wish=scene.wish,
        key="demo",
        now=asked_at,
    )
    later = asked_at + (now - asked_at) / 4
    if scene.goes_to == "refused":
        services.refuse_return(DESK, shown, answer=_NO, now=later)
    elif scene.goes_to != "requested":
        _go_on(scene, buyer, shown, pieces, later, now)


def _go_on(scene: Scene, buyer: Actor, shown: Return, pieces: int, at: datetime, now: datetime) -> None:
    if shown.status == Return.Status.REQUESTED:
        services.approve_return(DESK, shown, now=at)
    if scene.goes_to == "approved":
        return
    services.say_sent(buyer, shown, tracking_code="NP 4471 0098", now=at)
    if scene.goes_to == "sent":
        return
    came = pieces if scene.goes_to == "settled" else 1
    [pk] = shown.lines.values_list("pk", flat=True)
    how = ("as_new", "restock") if scene.goes_to == "settled" else ("damaged", "scrap")
    services.receive_return(GOODS_IN, shown, [Arrived(pk, came, *how)], key="demo", now=at + (now - at) / 2)
    if scene.goes_to == "settled":
        services.credit_return(SYSTEM, shown, now=at + (now - at) / 2)
