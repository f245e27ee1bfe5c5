"""What each kind of offer gives, what it costs, whether it was used, and how it is taken back.

1. Everything is given so that it is used by itself: a discount and free freight in the account's next cart, a sample
   in the box of its next shipment, the right to a priority slot at its next checkout, a call as a task of the rep.
2. What cannot be given is refused before anything of the budget is taken.
3. What was given bears the reference of its offer, so that giving twice gives once.
4. What was used, or is on its way, is not taken back. What was not is over with the last day of its offer.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from apps.cases.models import FollowUp
from apps.cases.services import propose_follow_up
from apps.core.money import ZERO, round_amount, step
from apps.delivery.models import SlotRight
from apps.delivery.selectors import has_priority_slots
from apps.delivery.services import grant_slot_right, withdraw_slot_right
from apps.feedback.models import Offer, OfferTerms
from apps.feedback.rules.offers import cost_of_discount
from apps.feedback.selectors.offers import sample_for, usual_freight
from apps.fulfilment.models import Insert, PromisedInsert
from apps.fulfilment.services import promise_insert, withdraw_insert
from apps.ordering.services import use_automatic_coupon
from apps.pricing.models import Coupon, CouponRedemption
from apps.pricing.selectors import rate_to_house
from apps.pricing.services import issue_coupon

CALL_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Said:
    """What the rep says of an offer. `cost` None is what it usually is; amounts are in the house's currency, net."""

    percent: int = 0
    cost: Decimal | None = None
    insert_id: int | None = None


def ref_of(offer: Offer) -> str:
    """What an offer gave bears this."""
    return f"offer:{offer.pk}"


class Gift(ABC):
    """A kind of offer."""

    def wrong(self, offer: Offer, said: Said) -> dict[str, list[str]]:
        """Field -> why it cannot be given like this."""
        return {}

    def cost(self, offer: Offer, said: Said, on: date) -> Decimal:
        """What of the budget is promised for it."""
        return said.cost or ZERO

    @abstractmethod
    def give(self, offer: Offer, said: Said, terms: OfferTerms, now: datetime) -> None:
        """Give it to the account. What it keeps on the offer is saved by the caller."""

    @abstractmethod
    def is_used(self, offer: Offer) -> bool:
        """Whether the account has made use of it."""

    def spent(self, offer: Offer, on: date) -> Decimal:
        """What of its cost it came to, once it was used."""
        return offer.cost

    def promised(self, offer: Offer, on: date) -> Decimal:
        """What is promised of the budget while it is not used."""
        return offer.cost

    @abstractmethod
    def take_back(self, offer: Offer, now: datetime) -> bool:
        """Whether it is no longer given: it was not used, and nobody can use it now."""


class _InCart(Gift):
    """A code that the account's next cart uses by itself, for one order."""

    @abstractmethod
    def terms(self, offer: Offer, said: Said, terms: OfferTerms, on: date) -> dict:
        """What the code is for, as arguments of `issue_coupon`."""

    def give(self, offer, said, terms, now):
        on = offer.decided_on
        code = issue_coupon(
            offer.account_id, name=offer.words, valid_from=on, valid_until=offer.valid_until, is_automatic=True,
            **self.terms(offer, said, terms, on),
        )  # fmt: skip
        offer.coupon = Coupon.objects.get(code=code)
        use_automatic_coupon(offer.account_id, on=on)

    def is_used(self, offer):
        return CouponRedemption.objects.filter(coupon=offer.coupon_id).exists()

    def spent(self, offer, on):
        saved = CouponRedemption.objects.filter(coupon=offer.coupon_id).values_list("saved", flat=True).first()
        rate = rate_to_house(offer.account.currency, on)
        if saved is None or rate is None:
            return offer.cost
        return min(round_amount(saved * rate, settings.HOME_CURRENCY), offer.cost)

    def take_back(self, offer, now):
        """The code is over with its last day by itself; whoever still has it in the cart reads so."""
        return not self.is_used(offer)


class Discount(_InCart):
    def wrong(self, offer, said):
        if 1 <= said.percent <= offer.most_percent:
            return {}
        return {
            "percent": [
                _("From 1 to %(most)d percent: more would undercut the margin.") % {"most": offer.most_percent}
                if offer.most_percent
                else _("Nothing can be taken off without undercutting the margin. Offer something else.")
            ]
        }

    def cost(self, offer, said, on):
        return cost_of_discount(offer.usual_order, said.percent, settings.HOME_CURRENCY)

    def terms(self, offer, said, terms, on):
        return {"percent": said.percent, "floor_percent": terms.floor_percent}

    def promised(self, offer, on):
        return cost_of_discount(offer.usual_order, offer.percent, settings.HOME_CURRENCY)


class Freight(_InCart):
    def wrong(self, offer, said):
        on = offer.decided_on
        if not self._up_to(offer, said, on):
            return {"cost": [_("Say up to how much is taken off: what they usually pay is not known.")]}
        if rate_to_house(offer.account.currency, on) is None:
            words = _("There is no rate for %(currency)s: have operations enter one, or offer something else.")
            return {"kind": [words % {"currency": offer.account.currency}]}
        return {}

    def cost(self, offer, said, on):
        return self._up_to(offer, said, on)

    def terms(self, offer, said, terms, on):
        """The cost, in the currency of the account, never more than it."""
        currency = offer.account.currency
        return {"freight_up_to": (offer.cost / rate_to_house(currency, on)).quantize(step(currency), ROUND_DOWN)}

    def promised(self, offer, on):
        rate = rate_to_house(offer.account.currency, on)
        return round_amount(offer.coupon.freight_up_to * rate, settings.HOME_CURRENCY) if rate else offer.cost

    def _up_to(self, offer: Offer, said: Said, on: date) -> Decimal:
        return usual_freight(offer.account_id, on) if said.cost is None else said.cost


class Sample(Gift):
    def wrong(self, offer, said):
        return {} if sample_for(said.insert_id) else {"insert": [_("Choose the sample.")]}

    def cost(self, offer, said, on):
        return sample_for(said.insert_id).cost

    def give(self, offer, said, terms, now):
        offer.insert = Insert.objects.get(pk=said.insert_id)
        promise_insert(offer.account_id, offer.insert_id, source_ref=ref_of(offer), valid_until=offer.valid_until)

    def is_used(self, offer):
        return PromisedInsert.objects.filter(source_ref=ref_of(offer), state=PromisedInsert.State.GONE).exists()

    def take_back(self, offer, now):
        return withdraw_insert(ref_of(offer))


class PrioritySlot(Gift):
    def wrong(self, offer, said):
        return {} if has_priority_slots() else {"kind": [_("We run no priority slots. Offer something else.")]}

    def give(self, offer, said, terms, now):
        grant_slot_right(
            offer.account_id, source_ref=ref_of(offer), valid_from=offer.decided_on, valid_until=offer.valid_until
        )

    def is_used(self, offer):
        return SlotRight.objects.filter(source_ref=ref_of(offer)).exclude(order_number="").exists()

    def take_back(self, offer, now):
        return withdraw_slot_right(ref_of(offer))


class Call(Gift):
    def give(self, offer, said, terms, now):
        propose_follow_up(
            account_id=offer.account_id, contact_id=offer.contact_id, owner_id=offer.account.rep_id,
            kind=FollowUp.Kind.CALL, title=_("Call them, as was offered: %(words)s") % {"words": offer.words},
            source_ref=ref_of(offer), due_on=min(offer.decided_on + CALL_WITHIN, offer.valid_until), now=now,
        )  # fmt: skip

    def is_used(self, offer):
        return FollowUp.objects.filter(source_ref=ref_of(offer), state=FollowUp.State.DONE).exists()

    def take_back(self, offer, now):
        waiting = FollowUp.objects.filter(source_ref=ref_of(offer), state=FollowUp.State.OPEN)
        waiting.update(state=FollowUp.State.DROPPED, settled_at=now, outcome=_("The offer ran out."))
        return not self.is_used(offer)  # the rep may have called at this moment


GIFTS: dict[str, Gift] = {
    Offer.Kind.DISCOUNT: Discount(),
    Offer.Kind.FREIGHT: Freight(),
    Offer.Kind.SAMPLE: Sample(),
    Offer.Kind.SLOT: PrioritySlot(),
    Offer.Kind.CALL: Call(),
}
