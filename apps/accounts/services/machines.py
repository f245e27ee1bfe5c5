"""Keys for machines: made once, shown once, gone when revoked."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from knox.models import get_token_model

from apps.accounts.errors import KeyRefused
from apps.accounts.models import Account, ServiceKeyAccount, User
from apps.core.events import record
from apps.core.scoping import SYSTEM, Actor

LONGEST_DAYS = 730


@transaction.atomic
def open_machine(*, purpose: str, role: str, account: Account | None, carrier: str = "") -> ServiceKeyAccount:
    """A machine with a log-in of its own that has no password: only its keys open anything.

    One of an account needs `account`, one of a carrier the `carrier`'s name as its shipments have it.
    """
    user = User(email=f"{uuid4().hex}@machines.invalid", name=purpose, is_machine=True)
    user.set_unusable_password()
    user.save()
    return ServiceKeyAccount.objects.create(
        user=user, purpose=purpose, role=role, account=account, carrier=carrier.strip()
    )


@transaction.atomic
def issue_key(machine: ServiceKeyAccount, *, days: int, now: datetime, actor: Actor = SYSTEM) -> str:
    """A new key of a machine, to be shown this once: only its hash is kept. It works for `days` days."""
    if not 1 <= days <= LONGEST_DAYS:
        raise KeyRefused(_("A key works for 1 to %(days)s days.") % {"days": LONGEST_DAYS})
    token, key = get_token_model().objects.create(machine.user, expiry=timedelta(days=days))
    _record("key.issued", machine, token.token_key, now, actor, days=days)
    return key


@transaction.atomic
def revoke_key(machine: ServiceKeyAccount, token_key: str, *, now: datetime, actor: Actor = SYSTEM) -> None:
    """A key opens nothing from now on; safe to repeat."""
    gone, _rows = get_token_model().objects.filter(user=machine.user, token_key=token_key).delete()
    if gone:
        _record("key.revoked", machine, token_key, now, actor)


def _record(name: str, machine: ServiceKeyAccount, token_key: str, now: datetime, actor: Actor, **facts) -> None:
    record(
        name,
        f"machine:{machine.pk}",
        account_id=machine.account_id,
        actor=actor,
        at=now,
        purpose=machine.purpose,
        key=token_key,
        **facts,
    )
