"""Reasons to get in touch that nobody has complained about: what is due, may be lost, ends soon, or has just begun.

Each takes one query, however many accounts there are.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import Contact
from apps.cases.models import Case
from apps.core.formatting import about_money
from apps.core.scoping import Actor
from apps.insights import rules
from apps.insights.selectors.reason import MOST_OF_A_KIND, Reason, Reasons
from apps.insights.selectors.stakes import Stake
from apps.ordering.models import Quote
from apps.pricing.models import AccountTerms, Contract
from apps.recommendations.models import Pick
from apps.recommendations.rules import GIVEN_UP_AFTER
from apps.recommendations.selectors import shortages_by_account

ANSWER_WITHIN, ENDS_WITHIN = 3, 5  # working days that an offer lies before one asks, days before it runs out
CONTRACT_ENDS_WITHIN = timedelta(days=60)
NEW_FOR = timedelta(days=30)
_NEAR_LIMIT = Decimal("0.85")

# What was paid last is found by the day it was bought, so that of an order's lines only the one is read.
_REORDERS = f"""
WITH late AS (
    SELECT r.id, r.account_id, r.product_id, r.usual_quantity, r.last_on, a.currency
    FROM recommendations_regularsku r
    JOIN accounts_account a ON a.id = r.account_id
    JOIN catalogue_product p ON p.id = r.product_id AND p.status = 'active'
    WHERE r.account_id = ANY(%(accounts)s) AND r.due_on + r.gap_days / 4 < %(on)s
        AND r.due_on >= %(on)s - {GIVEN_UP_AFTER} * r.gap_days
        AND NOT EXISTS (
            SELECT FROM recommendations_dismissal d
            WHERE (d.account_id, d.product_id) = (r.account_id, r.product_id) AND d.taken_back_at IS NULL
                AND (d.until IS NULL OR d.until > %(on)s)
        )
        AND NOT EXISTS (
            SELECT FROM recommendations_block b WHERE (b.account_id, b.product_id) = (r.account_id, r.product_id)
        )
), paid AS (
    SELECT DISTINCT ON (late.id) late.id, late.usual_quantity * l.unit_price AS worth
    FROM late
    JOIN ordering_order o ON o.account_id = late.account_id AND o.currency = late.currency
        AND o.placed_at >= late.last_on - 1 AND o.placed_at < late.last_on + 2
        AND o.status NOT IN ('cancelled', 'declined')
    JOIN ordering_orderline l ON l.order_id = o.id AND l.product_id = late.product_id
    ORDER BY late.id, o.placed_at DESC
)
SELECT late.account_id, late.currency, count(*)::int, sum(paid.worth)
FROM late LEFT JOIN paid ON paid.id = late.id
GROUP BY late.account_id, late.currency
"""


def over_rhythm(stakes: Mapping[int, Stake], watched: Collection[int], on: date) -> Reasons:
    """No order for longer than usual; no query."""
    for account_id, stake in stakes.items():
        rhythm = stake.rhythm
        days_over = rhythm.days_over(on) if account_id in watched else 0
        if days_over > 0:
            words = _("No order for %(since)d days; usually one comes within %(usual)d") % {
                "since": (on - rhythm.last_on).days,
                "usual": rhythm.usual_gap,
            }
            yield account_id, Reason("rhythm", words, rules.weight("rhythm", days_over / max(rhythm.usual_gap, 1) * 2))


def reorders_due(watched: Collection[int], on: date) -> Reasons:
    """Regular products that are late by more than a quarter of their rhythm, and not given up yet."""
    with connection.cursor() as cursor:
        cursor.execute(_REORDERS, {"accounts": list(watched), "on": on})
        for account_id, currency, many, worth in cursor.fetchall():
            unpriced = ngettext(
                "%(n)d regular product is past its day", "%(n)d regular products are past their day", many
            )
            priced = ngettext(
                "%(n)d regular product is past its day, worth about %(amount)s",
                "%(n)d regular products are past their day, worth about %(amount)s",
                many,
            )
            words = priced % {"n": many, "amount": about_money(worth, currency)} if worth else unpriced % {"n": many}
            yield account_id, Reason("reorder_due", words, rules.weight("reorder_due"), "due:")


def shortages(watched: Collection[int], on: date) -> Reasons:
    """Regular products that will not be there when they are needed again."""
    for account_id, many, first_on in shortages_by_account(watched, on):
        words = ngettext(
            "%(n)d regular product runs short, needed on %(day)s",
            "%(n)d regular products run short, the first needed on %(day)s",
            many,
        ) % {"n": many, "day": date_format(first_on, "j M")}
        weight = rules.weight("shortage_ahead", -min((first_on - on).days, 3))
        yield account_id, Reason("shortage_ahead", words, weight, "short:")


def offers_lying(actor: Actor, now: datetime, on: date) -> Reasons:
    """Quotes we offered that nobody answers, or that run out soon."""
    offered = Quote.objects.visible_to(actor).filter(
        Q(valid_until=None) | Q(valid_until__gte=on), status=Quote.Status.OFFERED, offered_at__lte=now
    )
    offered = offered.annotate(worth=Sum(F("lines__quantity") * F("lines__offered_price"))).order_by("offered_at", "pk")
    for quote in offered[:MOST_OF_A_KIND]:
        waited = rules.weekdays_between(quote.offered_at.date(), on)
        days_left = None if quote.valid_until is None else (quote.valid_until - on).days
        if waited <= ANSWER_WITHIN and (days_left is None or days_left > ENDS_WITHIN):
            continue
        values = {"number": quote.number, "amount": about_money(quote.worth or Decimal(0), quote.currency)}
        if days_left is not None and days_left <= ENDS_WITHIN:
            words = _("Our offer %(number)s over about %(amount)s runs out on %(day)s") % (
                values | {"day": date_format(quote.valid_until, "j M")}
            )
            days_over = max(waited - ANSWER_WITHIN, ENDS_WITHIN - days_left)
        else:
            words = _("Our offer %(number)s over about %(amount)s lies unanswered since %(day)s") % (
                values | {"day": date_format(quote.offered_at, "j M")}
            )
            days_over = waited - ANSWER_WITHIN
        weight = rules.weight("quote_follow", days_over)
        yield quote.account_id, Reason("quote_follow", words, weight, f"quote:{quote.number}")


def credit_near(actor: Actor) -> Reasons:
    """Accounts that owe nearly all they may: their next order may be held."""
    near = AccountTerms.objects.filter(credit_limit__gt=0, exposure__gte=F("credit_limit") * _NEAR_LIMIT)
    near = near.filter(account__is_active=True).select_related("account")
    near = near if actor.sees_everything else near.filter(account__rep=actor.rep_id)
    for terms in near.order_by("pk")[:MOST_OF_A_KIND]:
        left, currency = terms.credit_left, terms.account.currency
        words = (
            _("All of the credit limit is used: the next order will be held")
            if left <= 0
            else _("Only %(amount)s of the credit limit is left") % {"amount": about_money(left, currency)}
        )
        over = float((terms.exposure / terms.credit_limit - _NEAR_LIMIT) * 20)  # up to three days' weight at the limit
        yield terms.account_id, Reason("credit_near", words, rules.weight("credit_near", min(over, 3)), "money:")


def contracts_ending(actor: Actor, on: date) -> Reasons:
    """Contracts that end soon, where the account has none that lasts longer."""
    later = Contract.objects.filter(account=OuterRef("account"), currency=OuterRef("currency"))
    later = later.filter(Q(valid_until=None) | Q(valid_until__gt=OuterRef("valid_until"))).exclude(pk=OuterRef("pk"))
    ending = Contract.objects.in_force(on).filter(valid_until__lte=on + CONTRACT_ENDS_WITHIN, account__is_active=True)
    ending = ending if actor.sees_everything else ending.filter(account__rep=actor.rep_id)
    for contract in ending.exclude(Exists(later)).order_by("valid_until", "pk")[:MOST_OF_A_KIND]:
        words = _("Their contract “%(name)s” ends on %(day)s, and nothing follows it") % {
            "name": contract.name,
            "day": date_format(contract.valid_until, "j M"),
        }
        weeks_over = (on - contract.valid_until).days / 7
        yield contract.account_id, Reason("contract_ending", words, rules.weight("contract_ending", weeks_over + 4))


def new_contacts(watched: Collection[int], now: datetime) -> Reasons:
    """People invited lately for whom nothing was done since: no pick, no case of theirs, no welcome is about them."""
    since_then = {"account": OuterRef("account")}
    picked = Pick.objects.filter(**since_then, picked_at__gt=OuterRef("invited_at"))
    talked = Case.objects.filter(contact=OuterRef("pk"), opened_at__gt=OuterRef("invited_at"))
    new = Contact.objects.filter(account__in=watched, is_active=True, invited_at__gt=now - NEW_FOR, invited_at__lte=now)
    for contact in new.exclude(Exists(picked)).exclude(Exists(talked)).order_by("invited_at", "pk")[:MOST_OF_A_KIND]:
        words = _("%(name)s is new there since %(day)s, and nobody has greeted them") % {
            "name": contact.name,
            "day": date_format(contact.invited_at, "j M"),
        }
        yield contact.account_id, Reason("new_contact", words, rules.weight("new_contact"), "people:")
