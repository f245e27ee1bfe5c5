"""What came back is credited on the invoices it stood on; what is kept of it is charged beside it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from apps.accounts.services import demand
from apps.cases.errors import NothingToCredit, ReturnMovedOn
from apps.cases.models import Return, ReturnDocument, ReturnReceipt, ReturnReceiptLine
from apps.cases.rules.returns import fee
from apps.cases.services.returns.moving import locked, tell
from apps.core.money import ZERO
from apps.core.scoping import Actor
from apps.invoicing.models import Invoice
from apps.invoicing.selectors.invoices import creditable
from apps.invoicing.services import issue_credit_note
from apps.invoicing.services.charging import issue_charge, set_off_against

Parts = dict[int, dict[int, int]]  # invoice id -> invoice line id -> quantity


@transaction.atomic
def credit_return(actor: Actor, shown: Return, *, now: datetime) -> list[Invoice]:
    """Credit all that came back and is to be credited, and charge what is kept of it; the documents that were issued.

    Each receipt is credited once, however often this is asked for. Raises `NothingToCredit` where it is not invoiced
    yet. Records `return.credited`; the return is settled once everything awaited has come and is credited.
    """
    demand(actor, "payment.record")
    shown = locked(actor, shown)
    issued = [document for receipt in _due(shown) for document in _credit(actor, shown, receipt, now)]
    if shown.status == Return.Status.RECEIVED:
        shown.status, shown.ended_at = Return.Status.SETTLED, now
        shown.save(update_fields=["status", "ended_at"])
    if issued:
        notes = [each for each in issued if each.is_credit_note]
        tell(
            "return.credited",
            shown,
            actor,
            now,
            gross=str(-sum((note.gross for note in notes), ZERO)),
            currency=shown.currency,
            documents=[each.number for each in issued],
        )
    return issued


@transaction.atomic
def settle_by_hand(actor: Actor, shown: Return, *, now: datetime) -> Return:
    """All of it has come and was credited otherwise: nothing more is credited here. Records `return.closed`."""
    demand(actor, "payment.record")
    shown = locked(actor, shown)
    if shown.status != Return.Status.RECEIVED:
        raise ReturnMovedOn(_("Only what has come in whole can be settled."))
    shown.receipts.filter(credited_at=None).update(credited_at=now)
    shown.status, shown.ended_at = Return.Status.SETTLED, now
    shown.save(update_fields=["status", "ended_at"])
    tell("return.closed", shown, actor, now)
    return shown


def _due(shown: Return) -> list[ReturnReceipt]:
    return list(shown.receipts.select_for_update().filter(credited_at=None).order_by("pk"))


def _credit(actor: Actor, shown: Return, receipt: ReturnReceipt, now: datetime) -> list[Invoice]:
    credited = list(receipt.lines.filter(is_credited=True).select_related("line__order_line"))
    notes, fees = _notes(actor, shown, receipt, credited, now) if credited else ([], {})
    issued = notes + _charge(actor, shown, notes, fees, now)
    ReturnDocument.objects.bulk_create(ReturnDocument(receipt=receipt, invoice=each) for each in issued)
    receipt.credited_at = now
    receipt.save(update_fields=["credited_at"])
    return issued


def _notes(
    actor: Actor, shown: Return, receipt: ReturnReceipt, credited: list[ReturnReceiptLine], now: datetime
) -> tuple[list[Invoice], dict[Decimal, Decimal]]:
    """The credit notes of a receipt, and what is kept of them by the percent of their tax."""
    percents = {each.line.order_line_id: each.line.fee_percent for each in credited}
    invoices = Invoice.objects.filter(order=shown.order_id, kind=Invoice.Kind.INVOICE)
    invoices = {each.pk: each for each in invoices.prefetch_related("lines").order_by("-issued_on", "-pk")}
    with translation.override(shown.account.language):
        reason = _("Return %(number)s") % {"number": shown.number}
    notes, kept = [], defaultdict(lambda: ZERO)
    for invoice_id, quantities in sorted(_parts(invoices.values(), credited).items()):
        key = f"return:{receipt.pk}"
        note = issue_credit_note(actor, invoices[invoice_id], quantities=quantities, reason=reason, key=key, now=now)
        notes.append(note)
        for line in note.lines.all():
            kept[line.tax_percent] += fee(-line.net, percents[line.order_line_id], shown.currency)
    return notes, dict(kept)


def _parts(invoices: Iterable[Invoice], credited: list[ReturnReceiptLine]) -> Parts:
    """On which lines of which invoices it stands, the latest first, as far as no note has taken it back."""
    missing: dict[int, int] = defaultdict(int)
    for each in credited:
        missing[each.line.order_line_id] += each.quantity
    parts: Parts = {}
    for invoice in invoices:
        for left in creditable(invoice):
            part = min(missing.get(left.line.order_line_id, 0), left.quantity)
            if part > 0:
                parts.setdefault(invoice.pk, {})[left.line.pk] = part
                missing[left.line.order_line_id] -= part
    if any(missing.values()):
        raise NothingToCredit(_("Not all of it is invoiced, or it was credited already: credit it once it is."))
    return parts


def _charge(
    actor: Actor, shown: Return, notes: list[Invoice], fees: dict[Decimal, Decimal], now: datetime
) -> list[Invoice]:
    if not any(fees.values()):
        return []
    with translation.override(shown.account.language):
        name = _("Kept for taking back, %(number)s") % {"number": shown.number}
    charge = issue_charge(actor, shown.order, name=name, parts=fees.items(), now=now)
    set_off_against(charge, notes, now=now)
    return [charge]
