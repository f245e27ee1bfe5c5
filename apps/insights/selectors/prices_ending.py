"""Prices of an account that are about to end."""

from datetime import date, timedelta

from django.db.models import Q

from apps.accounts.models import Account
from apps.pricing.models import Contract, Promotion

ENDS_WITHIN = timedelta(days=60)


def prices_ending(account: Account, on: date) -> list[tuple[str, date]]:
    """(name, last day) of contracts, and of promotions for it alone, that end soon, the first ahead. Two queries."""
    soon = Q(valid_until__lte=on + ENDS_WITHIN, account=account)
    rows = [
        (row.name, row.valid_until)
        for model in (Contract, Promotion)
        for row in model.objects.in_force(on).filter(soon)
    ]
    return sorted(rows, key=lambda row: (row[1], row[0]))
