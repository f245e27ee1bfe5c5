"""A rep proposes a price for an account: within their limit it holds at once, beyond it a manager decides.

1. The same key (the form's) proposes once, however often it is sent.
2. A price in force is a contract of its own with one net price from a quantity on, found and explained like any other;
   it ends by itself.
3. A manager's own proposal beyond the limit of their desk is decided by themselves, with a reason.
4. Each proposal is decided once, by compare-and-set.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.errors import AccountNotFound
from apps.accounts.models import Account
from apps.accounts.selectors import accounts_visible
from apps.accounts.services import demand
from apps.catalogue.models import Product
from apps.catalogue.rules import MAX_QUANTITY
from apps.core import events
from apps.core.money import round_unit_price
from apps.core.scoping import Actor
from apps.pricing.errors import ProposalDecided, ProposalRefused
from apps.pricing.models import Contract, ContractPrice, PriceProposal
from apps.pricing.rules import Ask
from apps.pricing.selectors.decisions import prices_for_account
from apps.pricing.selectors.margins import costs_of, margin_of
from apps.pricing.selectors.proposals import beyond_limit_of
from apps.pricing.services.matches import LARGEST_PRICE

LONGEST = timedelta(days=731)
LONGEST_TEXT = 2000
LEAST_MARGIN = Decimal("-99999.9")  # what a price of next to nothing is told as


@dataclass(frozen=True, slots=True)
class Proposed:
    """What is proposed: net for one, from a quantity on, for a time; `why` is for whoever decides."""

    unit_price: Decimal | None
    min_quantity: int
    valid_from: date | None
    valid_until: date | None
    why: str = ""


@transaction.atomic
def propose_price(
    actor: Actor, account: Account, product: Product, said: Proposed, *, key: str, now: datetime
) -> PriceProposal:
    """Propose a price for an account the actor may see. Its state says whether it holds already.

    Raises `ProposalRefused` by field. Records `price_proposal.agreed` or `price_proposal.made`.
    """
    demand(actor, "price.propose")
    # Whoever sends the same form at the same time waits here, and then finds what the first one made.
    locked = accounts_visible(actor).select_for_update(of=("self",), no_key=True)
    if not locked.filter(pk=account.pk):
        raise AccountNotFound()
    known = PriceProposal.objects.filter(account=account, key=key[:40]).first()
    if known is not None:
        return known
    today = timezone.localdate(now)
    _refuse(said, today)
    ask = Ask(product.pk, said.min_quantity)
    own = prices_for_account(account.pk, [ask], said.valid_from)[ask]
    price = round_unit_price(said.unit_price)
    _refuse_what_is_no_better(own.unit_price, price)
    currency = own.currency or account.currency
    cost = costs_of([product.pk], today).get((product.pk, currency))
    margin = max(margin_of(price, cost, currency).percent, LEAST_MARGIN) if cost is not None else None
    beyond = beyond_limit_of(
        actor, margin=margin, own_price=own.unit_price, price=price, days=(said.valid_until - said.valid_from).days + 1
    )
    proposal = PriceProposal.objects.create(
        account=account, product=product, min_quantity=said.min_quantity, unit_price=price, own_price=own.unit_price,
        margin=margin, currency=currency, valid_from=said.valid_from, valid_until=said.valid_until,
        why=said.why.strip()[:LONGEST_TEXT], beyond=",".join(beyond), rep_id=actor.rep_id, by_name=actor.name[:120],
        proposed_at=now, key=key[:40],
    )  # fmt: skip
    if beyond:
        _record("price_proposal.made", proposal, actor, now, beyond=list(beyond))
    else:
        _put_in_force(actor, proposal, reason="", now=now)
    return proposal


def _refuse(said: Proposed, today: date) -> None:
    wrong, price = {}, said.unit_price
    if price is None or not price.is_finite() or not 0 < price < LARGEST_PRICE or not round_unit_price(price):
        wrong["unit_price"] = [_("Say the price of one as a number above 0.")]
    if not 1 <= said.min_quantity <= MAX_QUANTITY:
        wrong["min_quantity"] = [_("A quantity must be a whole number from 1 to %(most)s.") % {"most": MAX_QUANTITY}]
    if said.valid_from is None or said.valid_from < today:
        wrong["valid_from"] = [_("A price cannot begin in the past: what was ordered stays as it was.")]
    elif said.valid_until is None or not said.valid_from <= said.valid_until <= today + LONGEST:
        wrong["valid_until"] = [_("Let it end after it begins, within two years.")]
    if wrong:
        raise ProposalRefused(" ".join(word for words in wrong.values() for word in words), fields=wrong)


def _refuse_what_is_no_better(paid: Decimal | None, price: Decimal) -> None:
    if paid is not None and paid <= price:
        raise ProposalRefused(fields={"unit_price": [_("They pay no more than that already for this quantity.")]})


@transaction.atomic
def approve_proposal(actor: Actor, proposal: PriceProposal, *, reason: str = "", now: datetime) -> None:
    """Let it hold. Raises `ProposalDecided`, or `ProposalRefused` where its time is over or they would pay no less.
    Records `price_proposal.agreed`."""
    demand(actor, "price.approve")
    if proposal.valid_until < timezone.localdate(now):
        raise ProposalRefused(_("The time it was to hold for is over: ask for a new proposal."))
    _put_in_force(actor, proposal, reason=reason, now=now)


@transaction.atomic
def decline_proposal(actor: Actor, proposal: PriceProposal, *, reason: str, now: datetime) -> None:
    """Say why not; a reason is owed. Raises `ProposalDecided`. Records `price_proposal.declined`."""
    demand(actor, "price.approve")
    if not reason.strip():
        raise ProposalRefused(fields={"reason": [_("Say why not, so that the rep knows what to do.")]})
    _decide(actor, proposal, PriceProposal.State.DECLINED, reason, now)
    _record("price_proposal.declined", proposal, actor, now, reason=reason.strip())


@transaction.atomic
def withdraw_proposal(actor: Actor, proposal: PriceProposal, *, now: datetime) -> None:
    """Take back what waits; what holds already ends today, orders placed before keep it. By who proposed it, or who may
    approve. Records `price_proposal.withdrawn`."""
    demand(actor, "price.propose" if proposal.rep_id == actor.rep_id else "price.approve")
    was = proposal.state
    if was not in (PriceProposal.State.WAITING, PriceProposal.State.IN_FORCE):
        raise ProposalDecided
    _decide(actor, proposal, PriceProposal.State.WITHDRAWN, "", now, was=was)
    if proposal.contract_id is not None:
        _end(proposal.contract, timezone.localdate(now))
    _record("price_proposal.withdrawn", proposal, actor, now)


def _end(contract: Contract, today: date) -> None:
    """From today on it holds no more; one that would begin today or later never held."""
    if contract.valid_from >= today:
        contract.prices.all().delete()
        return
    contract.valid_until = today - timedelta(days=1)
    contract.save(update_fields=["valid_until"])


def _put_in_force(actor: Actor, proposal: PriceProposal, *, reason: str, now: datetime) -> None:
    _decide(actor, proposal, PriceProposal.State.IN_FORCE, reason, now)
    starts_on = max(proposal.valid_from, timezone.localdate(now))
    _refuse_what_is_no_better(_paid(proposal, starts_on), proposal.unit_price)
    proposal.contract = Contract.objects.create(
        number=f"PP-{proposal.pk:06d}",
        account_id=proposal.account_id,
        name=(_("Agreed price for %(product)s") % {"product": proposal.product.name})[:120],
        currency=proposal.currency,
        valid_from=starts_on,
        valid_until=proposal.valid_until,
    )
    ContractPrice.objects.create(
        contract=proposal.contract, product_id=proposal.product_id, min_quantity=proposal.min_quantity,
        unit_price=proposal.unit_price,
    )  # fmt: skip
    _let_it_win(proposal, starts_on)
    proposal.save(update_fields=["contract"])
    facts = {"unit_price": str(proposal.unit_price), "until": str(proposal.valid_until)}
    _record("price_proposal.agreed", proposal, actor, now, reason=reason.strip(), **facts)


def _let_it_win(proposal: PriceProposal, on: date) -> None:
    """Where an exclusive agreement would outvote it, it is one too: it was agreed with this account after that."""
    if not _is_dearer(proposal, on):
        return
    contract = proposal.contract
    contract.is_exclusive = contract.overrides = True
    contract.save(update_fields=["is_exclusive", "overrides"])
    if _is_dearer(proposal, on):
        raise ProposalRefused(_("Another agreement with them stands in the way of this price."))


def _is_dearer(proposal: PriceProposal, on: date) -> bool:
    paid = _paid(proposal, on)
    return paid is not None and paid > proposal.unit_price


def _paid(proposal: PriceProposal, on: date) -> Decimal | None:
    ask = Ask(proposal.product_id, proposal.min_quantity)
    return prices_for_account(proposal.account_id, [ask], on)[ask].unit_price


def _decide(actor: Actor, proposal: PriceProposal, state: str, reason: str, now: datetime, *, was="waiting") -> None:
    fields = {"state": state, "decided_at": now, "decided_by_name": actor.name[:120]}
    if reason.strip():
        fields["reason"] = reason.strip()[:LONGEST_TEXT]
    if not PriceProposal.objects.filter(pk=proposal.pk, state=was).update(**fields):
        raise ProposalDecided
    for name, value in fields.items():
        setattr(proposal, name, value)


def _record(name: str, proposal: PriceProposal, actor: Actor, now: datetime, **facts) -> None:
    subject = f"price_proposal:{proposal.pk}"
    sku = proposal.product.sku
    events.record(name, subject, account_id=proposal.account_id, actor=actor, at=now, sku=sku, **facts)
