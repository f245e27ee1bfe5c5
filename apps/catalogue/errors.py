from django.utils.translation import gettext_lazy as _

from apps.core.errors import Invalid, NotFound


class ProductNotFound(NotFound):
    code = "product_not_found"
    title = _("There is no such product in your catalogue")


class QuantityRefused(Invalid):
    code = "quantity_refused"
    title = _("That quantity cannot be ordered")
