"""Words of documents: dates, figures, terms of payment, the names of the rows of a statement."""

from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core import formatting
from apps.invoicing.models import Invoice
from apps.invoicing.selectors.invoices import early_payment
from apps.ordering.rules.payment import Part

_ISOLATE, _END = "\u2068", "\u2069"  # first-strong isolate and its end (UAX #9)


def own_way(text: str) -> str:
    """`text` in its own direction, whatever it stands in: "12 Quay Street" must not become "Quay Street 12"."""
    return f"{_ISOLATE}{text}{_END}"


def terms_of_payment(invoice: Invoice) -> list[str]:
    """How it is to be paid, in sentences."""
    if invoice.is_credit_note:
        return [_("This amount is set off against what is open, or paid back.")]
    if invoice.open_amount == 0:
        return [_("Paid. Thank you.")]
    return [*_when_due(invoice), *_what_is_open(invoice)]


def _when_due(invoice: Invoice) -> list[str]:
    parts = invoice.parts
    if len(parts) > 1:
        return [_instalment(turn, len(parts), part, invoice.currency) for turn, part in enumerate(parts, start=1)]
    days = (invoice.due_on - invoice.issued_on).days
    words = ngettext("Due on %(day)s, %(days)s day net.", "Due on %(day)s, %(days)s days net.", days)
    due = words % {"day": own_way(day_words(invoice.due_on)), "days": number_words(days)}
    reduced = early_payment(invoice)
    if reduced is None:
        return [due]
    words = _("Pay by %(day)s and take %(rate)s off: %(amount)s then settles this invoice.")
    amount = own_way(formatting.money(reduced, invoice.currency))
    day = own_way(day_words(invoice.discount_until))
    return [due, words % {"day": day, "rate": percent_words(invoice.discount_percent), "amount": amount}]


def _instalment(turn: int, count: int, part: Part, currency: str) -> str:
    words = _("Instalment %(turn)s of %(count)s: %(amount)s due on %(day)s.")
    amount, day = own_way(formatting.money(part.amount, currency)), own_way(day_words(part.due_on))
    return words % {"turn": number_words(turn), "count": number_words(count), "amount": amount, "day": day}


def _what_is_open(invoice: Invoice) -> list[str]:
    number = _("Please give the number %(number)s with your payment.") % {"number": own_way(invoice.number)}
    if not invoice.paid:
        return [number]
    words = _("Received so far: %(paid)s. Still open: %(open)s.")
    amounts = {"paid": invoice.paid, "open": invoice.open_amount}
    written = {name: own_way(formatting.money(amount, invoice.currency)) for name, amount in amounts.items()}
    return [words % written, number]


def day_words(on: date) -> str:
    return formatting.date_range(on, on, translation.get_language())


def number_words(figure) -> str:
    return formatting.number_writer(translation.get_language()).write(figure)


def percent_words(points) -> str:
    return formatting.number_writer(translation.get_language(), 0, 3, percent=True).write(points)


def kind_words(kind: str) -> str:
    """The name of a kind of row."""
    return {
        "invoice": _("Invoice"),
        "credit_note": _("Credit note"),
        "received": _("Payment"),
        "discount": _("Early-payment discount"),
        "on_account": _("Payment on account"),
        "taken_back": _("Payment taken back"),
    }[kind]
