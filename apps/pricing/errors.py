from django.utils.translation import gettext_lazy as _

from apps.core.errors import Invalid, NotFound


class AmountRefused(Invalid):
    code = "amount_refused"
    title = _("An amount of credit cannot be below zero")


class PriceRefused(Invalid):
    code = "price_refused"
    title = _("That price cannot be kept")


class PriceListNotFound(NotFound):
    code = "price_list_not_found"
    title = _("There is no such price list")
