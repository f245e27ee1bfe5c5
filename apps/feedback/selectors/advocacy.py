"""What somebody gave besides their score, and what of a delivery can be reviewed."""

from dataclasses import dataclass

from django.db.models import QuerySet

from apps.accounts.models import Purpose
from apps.accounts.selectors import refusing
from apps.catalogue.models import Product
from apps.feedback.models import Answer, NextNeed, Reference, Referral


@dataclass(frozen=True, slots=True)
class Given:
    """What came with an answer; None where nothing did. `reference` only as long as it holds."""

    referral: Referral | None
    reference: Reference | None
    next_need: NextNeed | None


def given_with(answer: Answer) -> Given:
    """What came with an answer besides the score. Six queries at most."""
    referral, next_need = (kind.objects.filter(answer=answer).first() for kind in (Referral, NextNeed))
    return Given(referral, holding_references(Reference.objects.filter(answer=answer)).first(), next_need)


def holding_references(among: QuerySet[Reference] | None = None) -> QuerySet[Reference]:
    """Whom we may name as a customer: who agreed, has not withdrawn it, and has no word or objection against it on
    record. That there is no address to reach them by does not end it. Three queries for any number."""
    agreed = (Reference.objects.all() if among is None else among).filter(withdrawn_at=None, contact__isnull=False)
    return agreed.exclude(contact__in=refusing(agreed.order_by().values_list("contact", flat=True), Purpose.REFERENCE))


def reviewable(shipment_id: int | None, *, limit: int = 5) -> list[Product]:
    """What was delivered and can be reviewed: products that are still known, as they stood on the order. One query,
    none without a delivery. The score that was given plays no part."""
    if shipment_id is None:
        return []
    delivered = Product.objects.known().filter(
        order_lines__shipment_lines__shipment=shipment_id, order_lines__shipment_lines__delivered_quantity__gt=0
    )
    return list(delivered.order_by("order_lines__position").distinct()[:limit])
