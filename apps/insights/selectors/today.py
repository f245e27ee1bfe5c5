"""Accounts that need somebody today, each with its reasons in words."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from statistics import median

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import Account
from apps.accounts.selectors import accounts_visible
from apps.cases.models import Case, Conversation, FollowUp
from apps.cases.selectors import cases_due, follow_ups_of
from apps.cases.selectors.conversations import waiting_for_us
from apps.core.scoping import Actor
from apps.fulfilment.selectors import late_shipments, orders_at_risk
from apps.insights import rules
from apps.insights.selectors.reason import MOST_OF_A_KIND, Reason, Reasons
from apps.insights.selectors.stakes import Stake, stakes_of
from apps.insights.selectors.wishes import (
    contracts_ending,
    credit_near,
    new_contacts,
    offers_lying,
    over_rhythm,
    reorders_due,
    shortages,
)
from apps.ordering.models import Order
from apps.ordering.selectors.blankets import blankets_behind
from apps.ordering.selectors.held import orders_without_approver
from apps.ordering.selectors.quotes import quotes_waiting


@dataclass(frozen=True, slots=True)
class Attention:
    """An account with its reasons, the heaviest first; `stake` is None where it never ordered."""

    account: Account
    reasons: tuple[Reason, ...]
    stake: Stake | None = None

    @property
    def at_stake(self) -> Decimal | None:
        """In the house's currency, a year; None where nothing is known."""
        return self.stake.at_stake if self.stake else None

    @property
    def is_owed(self) -> bool:
        return any(rules.is_owed(reason.kind, reason.weight) for reason in self.reasons)

    @property
    def urgency(self) -> float:
        return rules.urgency(reason.weight for reason in self.reasons)


def today_for(
    actor: Actor, *, now: datetime, limit: int = 50, follow_ups: Sequence[FollowUp] | None = None
) -> list[Attention]:
    """The accounts that need the actor today, ranked as `rules.attention` says; nineteen queries for any number.

    What is only our own wish is watched for a rep's own accounts; who sees everything is shown the rest. `follow_ups`
    are those of `follow_ups_due`, where they have been read already: a query less.
    """
    on = timezone.localdate(now)
    reasons: dict[int, list[Reason]] = defaultdict(list)
    watched: dict[int, str] = {}
    if actor.rep_id is not None and not actor.sees_everything:
        watched = dict(accounts_visible(actor).values_list("pk", "segment"))
    for account_id, reason in chain(_promised(actor, follow_ups, now), _wished(actor, watched, now)):
        reasons[account_id].append(reason)
    others = Account.objects.filter(pk__in=reasons.keys() - watched.keys())
    stakes = stakes_of(watched | dict(others.values_list("pk", "segment")), now=now)
    for account_id, reason in over_rhythm(stakes, watched, on):
        reasons[account_id].append(reason)
    accounts = Account.objects.select_related("rep__user").in_bulk(reasons)
    return _ranked(
        Attention(accounts[account_id], tuple(sorted(of_account, key=lambda one: -one.weight)), stakes.get(account_id))
        for account_id, of_account in reasons.items()
    )[:limit]


def _ranked(found: Iterable[Attention]) -> list[Attention]:
    """Who has not ordered enough to say what is at stake, a new account for one, counts as the middle of the others."""
    found = list(found)
    known = [one.at_stake for one in found if one.at_stake is not None]
    usual = median(known) if known else Decimal(0)

    def first(one: Attention) -> tuple:
        at_stake = usual if one.at_stake is None else one.at_stake
        return (not one.is_owed, -at_stake, -one.urgency, one.account.name)

    return sorted(found, key=first)


def _promised(actor: Actor, follow_ups: Sequence[FollowUp] | None, now: datetime) -> Reasons:
    on = timezone.localdate(now)
    yield from _cases(cases_due(actor, MOST_OF_A_KIND), now)
    yield from _unanswered(waiting_for_us(actor, limit=MOST_OF_A_KIND), now)
    yield from _late(late_shipments(actor, limit=MOST_OF_A_KIND), on)
    yield from _slips(actor)
    yield from _releases(actor, now)
    yield from _without_approver(actor, now)
    yield from _quotes(quotes_waiting(actor, limit=MOST_OF_A_KIND), now)
    yield from _blankets(actor, on)
    yield from _follow_ups(follow_ups_due(actor, on) if follow_ups is None else follow_ups, on)


def _wished(actor: Actor, watched: Collection[int], now: datetime) -> Reasons:
    on = timezone.localdate(now)
    yield from offers_lying(actor, now, on)
    yield from credit_near(actor)
    yield from contracts_ending(actor, on)
    if watched:
        yield from reorders_due(watched, on)
        yield from shortages(watched, on)
        yield from new_contacts(watched, now)


def _unanswered(conversations: Iterable[Conversation], now: datetime) -> Reasons:
    for each in conversations:
        words = _("Waits for an answer: %(title)s") % {"title": each.title}
        weight = rules.weight("unanswered", rules.days_between(each.waits_since, now))
        yield each.account_id, Reason("unanswered", words, weight, f"conversation:{each.number}")


def _cases(cases: Iterable[Case], now: datetime) -> Reasons:
    for case in cases:
        days_over = rules.days_between(case.next_deadline, now)
        kind = "detractor" if case.origin == Case.Origin.SURVEY and case.answered_at is None else "case_due"
        words = _case_words(case, kind, days_over)
        yield case.account_id, Reason(kind, words, rules.weight(kind, days_over), f"case:{case.number}")


def _case_words(case: Case, kind: str, days_over: float) -> str:
    values = {"number": case.number, "title": case.title}
    if kind == "detractor":
        return _("Unhappy and not answered yet: %(title)s") % values
    if days_over > 0:
        return _("%(number)s is overdue: %(title)s") % values
    if days_over > -1:
        return _("%(number)s is due within a day: %(title)s") % values
    return _("%(number)s is open: %(title)s") % values


def _late(shipments, on: date) -> Reasons:
    for shipment in shipments:
        days = max((on - shipment.promised_on).days, 1)
        words = ngettext(
            "Delivery %(number)s is %(days)d day late", "Delivery %(number)s is %(days)d days late", days
        ) % {"number": shipment.number, "days": days}
        reason = Reason("delivery_late", words, rules.weight("delivery_late", days), f"order:{shipment.order.number}")
        yield shipment.account_id, reason


def _slips(actor: Actor) -> Reasons:
    """Orders with lines that come later, about which nobody has answered: a call may be welcome."""
    for account_id, number, lines, next_on in orders_at_risk(actor, limit=MOST_OF_A_KIND):
        words = ngettext(
            "%(n)d line of %(number)s comes later, on %(day)s, and they have not answered",
            "%(n)d lines of %(number)s come later, the first on %(day)s, and they have not answered",
            lines,
        )
        said = words % {"n": lines, "number": number, "day": date_format(next_on, "j M")}
        yield account_id, Reason("slip", said, rules.weight("slip", 0), f"slips:{number}")


def _releases(actor: Actor, now: datetime) -> Reasons:
    waiting = Order.objects.visible_to(actor).filter(status=Order.Status.AWAITING_RELEASE).order_by("placed_at")
    for order in waiting[:MOST_OF_A_KIND]:
        weight = rules.weight("release", rules.days_between(order.placed_at, now))
        words = _("Order %(number)s is above the credit limit and waits for release") % {"number": order.number}
        yield order.account_id, Reason("release", words, weight, f"order:{order.number}")


def _without_approver(actor: Actor, now: datetime) -> Reasons:
    for order in orders_without_approver(actor, limit=MOST_OF_A_KIND):
        weight = rules.weight("no_approver", rules.days_between(order.placed_at, now))
        words = _("Order %(number)s waits for an approval that nobody at the account can give")
        yield order.account_id, Reason("no_approver", words % {"number": order.number}, weight, f"order:{order.number}")


def _quotes(quotes, now: datetime) -> Reasons:
    for quote in quotes:
        days = rules.days_between(quote.since, now)
        waited = ngettext(
            "Quote %(number)s has waited for your prices for %(days)d day",
            "Quote %(number)s has waited for your prices for %(days)d days",
            int(days),
        )
        words = waited if days >= 1 else _("Quote %(number)s waits for your prices since today")
        words %= {"number": quote.number, "days": int(days)}
        yield (
            quote.account_id,
            Reason("quote_waiting", words, rules.weight("quote_waiting", days), f"quote:{quote.number}"),
        )


def _blankets(actor: Actor, on: date) -> Reasons:
    for view in blankets_behind(actor, on, limit=MOST_OF_A_KIND):
        days, blanket = view.days_left, view.blanket
        ends = ngettext(
            "Call-offs of %(name)s are behind: %(days)d day is left",
            "Call-offs of %(name)s are behind: %(days)d days are left",
            days,
        )
        words = ends % {"name": blanket.name, "days": days}
        yield (
            blanket.account_id,
            Reason("blanket_behind", words, rules.weight("blanket_behind", 0), f"blanket:{blanket.number}"),
        )


def follow_ups_due(actor: Actor, on: date) -> list[FollowUp]:
    """What is to be done by that day, the first due first. One query."""
    return follow_ups_of(actor, until=on, limit=MOST_OF_A_KIND)


def _follow_ups(follow_ups: Iterable[FollowUp], on: date) -> Reasons:
    for follow_up in follow_ups:
        kind = "call_back" if follow_up.kind == FollowUp.Kind.CALL_BACK else "follow_up"
        weight = rules.weight(kind, (on - follow_up.due_on).days)
        yield follow_up.account_id, Reason(kind, follow_up.title, weight, f"follow_up:{follow_up.pk}")
