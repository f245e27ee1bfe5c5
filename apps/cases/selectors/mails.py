"""What a mail names, whose it may be, and the files of cases."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from apps.accounts.models import Account, Contact
from apps.cases.errors import CaseNotFound, MailNotFound
from apps.cases.models import Case, CaseFile, CaseMessage, WaitingMail
from apps.cases.rules.mails import numbers_in
from apps.cases.selectors.cases import messages_of
from apps.core.scoping import Actor
from apps.fulfilment.models import Shipment
from apps.invoicing.models import Invoice
from apps.ordering.models import Order

#: Whose mail addresses say nothing about a company.
_OF_ALL = {
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "gmx.de", "gmx.net",
    "web.de", "live.com", "aol.com", "proton.me", "protonmail.com", "qq.com", "163.com", "naver.com",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """What a mail is about: the first of each kind that is one of the sender's."""

    case: Case | None = None
    order_id: int | None = None
    shipment_id: int | None = None
    account_id: int | None = None
    kinds: frozenset[str] = field(default_factory=frozenset)


def named_in(text: str, account_ids: Sequence[int]) -> Named:
    """What of these accounts a text names. Five queries at most; none where it names nothing."""
    numbers = numbers_in(text) if account_ids else {}
    own = {"account__in": list(account_ids)}
    invoice = _first(Invoice, [*numbers.get("IN", []), *numbers.get("CN", [])], own)
    shipment = _first(Shipment, numbers.get("SH", []), own)
    order = _first(Order, numbers.get("SO", []), own)
    cases = Case.objects.select_related("account", "contact", "merged_into")
    case = cases.filter(number__in=numbers["CA"], **own).order_by("-opened_at").first() if "CA" in numbers else None
    found = [each for each in (case, shipment, invoice, order) if each is not None]
    kinds = [kind for kind, each in (("IN", invoice), ("SH", shipment), ("SO", order)) if each is not None]
    shipment_id = shipment.pk if shipment else invoice.shipment_id if invoice else None
    order_id = order.pk if order else next((each.order_id for each in (shipment, invoice) if each is not None), None)
    return Named(case, order_id, shipment_id, found[0].account_id if found else None, frozenset(kinds))


def _first(model, numbers: list[str], own: dict):
    return model.objects.filter(number__in=numbers, **own).order_by("-pk").first() if numbers else None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail that waits, with its files, the accounts it may belong to, and how many more its sender wrote."""

    mail: WaitingMail
    files: list[CaseFile]
    accounts: list[Account]
    more: int


def waiting_mails(limit: int = 100) -> list[Waiting]:
    """What waits for the desk, the first of each sender, oldest first. Four queries at most."""
    mails = WaitingMail.objects.select_related("case").prefetch_related("files").order_by("received_at", "pk")
    by_sender: dict[str, list[WaitingMail]] = {}
    for mail in mails[: limit * 5]:
        by_sender.setdefault(mail.sender.lower(), []).append(mail)
    firsts = list(by_sender.items())[:limit]
    near = _accounts_near([sender for sender, _mails in firsts])
    return [
        Waiting(
            each[0], [file for mail in each for file in mail.files.all()],
            near.get(sender) or near.get(sender.rpartition("@")[2], []), len(each) - 1,
        )
        for sender, each in firsts
    ]  # fmt: skip


def _accounts_near(senders: list[str]) -> dict[str, list[Account]]:
    """Address, or its domain -> the accounts with a contact there, five at most. One query."""
    domains = {sender.rpartition("@")[2] for sender in senders} - _OF_ALL - {""}
    if not senders:
        return {}
    matches = Contact.objects.none()
    pattern = "|".join(sorted(re.escape(domain) for domain in domains))
    if pattern:
        matches = Contact.objects.filter(email__iregex=rf"@({pattern})$")
    found: dict[str, list[Account]] = {}
    for contact in (matches | Contact.objects.filter(email__in=senders)).select_related("account").order_by("pk")[:500]:
        for name in (contact.email.lower(), contact.email.lower().rpartition("@")[2]):
            known = found.setdefault(name, [])
            if contact.account not in known and len(known) < 5:
                known.append(contact.account)
    return {name: accounts for name, accounts in found.items() if name not in _OF_ALL}


def count_waiting() -> int:
    """How many mails wait for the desk. One query."""
    return WaitingMail.objects.count()


def said_in(actor: Actor, case: Case) -> list[tuple[CaseMessage, list[CaseFile]]]:
    """What was said in a case as far as the actor may read it, oldest first, each with its files. Two queries."""
    files: dict[int | None, list[CaseFile]] = {}
    for each in case.files.all() if actor.is_staff else case.files.filter(is_internal=False):
        files.setdefault(each.message_id, []).append(each)
    return [(message, files.get(message.pk, [])) for message in messages_of(actor, case)]


def case_file(actor: Actor, number: str, file_id: int) -> CaseFile:
    """A file of a case that the actor may see. One query."""
    files = CaseFile.objects.filter(pk=file_id, case__number=number, case__in=Case.objects.visible_to(actor))
    if not actor.is_staff:
        files = files.filter(is_internal=False)
    found = files.first()
    if found is None:
        raise CaseNotFound
    return found


def waiting_file(mail_id: int, file_id: int) -> CaseFile:
    """A file of a mail that waits: for the desk, which the caller has made sure of. One query."""
    found = CaseFile.objects.filter(pk=file_id, mail=mail_id).first()
    if found is None:
        raise MailNotFound
    return found
