"""Who: users, accounts and their trees, contacts, ship-tos, reps."""

from apps.accounts.models.accounts import Account, AccountGroup, AccountQuerySet
from apps.accounts.models.branding import Branding
from apps.accounts.models.consents import AddressKey, Basis, Consent, CountryConsent, Objection, Purpose
from apps.accounts.models.contacts import Acting, Contact
from apps.accounts.models.machines import ServiceKeyAccount
from apps.accounts.models.notices import Notice, NoticeChoice
from apps.accounts.models.ship_tos import ShipTo
from apps.accounts.models.users import Rep, User, UserManager, check_time_zone
from apps.accounts.models.views import DeskView, SavedView

__all__ = [
    "Account",
    "AccountGroup",
    "AccountQuerySet",
    "Acting",
    "AddressKey",
    "Basis",
    "Branding",
    "Consent",
    "Contact",
    "CountryConsent",
    "DeskView",
    "Notice",
    "NoticeChoice",
    "Objection",
    "Purpose",
    "Rep",
    "SavedView",
    "ServiceKeyAccount",
    "ShipTo",
    "User",
    "UserManager",
    "check_time_zone",
]
