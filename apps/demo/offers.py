"""What may be offered after a 7 or 8, and what was proposed because of the latest ones: for reps to decide."""

from decimal import Decimal

from apps.core.events import only_told
from apps.demo.clock import Clock
from apps.feedback.models import Answer, OfferTerms
from apps.feedback.services import propose_offer

PROPOSED_OF = 12


def save_offers(clock: Clock) -> None:
    OfferTerms.objects.create(monthly_budget=Decimal(1500), floor_percent=15, discount_percent=5)
    content = Answer.objects.nps().filter(score__in=(7, 8), contact__isnull=False).exclude(comment="")
    with only_told():
        for answer in content.select_related("account").order_by("-answered_at", "-pk")[:PROPOSED_OF]:
            propose_offer(
                answer.account,
                contact_id=answer.contact_id,
                why=answer.comment,
                source_ref=f"answer:{answer.pk}",
                now=clock.now,
            )
