"""Offers as the desk sees them, and what offers do: accounts that were offered something against those held out."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import Avg, Count, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from apps.accounts.models import Contact, Purpose
from apps.accounts.selectors import unmailable
from apps.core.comparing import Arm, Difference, difference_of_means, difference_of_rates
from apps.core.models import Event
from apps.core.money import round_amount
from apps.core.scoping import Actor
from apps.feedback.errors import OfferNotFound, StopLinkNotFound
from apps.feedback.models import Offer, OfferMonth
from apps.fulfilment.models import Insert
from apps.ordering.models import Order
from apps.pricing.selectors import house_rate

MOST = 200
_WITH = ("account__rep__user", "contact", "coupon", "insert")
_STOP = "offer mail"  # the salt
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
    kinds: tuple["KindCount", ...] = ()


class KindCount(NamedTuple):
    """How many offers of a kind were made, how many of them were used."""

    name: str
    made: int
    used: int


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


@dataclass(frozen=True, slots=True)
class OfferMail:
    """Who is told of an offer by mail, and why they are not: no_address, objected, bounced, no_consent, or ""."""

    contact: Contact | None
    reason: str


def offer_mail(offer: Offer) -> OfferMail:
    """Who reads of the offer: its contact, else who ordered last at the account. Three queries at most.

    An offer is advertising: it is mailed only to whom we may write to about offers, whatever they said of questions.
    """
    contact = offer.contact if offer.contact and offer.contact.is_active else None
    if contact is None:
        ordered = Order.objects.filter(account=offer.account_id, contact__account=offer.account_id)
        latest = ordered.filter(contact__is_active=True).select_related("contact").order_by("-placed_at", "-pk").first()
        contact = latest.contact if latest else None
    if contact is None:
        return OfferMail(None, "no_address")
    return OfferMail(contact, unmailable([contact.pk], Purpose.MARKETING).get(contact.pk, ""))


def offer_notices(event: Event) -> list[dict]:
    """offer.approved: to whom `offer_mail` names, in the name of the rep, with one click to get no more of it."""
    offers = Offer.objects.select_related(*_WITH)
    offer = offers.filter(pk=event.subject.partition(":")[2], state=Offer.State.APPROVED).first()
    mail = offer_mail(offer) if offer else OfferMail(None, "no_address")
    if mail.contact is None or mail.reason:
        return []
    rep = offer.account.rep
    stop = f"{settings.PORTAL_URL}/o/{offer_stop_token(mail.contact.pk)}/stop/"
    return [
        {
            "key": f"offer:{offer.pk}",
            "to": mail.contact.email,
            "template": "offer_made",
            "context": {
                "offer": offer,
                "reader": mail.contact.name,
                "rep": rep.user.name if rep else "Tradewell",
                "stop_link": stop,
            },
            "language": mail.contact.language,
            "account_id": offer.account_id,
            "headers": {
                "List-Unsubscribe": f"<{stop}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated",
                **({"Reply-To": rep.user.email} if rep else {}),
            },
        }
    ]


def offer_stop_token(contact_id: int) -> str:
    """What the link in a mail about an offer names its reader by."""
    return Signer(salt=_STOP).sign(contact_id)


def contact_of_stop_token(token: str) -> Contact:
    """Whom a link that we sent was sent to; `StopLinkNotFound` for any other. One query."""
    try:
        found = Contact.objects.select_related("account").filter(pk=int(Signer(salt=_STOP).unsign(token))).first()
    except (BadSignature, ValueError):
        found = None
    if found is None:
        raise StopLinkNotFound
    return found


def usual_freight(account_id: int, on: date) -> Decimal:
    """What the account paid on average for an order's freight in a year, of those that had any; net, in the house's
    currency. 0 where nothing is known. One query."""
    since = on - timedelta(days=365)
    paid = Order.objects.filter(account=account_id, placed_at__date__gt=since, freight_net__gt=0)
    found = paid.exclude(status__in=_NO_ORDER).order_by().aggregate(net=Avg(F("freight_net") * house_rate()))["net"]
    return round_amount(found or Decimal(0), settings.HOME_CURRENCY)


def samples() -> list[Insert]:
    """What can be offered as a sample, by name. One query."""
    return list(Insert.objects.filter(kind=Insert.Kind.SAMPLE, is_active=True).order_by("name", "pk"))


def sample_for(insert_id: int | None) -> Insert | None:
    """One of `samples`."""
    return Insert.objects.filter(kind=Insert.Kind.SAMPLE, is_active=True, pk=insert_id).first()


def offer_month(on: date) -> OfferMonth | None:
    """This month's budget and what of it is promised; None where nothing was offered yet. One query."""
    return OfferMonth.objects.filter(month=on.replace(day=1)).first()


def offer_effect(actor: Actor, *, days: int = 90, now: datetime) -> OfferEffect | None:
    """What offers did to orders within `days`; everybody counts on the side they were drawn for, whatever the rep made
    of it. None for who does not see everything. Two queries. Amounts are net, in the house's currency."""
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
        difference_of_means(offered.spent, held_out.spent), len(rows) - len(ripe), _kinds(),
    )  # fmt: skip


def _kinds() -> tuple[KindCount, ...]:
    """The kinds of which offers were made, in the order of the kinds. What was declined was never made."""
    made = Offer.objects.filter(valid_until__isnull=False).order_by().values("kind")
    counts = {row["kind"]: row for row in made.annotate(made=Count("pk"), used=Count("used_at"))}
    return tuple(
        KindCount(str(kind.label), counts[kind]["made"], counts[kind]["used"]) for kind in Offer.Kind if kind in counts
    )


def _with_orders(offers: QuerySet[Offer], days: int) -> QuerySet[Offer]:
    until = OuterRef("proposed_at") + timedelta(days=days)
    after = Order.objects.filter(account=OuterRef("account"), placed_at__gt=OuterRef("proposed_at"))
    bought = after.filter(placed_at__lte=until).exclude(status__in=_NO_ORDER).order_by().values("account")
    net = bought.annotate(net=Sum(F("goods_net") * house_rate())).values("net")
    some = after.filter(placed_at__lte=until).exclude(status__in=_NO_ORDER).order_by("pk").values("pk")[:1]
    return offers.annotate(ordered=Coalesce(Subquery(net), Decimal(0)), orders=Subquery(some))
