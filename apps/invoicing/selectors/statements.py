"""The statement of an account, or of it with all below it: what was invoiced, credited and paid, and what is open.

1. A row is a document on the day it was issued, or money on the day it came in. An early-payment discount is a row like
   money. A set-off between two documents of the statement changes nothing and is no row.
2. Money that pays nothing yet stands with the account it belongs to, as a payment on account.
3. What was taken back stands again, on the day it was taken back.
4. The opening balance is the sum of all rows before the period, so the closing balance is what is open at its end: on
   the last day, open documents less credit. Currencies stand apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from apps.accounts.models import Account
from apps.core.money import ZERO
from apps.core.scoping import Actor
from apps.invoicing.models import Invoice, Payment, Receipt
from apps.invoicing.selectors.ageing import AccountAge, ageing_by_account

INVOICE, CREDIT_NOTE, ON_ACCOUNT, TAKEN_BACK = "invoice", "credit_note", "on_account", "taken_back"


@dataclass(frozen=True, slots=True)
class Row:
    """Something that changed what is owed, with the balance after it. `number` is a document's, `text` a reference."""

    on: date
    kind: str
    number: str
    text: str
    account: str
    amount: Decimal
    balance: Decimal = ZERO
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The statement in one currency."""

    currency: str
    opening: Decimal
    rows: tuple[Row, ...]

    @property
    def closing(self) -> Decimal:
        return self.rows[-1].balance if self.rows else self.opening


@dataclass(frozen=True, slots=True)
class Statement:
    """A sheet for each currency, and what is open today by age, account by account."""

    account: Account
    account_ids: tuple[int, ...]
    over_tree: bool
    since: date
    until: date
    on: date
    sheets: tuple[Sheet, ...]
    ages: tuple[AccountAge, ...]


def accounts_below(actor: Actor, account: Account, *, over_tree: bool) -> list[int]:
    """The account, and what stands below it as far as the actor sees it. At most one query."""
    if not over_tree:
        return [account.pk]
    below = Account.objects.visible_to(actor).filter(path__startswith=account.path)
    return list(below.order_by("path").values_list("pk", flat=True))


def statement_of(
    actor: Actor, account: Account, *, since: date, until: date, over_tree: bool = False, on: date
) -> Statement:
    """The statement of an account the actor may see. A constant number of queries."""
    ids = accounts_below(actor, account, over_tree=over_tree)
    opening = _sums_before(ids, since)
    rows = _rows(ids, since, until)
    ages = tuple(ageing_by_account(ids, on))
    currencies = sorted({*opening, *rows, *(age.ageing.currency for age in ages)} or {account.currency})
    sheets = (_sheet(currency, opening.get(currency, ZERO), rows.get(currency, [])) for currency in currencies)
    return Statement(account, tuple(ids), over_tree, since, until, on, tuple(sheets), ages)


def _sheet(currency: str, opening: Decimal, rows: list[Row]) -> Sheet:
    balance, written = opening, []
    for row in sorted(rows, key=lambda row: (row.on, row.kind not in (INVOICE, CREDIT_NOTE), row.number)):
        balance += row.amount
        written.append(Row(row.on, row.kind, row.number, row.text, row.account, row.amount, balance, row.due_on))
    return Sheet(currency, opening, tuple(written))


def _money(ids: Sequence[int]):
    return Payment.objects.filter(invoice__account__in=ids).exclude(kind=Payment.Kind.CREDIT)


def _unapplied(ids: Sequence[int]):
    return Receipt.objects.filter(account__in=ids, unapplied__gt=0)


def _sums_before(ids: Sequence[int], since: date) -> dict[str, Decimal]:
    documents = Invoice.objects.filter(account__in=ids, issued_on__lt=since).order_by()
    sums = dict(documents.values_list("currency").annotate(Sum("gross")))
    money = _money(ids).filter(received_on__lt=since).order_by().values_list("invoice__currency")
    credit = _unapplied(ids).filter(received_on__lt=since).order_by().values_list("currency")
    for paid in (money.annotate(Sum("amount")), credit.annotate(Sum("unapplied"))):
        for currency, amount in paid:
            sums[currency] = sums.get(currency, ZERO) - amount
    return sums


def _rows(ids: Sequence[int], since: date, until: date) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {}
    period = (since, until)
    documents = Invoice.objects.filter(account__in=ids, issued_on__range=period).select_related("account", "order")
    for each in documents:
        text = each.reason or (each.order.po_number if each.order else "")
        due_on = None if each.is_credit_note else each.due_on
        row = Row(each.issued_on, each.kind, each.number, text, each.account.name, each.gross, due_on=due_on)
        rows.setdefault(each.currency, []).append(row)
    for each in _money(ids).filter(received_on__range=period).select_related("invoice__account"):
        invoice = each.invoice
        kind = TAKEN_BACK if each.undoes_id else each.kind
        row = Row(each.received_on, kind, invoice.number, each.reference, invoice.account.name, -each.amount)
        rows.setdefault(invoice.currency, []).append(row)
    for each in _unapplied(ids).filter(received_on__range=period).select_related("account"):
        row = Row(each.received_on, ON_ACCOUNT, "", each.bank_reference, each.account.name, -each.unapplied)
        rows.setdefault(each.currency, []).append(row)
    return rows
