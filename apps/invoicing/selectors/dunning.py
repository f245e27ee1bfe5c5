"""Who is reminded of what is overdue, of what, and what was sent."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.accounts.models import Account, Contact
from apps.core.models import Event
from apps.invoicing.models import Dunning, DunningLine, DunningWords, Invoice


def payers_of(account: Account) -> list[Contact]:
    """The finance contacts of an account, else those of the next account above it that has any; once an address."""
    people = Contact.objects.filter(account__in=account.lineage, role=Contact.Role.FINANCE, is_active=True)
    people = list(people.exclude(email="").order_by("pk"))
    for account_id in reversed(account.lineage):
        found = {each.email.lower(): each for each in people if each.account_id == account_id}
        if found:
            return list(found.values())
    return []


def reminders_of_invoice(invoice: Invoice) -> list[DunningLine]:
    """When an invoice was reminded of, the latest first. One query."""
    lines = DunningLine.objects.filter(invoice=invoice).select_related("dunning")
    return list(lines.order_by("-dunning__sent_on", "due_on"))


def reminders_of(account_ids: Sequence[int], since: date, until: date) -> list[Dunning]:
    """The letters that accounts were sent in a period, the latest first. One query."""
    sent = Dunning.objects.filter(account__in=account_ids, sent_on__range=(since, until))
    return list(sent.select_related("account", "fee_invoice"))


def dunning_of(event: Event) -> Dunning:
    """The letter of `dunning.sent`."""
    letters = Dunning.objects.select_related("account__rep", "fee_invoice")
    return letters.get(pk=event.subject.partition(":")[2])


def dunning_letters(event: Event) -> list[dict]:
    """dunning.sent: to who pays, each in their language, of what is still open; see `accounts.services.tell`."""
    dunning = dunning_of(event)
    lines = [each for each in dunning.lines.select_related("invoice__order") if each.invoice.open_amount > 0]
    if not lines:
        return []  # it was paid before the letter left
    for line in lines:
        line.amount = min(line.amount, line.invoice.open_amount)  # some of it may have come since
    words = dict(DunningWords.objects.filter(level__level=dunning.level).values_list("language", "text"))
    fee = dunning.fee_invoice
    return [
        {
            "key": f"dunning {dunning.pk} {contact.pk}",
            "to": contact.email,
            "contact_id": contact.pk,
            "template": "dunning",
            "language": contact.language,
            "account_id": dunning.account_id,
            "context": {
                "reader": contact.name,
                "account": dunning.account,
                "dunning": dunning,
                "lines": lines,
                "fee": fee if fee and fee.open_amount > 0 else None,
                "total": sum(each.amount for each in lines),
                "words": words.get(contact.language) or _standard(dunning.level, contact.language),
            },
        }
        for contact in payers_of(dunning.account)
    ]


def _standard(level: int, language: str) -> str:
    with override(language):
        if level <= 1:
            return _("It may have escaped you: what stands below is past its due date. Please look into it.")
        if level == 2:
            return _("We have reminded you of what stands below, and it is still open. Please pay it now.")
        return _("What stands below is long overdue. Please pay it at once, or call us today if something is wrong.")
