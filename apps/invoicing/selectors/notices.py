"""Which news an event about an invoice is to whom, as `accounts.services.tell` takes them."""

from apps.core.models import Event
from apps.invoicing.models import Invoice
from apps.invoicing.selectors.dunning import payers_of


def issued_notices(event: Event) -> list[dict]:
    """invoice.issued: to who pays the account's invoices, else to whoever ordered. Four queries at most."""
    return _notices(event, "invoice_issued", key="")


def due_notices(event: Event) -> list[dict]:
    """invoice.due_soon: to the same, unless it is paid or due on another day by now."""
    return _notices(event, "invoice_due", key=event.facts["due_on"])


def _notices(event: Event, template: str, *, key: str) -> list[dict]:
    invoices = Invoice.objects.select_related("account", "order__contact")
    invoice = invoices.get(number=event.subject.partition(":")[2])
    if key and (invoice.open_amount <= 0 or invoice.due_on.isoformat() != key):
        return []
    return [
        {
            "key": f"{template} {invoice.number} {contact.pk} {key}".strip(),
            "to": contact.email,
            "contact_id": contact.pk,
            "template": template,
            "language": contact.language,
            "account_id": invoice.account_id,
            "context": {"invoice": invoice, "account": invoice.account, "order": invoice.order, "reader": contact.name},
        }
        for contact in payers_of(invoice.account) or _who_ordered(invoice)
    ]


def _who_ordered(invoice: Invoice) -> list:
    contact = invoice.order.contact if invoice.order else None
    return [contact] if contact and contact.email and contact.is_active else []
