"""What is open, by how long it has been due: of some accounts, or of the whole house.

An invoice in instalments is aged part by part: what came in fills the parts in their order, each that is left open
counts from its own due date. Credit notes that are not set off count where they were issued, with their minus.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from apps.accounts.models import Account
from apps.core.money import ZERO
from apps.invoicing.models import Instalment, Invoice
from apps.invoicing.rules import Ageing
from apps.invoicing.selectors.receipts import unapplied_of

_AGEING = f"""
WITH unpaid AS (
    SELECT id, account_id, currency, due_on, gross, paid, payment_kind FROM {Invoice._meta.db_table}
    WHERE paid <> gross AND (%(accounts)s::bigint[] IS NULL OR account_id = ANY(%(accounts)s))
), parts AS (
    SELECT account_id, currency, due_on, gross - paid AS amount FROM unpaid WHERE payment_kind <> 'instalments'
    UNION ALL
    SELECT u.account_id, u.currency, p.due_on,
        p.amount - least(greatest(u.paid - (sum(p.amount) OVER before - p.amount), 0), p.amount)
    FROM unpaid u JOIN {Instalment._meta.db_table} p ON p.invoice_id = u.id WHERE u.payment_kind = 'instalments'
    WINDOW before AS (PARTITION BY p.invoice_id ORDER BY p.position)
), aged AS (SELECT account_id, currency, amount, %(on)s::date - due_on AS days FROM parts)
SELECT account_id, currency,
    coalesce(sum(amount) FILTER (WHERE days <= 0), 0),
    coalesce(sum(amount) FILTER (WHERE days BETWEEN 1 AND 30), 0),
    coalesce(sum(amount) FILTER (WHERE days BETWEEN 31 AND 60), 0),
    coalesce(sum(amount) FILTER (WHERE days BETWEEN 61 AND 90), 0),
    coalesce(sum(amount) FILTER (WHERE days > 90), 0)
FROM aged GROUP BY account_id, currency
"""


@dataclass(frozen=True, slots=True)
class AccountAge:
    """What an account owes in one currency by age, and its credit that pays nothing yet."""

    account: Account
    ageing: Ageing
    credit: Decimal = ZERO

    @property
    def balance(self) -> Decimal:
        return self.ageing.total - self.credit


def ages(account_ids: Sequence[int] | None, on: date) -> list[tuple[int, Ageing]]:
    """(account id, what it owes) for each account with something open; None is the whole house. One query."""
    with connection.cursor() as cursor:
        accounts = None if account_ids is None else list(account_ids)
        cursor.execute(_AGEING, {"accounts": accounts, "on": on})
        return [(account_id, Ageing(*sums)) for account_id, *sums in cursor.fetchall()]


def ageing_by_account(account_ids: Sequence[int] | None, on: date) -> list[AccountAge]:
    """The same with each account and its credit, the most overdue ahead. Three queries."""
    found = ages(account_ids, on)
    accounts = Account.objects.in_bulk({account_id for account_id, _ageing in found} | set(account_ids or ()))
    credit = unapplied_of(list(accounts))
    rows = [AccountAge(accounts[pk], ageing, credit.pop((pk, ageing.currency), ZERO)) for pk, ageing in found]
    rows += [AccountAge(accounts[pk], Ageing(currency), amount) for (pk, currency), amount in credit.items()]
    return sorted(rows, key=lambda row: (-row.ageing.overdue, -row.balance, row.account.name))


def totals_by_currency(found: Iterable[Ageing]) -> list[Ageing]:
    """One sum for each currency."""
    sums: dict[str, list[Decimal]] = {}
    for ageing in found:
        cells = (ageing.not_due, ageing.days_1_30, ageing.days_31_60, ageing.days_61_90, ageing.over_90)
        before = sums.get(ageing.currency, [ZERO] * len(cells))
        sums[ageing.currency] = [one + more for one, more in zip(before, cells, strict=True)]
    return [Ageing(currency, *cells) for currency, cells in sorted(sums.items())]
