"""The operations desk's view of who is who: accounts with their contacts and addresses, log-ins, reps, machines."""

from apps.accounts.admin.consents import CountryConsentAdmin, ObjectionAdmin
from apps.accounts.admin.machines import MachineAdmin
from apps.accounts.admin.notices import NoticeAdmin
from apps.accounts.admin.who import AccountAdmin, AccountGroupAdmin, ContactAdmin, RepAdmin, ShipToAdmin, UserAdmin

__all__ = [
    "AccountAdmin",
    "AccountGroupAdmin",
    "ContactAdmin",
    "CountryConsentAdmin",
    "MachineAdmin",
    "NoticeAdmin",
    "ObjectionAdmin",
    "RepAdmin",
    "ShipToAdmin",
    "UserAdmin",
]
