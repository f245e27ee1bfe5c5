"""Credit that orders take and payments give back."""

from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest

from apps.core.money import ZERO
from apps.pricing.errors import AmountRefused
from apps.pricing.models import AccountTerms


@transaction.atomic(savepoint=False)
def take_credit(account_id: int, amount: Decimal) -> bool:
    """Add `amount` to what the account owes if its limit allows; False says it does not, and nothing was taken.

    One conditional update: of two orders that together pass the limit, one gets it. An account without terms has none.
    """
    _demand_amount(amount)
    within = Q(credit_limit=None) | Q(credit_limit__gte=F("exposure") + amount)
    taken = AccountTerms.objects.filter(within, account_id=account_id).update(exposure=F("exposure") + amount)
    return taken == 1


@transaction.atomic
def add_exposure(account_id: int, amount: Decimal) -> None:
    """Add `amount` whatever the limit says: somebody at the credit desk released it."""
    _demand_amount(amount)
    terms = AccountTerms(account_id=account_id, net_days=0, credit_limit=ZERO, exposure=ZERO)
    AccountTerms.objects.bulk_create([terms], ignore_conflicts=True)
    AccountTerms.objects.filter(account_id=account_id).update(exposure=F("exposure") + amount)


@transaction.atomic
def release_credit(account_id: int, amount: Decimal) -> None:
    """Take `amount` off what the account owes: cancelled, credited or paid. More than is owed leaves nothing owed."""
    _demand_amount(amount)
    less = Greatest(F("exposure") - amount, Value(ZERO))
    AccountTerms.objects.filter(account_id=account_id).update(exposure=less)


def _demand_amount(amount: Decimal) -> None:
    if not amount.is_finite() or amount < 0:
        raise AmountRefused


@transaction.atomic
def ensure_terms(account_ids: Iterable[int], *, net_days: int) -> None:
    """Let accounts that have no terms yet pay `net_days` after the invoice, without a credit limit."""
    AccountTerms.objects.bulk_create(
        [AccountTerms(account_id=account_id, net_days=net_days) for account_id in account_ids], ignore_conflicts=True
    )
