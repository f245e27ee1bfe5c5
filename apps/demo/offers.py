"""What may be offered after a 7 or 8, and what came of the latest ones: most are for reps to decide, one of each kind
is made, and the call was made good. Somebody who is glad named who should know us, and may be quoted."""

from collections.abc import Iterable
from decimal import Decimal

from apps.accounts.selectors import actor_for
from apps.cases.models import FollowUp
from apps.cases.services import settle_follow_up
from apps.core.events import only_told
from apps.demo.accounts import STAGE
from apps.demo.clock import Clock
from apps.feedback.models import Answer, Offer, OfferTerms
from apps.feedback.selectors import samples
from apps.feedback.services import agree_to_be_named, approve_offer, follow_use, propose_offer, refer
from apps.ordering.models import Cart
from apps.pricing.models import Coupon

PROPOSED_OF = 16
#: Kind, as the account reads it, and what the rep says of it.
MADE = (
    ("freight", "The delivery of your next order is on us", {"cost": Decimal(15)}),
    ("sample", "Something to try with your next delivery", {}),
    ("slot", "The van at noon, when you need it", {}),
    ("discount", "For your next order", {}),
    ("call", "An hour with our application engineer", {}),
)


def save_offers(clock: Clock) -> None:
    OfferTerms.objects.create(monthly_budget=Decimal(1500), floor_percent=15, discount_percent=5)
    told = Answer.objects.nps().filter(contact__isnull=False).exclude(comment="").select_related("account", "contact")
    latest = told.order_by("-answered_at", "-pk")
    content, glad = latest.filter(score__in=(7, 8)), latest.filter(score__gte=9).exclude(account=STAGE)
    with only_told():
        ours = content.filter(account=STAGE)[:1]
        for answer in [*ours, *content.exclude(account=STAGE)[:PROPOSED_OF]]:
            propose_offer(
                answer.account,
                contact_id=answer.contact_id,
                why=answer.comment,
                source_ref=f"answer:{answer.pk}",
                now=clock.now,
            )
        _make(Offer.objects.filter(state="proposed").select_related("account__rep__user"), clock)
        for answer in glad[:1]:
            refer(
                answer, name="Imogen Hale", company="Larkfield Estates", reach="imogen@larkfield.example",
                note="She looks after four sites.", knows=True, now=clock.now,
            )  # fmt: skip
            agree_to_be_named(answer, now=clock.now)


def _make(proposed: Iterable[Offer], clock: Clock) -> None:
    """One offer of each kind, the demo buyer's account first; the call is made good at once."""
    waiting = sorted(proposed, key=lambda offer: (offer.account_id != STAGE, offer.pk))
    for kind, words, said in MADE:
        fits = [offer for offer in waiting if kind != "discount" or offer.most_percent]
        if not fits:
            continue
        offer = fits[0]
        waiting.remove(offer)
        rep = actor_for(offer.account.rep.user)
        said = said | ({"percent": offer.most_percent} if kind == "discount" else {})
        said |= {"insert_id": samples()[0].pk} if kind == "sample" else {}
        offer = approve_offer(rep, offer, kind=kind, words=words, now=clock.now, **said)
        if offer.coupon:
            _name_code(offer)
        if kind == "call":
            for task in FollowUp.objects.filter(source_ref=f"offer:{offer.pk}"):
                settle_follow_up(rep, task, done=True, outcome="They switch to the lighter range.", now=clock.now)
            follow_use(offer.account_id, now=clock.now)


def _name_code(offer: Offer) -> None:
    """Codes are drawn by chance, and the demo is the same each time."""
    code = f"OURS-{offer.kind.upper()}"
    Cart.objects.filter(coupon=offer.coupon.code).update(coupon=code)
    Coupon.objects.filter(pk=offer.coupon_id).update(code=code)
