"""Prices proposed for accounts, and how far who proposes may go."""

from datetime import date
from decimal import Decimal

from apps.accounts.models import Account, Contact
from apps.accounts.notices import KINDS
from apps.accounts.rules import may
from apps.core.models import Event
from apps.core.scoping import Actor
from apps.pricing.errors import ProposalNotFound
from apps.pricing.limits import USUAL_LIMITS, Limit, beyond_limit
from apps.pricing.models import PriceProposal, ProposalLimit

_WITH = ("account__rep__user", "product", "rep__user", "contract")


def limit_of(actor: Actor) -> Limit:
    """That of the actor's desk: as operations wrote it, else the usual one. One query."""
    written = ProposalLimit.objects.filter(desk=actor.role).values_list("least_margin", "most_off", "longest_days")
    return Limit(*row) if (row := written.first()) else USUAL_LIMITS.get(actor.role, USUAL_LIMITS["rep"])


def beyond_limit_of(
    actor: Actor, *, margin: Decimal | None, own_price: Decimal | None, price: Decimal, days: int
) -> tuple[str, ...]:
    """What of the actor's limit a price goes beyond: see `limits.beyond_limit`. One query."""
    return beyond_limit(limit_of(actor), margin=margin, own_price=own_price, price=price, days=days)


def proposals_of(actor: Actor, account: Account, limit: int = 30) -> list[PriceProposal]:
    """Of an account the actor may see, the latest first. One query."""
    rows = PriceProposal.objects.visible_to(actor).filter(account=account).select_related(*_WITH)
    return list(rows[:limit])


def proposals_at_desk(actor: Actor, *, waiting: bool, limit: int = 100) -> list[PriceProposal]:
    """Of the actor's accounts: those that wait, the oldest first; else the decided, the latest first. One query."""
    rows = PriceProposal.objects.visible_to(actor).select_related(*_WITH)
    if waiting:
        return list(rows.filter(state=PriceProposal.State.WAITING).order_by("proposed_at", "id")[:limit])
    return list(rows.exclude(state=PriceProposal.State.WAITING).order_by("-decided_at", "-id")[:limit])


def proposal_for(actor: Actor, proposal_id: int) -> PriceProposal:
    """One the actor may see; `ProposalNotFound` for absent and not theirs alike. One query."""
    found = PriceProposal.objects.visible_to(actor).select_related(*_WITH).filter(pk=proposal_id).first()
    if found is None:
        raise ProposalNotFound
    return found


def ending_proposals(account: Account, on: date, until: date) -> list[PriceProposal]:
    """Agreed prices that end by a day. One query."""
    ending = PriceProposal.objects.filter(
        account=account, state=PriceProposal.State.IN_FORCE, valid_until__range=(on, until)
    )
    return list(ending.select_related("product").order_by("valid_until"))


def proposal_notices(event: Event) -> list[dict]:
    """price_proposal.agreed and .declined, where somebody else decided: to the rep who proposed it."""
    proposal = _proposal_of(event)
    rep = proposal.rep
    if rep is None or not rep.user.is_active or rep.user_id == event.actor_user_ref:
        return []
    return [
        {
            "key": f"price-proposal:{proposal.pk}:{event.pk}",
            "to": rep.user.email,
            "template": "price_proposal_decided",
            "context": {"proposal": proposal},
            "language": rep.user.language,
            "account_id": proposal.account_id,
        }
    ]


def agreed_notices(event: Event, on: date) -> list[dict]:
    """price_proposal.agreed, while it holds: to each active contact of the account who buys. Two queries."""
    proposal = _proposal_of(event)
    if proposal.state != PriceProposal.State.IN_FORCE or proposal.valid_until < on:
        return []
    contacts = Contact.objects.filter(account=proposal.account_id, is_active=True).exclude(email="").order_by("pk")
    return [
        {
            "key": f"price-agreed:{proposal.pk}:{contact.pk}",
            "to": contact.email,
            "template": "price_agreed",
            "context": {"proposal": proposal, "reader": contact.name},
            "language": contact.language,
            "account_id": proposal.account_id,
            "contact_id": contact.pk,
        }
        for contact in contacts
        if may(contact.role, KINDS["price_agreed"].permission)
    ]


def _proposal_of(event: Event) -> PriceProposal:
    return PriceProposal.objects.select_related(*_WITH).get(pk=int(event.subject.partition(":")[2]))
