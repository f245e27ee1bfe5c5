"""The ways in which an account may pay."""

from django.db.models import Q

from apps.accounts.models import Account
from apps.ordering.errors import WayToPayRefused
from apps.ordering.models import PaymentPlan
from apps.ordering.rules.payment import Way
from apps.pricing.models import AccountTerms


def ways_to_pay(account: Account, terms: AccountTerms) -> tuple[Way, ...]:
    """The account's own terms, then the plans offered to it, to whom stands above it, or to its group. One query."""
    for_whom = Q(account=None, group=None) | Q(account__in=account.lineage)
    if account.group_id is not None:
        for_whom |= Q(group=account.group_id)
    plans = PaymentPlan.objects.filter(for_whom, is_active=True)
    return (own_way(terms), *(plan.way for plan in plans))


def own_way(terms: AccountTerms) -> Way:
    """The account's own terms as a way to pay."""
    return Way(
        days=terms.net_days,
        discount_percent=terms.discount_percent,
        discount_days=terms.discount_days if terms.discount_percent else 0,
    )


def way_to_pay(account: Account, terms: AccountTerms, code: str) -> Way:
    """The way of that code where the account may take it ("" is its own terms, no query); `WayToPayRefused` else."""
    if not code:
        return own_way(terms)
    for way in ways_to_pay(account, terms):
        if way.code == code:
            return way
    raise WayToPayRefused(fields={"payment": [WayToPayRefused.title]})
