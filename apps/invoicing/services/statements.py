"""Statements of the bank are taken in: staged and matched, nothing is booked."""

import hashlib
from datetime import datetime

from django.conf import settings
from django.db import transaction

from apps.accounts.services import demand
from apps.core.events import record
from apps.core.scoping import Actor
from apps.invoicing.bank import Found, Line, read
from apps.invoicing.models import BankFile, Receipt
from apps.invoicing.selectors.receipts import proposals_for

_TOLD = 200  # problems that are kept with a file


@transaction.atomic
def take_in_file(actor: Actor, *, name: str, content: bytes, now: datetime) -> BankFile:
    """Take in a statement (camt.053 or CSV); money that is known by its reference is not taken twice.

    The same file again is the file that was taken in. Each new receipt waits with what it seems to pay. Raises
    `StatementUnreadable` for what is no statement; a line that cannot be read is kept with its reason.
    """
    demand(actor, "payment.record")
    digest = hashlib.sha256(content).hexdigest()
    earlier = BankFile.objects.filter(digest=digest).first()
    if earlier:
        return earlier
    found = read(content, currency=settings.HOME_CURRENCY)
    file, is_new = _kept(actor, name, digest, found, now)
    if not is_new:
        return file
    new = _stage(file, found)
    file.new, file.known = len(new), len(found.lines) - len(new)
    file.save(update_fields=["new", "known"])
    _match(new)
    record("bank_file.taken_in", f"bank_file:{file.pk}", actor=actor, at=now, file=file.name, new=file.new)
    return file


def _kept(actor: Actor, name: str, digest: str, found: Found, now: datetime) -> tuple[BankFile, bool]:
    """The file, and whether it is new: of two that come at once, one is."""
    fields = {
        "name": name[-120:],
        "kind": found.kind,
        "taken_at": now,
        "taken_by_name": actor.name[:120],
        "outgoing": found.outgoing,
        "problems": [list(problem) for problem in found.problems[:_TOLD]],
    }
    return BankFile.objects.get_or_create(digest=digest, defaults=fields)


def _stage(file: BankFile, found: Found) -> list[Receipt]:
    """The receipts that are new, of this file."""
    Receipt.objects.bulk_create([_receipt(file, line) for line in found.lines], ignore_conflicts=True, batch_size=2000)
    return list(Receipt.objects.filter(file=file))


def _receipt(file: BankFile, line: Line) -> Receipt:
    return Receipt(
        file=file,
        our_iban=line.our_iban,
        bank_reference=line.reference,
        received_on=line.received_on,
        amount=line.amount,
        currency=line.currency,
        payer_name=line.payer_name,
        payer_iban=line.payer_iban,
        text=line.text,
    )


def _match(receipts: list[Receipt]) -> None:
    proposals = proposals_for(receipts)
    for receipt in receipts:
        proposal = proposals[receipt.pk]
        receipt.match, receipt.account_id = proposal.match, proposal.account_id
    Receipt.objects.bulk_update(receipts, ["match", "account"], batch_size=2000)
