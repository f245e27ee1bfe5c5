"""Offers as the desk sees them, and what offers do: accounts that were offered something against those held out."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from apps.core.scoping import Actor
from apps.feedback.errors import OfferNotFound
from apps.feedback.models import Offer, OfferMonth
from apps.fulfilment.rules.insert_effects import Arm, Difference, difference_of_means, difference_of_rates
from apps.ordering.models import Order
from apps.pricing.selectors import house_rate

MOST = 200
_WITH = ("account__rep__user", "contact", "coupon")
_NO_ORDER = (Order.Status.CANCELLED, Order.Status.DECLINED)


@dataclass(frozen=True, slots=True)
class OfferEffect:
    """Accounts with an offer proposed and those held out, what they ordered within `days`, and what is between them."""

    days: int
    offered: Arm
    held_out: Arm
    rate: Difference | None
    spent: Difference | None
    waiting: int


def offers_at_desk(actor: Actor, *, waiting: bool) -> list[Offer]:
    """Offers to the actor's accounts: those to decide, the one due first first, or the rest, the latest first. One
    query. Who is held out is not shown."""
    seen = Offer.objects.visible_to(actor).exclude(state=Offer.State.HELD_OUT).select_related(*_WITH)
    found = seen.filter(state=Offer.State.PROPOSED).order_by("decide_by", "pk") if waiting else seen.exclude(
        state=Offer.State.PROPOSED
    )  # fmt: skip
    return list(found[:MOST])


def offer_for(actor: Actor, offer_id: int) -> Offer:
    """The offer; `OfferNotFound` for absent, not yours and held out alike. One query."""
    seen = Offer.objects.visible_to(actor).exclude(state=Offer.State.HELD_OUT).select_related(*_WITH)
    found = seen.filter(pk=offer_id).first()
    if found is None:
        raise OfferNotFound
    return found


def offer_month(on: date) -> OfferMonth | None:
    """This month's budget and what of it is promised; None where nothing was offered yet. One query."""
    return OfferMonth.objects.filter(month=on.replace(day=1)).first()


def offer_effect(actor: Actor, *, days: int = 90, now: datetime) -> OfferEffect | None:
    """What offers did to orders within `days`; everybody counts on the side they were drawn for, whatever the rep made
    of it. None for who does not see everything. One query. Amounts are net, in the house's currency."""
    if not actor.sees_everything:
        return None
    rows = list(_with_orders(Offer.objects.all(), days).values_list("state", "proposed_at", "ordered", "orders"))
    ripe = [row for row in rows if row[1] <= now - timedelta(days=days)]
    sides = [[row for row in ripe if (row[0] == Offer.State.HELD_OUT) is held_out] for held_out in (False, True)]
    offered, held_out = (
        Arm(len(side), sum(bool(row[3]) for row in side), tuple(float(row[2]) for row in side)) for side in sides
    )
    return OfferEffect(
        days, offered, held_out, difference_of_rates(offered, held_out),
        difference_of_means(offered.spent, held_out.spent), len(rows) - len(ripe),
    )  # fmt: skip


def _with_orders(offers: QuerySet[Offer], days: int) -> QuerySet[Offer]:
    until = OuterRef("proposed_at") + timedelta(days=days)
    after = Order.objects.filter(account=OuterRef("account"), placed_at__gt=OuterRef("proposed_at"))
    bought = after.filter(placed_at__lte=until).exclude(status__in=_NO_ORDER).order_by().values("account")
    net = bought.annotate(net=Sum(F("goods_net") * house_rate())).values("net")
    some = after.filter(placed_at__lte=until).exclude(status__in=_NO_ORDER).order_by("pk").values("pk")[:1]
    return offers.annotate(ordered=Coalesce(Subquery(net), Decimal(0)), orders=Subquery(some))
