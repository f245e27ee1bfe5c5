"""What goes into boxes beside the goods: five rules, and whom they chose for over the last months.

Who was held out is decided as everywhere; what accounts ordered afterwards is what they ordered anyway, so the demo
shows no effect that nobody had.
"""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw

from apps.availability.models import StockLevel, Warehouse
from apps.core.comparing import is_held_out
from apps.demo.accounts import STAGE
from apps.demo.clock import Clock
from apps.fulfilment.models import Complaint, Insert, InsertRule, Shipment, ShipmentInsert
from apps.ordering.models import Order
from apps.pricing.services import issue_coupon

SINCE_DAYS = 150

#: name, kind, text, cost, colour of its picture, and what its rule asks.
WANTED = (
    ("Welcome box in colour", "box", "", "1.40", "#0d6b74",
     {"order_to": 1, "rest_days": 3650, "held_out_percent": 20, "budget": 300, "period": "month"}),
    ("Work gloves to try", "sample", "A pair for whoever works with their hands. How do they fit?", "1.95", "#b8860b",
     {"personas": ["operator", "end_user"], "rest_days": 120, "held_out_percent": 30, "budget": 400,
      "period": "quarter"}),
    ("Thank you for ten orders", "message", "Ten orders in: thank you. Your rep's direct line is on the back.", "0.20",
     "#7a4b8c", {"order_from": 10, "rest_days": 365, "held_out_percent": 30, "budget": None, "period": "year"}),
    ("An apology by hand", "message", "We did not do well last time. This one was checked twice.",
     "0.20", "#a33b3b", {"complaint_days": 45, "rest_days": 60, "held_out_percent": 0, "priority": 10, "budget": None,
                        "period": "year"}),
    ("5 % on the next order", "coupon", "For the next order, with the code on this card.", "0.10", "#2f6f3e",
     {"away_days": 30, "rest_days": 90, "held_out_percent": 40, "budget": 150, "period": "month"}),
)  # fmt: skip


def save_inserts(clock: Clock) -> None:
    product = _sample()
    rules = []
    for name, kind, text, cost, colour, asks in WANTED:
        if kind == "sample" and product is None:
            continue
        insert = Insert.objects.create(
            name=name, kind=kind, text=text, cost=cost, picture=_picture(kind, colour),
            product_id=product if kind == "sample" else None, percent=5 if kind == "coupon" else None,
        )  # fmt: skip
        rules.append(InsertRule.objects.create(name=name, insert=insert, **asks))
    _history(rules, clock)
    planned = Shipment.objects.filter(status=Shipment.Status.PLANNED).order_by("ready_on", "pk")
    waiting = list(dict.fromkeys(planned.values_list("account_id", flat=True)))[:5]  # whose box is packed next
    Complaint.objects.bulk_create(
        Complaint(account_id=pk, source_ref=f"case:demo-{pk}", happened_at=clock.now - timedelta(days=9))
        for pk in waiting
    )


def _sample() -> int | None:
    """Gloves that lie in every house, else whatever there is most of."""
    levels = StockLevel.objects.filter(warehouse=Warehouse.objects.order_by("priority", "code").first())
    named = levels.filter(product__name__icontains="glove").order_by("-on_hand", "product")
    return (named.first() or levels.order_by("-on_hand", "product").first() or StockLevel()).product_id


def _history(rules: list[InsertRule], clock: Clock) -> None:
    """For each account the first shipment of the time, and for the buyer's own the latest as well."""
    by_kind = {rule.insert.kind: rule for rule in rules if rule.insert.name != WANTED[3][0]}
    left = Shipment.objects.filter(shipped_at__gte=clock.now - timedelta(days=SINCE_DAYS), warehouse__isnull=False)
    first = left.order_by("account_id", "shipped_at", "pk").distinct("account_id").select_related("order__contact")
    latest = left.filter(account=STAGE).order_by("-shipped_at", "-pk").select_related("order__contact")[:1]
    rows: dict[tuple[int, str], ShipmentInsert] = {}
    for shipment in [*first, *latest]:
        orders = Order.objects.filter(account=shipment.account_id, placed_at__lte=shipment.order.placed_at).count()
        persona = shipment.order.contact.persona if shipment.order.contact else ""
        chosen = [("message", ["nth_order", orders])] if orders >= 10 else []
        chosen += [("box", ["nth_order", 1])] if orders == 1 else []
        chosen += [("sample", ["persona", persona])] if persona in ("operator", "end_user") else []
        chosen += [("coupon", ["away", 30 + shipment.pk % 20])] if shipment.pk % 3 == 0 else []
        for kind, reason in chosen:
            if kind in by_kind:
                rows[shipment.pk, kind] = _row(shipment, by_kind[kind], reason)
    ShipmentInsert.objects.bulk_create(rows.values())


def _row(shipment: Shipment, rule: InsertRule, reason: list) -> ShipmentInsert:
    held_out = is_held_out(shipment.account_id, rule.pk, rule.held_out_percent)
    code = ""
    if rule.insert.kind == "coupon" and not held_out and shipment.account_id == STAGE:
        on = shipment.shipped_at.date()
        code = issue_coupon(STAGE, name=rule.insert.name, percent=5, valid_from=on, valid_until=on + timedelta(days=60))
    return ShipmentInsert(
        shipment=shipment, account_id=shipment.account_id, rule=rule, insert=rule.insert, kind=rule.insert.kind,
        state="held_out" if held_out else "put_in", reasons=[reason], cost=0 if held_out else rule.insert.cost,
        coupon_code=code, chosen_at=shipment.shipped_at,
    )  # fmt: skip


def _picture(kind: str, colour: str) -> str:
    """A card, a box or a bag in its colour."""
    picture = Image.new("RGB", (320, 320), "#f4f1ea")
    draw = ImageDraw.Draw(picture)
    if kind in ("box", "sample"):
        draw.rectangle((60, 120, 260, 270), fill=colour)
        draw.polygon([(60, 120), (100, 70), (300, 70), (260, 120)], fill="#d9cfbb")
        draw.polygon([(260, 120), (300, 70), (300, 220), (260, 270)], fill="#3a3a3a")
    else:
        draw.rounded_rectangle((40, 80, 280, 240), 14, fill=colour)
        for at in (120, 150, 180):
            draw.line((70, at, 220, at), fill="#ffffff", width=6)
    content = BytesIO()
    picture.save(content, "PNG")
    name = f"inserts/demo-{kind}-{colour.strip('#')}.png"
    path = Path(settings.MEDIA_ROOT) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.getvalue())
    return name
