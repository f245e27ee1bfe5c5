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
    ship_tos_known_by,
    ship_tos_of,
    switchable_accounts,
)
from apps.accounts.selectors.actors import actor_for, operations
from apps.accounts.selectors.consents import may_mail, refusing, standings_of, unmailable
from apps.accounts.selectors.machines import keys_of
from apps.accounts.selectors.notices import (
    channels_of,
    kinds_for,
    notice_for,
    notices_page,
    unread_count,
    unread_notices,
)
from apps.accounts.selectors.views import desk_views_of, view_for, views_of

__all__ = [
    "account_for",
    "account_of",
    "accounts_visible",
    "actings_of",
    "actor_for",
    "channels_of",
    "contact_for",
    "contact_of",
    "contacts_of",
    "desk_views_of",
    "keys_of",
    "kinds_for",
    "may_mail",
    "notice_for",
    "notices_page",
    "operations",
    "refusing",
    "ship_to_for",
    "ship_tos_by_id",
    "ship_tos_known_by",
    "ship_tos_of",
    "standings_of",
    "switchable_accounts",
    "unmailable",
    "unread_count",
    "unread_notices",
    "view_for",
    "views_of",
]
