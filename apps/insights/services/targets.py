"""A manager sets what is to be reached, and how often accounts are seen."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import Account, Rep
from apps.accounts.selectors import accounts_visible
from apps.accounts.services import demand
from apps.core.events import record
from apps.core.scoping import Actor
from apps.insights.errors import CoverRefused, TargetRefused
from apps.insights.models import CoverRule, RevenueTarget
from apps.insights.rules.cover import Cover
from apps.insights.rules.targets import period_of
from apps.insights.selectors.territory import cover_rules

LARGEST = Decimal(10**11)
YEARS = range(2000, 2101)
LONGEST_DAYS = 730


@transaction.atomic
def set_target(
    actor: Actor,
    *,
    rep: Rep | None = None,
    account: Account | None = None,
    period: str,
    day: date,
    amount: Decimal | None,
    now: datetime,
) -> RevenueTarget | None:
    """Aim at `amount` in the quarter or year that a day is in, for a rep or an account; 0 takes the target away.

    Raises `TargetRefused` by field. Records `target.set`.
    """
    demand(actor, "target.set")
    amount = _in_cents(amount)
    _refuse(actor, rep, account, period, amount, day)
    starts_on = period_of(period, day)[0]
    which = {"rep": rep, "account": account, "period": period, "starts_on": starts_on}
    facts = {"period": period, "starts_on": str(starts_on), "amount": str(amount), "rep": str(rep) if rep else ""}
    subject = f"account:{account.number}" if account else f"rep:{rep.pk}"
    record("target.set", subject, at=now, account_id=account.pk if account else None, actor=actor, **facts)
    if not amount:
        RevenueTarget.objects.filter(**which).delete()
        return None
    kept = {"amount": amount, "set_by_name": actor.name[:120], "set_at": now}
    target, _is_new = RevenueTarget.objects.update_or_create(**which, defaults=kept)
    return target


def _in_cents(amount: Decimal | None) -> Decimal | None:
    """As it is kept; None for what is no amount at all."""
    if amount is None or not amount.is_finite() or not 0 <= amount < LARGEST:
        return None
    return amount.quantize(Decimal("0.01"))


def _refuse(
    actor: Actor, rep: Rep | None, account: Account | None, period: str, amount: Decimal | None, day: date
) -> None:
    wrong = {}
    if (rep is None) == (account is None):
        wrong["whose"] = [_("Choose a rep or an account.")]
    elif account is not None and not accounts_visible(actor).filter(pk=account.pk).exists():
        wrong["whose"] = [_("Choose one of your accounts.")]
    if period not in RevenueTarget.Period.values:
        wrong["period"] = [_("Choose a quarter or a year.")]
    if day.year not in YEARS:
        wrong["day"] = [_("Choose a day from %(first)s to %(last)s.") % {"first": YEARS[0], "last": YEARS[-1]}]
    if amount is None or amount >= LARGEST:
        wrong["amount"] = [_("Write an amount as a number, 0 or above.")]
    if wrong:
        raise TargetRefused(" ".join(word for words in wrong.values() for word in words), fields=wrong)


@transaction.atomic
def set_cover(actor: Actor, rules: dict[str, Cover], *, now: datetime) -> None:
    """How often accounts of each class are seen. Raises `CoverRefused`. Records `cover_rules.changed`."""
    demand(actor, "target.set")
    wrong = _wrong(rules)
    if wrong:
        raise CoverRefused(wrong)
    for grade, rule in rules.items():
        CoverRule.objects.update_or_create(grade=grade, defaults=rule._asdict())
    record("cover_rules.changed", "cover:rules", at=now, actor=actor, grades=sorted(rules))


def _wrong(rules: dict[str, Cover]) -> str:
    merged = cover_rules() | rules
    if any(grade not in "ABC" for grade in merged):
        return _("The classes are A, B and C.")
    if any(not 0 <= days <= LONGEST_DAYS for rule in merged.values() for days in rule[1:]):
        return _("Write days from 0 to %(most)s.") % {"most": LONGEST_DAYS}
    worths = [merged[grade].least_worth for grade in "ABC"]
    if any(not worth.is_finite() or not 0 <= worth < LARGEST for worth in worths):
        return _("Write what a class begins at as a number, 0 or above.")
    if not worths[0] > worths[1] > worths[2]:
        return _("A must begin above B, and B above C.")
    return ""
