"""Money received, and what it seems to pay."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db.models import F, Q
from django.db.models.functions import Lower

from apps.accounts.models import Account
from apps.core.money import ZERO
from apps.invoicing.models import Invoice, Receipt
from apps.invoicing.rules import discount_of
from apps.invoicing.rules.matching import (
    REFERENCE,
    Open,
    Proposal,
    account_numbers_in,
    by_account,
    by_amount_alone,
    by_reference,
    numbers_in,
)
from apps.ordering.models import Order


def open_documents(account: Account, currency: str) -> list[Invoice]:
    """What is open of an account's whole family in a currency, the oldest due first. One query."""
    unpaid = Invoice.objects.filter(currency=currency, account__path__startswith=f"/{account.lineage[0]}/")
    unpaid = unpaid.exclude(paid=F("gross")).select_related("account")
    return list(unpaid.order_by("due_on", "pk"))


def proposals_for(receipts: Sequence[Receipt]) -> dict[int, Proposal]:
    """What each receipt seems to pay (receipt id -> proposal). A constant number of queries for any number."""
    desk = _Desk(receipts)
    return {receipt.pk: desk.proposal(receipt) for receipt in receipts}


def payable_on(invoice: Invoice, on, has_money: bool) -> Decimal:
    """What settles a document on a day: less the early-payment discount in time, where nothing came in before."""
    if invoice.is_credit_note or has_money or not invoice.discount_until or on > invoice.discount_until:
        return invoice.open_amount
    return invoice.open_amount - discount_of(invoice.open_amount, invoice.discount_percent, invoice.currency)


class _Desk:
    """Everything the receipts could mean, read at once."""

    def __init__(self, receipts: Sequence[Receipt]):
        self.numbers = {receipt.pk: numbers_in(f"{receipt.text} {receipt.bank_reference}") for receipt in receipts}
        named = {number for numbers in self.numbers.values() for number in numbers}
        self.orders = self._orders(named)
        self.account_of_iban = self._by_iban({receipt.payer_iban for receipt in receipts} - {""})
        self.account_of_number, self.account_of_name = self._by_number_and_name(receipts)
        self.accounts: dict[int, Account] = {}
        self.of_number: dict[str, Invoice] = {}
        self.of_family: dict[int, list[Invoice]] = defaultdict(list)
        self.of_amount: dict[Decimal, list[Invoice]] = defaultdict(list)
        self._read_documents(receipts, named)

    def proposal(self, receipt: Receipt) -> Proposal:
        for number in self.numbers[receipt.pk]:
            order = self.orders.get(number)
            if order and order.currency == receipt.currency:
                return Proposal(REFERENCE, order.account_id, order=number)
        account_id = self._account(receipt)
        named = self._named(receipt)
        if named:
            found = by_reference(receipt.amount, named)
            is_kin = account_id and self._root(account_id) == self._root(named[0].account_id)
            return Proposal(found.match, account_id if is_kin else named[0].account_id, parts=found.parts)
        if account_id:
            path = self.accounts[account_id].path
            family = self.of_family[self._root(account_id)]
            own = [invoice for invoice in family if invoice.account.path.startswith(path)]
            return by_account(receipt.amount, account_id, self._open(own, receipt))
        return by_amount_alone(receipt.amount, self._open(self.of_amount[receipt.amount], receipt))

    def _named(self, receipt: Receipt) -> list[Open]:
        """The documents a text names, of the family of the first of them."""
        numbers = (number for number in self.numbers[receipt.pk] if number in self.of_number)
        named = self._open([self.of_number[number] for number in numbers], receipt)
        return [each for each in named if self._root(each.account_id) == self._root(named[0].account_id)]

    def _account(self, receipt: Receipt) -> int | None:
        if receipt.account_id:
            found = receipt.account_id
        else:
            by_number = [self.account_of_number.get(each) for each in account_numbers_in(receipt.text)]
            named = next((each for each in by_number if each), self.account_of_name.get(_plain(receipt.payer_name)))
            found = self.account_of_iban.get(receipt.payer_iban) or named
        return found if found in self.accounts else None

    def _root(self, account_id: int) -> int:
        return self.accounts[account_id].lineage[0]

    def _open(self, invoices: Iterable[Invoice], receipt: Receipt) -> list[Open]:
        """Invoices in the currency of a receipt, as the rules know them."""
        return [
            Open(
                number=invoice.number,
                account_id=invoice.account_id,
                open_amount=invoice.open_amount,
                payable=payable_on(invoice, receipt.received_on, bool(invoice.paid)),
                due_on=invoice.due_on,
            )
            for invoice in invoices
            if invoice.currency == receipt.currency
        ]

    def _orders(self, named: set[str]) -> dict[str, Order]:
        waiting = Order.objects.filter(number__in=named, payment_kind=Order.PaymentKind.AHEAD)
        open_orders = waiting.filter(status__in=(Order.Status.AWAITING_PAYMENT, Order.Status.AWAITING_APPROVAL))
        return {order.number: order for order in open_orders}

    def _by_iban(self, ibans: set[str]) -> dict[str, int]:
        """Who paid from an account before, the latest confirmed."""
        booked = Receipt.objects.filter(payer_iban__in=ibans, state=Receipt.State.BOOKED, account__isnull=False)
        return dict(booked.order_by("decided_at", "pk").values_list("payer_iban", "account_id"))

    def _by_number_and_name(self, receipts: Sequence[Receipt]) -> tuple[dict[str, int], dict[str, int]]:
        numbers = {number for receipt in receipts for number in account_numbers_in(receipt.text)}
        names = {receipt.payer_name.lower().strip() for receipt in receipts} - {""}
        accounts = Account.objects.annotate(lower=Lower("name")).filter(Q(number__in=numbers) | Q(lower__in=names))
        found = list(accounts.values_list("pk", "number", "name"))
        of_name: dict[str, list[int]] = defaultdict(list)
        for pk, _number, name in found:
            of_name[_plain(name)].append(pk)
        only = {name: pks[0] for name, pks in of_name.items() if len(pks) == 1}
        return {number: pk for pk, number, _name in found}, only

    def _read_documents(self, receipts: Sequence[Receipt], named: set[str]) -> None:
        """Open documents that are named, of the families of the accounts known, or of just such an amount."""
        known = {*self.account_of_iban.values(), *self.account_of_number.values(), *self.account_of_name.values()}
        known |= {receipt.account_id for receipt in receipts if receipt.account_id}
        accounts = list(Account.objects.filter(pk__in=known))
        amounts = {receipt.amount for receipt in receipts}
        wanted = Q(number__in=named) | Q(left__in=amounts)
        for root in {account.lineage[0] for account in accounts}:
            wanted |= Q(account__path__startswith=f"/{root}/")
        unpaid = Invoice.objects.exclude(paid=F("gross")).annotate(left=F("gross") - F("paid")).filter(wanted)
        self.accounts = {account.pk: account for account in accounts}
        for invoice in unpaid.select_related("account").order_by("due_on", "pk"):
            self.accounts.setdefault(invoice.account_id, invoice.account)
            self.of_number[invoice.number] = invoice
            self.of_family[invoice.account.lineage[0]].append(invoice)
            self.of_amount[invoice.open_amount].append(invoice)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def numbers_named_by_waiting_money() -> frozenset[str]:
    """The numbers of documents that money names which nobody has confirmed yet. One query."""
    waiting = Receipt.objects.filter(state=Receipt.State.WAITING).values_list("text", "bank_reference")
    return frozenset(number for texts in waiting for number in numbers_in(" ".join(texts)))


def unapplied_of(account_ids: Sequence[int]) -> dict[tuple[int, str], Decimal]:
    """Credit of accounts by (account id, currency): money that came in and pays nothing yet. One query."""
    sums: dict[tuple[int, str], Decimal] = defaultdict(lambda: ZERO)
    kept = Receipt.objects.filter(account__in=account_ids, unapplied__gt=0)
    for account_id, currency, amount in kept.values_list("account_id", "currency", "unapplied"):
        sums[account_id, currency] += amount
    return dict(sums)
