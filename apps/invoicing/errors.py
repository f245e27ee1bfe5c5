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
