"""Offers are proposed to the rep, approved within the month's budget, used by themselves, and over in time.

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
from apps.core.events import record
from apps.core.money import ZERO, round_amount
from apps.core.scoping import SYSTEM, Actor
from apps.feedback.errors import OfferDecided, OfferRefused
from apps.feedback.models import Offer, OfferMonth, OfferTerms
from apps.feedback.rules.offers import REST_DAYS, Usual, cost_of_discount, most_percent
from apps.fulfilment.rules.inserts import is_held_out
from apps.ordering.models import Order, OrderLine
from apps.ordering.services import use_automatic_coupon
from apps.pricing.models import Coupon
from apps.pricing.rules import Ask
from apps.pricing.selectors import costs_of, house_rate, prices_for_account
from apps.pricing.services import issue_coupon

DECIDE_WITHIN = timedelta(days=14)
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
    actor: Actor, offer: Offer, *, kind: str, percent: int = 0, cost: Decimal = ZERO, words: str, now: datetime
) -> Offer:
    """Make the offer, as proposed or as the rep changed it, out of this month's budget.

    A discount waits in the account's next cart by itself; the rest the rep sees to, at what they say it costs. Raises
    `OfferDecided`, and `OfferRefused` for more than the margin allows, no words, or a budget that is spent. Records
    `offer.approved`.
    """
    demand(actor, "quote.offer")
    offer = _undecided(offer)
    terms = OfferTerms.objects.get()
    _refuse(offer, kind, percent, cost, words)
    on = timezone.localdate(now)
    offer.kind, offer.words = kind, words.strip()
    offer.percent = percent if kind == Kind.DISCOUNT else 0
    if kind == Kind.DISCOUNT:
        cost = cost_of_discount(offer.usual_order, percent, settings.HOME_CURRENCY)
    offer.cost, offer.month = cost, _take(cost, terms, on)
    offer.valid_until = on + timedelta(days=terms.valid_days)
    offer.state, offer.decided_at, offer.decided_by_name = State.APPROVED, now, actor.name
    if kind == Kind.DISCOUNT:
        code = issue_coupon(
            offer.account_id, name=offer.words, percent=percent, valid_from=on, valid_until=offer.valid_until,
            is_automatic=True, floor_percent=terms.floor_percent,
        )  # fmt: skip
        offer.coupon = Coupon.objects.get(code=code)
        use_automatic_coupon(offer.account_id, on=on)
    offer.save()
    _done(offer, now)
    _tell("offer.approved", offer, actor, now)
    return offer


def _refuse(offer: Offer, kind: str, percent: int, cost: Decimal, words: str) -> None:
    wrong = {}
    if kind not in Kind.values:
        wrong["kind"] = [_("Choose what is offered.")]
    if kind == Kind.DISCOUNT and not 1 <= percent <= offer.most_percent:
        wrong["percent"] = [
            _("From 1 to %(most)d percent: more would undercut the margin.") % {"most": offer.most_percent}
            if offer.most_percent
            else _("Nothing can be taken off without undercutting the margin. Offer something else.")
        ]
    if kind != Kind.DISCOUNT and cost < 0:
        wrong["cost"] = [_("Say what it costs us, 0 or more.")]
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
def end_offers(*, now: datetime) -> int:
    """Close what nobody decided in time and what was not used in time, and give its budget back; how many. Safe to
    repeat. Records `offer.expired`."""
    on = timezone.localdate(now)
    unused = Q(coupon=None) | Q(coupon__used=0)
    over = Q(state=State.PROPOSED, decide_by__lt=on) | Q(
        unused, state=State.APPROVED, kind=Kind.DISCOUNT, valid_until__lt=on
    )
    ended = list(Offer.objects.filter(over).order_by("pk").select_for_update(of=("self",), skip_locked=True)[:500])
    for offer in ended:
        if offer.month_id:
            OfferMonth.objects.filter(pk=offer.month_id).update(spent=Greatest(F("spent") - offer.cost, ZERO))
        offer.state = State.EXPIRED
        offer.save(update_fields=["state"])
        _tell("offer.expired", offer, SYSTEM, now)
    return len(ended)


def _tell(name: str, offer: Offer, actor: Actor, now: datetime) -> None:
    facts = {"kind": offer.kind, "percent": offer.percent, "title": offer.words, "reason": offer.reason}
    record(name, f"offer:{offer.pk}", account_id=offer.account_id, actor=actor, at=now, **facts)
