"""Who is asking, and the accounts, contacts and addresses they may see."""

from apps.accounts.selectors.accounts import (
    account_for,
    account_of,
    accounts_visible,
    actings_of,
    contact_for,
    contact_of,
    contacts_of,
    ship_to_for,
    ship_tos_by_id,
    ship_tos_of,
    switchable_accounts,
)
from apps.accounts.selectors.actors import actor_for, operations
from apps.accounts.selectors.consents import may_mail, refusing, standings_of, unmailable
from apps.accounts.selectors.machines import keys_of

__all__ = [
    "account_for",
    "account_of",
    "accounts_visible",
    "actings_of",
    "actor_for",
    "contact_for",
    "contact_of",
    "contacts_of",
    "keys_of",
    "may_mail",
    "operations",
    "refusing",
    "ship_to_for",
    "ship_tos_by_id",
    "ship_tos_of",
    "standings_of",
    "switchable_accounts",
    "unmailable",
]
