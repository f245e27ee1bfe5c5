"""Accounts are reminded of what is overdue: one letter a day at most for each account and currency.

The account's open documents are locked while it is decided: money that is booked at the same moment comes before, and
counts, or after. Whatever was sent is a row that cannot be written twice.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext as _

from apps.accounts.models import Account
from apps.core.events import record
from apps.core.money import ZERO
from apps.core.numbers import next_number
from apps.invoicing.models import Dunning, DunningHold, DunningLevel, DunningLine, Invoice, InvoiceLine
from apps.invoicing.rules.dunning import Claim, Overdue, Step, claims
from apps.invoicing.selectors.dunning import payers_of
from apps.invoicing.selectors.receipts import numbers_named_by_waiting_money, unapplied_of
from apps.invoicing.services.issuing import write
from apps.ordering.rules.payment import open_parts
from apps.pricing.services import add_exposure

HOURS = (time(8), time(18))  # of the account, on its working days

#: The ids of orders and of shipments of an account that are in dispute; None where all of the account is.
Disputed = Callable[[int], tuple[Collection[int], Collection[int]] | None]


def remind_overdue(*, disputed: Disputed, now: datetime) -> int:
    """Remind each account that is at work now of what is overdue; how many letters. Safe to repeat."""
    levels = list(DunningLevel.objects.filter(is_active=True))
    if not levels:
        return 0
    late = Invoice.objects.filter(kind=Invoice.Kind.INVOICE, due_on__lt=now.date()).exclude(paid=F("gross")).order_by()
    accounts = Account.objects.filter(pk__in=late.values("account"), is_active=True).order_by("pk")
    named = numbers_named_by_waiting_money()
    at_work = (account.pk for account in accounts if _is_at_work(account, now))
    return sum(len(remind_account(pk, levels, disputed=disputed, named=named, now=now)) for pk in at_work)


def _is_at_work(account: Account, now: datetime) -> bool:
    there = now.astimezone(ZoneInfo(account.time_zone))
    is_working_day = not account.working_days or str(there.isoweekday()) in account.working_days
    return is_working_day and HOURS[0] <= there.time() < HOURS[1]


@transaction.atomic
def remind_account(
    account_id: int,
    levels: Sequence[DunningLevel],
    *,
    disputed: Disputed,
    named: Collection[str] = (),
    now: datetime,
) -> list[Dunning]:
    """The letters an account is sent today, one for each currency. Records `dunning.sent` for each.

    Left out is what is in dispute, and what money that waits at our own desk names (`named`). Nothing is sent where the
    account is held, or nobody there could be told.
    """
    accounts = Account.objects.select_for_update(no_key=True, skip_locked=True)
    account = accounts.filter(pk=account_id).first()
    if account is None:
        return []
    on, dispute = account.local_day(now), disputed(account_id)
    if dispute is None or _is_held(account, on) or not payers_of(account):
        return []
    documents = Invoice.objects.select_for_update().filter(account=account).exclude(paid=F("gross"))
    documents = list(documents.order_by("pk").prefetch_related("instalments"))
    credit = unapplied_of([account.pk])
    sent = []
    for currency in sorted({each.currency for each in documents}):
        if Dunning.objects.filter(account=account, currency=currency, sent_on=on).exists():
            continue
        ours = [each for each in documents if each.currency == currency]
        free = credit.get((account.pk, currency), ZERO) - sum((d.open_amount for d in ours if d.is_credit_note), ZERO)
        orders, shipments = dispute
        dunnable = [
            each
            for each in ours
            if not each.is_credit_note
            and each.number not in named
            and each.order_id not in orders
            and each.shipment_id not in shipments
        ]
        steps = [Step(level.level, level.days) for level in levels]
        if due := claims(_overdue(dunnable, on), free, steps, on):
            sent.append(_send(account, currency, due, levels, on, now))
    return sent


def _is_held(account: Account, on: date) -> bool:
    held = DunningHold.objects.filter(account__in=account.lineage)
    return held.filter(Q(until=None) | Q(until__gte=on)).exists()


def _overdue(invoices: Sequence[Invoice], on: date) -> list[Overdue]:
    """The parts of invoices that are open after their day, with what was reminded of before."""
    before: dict[tuple[int, date], tuple[int, date]] = defaultdict(lambda: (0, None))
    lines = DunningLine.objects.filter(invoice__in=invoices).order_by("level").select_related("dunning")
    before |= {(line.invoice_id, line.due_on): (line.level, line.dunning.sent_on) for line in lines}
    return [
        Overdue(invoice.pk, part.due_on, part.amount, *before[invoice.pk, part.due_on])
        for invoice in invoices
        for part in open_parts(invoice.parts, invoice.paid)
        if part.due_on < on
    ]


def _send(
    account: Account, currency: str, due: Sequence[Claim], levels: Sequence[DunningLevel], on: date, now: datetime
) -> Dunning:
    highest = max(claim.level for claim in due)
    level = next(each for each in levels if each.level == highest)
    dunning = Dunning.objects.create(
        account=account, currency=currency, level=level.level, name=level.name, sent_on=on, made_at=now,
        amount=sum((claim.amount for claim in due), ZERO), fee_invoice=_fee(account, currency, due, level, on),
    )  # fmt: skip
    DunningLine.objects.bulk_create(
        DunningLine(
            dunning=dunning, invoice_id=each.invoice_id, due_on=each.due_on, level=each.level, amount=each.amount
        )
        for each in due
    )
    record(
        "dunning.sent",
        f"dunning:{dunning.pk}",
        account_id=account.pk,
        at=now,
        level=level.level,
        title=level.name,
        amount=str(dunning.amount),
        currency=currency,
        tells_rep=level.tells_rep,
    )
    return dunning


def _fee(account: Account, currency: str, due: Sequence[Claim], level: DunningLevel, on: date) -> Invoice | None:
    """The document by which the fee of a level is charged. A fee is never charged for fees alone."""
    is_for_goods = Invoice.objects.filter(pk__in=[claim.invoice_id for claim in due], fee_of=None).exists()
    if not level.fee or level.currency != currency or not is_for_goods:
        return None
    fee: Decimal = level.fee
    with translation.override(account.language):
        line = InvoiceLine(name=_("Reminder fee"), quantity=1, unit_price=fee, net=fee, tax_percent=0)
    invoice = Invoice(
        number=next_number("IN"), account=account, issued_on=on, due_on=on, currency=currency, net=fee, tax=0, gross=fee
    )
    write(invoice, [line])
    add_exposure(account.pk, fee)
    return invoice
