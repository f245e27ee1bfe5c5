from django.utils.translation import gettext_lazy as _

from apps.core.errors import Invalid, NotFound


class AccountNotFound(NotFound):
    code = "account_not_found"
    title = _("There is no such account among yours")


class ShipToUnknown(Invalid):
    code = "ship_to_unknown"
    title = _("That delivery address is not one of this account's")
