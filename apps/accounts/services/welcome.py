"""The words an account is greeted with."""

from datetime import datetime

from django.db import transaction

from apps.accounts.errors import AccountNotFound
from apps.accounts.models import Account
from apps.accounts.selectors import accounts_visible
from apps.accounts.services.permissions import demand
from apps.core.events import record
from apps.core.scoping import Actor

LONGEST_WELCOME = 600


@transaction.atomic
def write_welcome(actor: Actor, account: Account, *, text: str, now: datetime) -> Account:
    """Greet the buyers of `account` with `text` on their home page; an empty text takes the greeting away."""
    demand(actor, "account.curate")
    locked = accounts_visible(actor).select_for_update(of=("self",)).filter(pk=account.pk).first()
    if locked is None:
        raise AccountNotFound()
    text = text.strip()[:LONGEST_WELCOME]
    if text != locked.welcome:
        locked.welcome = text
        locked.save(update_fields=["welcome"])
        record("welcome.written", f"account:{locked.number}", account_id=locked.pk, actor=actor, at=now, text=text)
    return locked
