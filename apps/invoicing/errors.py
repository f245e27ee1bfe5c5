from django.utils.translation import gettext_lazy as _

from apps.core.errors import Conflict, Invalid, NotFound


class InvoiceNotFound(NotFound):
    code = "invoice_not_found"
    title = _("There is no such invoice among yours")


class NotShipped(Conflict):
    code = "not_shipped"
    title = _("What has not left cannot be invoiced")


class PaymentRefused(Invalid):
    """The amount is not above zero, or more than is open."""

    code = "payment_refused"
    title = _("That payment cannot be booked")


class CreditRefused(Invalid):
    """More is to be credited than was invoiced."""

    code = "credit_refused"
    title = _("That cannot be credited")


class ReceiptNotFound(NotFound):
    code = "receipt_not_found"
    title = _("There is no such money received")


class ReceiptRefused(Invalid):
    """The money does not pay what it was said to pay."""

    code = "receipt_refused"
    title = _("That cannot be booked")


class UndoRefused(Conflict):
    code = "undo_refused"
    title = _("That cannot be taken back")


class StatementUnreadable(Invalid):
    """The file is no statement of a bank that we can read."""

    code = "statement_unreadable"
    title = _("That file cannot be read as a bank statement")


class EInvoiceIncomplete(Conflict):
    """`facts["rules"]` names the rules of EN 16931 that the data would break; our own details are missing, mostly."""

    code = "e_invoice_incomplete"
    title = _("This invoice cannot be given as data yet")
