"""What somebody gave besides their score, and what of a delivery can be reviewed."""

from dataclasses import dataclass

from apps.catalogue.models import Product
from apps.feedback.models import Answer, NextNeed, Reference, Referral


@dataclass(frozen=True, slots=True)
class Given:
    """What came with an answer; None where nothing did."""

    referral: Referral | None
    reference: Reference | None
    next_need: NextNeed | None


def given_with(answer: Answer) -> Given:
    """What came with an answer besides the score. Three queries."""
    return Given(*(kind.objects.filter(answer=answer).first() for kind in (Referral, Reference, NextNeed)))


def reviewable(shipment_id: int | None, *, limit: int = 5) -> list[Product]:
    """What was delivered and can be reviewed: products that are still known, as they stood on the order. One query,
    none without a delivery. The score that was given plays no part."""
    if shipment_id is None:
        return []
    delivered = Product.objects.known().filter(
        order_lines__shipment_lines__shipment=shipment_id, order_lines__shipment_lines__delivered_quantity__gt=0
    )
    return list(delivered.order_by("order_lines__position").distinct()[:limit])
