"""What a payment of the bank pays: a proposal that somebody confirms, never a booking.

1. A text names documents by their numbers (IN-1000001, CN-1000001, SO-1000001), however they are spaced, dashed or
   cased. A number counts only where such a document is open; one digit more is another number.
2. An order that waits for its money and is named takes all of it.
3. Invoices and credit notes that are named are paid as they are named: credit notes first make money, then each
   invoice takes what is payable of it until nothing is left.
4. Else whose money it is: the account that this IBAN has paid for before, else one whose number the text names, else
   the only one of the payer's name. An invoice of its tree whose open or reduced amount is the sum is meant; if all
   that is open of it (less credit notes) is the sum, all is; else the oldest due come first.
5. Else the only open invoice of the house with just that amount, which is a guess and called so.
6. Payable in time is an invoice less its early-payment discount, where the whole of that comes in.
7. Currencies are never mixed. What is left after all proposals stays with the account.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.core.money import ZERO

REFERENCE, AMOUNT, OLDEST, ALONE, NONE = "reference", "amount", "oldest", "alone", "none"
_NUMBER = re.compile(r"(?<![A-Z])(IN|CN|SO)[\s\-_./:#]*([0-9](?:[\s\-]?[0-9]){6,11})(?![0-9])", re.IGNORECASE)
_ACCOUNT = re.compile(r"(?<![A-Z])AC[\s\-_]*([0-9]{1,12})(?![0-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Open:
    """An open document: what is open (negative for a credit note), and what settles it on the day of the payment."""

    number: str
    account_id: int
    open_amount: Decimal
    payable: Decimal
    due_on: date


@dataclass(frozen=True, slots=True)
class Proposal:
    """How it was found, whose money it is, the order it is held for, and how much pays which document (number ->
    amount, negative for a credit note that is set off)."""

    match: str = NONE
    account_id: int | None = None
    order: str = ""
    parts: tuple[tuple[str, Decimal], ...] = ()

    @property
    def applied(self) -> Decimal:
        return sum((amount for _number, amount in self.parts), ZERO)


def numbers_in(text: str) -> tuple[str, ...]:
    """The numbers of documents that a text names, in their order, each once."""
    found = (f"{prefix.upper()}-{re.sub('[^0-9]', '', digits)}" for prefix, digits in _NUMBER.findall(text))
    return tuple(dict.fromkeys(found))


def account_numbers_in(text: str) -> tuple[str, ...]:
    """The numbers of accounts that a text names."""
    return tuple(dict.fromkeys(f"AC-{digits}" for digits in _ACCOUNT.findall(text)))


def by_reference(amount: Decimal, named: Sequence[Open]) -> Proposal:
    """What the documents named by a text take of a payment."""
    if not named:
        return Proposal()
    return Proposal(REFERENCE, named[0].account_id, parts=_spread(amount, named))


def by_account(amount: Decimal, account_id: int, documents: Iterable[Open]) -> Proposal:
    """What of an account's open documents a payment pays that names none."""
    documents = sorted(documents, key=lambda each: (each.due_on, each.number))
    invoices = [each for each in documents if each.open_amount > 0]
    exact = [each for each in invoices if amount in (each.open_amount, each.payable)]
    if exact:
        return Proposal(AMOUNT, account_id, parts=((exact[0].number, amount),))
    if invoices and amount in (_sum(documents, "open_amount"), _sum(documents, "payable")):
        return Proposal(AMOUNT, account_id, parts=_spread(amount, documents))
    return Proposal(OLDEST if invoices else NONE, account_id, parts=_spread(amount, invoices))


def by_amount_alone(amount: Decimal, same: Sequence[Open]) -> Proposal:
    """The only open invoice of the house with that amount; nothing where there are several."""
    if len(same) != 1:
        return Proposal()
    return Proposal(ALONE, same[0].account_id, parts=((same[0].number, amount),))


def _sum(documents: Iterable[Open], field: str) -> Decimal:
    return sum((getattr(each, field) for each in documents), ZERO)


def _spread(amount: Decimal, documents: Sequence[Open]) -> tuple[tuple[str, Decimal], ...]:
    """Credit notes make money, then each invoice takes what is payable; no more credit is used than invoices take."""
    invoices = [each for each in documents if each.open_amount > 0]
    wanted, parts, money = _sum(invoices, "open_amount"), [], amount
    for note in documents:
        usable = min(-note.open_amount, wanted - money)
        if note.open_amount < 0 < usable:
            parts.append((note.number, -usable))
            money += usable
    reduced = money in (_sum(invoices, "payable"), *(each.payable for each in invoices[:1]))
    for each in invoices:
        part = min(money, each.payable if reduced else each.open_amount)
        if part > 0:
            parts.append((each.number, part))
            money -= part
    return tuple(parts)
