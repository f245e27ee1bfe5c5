"""What a conversation or a page is about, as far as the asker may see it, with the facts that answer first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.accounts.rules import may
from apps.availability.selectors import promises_for
from apps.cases.selectors import case_for, title_for
from apps.catalogue.rules import Ask
from apps.catalogue.selectors import product_for
from apps.core.errors import NotFound
from apps.core.formatting import money, short_date
from apps.core.scoping import Actor
from apps.fulfilment.models import Shipment
from apps.fulfilment.selectors import shipment_for, shipments_of
from apps.invoicing.selectors import invoice_for
from apps.ordering.selectors import order_for
from apps.ordering.selectors.quotes import quote_for


@dataclass(frozen=True, slots=True)
class Subject:
    """`ref` is noun:number; `facts` are (label, words), what is known about it without asking anybody."""

    ref: str
    title: str
    facts: tuple[tuple[str, str], ...]

    @property
    def noun(self) -> str:
        return self.ref.partition(":")[0]


def subject_of(actor: Actor, ref: str, on: date) -> Subject | None:
    """The subject of that reference; None for one that is absent, not the actor's, or no reference at all."""
    noun, _colon, number = ref.partition(":")
    if noun not in _SUBJECTS or not may(actor.role, _PERMISSION_OF[noun], acting_for=actor.acting_for):
        return None
    try:
        title, facts = _SUBJECTS[noun](actor, number, on)
    except NotFound:
        return None
    return Subject(ref, title, tuple((label, words) for label, words in facts if words))


Told = tuple[str, list[tuple[str, str]]]


def _day(at: date | datetime | None) -> str:
    """As "3 Dec", in the language of the request; empty where there is none."""
    if at is None:
        return ""
    on = timezone.localdate(at) if isinstance(at, datetime) else at
    return short_date(on, get_language(), timezone.localdate().year)


def _product(actor: Actor, sku: str, on: date) -> Told:
    product = product_for(actor, sku)
    promise = promises_for([Ask(product.pk, product.minimum_quantity)], on)
    ready = next((each.ready_on for each in promise.values()), None)
    there = _("at once") if ready and ready <= on else _day(ready)
    return product.name, [(_("SKU"), product.sku), (_("Ready to leave us"), there)]


def _order(actor: Actor, number: str, _on: date) -> Told:
    order = order_for(actor, number)
    facts = [
        (_("Status"), order.get_status_display()),
        (_("Placed"), _day(order.placed_at)),
        (_("Promised for"), _day(order.promised_on)),
    ]
    for shipment in shipments_of(actor, order):
        facts.append((_("Shipment %(number)s") % {"number": shipment.number}, _way_of(shipment)))
    return _("Order %(number)s") % {"number": order.number}, facts


def _shipment(actor: Actor, number: str, _on: date) -> Told:
    shipment = shipment_for(actor, number)
    facts = [(_("Status"), _way_of(shipment)), (_("Order"), shipment.order.number)]
    return _("Delivery %(number)s") % {"number": shipment.number}, facts


def _way_of(shipment: Shipment) -> str:
    """Where a shipment is, when it comes, and how to follow it."""
    words = [shipment.get_status_display()]
    if shipment.delivered_on:
        words.append(_day(shipment.delivered_on))
    elif shipment.comes_on and shipment.status != Shipment.Status.CANCELLED:
        words.append(_("arrives %(day)s") % {"day": _day(shipment.comes_on)})
    words += [shipment.carrier, shipment.tracking_code]
    return " · ".join(str(each) for each in words if each)


def _case(actor: Actor, number: str, _on: date) -> Told:
    case = case_for(actor, number)
    facts = [(_("Status"), case.get_status_display()), (_("Owner"), str(case.owner or ""))]
    if case.is_open and not case.answered_at:
        facts.append((_("Answer by"), _day(case.answer_by)))
    return title_for(actor, case), facts


def _invoice(actor: Actor, number: str, _on: date) -> Told:
    invoice = invoice_for(actor, number)
    facts = [
        (_("Issued"), _day(invoice.issued_on)),
        (_("Due"), _day(invoice.due_on)),
        (_("Still open"), money(invoice.open_amount, invoice.currency)),
        (_("Order"), invoice.order.number if invoice.order else ""),
    ]
    return _("Invoice %(number)s") % {"number": invoice.number}, facts


def _quote(actor: Actor, number: str, _on: date) -> Told:
    quote = quote_for(actor, number)
    facts = [
        (_("Status"), quote.get_status_display()),
        (_("Asked"), _day(quote.requested_at)),
        (_("Valid until"), _day(quote.valid_until)),
    ]
    return _("Quote %(number)s") % {"number": quote.number}, facts


_SUBJECTS: dict[str, Callable[[Actor, str, date], Told]] = {
    "product": _product,
    "order": _order,
    "shipment": _shipment,
    "case": _case,
    "invoice": _invoice,
    "quote": _quote,
}
#: What one must be allowed to read about it.
_PERMISSION_OF = {
    "product": "catalogue.read",
    "order": "order.read",
    "shipment": "order.read",
    "case": "case.read",
    "invoice": "invoice.read",
    "quote": "price.read",
}
