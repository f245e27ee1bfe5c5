"""What happens to accounts: permissions are demanded, reps act on behalf, addresses change."""

from apps.accounts.services.acting import start_acting, start_preview, stop_acting, stop_preview
from apps.accounts.services.consents import (
    address_hash,
    address_of,
    agree_to,
    follow_house_key,
    give_consent,
    mark_undeliverable,
    object_address,
    object_to,
    withdraw_consent,
)
from apps.accounts.services.languages import speak
from apps.accounts.services.machines import issue_key, open_machine, revoke_key
from apps.accounts.services.notices import choose_channels, read_notices, send_digests, tell
from apps.accounts.services.people import (
    Duties,
    change_duties,
    end_access,
    invitation_token,
    invite,
    invite_again,
    invited,
    join,
    log_in_of,
)
from apps.accounts.services.permissions import demand
from apps.accounts.services.ship_tos import (
    Address,
    amend_ship_to,
    change_ship_to,
    open_ship_to,
    place_ship_tos,
    retire_ship_to,
)
from apps.accounts.services.views import change_view, delete_desk_view, delete_view, save_desk_view, save_view
from apps.accounts.services.welcome import write_welcome

__all__ = [
    "Address",
    "Duties",
    "address_hash",
    "address_of",
    "agree_to",
    "amend_ship_to",
    "change_duties",
    "change_ship_to",
    "change_view",
    "choose_channels",
    "delete_desk_view",
    "delete_view",
    "demand",
    "end_access",
    "follow_house_key",
    "give_consent",
    "invitation_token",
    "invite",
    "invite_again",
    "invited",
    "issue_key",
    "join",
    "log_in_of",
    "mark_undeliverable",
    "object_address",
    "object_to",
    "open_machine",
    "open_ship_to",
    "place_ship_tos",
    "read_notices",
    "retire_ship_to",
    "revoke_key",
    "save_desk_view",
    "save_view",
    "send_digests",
    "speak",
    "start_acting",
    "start_preview",
    "stop_acting",
    "stop_preview",
    "tell",
    "withdraw_consent",
    "write_welcome",
]
