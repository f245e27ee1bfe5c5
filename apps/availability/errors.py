from django.utils.translation import gettext_lazy as _

from apps.core.errors import Conflict, Invalid


class NowhereToShipFrom(Conflict):
    code = "no_warehouse"
    title = _("There is no warehouse to ship from")


class NotReserved(Conflict):
    code = "not_reserved"
    title = _("So much is not reserved for it")


class StockRefused(Invalid):
    code = "stock_refused"
    title = _("That stock level cannot be kept")


class SupplyRefused(Conflict):
    code = "supply_refused"
    title = _("That supply cannot be received")
