"""The message that home says to a contact today: see `rules.greetings`."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import get_language

from apps.accounts.models import Contact
from apps.core.scoping import Actor
from apps.fulfilment.models import Shipment
from apps.insights.models import Greeting, GreetingPutAway, GreetingText
from apps.insights.rules import greetings as rules
from apps.ordering.models import Order
from apps.pricing.models import Contract

MOST_ORDERS = 501  # more than any rule asks for
_NOT_ORDERS = (Order.Status.CANCELLED, Order.Status.DECLINED)


@dataclass(frozen=True, slots=True)
class Greeted:
    """A message in the reader's language, signed by the account's rep; `key` puts it away."""

    key: str
    title: str
    body: str
    signed: str


def greeting_for(actor: Actor, contact: Contact, *, now: datetime) -> Greeted | None:
    """The message for a contact, None for most days. One query; of an account of the contact's own alone."""
    if contact.account_id not in actor.account_ids:
        return None
    on = timezone.localdate(now)
    for greeting in _asked(contact, on):
        occasion = rules.occasion_of(
            greeting.trigger, greeting.number, _facts(greeting, contact), on, from_on=greeting.from_on
        )
        is_calendar = greeting.trigger == rules.Trigger.DAYS
        if occasion is None or not rules.is_due(occasion, on, greeting.shown_days, is_calendar=is_calendar):
            continue
        if occasion.key not in greeting.put_away and (words := _words_of(greeting.words)):
            return _greeted(greeting, occasion, words, contact)
    return None


def _asked(contact: Contact, on: date) -> QuerySet[Greeting]:
    """The rules that may fit, with what is known of the account and what was put away."""
    account = contact.account
    rows = Greeting.objects.filter(
        Q(from_on=None) | Q(from_on__lte=on), Q(until_on=None) | Q(until_on__gte=on),
        is_active=True, segment__in=["", account.segment], persona__in=["", contact.persona],
        language__in=["", get_language() or ""],
    )  # fmt: skip
    texts = GreetingText.objects.filter(greeting=OuterRef("pk")).order_by("pk")
    away = GreetingPutAway.objects.filter(greeting=OuterRef("pk"), contact=contact.pk).order_by("pk")
    return rows.annotate(
        words=ArraySubquery(texts.values(said=JSONObject(language="language", title="title", body="body"))),
        put_away=ArraySubquery(away.values("occasion")), **_known(contact, on),
    ).order_by("priority", "pk")  # fmt: skip


def _known(contact: Contact, on: date) -> dict:
    """What does not depend on the rule: asked once, however many rules there are."""
    account = contact.account
    orders = Order.objects.filter(account=account.pk).exclude(status__in=_NOT_ORDERS).order_by("-placed_at")
    delivered = Shipment.objects.filter(account=account.pk, delivered_at__isnull=False).order_by("delivered_at")
    contracts = Contract.objects.in_force(on).filter(account__in=account.lineage).order_by("-valid_from")
    return {
        "ordered": ArraySubquery(orders.values("placed_at")[:2]),
        "orders": Func(ArraySubquery(orders.values("pk")[:MOST_ORDERS]), function="cardinality"),
        "first_delivery": Subquery(delivered.values("delivered_at")[:1]),
        "contract_from": Subquery(contracts.values("valid_from")[:1]),
        "first_log_in": Subquery(Contact.objects.filter(pk=contact.pk).values("user__first_log_in_at")),
    }


def _facts(greeting: Greeting, contact: Contact) -> rules.Facts:
    days = [timezone.localdate(at) for at in greeting.ordered]
    return rules.Facts(
        first_log_in_on=_day(greeting.first_log_in),
        first_delivery_on=_day(greeting.first_delivery),
        orders=greeting.orders,
        last_order_on=days[0] if days else None,
        order_before_on=days[1] if len(days) > 1 else None,
        since_on=contact.account.since_on,
        contract_from_on=greeting.contract_from,
    )


def _day(at: datetime | None) -> date | None:
    return timezone.localdate(at) if at else None


def _words_of(texts: list[dict]) -> dict | None:
    """In the language of the page, else in English; None where neither is written."""
    by_language = {text["language"]: text for text in texts}
    language = get_language() or ""
    return by_language.get(language) or by_language.get(language.partition("-")[0]) or by_language.get("en")


def _greeted(greeting: Greeting, occasion: rules.Occasion, words: dict, contact: Contact) -> Greeted:
    rep = contact.account.rep
    values = {
        "contact": contact.name,
        "account": contact.account.name,
        "rep": str(rep) if rep else "",
        "years": str(occasion.years or ""),
        "number": str(greeting.number or ""),
    }
    return Greeted(
        key=f"{greeting.pk}:{occasion.key}",
        title=rules.worded(words["title"], values),
        body=rules.worded(words["body"], values),
        signed=values["rep"],
    )
