"""Offers are proposed to the rep, made within the month's budget, used by themselves (`gifts`), and over in time.

The budget is counted up on the condition that it suffices; whoever comes second waits for that row. That an account has
one offer at a time is held by the database.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Account
from apps.accounts.services import demand
from apps.cases.models import FollowUp
from apps.core.comparing import is_held_out
from apps.core.events import record
from apps.core.money import ZERO, round_amount
from apps.core.scoping import SYSTEM, Actor
from apps.feedback.errors import OfferDecided, OfferRefused
from apps.feedback.models import Offer, OfferMonth, OfferTerms
from apps.feedback.rules.offers import REST_DAYS, Usual, cost_of_discount, most_percent
from apps.feedback.services.gifts import GIFTS, Said
from apps.ordering.models import Order, OrderLine
from apps.pricing.rules import Ask
from apps.pricing.selectors import costs_of, house_rate, prices_for_account

DECIDE_WITHIN = timedelta(days=14)
MOST_COST = Decimal(1_000_000)
DRAW = 0  # what accounts are drawn with, where rules of inserts have their ids
_YEAR = timedelta(days=365)
_MOST_PRODUCTS = 50
_BOUGHT = {"order__status__in": (Order.Status.CANCELLED, Order.Status.DECLINED)}
State, Kind = Offer.State, Offer.Kind


@transaction.atomic
def propose_offer(
    account: Account, *, contact_id: int | None, why: str, source_ref: str, now: datetime
) -> Offer | None:
    """Propose to the rep what the account could be offered, once for each `source_ref`.

    None where operations let nothing be offered. An account that had an offer, or was held out, within `REST_DAYS` gets
    no other: that one is returned. Who is held out has a row, and nobody is asked. Records `offer.proposed`.
    """
    terms = OfferTerms.objects.filter(is_active=True).first()
    if terms is None:
        return None
    if earlier := Offer.objects.filter(source_ref=source_ref).first():
        return earlier
    on = timezone.localdate(now)
    held_out = is_held_out(account.pk, DRAW, terms.held_out_percent)
    usual = _usual_order(account, on)
    most = most_percent(_usual_basket(account, on), floor_percent=terms.floor_percent, allowed=terms.discount_percent)
    try:
        with transaction.atomic():
            offer = Offer.objects.create(
                account=account,
                contact_id=contact_id,
                kind=Kind.DISCOUNT if most else Kind.CALL,
                state=State.HELD_OUT if held_out else State.PROPOSED,
                percent=most,
                most_percent=most,
                cost=cost_of_discount(usual, most, settings.HOME_CURRENCY),
                usual_order=usual,
                why=why,
                source_ref=source_ref,
                rest=(on, on + timedelta(days=REST_DAYS)),
                proposed_at=now,
                decide_by=on + DECIDE_WITHIN,
            )
    except IntegrityError:
        return Offer.objects.filter(account=account, rest__contains=on).first()
    if not held_out:
        _tell("offer.proposed", offer, SYSTEM, now)
    return offer


def _usual_order(account: Account, on: date) -> Decimal:
    """What the account's orders of the last year come to on average, net, in the house's currency."""
    orders = Order.objects.filter(account=account, placed_at__date__gt=on - _YEAR).exclude(
        status__in=(Order.Status.CANCELLED, Order.Status.DECLINED)
    )
    found = orders.order_by().aggregate(net=Sum(F("goods_net") * house_rate()), count=Count("id"))
    return round_amount((found["net"] or ZERO) / found["count"], settings.HOME_CURRENCY) if found["count"] else ZERO


def _usual_basket(account: Account, on: date) -> list[Usual]:
    """What the account bought most of in a year, at its prices and our costs of today. Four queries and the prices'."""
    lines = OrderLine.objects.filter(order__account=account, order__placed_at__date__gt=on - _YEAR).exclude(**_BOUGHT)
    sums = lines.order_by().values("product").annotate(pieces=Sum("quantity"), times=Count("id"), net=Sum("net"))
    rows = list(sums.order_by("-net").values_list("product", "pieces", "times")[:_MOST_PRODUCTS])
    asks = {product: Ask(product, max(pieces // times, 1)) for product, pieces, times in rows}
    prices = prices_for_account(account.pk, asks.values(), on)
    costs = costs_of(asks.keys(), on)
    return [
        Usual(pieces, prices[ask].unit_price, costs[product, prices[ask].currency])
        for product, pieces, _times in rows
        for ask in (asks[product],)
        if prices[ask].unit_price is not None and (product, prices[ask].currency) in costs
    ]


@transaction.atomic
def approve_offer(
    actor: Actor,
    offer: Offer,
    *,
    kind: str,
    percent: int = 0,
    cost: Decimal | None = None,
    insert_id: int | None = None,
    words: str,
    now: datetime,
) -> Offer:
    """Make the offer, as proposed or as the rep changed it, out of this month's budget.

    It is given at once and used by itself (see `gifts`). `cost` is what is said of free freight (up to how much), a
    slot or a call; None is what it usually is. Raises `OfferDecided`, and `OfferRefused` for more than the margin
    allows, what cannot be given, no words, or a budget that is spent. Records `offer.approved`.
    """
    demand(actor, "quote.offer")
    offer = _undecided(offer)
    terms, said = OfferTerms.objects.get(), Said(percent, cost, insert_id)
    on = timezone.localdate(now)
    offer.decided_at, offer.decided_by_name = now, actor.name
    _refuse(offer, kind, said, words)
    gift = GIFTS[kind]
    offer.kind, offer.words = kind, words.strip()
    offer.percent = percent if kind == Kind.DISCOUNT else 0
    offer.cost = gift.cost(offer, said, on)
    offer.month = _take(offer.cost, terms, on)
    offer.valid_until = on + timedelta(days=terms.valid_days)
    offer.state = State.APPROVED
    gift.give(offer, said, terms, now)
    offer.save()
    _done(offer, now)
    _tell("offer.approved", offer, actor, now)
    return offer


def _refuse(offer: Offer, kind: str, said: Said, words: str) -> None:
    wrong = {}
    if kind not in GIFTS:
        wrong["kind"] = [_("Choose what is offered.")]
    elif said.cost is not None and not (said.cost.is_finite() and 0 <= said.cost < MOST_COST):
        wrong["cost"] = [_("Say what it costs us, 0 or more.")]
    else:
        wrong |= GIFTS[kind].wrong(offer, said)
    if not words.strip():
        wrong["words"] = [_("Say what the account reads.")]
    if wrong:
        raise OfferRefused(fields=wrong)


def _take(cost: Decimal, terms: OfferTerms, on: date) -> OfferMonth:
    """This month's budget with the cost taken; `OfferRefused` where it does not suffice."""
    first = on.replace(day=1)
    month, _made = OfferMonth.objects.get_or_create(month=first, defaults={"budget": terms.monthly_budget})
    within = OfferMonth.objects.filter(pk=month.pk, spent__lte=F("budget") - cost)
    if not within.update(spent=F("spent") + cost):
        raise OfferRefused(
            _("This month's budget for offers does not suffice. Offer less, or wait for the next month.")
        )
    return month


@transaction.atomic
def decline_offer(actor: Actor, offer: Offer, *, reason: str, now: datetime) -> Offer:
    """Make no offer, and say why. The account rests all the same: it is not asked about again and again.

    Raises `OfferDecided`, `OfferRefused`. Records `offer.declined`.
    """
    demand(actor, "quote.offer")
    offer = _undecided(offer)
    if not reason.strip():
        raise OfferRefused(fields={"reason": [_("Say why not.")]})
    offer.state, offer.reason = State.DECLINED, reason.strip()[:300]
    offer.decided_at, offer.decided_by_name = now, actor.name
    offer.save()
    _done(offer, now)
    _tell("offer.declined", offer, actor, now)
    return offer


def _done(offer: Offer, now: datetime) -> None:
    """What asked the rep to decide has been done."""
    asked = FollowUp.objects.filter(source_ref=offer.source_ref, kind=FollowUp.Kind.OFFER, state=FollowUp.State.OPEN)
    asked.update(state=FollowUp.State.DONE, settled_at=now, outcome=str(offer.get_state_display()))


def _undecided(offer: Offer) -> Offer:
    offer = Offer.objects.select_for_update(of=("self",)).select_related("account").get(pk=offer.pk)
    if offer.state != State.PROPOSED:
        raise OfferDecided
    return offer


@transaction.atomic
def follow_use(account_id: int, *, now: datetime) -> int:
    """See whether what the account was offered is used, or no longer; how many offers changed. Safe to repeat.

    What a used one did not need goes back to the budget of its month. One that is free again, because its order was
    called off, takes back what that budget has left of it. Records `offer.used`.
    """
    made = Offer.objects.filter(account=account_id, state=State.APPROVED).select_related("account", "coupon")
    changed = 0
    for offer in made.order_by("pk").select_for_update(of=("self",)):
        if offer.used_at == offer.decided_at:
            continue  # seen to by the rep, from before offers were used by themselves
        if GIFTS[offer.kind].is_used(offer) != (offer.used_at is not None):
            _use(offer, now) if offer.used_at is None else _unuse(offer)
            changed += 1
    return changed


def _use(offer: Offer, now: datetime) -> None:
    spent = GIFTS[offer.kind].spent(offer, timezone.localdate(now))
    _give_to_month(offer, offer.cost - spent)
    offer.cost, offer.used_at = spent, now
    offer.save(update_fields=["cost", "used_at"])
    _tell("offer.used", offer, SYSTEM, now)


def _unuse(offer: Offer) -> None:
    month = OfferMonth.objects.select_for_update().get(pk=offer.month_id)
    promised = GIFTS[offer.kind].promised(offer, timezone.localdate())
    more = max(min(promised - offer.cost, month.budget - month.spent), ZERO)
    OfferMonth.objects.filter(pk=month.pk).update(spent=F("spent") + more)
    offer.cost, offer.used_at = offer.cost + more, None
    offer.save(update_fields=["cost", "used_at"])


def _give_to_month(offer: Offer, amount: Decimal) -> None:
    if offer.month_id and amount > 0:
        OfferMonth.objects.filter(pk=offer.month_id).update(spent=Greatest(F("spent") - amount, ZERO))


@transaction.atomic
def end_offers(*, now: datetime) -> int:
    """Close what nobody decided in time and what was not used in time, take back what was given, and give its budget
    back; how many. What is on its way is left for later. Safe to repeat. Records `offer.expired`."""
    on = timezone.localdate(now)
    over = Q(state=State.PROPOSED, decide_by__lt=on) | Q(state=State.APPROVED, used_at=None, valid_until__lt=on)
    waiting = Offer.objects.filter(over).select_related("account", "coupon").order_by("pk")
    ended = 0
    for offer in list(waiting.select_for_update(of=("self",), skip_locked=True)[:500]):
        if offer.state == State.APPROVED and GIFTS[offer.kind].is_used(offer):
            _use(offer, now)
            continue
        if offer.state == State.APPROVED and not GIFTS[offer.kind].take_back(offer, now):
            continue
        _give_to_month(offer, offer.cost)
        offer.state = State.EXPIRED
        offer.save(update_fields=["state"])
        _tell("offer.expired", offer, SYSTEM, now)
        ended += 1
    return ended


def _tell(name: str, offer: Offer, actor: Actor, now: datetime) -> None:
    facts = {"kind": offer.kind, "percent": offer.percent, "title": offer.words, "reason": offer.reason}
    record(name, f"offer:{offer.pk}", account_id=offer.account_id, actor=actor, at=now, **facts)
